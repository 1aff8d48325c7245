/** `tocsin drill`: the real policy, marked as a drill wherever it is told, and over when somebody has it. */
import type { IncidentView } from '../../domain/view.ts';
import { command } from '../support/command.ts';
import type { HttpServer } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const KEY = 'shop-events-key-00000000';
const mail = (id: string) => `contacts: [{ id: mail, channel: email, to: ${id}@example.com }]`;
/** `password`, as a responder's token. */
const HASH = '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8';
const configuration = (hook: string) => `
users:
  - { id: ana, name: Ana, ${mail('ana')} }
  - { id: bob, name: Bob, language: de, ${mail('bob')} }
  - { id: cho, name: Cho, language: ja, ${mail('cho')} }
escalationPolicies:
  - { id: p, levels: [{ targets: ['user:ana', 'user:bob'], escalateAfter: 1s }, { targets: ['user:cho'], escalateAfter: 1h }] }
services: [{ id: shop, name: Shop, escalationPolicy: p, subscribers: ["webhook:bus"], integrations: [{ source: events-v2, key: ${KEY} }] }]
tokens: [{ id: robot, hash: "sha256:${HASH}", role: responder }]
channels:
  email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' }
  webhook: { bus: { url: "${hook}/bus", secret: "${SECRET}", allowPrivate: true } }
`;

let hook: HttpServer;
let tocsin: Tocsin;
beforeAll(async () => {
  hook = await startHttpServer();
  tocsin = await startTocsin(configuration(hook.url));
});
afterAll(async () => {
  await tocsin?.stop();
  await hook?.stop();
});
const drill = (...args: string[]) => command(tocsin, ['drill', '--service', 'shop', ...args]);
const subjectsTo = (user: string) =>
  tocsin.smtp.mails.filter(({ to }) => to === `${user}@example.com`).map(({ subject }) => subject);
const drills = async (): Promise<readonly IncidentView[]> =>
  (await tocsin.get<{ incidents: IncidentView[] }>('/v1/incidents?service=shop')).body.incidents.filter(
    (each) => each.drill,
  );
const begun = async (than: number) => (await eventually(drills, (all) => all.length > than))[0]!;

test('each level is told that it is a drill, and subscribers; an ack ends it, and the lines say who was told by what', async () => {
  const running = drill('--for', '60s');
  await tocsin.smtp.waitFor((mails) => mails.some(({ to }) => to === 'cho@example.com'), 30_000);
  const { id } = await begun(0);
  expect(await tocsin.command(id, 'acknowledge', { as: 'cho' })).toMatchObject({ status: 200, body: { drill: true } });
  const { code, said } = await running;
  expect(said).toContain(`DRILL ${id}`);
  expect(said).toMatch(/\d\d:\d\d:\d\d {2}Drill, triggered by/);
  for (const line of [
    'ana, mail (email)  level 1, sent',
    'bob, mail (email)  level 1, sent',
    'cho, mail (email)  level 2, sent',
  ])
    expect(said).toContain(line);
  expect(code).toBe(0);
  expect(subjectsTo('ana')[0]).toContain('DRILL');
  expect(subjectsTo('bob')[0]).toContain('ÜBUNG (DRILL)');
  expect(subjectsTo('cho')[0]).toContain('訓練 DRILL');
  const told = await eventually(
    async () => hook.requests.map(({ body }) => JSON.parse(body) as { type: string; data: { incident: IncidentView } }),
    (all) => all.some(({ type }) => type === 'incident.resolved'),
  );
  expect(told.every(({ data }) => data.incident.drill)).toBe(true);
  expect(
    await eventually(
      () => tocsin.read(id),
      ({ status }) => status === 'resolved',
    ),
  ).toMatchObject({ drill: true });
});

test('for one user alone: nobody else is told, and a message that does not go out is exit code 1', async () => {
  const before = subjectsTo('ana').length;
  tocsin.smtp.at(
    'recipient',
    { answer: { code: 550, text: '5.1.1 no such mailbox' } },
    { recipient: 'bob@example.com' },
  );
  const { code, said } = await drill('--user', 'bob', '--for', '3s');
  tocsin.smtp.behave();
  expect(said).toContain('bob, mail (email)  level 1, failed  ADDRESS_REFUSED: ');
  expect(code).toBe(1);
  expect(subjectsTo('ana')).toHaveLength(before);
  const { id } = await begun(1);
  expect((await tocsin.ledger(id)).map(({ user }) => user)).toEqual(['bob']);
  await eventually(
    () => tocsin.read(id),
    ({ status }) => status === 'resolved',
  );
});

test('an incident is no drill, and is not ended as one; who may not drill is told so; nor is there one for nobody', async () => {
  await tocsin.event(KEY, 'orders');
  const { id } = await tocsin.incident('orders');
  expect(await tocsin.post(`/v1/drills/${id}/end`, {})).toMatchObject({ status: 404 });
  expect((await tocsin.read(id)).drill).toBe(false);
  const headers = { authorization: 'Bearer password' };
  const refused = { status: 403, body: { code: 'FORBIDDEN' } };
  expect(await tocsin.post('/v1/drills', { service: 'shop' }, headers)).toMatchObject(refused);
  expect(await tocsin.post(`/v1/drills/${id}/end`, {}, headers)).toMatchObject(refused);
  expect(await tocsin.post('/v1/drills', { service: 'shop', user: 'nemo' })).toMatchObject({ status: 404 });
  expect(await tocsin.post('/v1/drills', { service: 'nope' })).toMatchObject({ status: 400 });
});
