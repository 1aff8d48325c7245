/** Trying it out, `tocsin send-test` and `tocsin drill`: from the command line to the provider and back, with a real worker, a real SMTP server, a real receiver. */
import type { IncidentView } from '../../domain/view.ts';
import { command } from '../support/command.ts';
import type { HttpServer } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
/** `password`, as a responder's token. */
const HASH = '5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8';

const oneUser = (hook: string) => `
users:
  - id: ana
    name: 王安娜
    language: zh-CN
    contacts: [{ id: mail, channel: email, to: ana@example.com }, { id: hook, channel: webhook, to: hook }, { id: term, channel: console }]
escalationPolicies: [{ id: p, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }]
services: [{ id: s, escalationPolicy: p }]
tokens: [{ id: responder, hash: "sha256:${HASH}", role: responder }]
channels:
  email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' }
  webhook: { hook: { url: "${hook}/hook", secret: "${SECRET}", allowPrivate: true } }
`;

let hook: HttpServer;
let tocsin: Tocsin;
beforeAll(async () => {
  hook = await startHttpServer();
  tocsin = await startTocsin(oneUser(hook.url));
});
afterAll(async () => {
  await tocsin?.stop();
  await hook?.stop();
});

describe('a test message', () => {
  const send = (contact: string, ...more: string[]) =>
    command(tocsin, ['send-test', '--user', 'ana', '--contact', contact, ...more]);

  test('a test comes to the contact in the language of its user, says that it is one, and its link does nothing', async () => {
    const { code, said } = await send('mail');
    expect(code).toBe(0);
    const [mail] = await tocsin.smtp.waitFor((mails) => mails.length === 1);
    expect(mail).toMatchObject({ recipients: ['ana@example.com'] });
    expect(said).toContain('Sent to ana, mail (email): the provider took it.');
    expect(said).toContain(mail!.messageId);
    expect(mail!.subject).toContain('测试 TEST');
    const [link] = /http:\/\/127\.0\.0\.1:\d+\/ack\/[\w.~-]+/.exec(mail!.text) ?? [];
    expect((await fetch(link!)).status).toBe(404);
    const acted = await fetch(link!, { method: 'POST', body: new URLSearchParams({ action: 'acknowledge' }) });
    expect(acted.status).toBe(404);
    expect((await tocsin.get<{ incidents: unknown[] }>('/v1/incidents')).body.incidents).toEqual([]);
  });

  test('a program is told by webhook, signed as any other page', async () => {
    const answer = await tocsin.post('/v1/users/ana/contacts/hook/test', {});
    expect(answer).toMatchObject({ status: 200, body: { outcome: 'sent', channel: 'webhook' } });
    const [request] = await hook.waitFor('/hook', 1);
    expect(JSON.parse(request!.body)).toMatchObject({
      type: 'notification',
      data: { incident: { number: null, alerts: [] }, notification: { id: 'test', user: 'ana' } },
    });
  });

  test('what the provider refuses is said in its words, with what to do, and the exit code is 1', async () => {
    tocsin.smtp.at('recipient', { answer: { code: 550, text: '5.1.1 no such mailbox' } }, { times: 1 });
    const { code, said } = await send('mail');
    expect(code).toBe(1);
    expect(said).toContain(
      'Not sent to ana, mail (email): The provider refuses this address for good (ADDRESS_REFUSED).',
    );
    expect(said).toContain('550 5.1.1 no such mailbox');
    expect(said).toContain('the next contact method be used in its place');

    hook.answer('/hook', { status: 503, headers: { 'retry-after': '7' } });
    const busy = await send('hook', '--json');
    expect(busy.code).toBe(1);
    expect(JSON.parse(busy.said)).toMatchObject({ outcome: 'retryable', channel: 'webhook', after: 7_000 });
  });

  test('a contact, an API and a token that are not there: each said, and exit code 1', async () => {
    const elsewhere = (env: NodeJS.ProcessEnv) =>
      command(tocsin, ['send-test', '--user', 'ana', '--contact', 'mail'], env);
    const [contact, api, token] = await Promise.all([
      send('fax'),
      elsewhere({ TOCSIN_PUBLIC_URL: 'http://127.0.0.1:9' }),
      elsewhere({ TOCSIN_API_TOKEN: '', TOCSIN_DATA_DIR: '/tmp/no-such-data-folder' }),
    ]);
    expect([contact.code, api.code, token.code]).toEqual([1, 1, 1]);
    expect(contact.failed).toContain("no contact method 'fax'; there are: mail, hook, term");
    expect(api.failed).toContain('(API_UNREACHABLE)');
    expect(api.failed).toContain('http://127.0.0.1:9');
    expect(token.failed).toContain('TOCSIN_API_TOKEN: expected a token');
    const nobody = await tocsin.post('/v1/users/nemo/contacts/mail/test', {});
    expect(nobody).toMatchObject({ status: 404, body: { detail: expect.stringContaining("there is no user 'nemo'") } });
  });

  test('it needs the role manager', async () => {
    const headers = { authorization: 'Bearer password' };
    const answer = await tocsin.post('/v1/users/ana/contacts/term/test', {}, headers);
    expect(answer).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    expect(answer.body['detail']).toContain('may send no tests');
  });
});

describe('a drill is the real policy, marked as one wherever it is told, and over when somebody has it', () => {
  const KEY = 'shop-events-key-00000000';
  const mail = (id: string) => `contacts: [{ id: mail, channel: email, to: ${id}@shop.example.com }]`;
  const twoLevels = (hook: string) => `
organization: { name: Example, language: zh-CN }
users:
  - { id: ana, name: Ana, language: en, ${mail('ana')} }
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

  beforeAll(() => tocsin.reconfigure(twoLevels(hook.url)));

  const drill = (...args: string[]) => command(tocsin, ['drill', '--service', 'shop', ...args]);
  const subjectsTo = (user: string) =>
    tocsin.smtp.mails.filter(({ to }) => to === `${user}@shop.example.com`).map(({ subject }) => subject);
  const drills = async (): Promise<readonly IncidentView[]> =>
    (await tocsin.get<{ incidents: IncidentView[] }>('/v1/incidents?service=shop')).body.incidents.filter(
      (each) => each.drill,
    );
  const begun = async (than: number) => (await eventually(drills, (all) => all.length > than))[0]!;

  test('each level is told that it is a drill, and subscribers; an ack ends it, and the lines say who was told by what', async () => {
    const running = drill('--for', '60s');
    await tocsin.smtp.waitFor((mails) => mails.some(({ to }) => to === 'cho@shop.example.com'), 30_000);
    const { id } = await begun(0);
    expect(await tocsin.command(id, 'acknowledge', { as: 'cho' })).toMatchObject({
      status: 200,
      body: { drill: true },
    });
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
    expect(said).toContain('The drill is over.');
    // It was given no summary: it has one in the language of the organization.
    expect(subjectsTo('ana')[0]).toContain('DRILL: Shop 没有故障');
    expect(subjectsTo('bob')[0]).toContain('ÜBUNG (DRILL)');
    expect(subjectsTo('cho')[0]).toContain('訓練 DRILL');
    const told = await eventually(
      async () =>
        hook.requests
          .filter(({ path }) => path === '/bus')
          .map(({ body }) => JSON.parse(body) as { type: string; data: { incident: IncidentView } }),
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
      { recipient: 'bob@shop.example.com' },
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
});
