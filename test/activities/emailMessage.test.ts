/** What an e-mail says, as a mail program reads it. */
import { NO_STORE } from '../support/noStore.ts';
import { emailChannel } from '../../activities/notify/email.ts';
import type { NotifyRequest } from '../../activities/contract.ts';
import PostalMime from 'postal-mime';
import { days } from '../../domain/duration.ts';
import { readAckLink } from '../../links/ackLink.ts';
import type { ReceivedMail, SmtpServer } from '../support/smtpServer.ts';
import { startSmtpServer } from '../support/smtpServer.ts';
import { INCIDENT, KEY, PUBLIC_URL, SECRET, configured, requestWith } from './requests.ts';

let server: SmtpServer;
beforeAll(async () => {
  server = await startSmtpServer();
});
afterAll(() => server.stop());

async function sent(
  request: NotifyRequest,
  publicUrl = PUBLIC_URL,
  from = 'Töcsin <alerts@example.com>',
): Promise<ReceivedMail> {
  const channels = { email: { smtp: server.url, from } };
  const { notify } = emailChannel({
    configuration: () => configured(channels),
    secret: SECRET,
    store: NO_STORE,
    publicUrl,
  });
  await notify(request);
  const mail = server.mails.at(-1);
  if (mail === undefined) throw new Error('no mail');
  return mail;
}

const linkIn = ({ text }: ReceivedMail): string => /https?:\S+\/ack\/\S+/.exec(text)?.[0] ?? '';

test('every attempt of a notification has the same Message-ID, subject and link', async () => {
  const first = await sent(requestWith());
  const second = await sent(requestWith({}, { present: 'acknowledged by Bob at 10:03:00 UTC' }));
  expect(first.messageId).toBe(`<${KEY}@example.com>`);
  expect([second.messageId, second.subject, linkIn(second)]).toEqual([first.messageId, first.subject, linkIn(first)]);
});

test('all e-mails of an incident are one thread, below a root of its own', async () => {
  const first = await sent(requestWith());
  const second = await sent(requestWith({}, { notification: 'n4', idempotencyKey: `${KEY}4` }));
  expect(second.messageId).not.toBe(first.messageId);
  for (const mail of [first, second]) {
    expect(mail.headers.get('in-reply-to')).toBe(`<incident.${INCIDENT}@example.com>`);
    expect(mail.headers.get('references')).toBe(`<incident.${INCIDENT}@example.com>`);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
  }
});

test('the subject has the number, or the last 8 characters of the id while there is none', async () => {
  expect((await sent(requestWith())).subject).toBe('[89abcdef] disk of db1 is full');
  expect((await sent(requestWith({ number: 42 }))).subject).toBe('[#42] disk of db1 is full');
});

test('the link is signed for this incident, notification and user, and valid for 7 days from when it was due', async () => {
  const link = linkIn(await sent(requestWith(), `${PUBLIC_URL}/`));
  expect(link.startsWith(`${PUBLIC_URL}/ack/`)).toBe(true);
  const due = Date.parse('2026-12-01T10:02:11Z');
  expect(readAckLink(SECRET, link.slice(`${PUBLIC_URL}/ack/`.length), due)).toEqual({
    ok: true,
    link: { incident: INCIDENT, notification: 'n3', user: 'ana', expiresAt: due + days(7) },
  });
});

test('text and HTML both say what is broken, how badly, why this user, since when, and where to go', async () => {
  const mail = await sent(requestWith({}, { present: 'acknowledged by Bob at 10:03:00 UTC' }));
  const wanted = [
    'disk of db1 is full',
    'Payments (Takes the money)',
    'critical',
    'level 1: the incident was triggered',
    '2026-12-01 18:02:11 Asia/Shanghai (10:02:11 UTC)',
    'Now: acknowledged by Bob at 10:03:00 UTC',
    'host: db1',
    'region: cn-north',
    '- sda',
    'https://wiki.example.com/payments',
    INCIDENT,
    linkIn(mail),
  ];
  for (const text of wanted) {
    expect(mail.text).toContain(text);
    expect(mail.html).toContain(text);
  }
  expect(mail.text).toContain('Dashboard: https://grafana.example.com/d/1?a=1&b=2');
  expect(mail.html).toContain('<a href="https://grafana.example.com/d/1?a=1&amp;b=2" rel="noreferrer">Dashboard</a>');
  expect(mail.html).toMatch(/<a href="[^"]*\/ack\/[^"]*" style="[^"]*">Acknowledge…<\/a>/);
});

test('changes of the service shortly before stand below the links, in text and HTML', async () => {
  const at = '2026-12-01T10:00:00.000Z';
  const mail = await sent(
    requestWith({
      changes: [
        { id: 'c2', at, summary: 'deploy 42', source: 'ci', links: [{ href: 'https://ci.example.com/42' }] },
        { id: 'c1', at, summary: 'flag on', source: 'ana', links: [] },
      ],
    }),
  );
  const when = '2026-12-01 18:00:00 Asia/Shanghai (10:00:00 UTC)';
  expect(mail.text).toContain(
    `Changes shortly before:\n${when}: deploy 42 (ci): https://ci.example.com/42\n${when}: flag on (ana)\n\nDetails`,
  );
  expect(mail.html).toContain(`<a href="https://ci.example.com/42" rel="noreferrer">${when}: deploy 42 (ci)</a>`);
  expect(mail.html).toContain('Changes shortly before');
  expect((await sent(requestWith())).text).not.toContain('shortly before');
});

test('nothing is loaded from anywhere', async () => {
  const { html } = await sent(requestWith());
  expect(html).not.toMatch(/<(img|script|link|iframe|object|embed|video|form)\b|url\(|@import/i);
});

test('a state that has not changed is not mentioned', async () => {
  expect((await sent(requestWith())).text).not.toContain('Now:');
});

test.each([
  ['Chinese', '支付服务磁盘空间不足，请立即处理'],
  ['Arabic', 'القرص ممتلئ في db1'],
  ['Korean and Japanese', '디스크 가득 참 ディスクがいっぱい'],
  ['emoji of several code points', '👩‍🚒 🇩🇪 disk full'],
])('a summary in %s arrives as it was written', async (_language, summary) => {
  const mail = await sent(requestWith({ summary }));
  expect(mail.subject).toBe(`[89abcdef] ${summary}`);
  expect(mail.html).toContain(summary);
});

test('a name in any script arrives as it was written', async () => {
  const mail = await sent(requestWith({}, { userName: '魏安娜, "Ana"' }));
  expect(mail.toName).toBe('魏安娜, "Ana"');
  expect(mail.to).toBe('ana@example.com');
});

const NAMES = [
  ['Chinese, a comma and quotes', '魏安娜, "Ana"'],
  ['a comma', 'Wei, Ana'],
  ['quotes', 'Ana "the pager" Wei'],
  ['a backslash', 'Ana\\\\Wei'],
  ['what looks like an address', 'ana@example.com <bob@example.com>'],
  ['a comment’s brackets and a semicolon', 'Ünïcödé; (Ana)'],
  ['Arabic', 'أحمد محمود'],
  ['Hebrew and a mark of its direction', '\u200Fדנה'],
  ['emoji of several code points', '👩‍🚒 Ana 🇩🇪'],
  ['Korean', '김안나'],
  ['what looks like an encoded word', '=?utf-8?Q?evil?='],
  ['80 characters', '山'.repeat(80)],
] as const;

test.each(NAMES)('a name with %s is read back as it was written', async (_kind, userName) => {
  const mail = await sent(requestWith({}, { userName }));
  expect([mail.toName, mail.to, mail.recipients]).toEqual([userName, 'ana@example.com', ['ana@example.com']]);
});

test.each([
  ['Töcsin <alerts@example.com>', 'Töcsin'],
  ['alerts@example.com', ''],
  ['警报中心 <alerts@example.com>', '警报中心'],
  ['"Wei, Ana \\"x\\"" <alerts@example.com>', 'Wei, Ana "x"'],
  ['Tocsin (prod), all <alerts@example.com>', 'Tocsin (prod), all'],
  ['🚨 التنبيهات <alerts@example.com>', '🚨 التنبيهات'],
  ['=?utf-8?Q?evil?= <alerts@example.com>', '=?utf-8?Q?evil?='],
])('the sender %s is read back with its name', async (from, name) => {
  const { from: read, raw } = await sent(requestWith(), PUBLIC_URL, from);
  expect(read).toBe('alerts@example.com');
  expect((await PostalMime.parse(Buffer.from(raw, 'latin1'))).from?.name ?? '').toBe(name);
});

test('a long subject in any script is folded into lines of at most 76 characters, and read back whole', async () => {
  for (const summary of [
    '磁盘空间不足'.repeat(30),
    'ディスク容量不足 '.repeat(20).trim(),
    '👩‍🚒'.repeat(30),
    'disk full '.repeat(18).trim(),
  ]) {
    const { subject, raw } = await sent(requestWith({ summary }));
    expect(subject).toBe(`[89abcdef] ${summary}`);
    const head = raw.slice(0, raw.indexOf('\r\n\r\n'));
    // RFC 2047 §2: 76 characters a line that holds an encoded word; and nothing but ASCII in a header (RFC 5322 §2.2).
    const [folded = ''] = /^Subject: (?:.*\r\n )*.*$/m.exec(head) ?? [];
    expect(Math.max(...folded.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78);
    expect(head).toMatch(/^[\t\r\n -~]*$/);
  }
});

test('a domain in any script is sent to by its ASCII form, and the Message-ID has that too', async () => {
  const mail = await sent(requestWith(), PUBLIC_URL, '警报 <alerts@münchen.example>');
  expect(mail.from).toBe('alerts@xn--mnchen-3ya.example');
  expect(mail.messageId).toBe(`<${KEY}@xn--mnchen-3ya.example>`);
  expect(mail.headers.get('references')).toBe(`<incident.${INCIDENT}@xn--mnchen-3ya.example>`);
});

test('details are bounded: 60 lines, and it says that the rest is cut', async () => {
  const details = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`label${index}`, 'x'.repeat(20)]));
  const { text } = await sent(requestWith({ details }));
  expect(text).toContain('label59: ');
  expect(text).not.toContain('label60: ');
  expect(text).toContain('… (the rest is cut)');
});

test('a value of a megabyte and one nested a thousand deep do no harm', async () => {
  let deep: Record<string, unknown> = { end: true };
  for (let index = 0; index < 1_000; index++) deep = { deep };
  const mail = await sent(requestWith({ details: { deep, long: 'y'.repeat(1_000_000) } }));
  expect(mail.raw.length).toBeLessThan(40_000);
  expect(mail.text).toContain('yyyy');
});

test('a link that is no web address is shown, but cannot be followed', async () => {
  const links = [
    'javascript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '//evil.example',
    'JaVaScRiPt:alert(1)',
  ];
  const mail = await sent(requestWith({ links: links.map((href) => ({ href, text: 'see' })) }));
  const hrefs = [...mail.html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
  expect(hrefs).toHaveLength(2);
  for (const href of links) expect(mail.html).toContain(`see ${href}`);
});
