/** A channel that fails for everybody is an incident for the admins, by other channels; and ends when it works again. */
import type { IncidentView } from '../../domain/view.ts';
import type { HttpServer } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import type { SmtpServer } from '../support/smtpServer.ts';
import { startSmtpServer } from '../support/smtpServer.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const KEY = 'shop-events-key-00000000';
const configuration = (hook: string) => `
users:
  - { id: ana, name: Ana, role: admin, contacts: [{ id: mail, channel: email, to: ana@example.com }, { id: hook, channel: webhook, to: hook }, { id: term, channel: console }] }
  - { id: bob, name: Bob, role: manager, contacts: [{ id: term, channel: console }] }
  - { id: cho, name: Cho, contacts: [{ id: mail, channel: email, to: cho@example.com }] }
escalationPolicies: [{ id: p, levels: [{ targets: ['user:cho'], escalateAfter: 1h }] }]
services: [{ id: shop, escalationPolicy: p, integrations: [{ source: events-v2, key: ${KEY} }] }]
channels:
  email: { smtp: '\${MAIL_URL}', from: 'Tocsin <alerts@example.com>' }
  webhook: { hook: { url: "${hook}/hook", secret: "${SECRET}", allowPrivate: true } }
`;

let hook: HttpServer;
let mail: SmtpServer;
let tocsin: Tocsin;
beforeAll(async () => {
  [hook, mail] = await Promise.all([
    startHttpServer(),
    startSmtpServer({ login: { user: 'tocsin', pass: 'of today' } }),
  ]);
  // The password was changed, and the configuration has the old one.
  mail.at('login', { answer: { code: 535, text: '5.7.8 authentication failed' } });
  tocsin = await startTocsin(configuration(hook.url), { env: { MAIL_URL: mail.url } });
});
afterAll(async () => {
  await tocsin?.stop();
  await hook?.stop();
  await mail?.stop();
});

const ours = async (): Promise<readonly IncidentView[]> =>
  (await tocsin.get<{ incidents: IncidentView[] }>('/v1/incidents?service=tocsin')).body.incidents;

test('with the login refused the admins hear of it elsewhere, once for all pages; a message that goes out resolves it', async () => {
  await tocsin.event(KEY, 'orders');
  await tocsin.event(KEY, 'payments');
  const [request] = await hook.waitFor('/hook', 1);
  const { data } = JSON.parse(request!.body) as { data: { incident: IncidentView } };
  expect(data.incident).toMatchObject({
    service: 'tocsin',
    dedupKey: 'channel/email',
    severity: 'critical',
    summary: "Channel email fails for everybody: The provider refuses the channel's login; check its credentials",
    details: {
      code: 'PROVIDER_LOGIN_REFUSED',
      answer: expect.stringContaining('535'),
      since: expect.stringMatching(/^\d{4}-.*Z$/),
      'what to do': expect.stringContaining('npx tocsin send-test'),
    },
  });
  const { id } = data.incident;
  const ledger = await eventually(
    () => tocsin.ledger(id),
    (all) => all.length > 0 && all.every(({ status }) => status === 'sent'),
  );
  expect(ledger.map(({ user, contact }) => `${user} ${contact}`).toSorted()).toEqual(['ana hook', 'ana term']);
  expect(await eventually(ours, (all) => all.length > 0)).toMatchObject([{ id, status: 'triggered' }]);

  mail.behave();
  const sent = await tocsin.post('/v1/users/cho/contacts/mail/test', {});
  expect(sent).toMatchObject({ status: 200, body: { outcome: 'sent' } });
  const over = await eventually(
    () => tocsin.read(id),
    ({ status }) => status === 'resolved',
  );
  expect(over).toMatchObject({ status: 'resolved' });
  expect((await tocsin.timeline(id)).map(({ type }) => type)).toContain('resolved');
  expect(await ours()).toHaveLength(1);
});

test('it fails once more, as a worker sees that knows nothing of before: the same incident goes on, and the success of another ends it', async () => {
  const [before] = await ours();
  await tocsin.worker.stop();
  await tocsin.worker.start();
  mail.at('login', { answer: { code: 535, text: '5.7.8 authentication failed' } });
  await tocsin.post('/v1/users/cho/contacts/mail/test', {});
  await eventually(
    () => tocsin.read(before!.id),
    ({ status }) => status === 'triggered',
  );
  await tocsin.worker.stop();
  await tocsin.worker.start();
  mail.behave();
  await tocsin.post('/v1/users/cho/contacts/mail/test', {});
  await eventually(
    () => tocsin.read(before!.id),
    ({ status }) => status === 'resolved',
  );
  expect(await ours()).toHaveLength(1);
});
