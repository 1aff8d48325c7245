/** Word of a change to a person, by e-mail and on the console. */
import { createActivities } from '../../activities/index.ts';
import type { SmtpServer } from '../support/smtpServer.ts';
import { startSmtpServer } from '../support/smtpServer.ts';
import { NO_STORE } from '../support/noStore.ts';
import { configured, failureOf, INCIDENT, noticeTo, PUBLIC_URL, SECRET } from './requests.ts';

let server: SmtpServer;
const lines: string[] = [];
const channels = () =>
  createActivities({
    configuration: () => configured({ email: { smtp: server.url, from: 'Tocsin <alerts@example.com>' } }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
    print: (line) => lines.push(line),
  }).channels;

beforeAll(async () => {
  server = await startSmtpServer();
});
afterAll(() => server.stop());

test('an e-mail says in its subject which incident and what changed, and in its text how it stands now', async () => {
  const notice = noticeTo('email', 'mail');
  const receipt = await channels().email.tell(notice);
  const [mail] = await server.waitFor(1);
  expect(mail).toMatchObject({
    subject: '[#12] Bob acknowledged: disk of db1 is full',
    to: 'ana@example.com',
    toName: 'Ana Wei',
    messageId: `<${notice.idempotencyKey}@example.com>`,
  });
  expect(receipt).toMatchObject({ providerId: mail!.messageId, detail: expect.stringMatching(/^250 /) });
  // In the thread of the pages.
  expect(mail!.headers.get('references')).toBe(`<incident.${INCIDENT}@example.com>`);
  for (const text of ['Bob acknowledged', 'Incident: disk of db1 is full', 'Status: acknowledged by Ana Wei']) {
    expect(mail!.text).toContain(text);
  }
  expect(mail!.text).toContain('At: 2026-12-01 18:04:00 Asia/Shanghai (10:04:00 UTC)');
  expect(mail!.html).toContain('acknowledged by Ana Wei');
  // It asks for nothing, so there is nothing to press.
  for (const part of [mail!.text, mail!.html]) expect(part).not.toMatch(/\/ack\/|Acknowledge/);
});

test('without a number the subject has the last 8 characters of the id', async () => {
  await channels().email.tell(noticeTo('email', 'mail', { number: null, status: 'resolved' }));
  expect(server.mails.at(-1)?.subject).toBe('[89abcdef] Bob acknowledged: disk of db1 is full');
  expect(server.mails.at(-1)?.text).toContain('Status: resolved\n');
});

test('a change that has the summary in it says it once in the subject, marked where it is a drill', async () => {
  for (const [drill, subject] of [
    [false, '[#12] Triggered by db1: disk of db1 is full'],
    [true, '[#12] DRILL: Triggered by db1: disk of db1 is full'],
  ] as const) {
    const notice = noticeTo('email', 'mail', { drill, status: 'triggered' });
    const text = 'Triggered by db1: disk of db1 is full';
    await channels().email.tell({ ...notice, type: 'incident.triggered', text });
    expect(server.mails.at(-1)?.subject).toBe(subject);
  }
});

test('who did it is told without the door that they came by, which stands in the line of the timeline', async () => {
  const notice = noticeTo('email', 'mail');
  const text = 'Bob, by link n3, acknowledged (times out in 30m)';
  const actor = { kind: 'user', id: 'bob', via: 'link n3' } as const;
  await channels().email.tell({ ...notice, text, entry: { ...notice.entry!, actor, text } });
  const mail = server.mails.at(-1)!;
  expect(mail.subject).toBe('[#12] Bob acknowledged (times out in 30m): disk of db1 is full');
  expect(mail.text).toContain(`Timeline: ${text}`);
});

test('the console prints it', async () => {
  lines.length = 0;
  await channels().console.tell(noticeTo('console', 'term'));
  expect(lines).toEqual([
    '-- to Ana Wei (ana)',
    '   [#12] Bob acknowledged: disk of db1 is full',
    '   Incident: disk of db1 is full',
    '   Status: acknowledged by Ana Wei',
    '   Service: Payments',
    '   Severity: critical',
    '   At: 2026-12-01 18:04:00 Asia/Shanghai (10:04:00 UTC)',
  ]);
});

test.each(['email', 'console'] as const)(
  'channel %s has nobody to tell where the contact method is gone',
  async (channel) => {
    for (const gone of [noticeTo(channel, 'other'), noticeTo(channel, null)]) {
      expect(await failureOf(channels()[channel].tell(gone))).toMatchObject({ type: 'terminal', code: 'CONTACT_GONE' });
    }
  },
);
