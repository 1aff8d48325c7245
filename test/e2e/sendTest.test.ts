/** `tocsin send-test`, from the command line to the provider and back: a real worker, a real SMTP server, a real receiver. */
import { command } from '../support/command.ts';
import type { HttpServer } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { startTocsin } from '../support/tocsin.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const configuration = (hook: string) => `
users:
  - id: ana
    name: 王安娜
    language: zh-CN
    contacts: [{ id: mail, channel: email, to: ana@example.com }, { id: hook, channel: webhook, to: hook }, { id: term, channel: console }]
escalationPolicies: [{ id: p, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }]
services: [{ id: s, escalationPolicy: p }]
tokens: [{ id: responder, hash: "sha256:5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8", role: responder }]
channels:
  email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' }
  webhook: { hook: { url: "${hook}/hook", secret: "${SECRET}", allowPrivate: true } }
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
