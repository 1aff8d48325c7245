/** What a text message says, in each language, and how long it is on the air. */
import { plainer, segmentsOf } from '../../activities/notify/gsm.ts';
import { noticeText, pageText } from '../../activities/notify/smsText.ts';
import { LANGUAGES } from '../../domain/language.ts';
import { splitNumber } from '../../domain/phone.ts';
import type { User } from '../../domain/configuration.ts';
import { messageOf, noticeMessageOf } from '../../activities/notify/message.ts';
import type { NotifyRequest } from '../../activities/contract.ts';
import { noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

const WHY = { level: 1, pass: 1, cause: 'trigger', late: false } as const;
const text = (request: NotifyRequest, language: User['language'], publicUrl = PUBLIC_URL): string =>
  pageText(request, messageOf(request, { language, timezone: 'Asia/Shanghai', secret: SECRET, publicUrl }));
const page = (language: User['language'], summary = 'disk of db1 is full'): string =>
  text(requestWith({ summary, number: 12 }, { why: WHY }), language);

test('a page says what is broken, why, and how to act', () => {
  expect(page('en').split('\n')).toEqual([
    '[#12] Payments: disk of db1 is full',
    'level 1: the incident was triggered',
    expect.stringMatching(/^https:\/\/tocsin\.example\.com\/ack\/v1\.[\w-]+\.[\w-]+$/),
    'Reply 4 ack, 6 resolve, 5 escalate',
  ]);
});

test.each(LANGUAGES)('in %s it has a line on replies, and nothing of another language', (language) => {
  expect(page(language)).toMatch(/4.*6.*5/);
  if (language !== 'en') expect(page(language)).not.toMatch(/triggered|Reply/);
});

test('a page of several alerts names them, as far as they fit', () => {
  const [summary, other] = ['topic orders: lag 5000', 'topic payments: lag 2300'];
  const of = (firing: { summaries: string[]; count: number }) =>
    text(requestWith({ summary, number: 12, firing }, { why: WHY }), 'en').split('\n')[0];
  expect(of({ summaries: [summary, other], count: 2 })).toBe(`[#12] Payments: ${summary}; ${other}`);
  expect(of({ summaries: [summary, other], count: 7 })).toBe(`[#12] Payments: ${summary}; ${other}; and 5 more`);
  expect(of({ summaries: [summary, summary], count: 2 })).toBe(`[#12] Payments: ${summary}`);
});

test('the present truth stands in it where it has changed', () => {
  const request = requestWith({ number: 12 }, { present: 'acknowledged by Bob' });
  expect(text(request, 'de').split('\n')[2]).toBe('Jetzt: acknowledged by Bob');
});

test('a drill says that it is one', () => {
  expect(text(requestWith({ number: 12, drill: true }), 'zh-CN')).toMatch(/^\[#12\] Payments: 演练 DRILL[:：]/);
});

test('a notice says what changed, and of what', () => {
  const request = noticeTo('sms', null);
  const reader = { language: 'en', timezone: 'UTC', nameOf: (id: string) => id } as const;
  expect(noticeText(request, noticeMessageOf(request, reader))).toBe(
    '[#12] Payments: Bob acknowledged\ndisk of db1 is full',
  );
  const trigger = { ...request, text: 'Triggered by prom: disk of db1 is full' };
  expect(noticeText(trigger, noticeMessageOf(trigger, reader))).toBe(
    '[#12] Payments: Triggered by prom: disk of db1 is full',
  );
});

test.each(LANGUAGES)('in %s a long summary is cut, and the link is whole', (language) => {
  expect(segmentsOf(page(language, 'disk full '.repeat(100)))).toBeLessThanOrEqual(
    language === 'en' || language === 'de' ? 3 : 6,
  );
  for (const summary of ['disk full '.repeat(100), '磁盘满了'.repeat(200)]) {
    expect(page(language, summary)).toMatch(/\nhttps:\/\/tocsin\.example\.com\/ack\/v1\.[\w-]+\.[\w-]+\n/);
  }
});

test('a summary keeps 60 characters however long the rest is', () => {
  const request = requestWith({ summary: '磁盘满了'.repeat(200), number: 12 });
  const whole = text(request, 'zh-CN', `https://tocsin.example.com/${'x'.repeat(700)}`);
  expect(Array.from(whole.split('\n')[0] ?? '')).toHaveLength('[#12] Payments: '.length + 60);
  expect(whole.length).toBeLessThanOrEqual(1_600);
});

test('typographic signs are plain where the message is then of the GSM alphabet, and stay where it is not', () => {
  expect(plainer('“disk” – ‘full’…')).toBe('"disk" - \'full\'...');
  expect(plainer('“磁盘” …')).toBe('“磁盘” …');
});

test.each([
  ['a'.repeat(160), 1],
  ['a'.repeat(161), 2],
  ['a'.repeat(306), 2],
  ['a'.repeat(307), 3],
  [`${'a'.repeat(159)}€`, 2],
  ['磁'.repeat(70), 1],
  ['磁'.repeat(71), 2],
  ['磁'.repeat(134), 2],
  ['磁'.repeat(135), 3],
  // A sign of two units is never parted: 33 of them fill a segment of 67.
  ['👩'.repeat(67), 3],
])('%s takes as many segments as 3GPP says', (text, segments) => {
  expect(segmentsOf(text)).toBe(segments);
});

test.each([
  ['+15005550006', '1', '5005550006'],
  ['+79161234567', '7', '9161234567'],
  ['+8613800000000', '86', '13800000000'],
  ['+4915112345678', '49', '15112345678'],
  ['+2712345678', '27', '12345678'],
  ['+85291234567', '852', '91234567'],
  ['+3531234567', '353', '1234567'],
  ['+2211234567', '221', '1234567'],
  ['+9711234567', '971', '1234567'],
])('%s is of calling code %s', (number, callingCode, national) => {
  expect(splitNumber(number)).toEqual({ callingCode, national });
});
