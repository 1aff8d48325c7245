/** Pages and notices by webhook and by WeCom's group robot, from the event to the receiver. */
import { Webhook } from 'standardwebhooks';
import type { HttpServer, ReceivedRequest } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { printed } from '../support/guides.ts';
import { textOf } from '../support/history.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';
import type { WecomRobot } from '../support/wecomRobot.ts';
import { startWecomRobot } from '../support/wecomRobot.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const NAMES = ['page', 'busy', 'slow', 'quick', 'ops-bus', 'gone'];
const user = (id: string, contact: string, more = '') =>
  `  - { id: ${id}, name: ${id}, contacts: [{ id: c, ${contact} }]${more} }`;
const policy = (id: string, users: readonly string[]) =>
  `  - { id: ${id}, levels: [{ targets: [${users.map((each) => `'user:${each}'`).join(', ')}], escalateAfter: 1h }] }`;
const service = (id: string, more = '') =>
  `  - { id: ${id}, escalationPolicy: ${id}${more}, integrations: [{ source: events-v2, key: ${id.padEnd(24, '0')} }] }`;

const configuration = (hook: string, robot: string) => `
users:
${NAMES.map((name) => user(name, `channel: webhook, to: ${name}`)).join('\n')}
${user('group', 'channel: wecom, to: ops')}
${user('told', 'channel: email, to: told@example.com', ', statusUpdates: true')}
escalationPolicies:
${policy('both', ['page', 'group'])}
${['busy', 'slow', 'quick'].map((name) => policy(name, [name])).join('\n')}
${policy('gone', ['gone', 'told'])}
${policy('subscribed', ['told'])}
services:
${['both', 'busy', 'slow', 'quick', 'gone'].map((name) => service(name)).join('\n')}
${service('subscribed', ', subscribers: ["webhook:ops-bus", "wecom:ops"]')}
channels:
  email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' }
  webhook:
${NAMES.map((name) => `    ${name}: { url: "${hook}/${name}", secret: "${SECRET}", allowPrivate: true }`).join('\n')}
  wecom: { ops: { url: "${robot}" } }
`;

interface Body {
  readonly type: string;
  readonly data: { incident: { id: string; status: string }; notification?: { id: string }; ackUrl?: string };
}
const verified = ({ body, headers }: ReceivedRequest): Body =>
  new Webhook(SECRET).verify(body, headers as Record<string, string>) as Body;

let hook: HttpServer;
let robot: WecomRobot;
let tocsin: Tocsin;
beforeAll(async () => {
  [hook, robot] = await Promise.all([startHttpServer(), startWecomRobot()]);
  tocsin = await startTocsin(configuration(hook.url, robot.url));
});
afterAll(async () => {
  // The answers that hang end with it.
  await hook?.stop();
  await tocsin?.stop();
  await robot?.stop();
});
const trigger = async (name: string) => {
  await tocsin.event(name.padEnd(24, '0'), name);
  return tocsin.incident(name);
};
const told = (about: string) => robot.messages.filter((content) => content.includes(`summary of ${about}`));

test('people are paged by webhook, signed, and by the group robot; the link in the webhook acknowledges', async () => {
  const { id } = await trigger('both');
  const [request] = await hook.waitFor('/page', 1);
  const { type, data } = verified(request!);
  expect(type).toBe('notification');
  expect(data.incident).toMatchObject({
    id,
    status: 'triggered',
    summary: 'summary of both',
    assignees: ['page', 'group'],
  });
  const ledger = await eventually(
    () => tocsin.ledger(id),
    (all) => all.every(({ status }) => status === 'sent'),
  );
  expect(ledger).toMatchObject([
    { user: 'page', channel: 'webhook', attempts: [{ outcome: 'sent', detail: '200' }] },
    { user: 'group', channel: 'wecom', attempts: [{ outcome: 'sent', detail: '{"errcode":0,"errmsg":"ok"}' }] },
  ]);
  expect(request!.headers['webhook-id']).toBe(ledger[0]!.idempotencyKey);
  expect(data.notification).toMatchObject({
    id: ledger[0]!.id,
    user: 'page',
    idempotencyKey: ledger[0]!.idempotencyKey,
  });
  expect(told('both')).toHaveLength(1);

  const { workflowId } = await tocsin.incident('both');
  const read = await textOf(tocsin.client, workflowId);
  expect(read).toContain('summary of both');
  for (const secret of [SECRET, SECRET.slice(6), new URL(robot.url).search, '/ack/']) {
    expect(read).not.toContain(secret);
  }

  const press = { method: 'POST', body: new URLSearchParams({ action: 'acknowledge' }) };
  expect((await fetch(data.ackUrl!, press)).status).toBe(200);
  expect(await tocsin.read(id)).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'page' }] });
});

test('Retry-After is obeyed: a deadline that is shown, and then the same webhook-id again', async () => {
  let answers = 0;
  hook.answer('/busy', () =>
    answers++ === 0 ? { status: 503, headers: { 'retry-after': '4' }, body: 'restarting' } : { status: 204 },
  );
  const { id } = await trigger('busy');
  const [failed] = await eventually(
    () => tocsin.ledger(id),
    ([first]) => first?.attempts.length === 1,
  );
  expect(failed).toMatchObject({
    status: 'queued',
    attempts: [{ outcome: 'failed', code: 'PROVIDER_BUSY', detail: 'webhook busy answered 503: restarting' }],
  });
  const coming = (await tocsin.next(id)).find(({ kind }) => kind === 'notify');
  expect(coming).toMatchObject({ user: 'busy', channel: 'webhook', contact: 'c' });
  // Its own first gap would be 2 s.
  expect(Date.parse(coming!.at) - Date.parse(failed!.attempts[0]!.at)).toBeGreaterThanOrEqual(4_000);

  const [first, second] = await hook.waitFor('/busy', 2);
  expect(second!.receivedAt - first!.receivedAt).toBeGreaterThanOrEqual(4_000);
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  expect(first!.headers['webhook-id']).toBe(failed!.idempotencyKey);
  expect(verified(second!).type).toBe('notification');
  await eventually(
    () => tocsin.ledger(id),
    ([only]) => only?.status === 'sent',
  );
});

test('an endpoint that never answers holds up no other on the same channel', async () => {
  hook.answer('/slow', { instead: 'hang' });
  const slow = await trigger('slow');
  await hook.waitFor('/slow', 1);
  const quick = await trigger('quick');
  await eventually(
    () => tocsin.ledger(quick.id),
    ([only]) => only?.status === 'sent',
    7_000,
  );
  expect(await tocsin.ledger(slow.id)).toMatchObject([{ user: 'slow', attempts: [] }]);
  await tocsin.command(slow.id, 'resolve', { as: 'slow' });
});

test('an endpoint that is gone is terminal, and stands in the ledger', async () => {
  hook.answer('/gone', { status: 410 });
  const { id } = await trigger('gone');
  const [gone] = await eventually(
    () => tocsin.ledger(id),
    ([first]) => first?.status === 'failed',
  );
  expect(gone).toMatchObject({ attempts: [{ code: 'PROVIDER_REFUSED', detail: 'webhook gone answered 410' }] });
  expect(hook.requests.filter(({ path }) => path === '/gone')).toHaveLength(1);
});

test('subscribers are told of every change, in order; a person who asked for it of what others did', async () => {
  const { id } = await trigger('subscribed');
  await eventually(
    () => tocsin.ledger(id),
    ([only]) => only?.status === 'sent',
  );
  await tocsin.command(id, 'acknowledge', { as: 'page' });
  await tocsin.command(id, 'resolve', { as: 'page' });
  const requests = await hook.waitFor('/ops-bus', 3);
  const bodies = requests.map(verified);
  expect(bodies.map(({ type }) => type)).toEqual(['incident.triggered', 'incident.acknowledged', 'incident.resolved']);
  expect(bodies.map(({ data }) => [data.incident.id, data.incident.status])).toEqual([
    [id, 'triggered'],
    [id, 'acknowledged'],
    [id, 'resolved'],
  ]);
  expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
  for (const { headers, body } of requests) {
    expect(headers['webhook-id']).toMatch(/^[\w-]+$/);
    expect(body).not.toContain('/ack/');
  }
  await eventually(
    async () => told('subscribed'),
    (messages) => messages.length === 3,
  );
  const mails = await tocsin.smtp.waitFor(
    (all) => all.filter(({ subject }) => subject.includes('summary of subscribed')).length >= 3,
  );
  const subjects = mails.map(({ subject }) => subject).filter((subject) => subject.includes('subscribed'));
  expect(subjects[1]).toMatch(/\backnowledged\b/);
  expect(subjects[2]).toMatch(/\bresolved\b/);
});

test('the lag of Kafka’s consumers is told in WeCom as the template of the guide has it, and its topics stay text', async () => {
  const [template = ''] = printed('wecom', 'liquid');
  const templates = JSON.stringify({ wecom: { page: template } });
  tocsin.reconfigure(`${configuration(hook.url, robot.url)}templates: ${templates}\n`);
  robot.newMinute();
  const topics = [
    { topic: 'order', lag: 5000 },
    { topic: '<@all></font>', lag: 2001 },
  ];
  const payload = { summary: 'Kafka消费者监控提醒', source: 'scf', severity: 'critical', custom_details: { topics } };
  await tocsin.event('both'.padEnd(24, '0'), 'lag', 'trigger', { payload });
  await eventually(
    async () => robot.messages,
    (messages) => messages.at(-1)?.startsWith('Kafka') === true,
  );
  expect(robot.messages.at(-1)!.trim().split('\n')).toEqual([
    'Kafka消费者监控提醒:',
    '>Topic:<font color="comment">order</font>,积压数据量:<font color="warning">5000</font>条;',
    '>Topic:<font color="comment">＜＠all＞＜/font＞</font>,积压数据量:<font color="warning">2001</font>条;',
  ]);
});
