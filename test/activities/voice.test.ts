/** Calls by Twilio, against a stand-in that refuses what Twilio's pages refuse, and may lose its answer after it took a call. */
import type { NotifyRequest } from '../../activities/contract.ts';
import { voiceChannel } from '../../activities/notify/voice.ts';
import type { Configuration, User } from '../../domain/configuration.ts';
import { seconds } from '../../domain/duration.ts';
import type { Language } from '../../domain/language.ts';
import { readCallToken } from '../../links/callToken.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { Twilio } from '../support/providers/twilio.ts';
import { startTwilio, textOf } from '../support/providers/twilio.ts';
import { phoneOf } from '../support/providers/twilioPhone.ts';
import { configured, failureOf, noticeTo, PHONE, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let twilio: Twilio;
let texts: string[];
beforeAll(async () => {
  twilio = await startTwilio();
});
afterAll(() => twilio.stop());
beforeEach(() => {
  texts = [];
});

function withVoice(language: Language = 'en', more: Partial<Twilio['account']> = {}): Configuration {
  const present = configured({ voice: { ...twilio.account, from: twilio.number, ringFor: seconds(20), ...more } });
  const ana = present.users.get('ana') as User;
  return { ...present, users: new Map([['ana', { ...ana, language }]]) };
}

const channel = (present: Configuration = withVoice(), timeout = 3_000) =>
  voiceChannel({
    configuration: () => present,
    secret: SECRET,
    store: { ...NO_STORE, keepText: async (_incident, _notification, text) => void texts.push(text) },
    publicUrl: PUBLIC_URL,
    timeout,
  });
const page = (incident: Parameters<typeof requestWith>[0] = {}, more: Partial<NotifyRequest> = {}) =>
  requestWith(incident, { contact: 'cell', shownAt: { level: 1, pass: 2, episode: 3 }, ...more });
const lastCall = () => twilio.calls.at(-1)!;
async function heard(): Promise<readonly string[]> {
  const phone = phoneOf(twilio, {
    ...lastCall(),
    form: { ...lastCall().form, MachineDetection: [], StatusCallback: [] },
  });
  await phone.answer();
  return phone.heard.map(({ text }) => text);
}

test('a page is a call that says what is broken, and what the keys do', async () => {
  const receipt = await channel().notify(page());
  expect(receipt).toEqual({ providerId: lastCall().sid, detail: 'queued' });
  expect(await heard()).toEqual([
    'Urgent: serious problem with the service Payments.',
    'Incident: disk of db1 is full.',
    'Press 4 to acknowledge, 6 to resolve, 5 to escalate, or star to hear this again.',
  ]);
  const { Twiml: _twiml, ...form } = lastCall().form;
  expect(form).toEqual({
    To: PHONE,
    From: twilio.number,
    Timeout: '20',
    TimeLimit: '300',
    StatusCallback: expect.stringMatching(
      /^https:\/\/tocsin\.example\.com\/callbacks\/twilio\/voice\/v1\.[\w-]+\.[\w-]+\/status#rc=2&rp=ct,rt,5xx$/,
    ),
    StatusCallbackEvent: ['initiated', 'answered', 'completed'],
    MachineDetection: 'Enable',
    AsyncAmd: 'true',
    AsyncAmdStatusCallback: expect.stringMatching(/\/answered-by#/),
  });
});

test('what comes back knows whom it was about, and what they were shown, for an hour', async () => {
  await channel().notify(page());
  const [, token = ''] = /\/voice\/([^/]+)\/status/.exec(textOf(lastCall().form, 'StatusCallback') ?? '') ?? [];
  const read = readCallToken(SECRET, token, Date.now());
  expect(read).toEqual({
    ok: true,
    token: {
      incident: page().incident.id,
      notification: 'n3',
      user: 'ana',
      contact: 'cell',
      shownAt: { level: 1, pass: 2, episode: 3 },
      expiresAt: expect.any(Number),
    },
  });
  expect(readCallToken(SECRET, token, Date.now() + 3_590_000).ok).toBe(true);
  expect(readCallToken(SECRET, token, Date.now() + 3_600_000)).toEqual({ ok: false, code: 'LINK_EXPIRED' });
});

test('the zh-CN call: service and title, as the first call scripts had them, and more', async () => {
  await channel(withVoice('zh-CN')).notify(
    page({ summary: '消费组 topic1 积压 5000 条', service: { id: 'kafka', name: '订单' } }),
  );
  const phone = phoneOf(twilio, lastCall());
  expect(textOf(lastCall().form, 'Twiml')).toContain('<Say voice="alice" language="zh-CN">');
  expect(await heard()).toEqual([
    '紧急通知：订单服务出现严重问题。',
    '事件标题：消费组 topic1 积压 5000 条。',
    '认领请按4，解决请按6，升级请按5，重听请按星号键。',
  ]);
  expect(phone.over()).toBe(false);
});

test.each([
  ['ja', 'ja-JP', '緊急のお知らせです。'],
  ['ko', 'ko-KR', '긴급 알림입니다.'],
  ['de', 'de-DE', 'Dringend: '],
] as const)('in %s it is read as %s', async (language, spoken, begin) => {
  await channel(withVoice(language)).notify(page());
  expect(textOf(lastCall().form, 'Twiml')).toContain(`<Say voice="alice" language="${spoken}">${begin}`);
});

test('a warning is not called urgent, a drill is called one, and what has changed since is told', async () => {
  await channel().notify(page({ severity: 'warning', drill: true } as object, { present: 'acknowledged by Bob' }));
  expect((await heard()).slice(0, -1)).toEqual([
    'This is a drill.',
    'Problem with the service Payments.',
    'Incident: disk of db1 is full.',
    'Now: acknowledged by Bob.',
  ]);
});

test('a long text is cut until the call fits into Twilio’s 4,000 characters', async () => {
  for (const summary of ['磁'.repeat(3_000), '&'.repeat(3_000), '"<>'.repeat(1_000), '👩‍👩‍👧‍👦'.repeat(500)]) {
    await channel().notify(page({ summary, service: { id: 'x', name: summary.slice(0, 200) } }, { present: summary }));
    expect(textOf(lastCall().form, 'Twiml')!.length).toBeLessThanOrEqual(4_000);
    const [, title = '', now = ''] = await heard();
    for (const text of [title, now]) expect(text).toMatch(/…\.$/u);
    expect(title.length).toBeGreaterThan(45);
  }
});

test('a notice is a call that asks for nothing', async () => {
  const receipt = await channel().tell(noticeTo('voice', 'cell'));
  expect(receipt.providerId).toBe(lastCall().sid);
  expect(await heard()).toEqual(['Word of the service Payments: Bob acknowledged.', 'Incident: disk of db1 is full.']);
  expect(textOf(lastCall().form, 'Twiml')).not.toContain('Gather');
  expect(lastCall().form['StatusCallback']).toBeUndefined();
});

test('the text is kept as it was said, without the token', async () => {
  await channel().notify(page());
  expect(texts).toEqual([
    [
      'Urgent: serious problem with the service Payments.',
      'Incident: disk of db1 is full.',
      'Press 4 to acknowledge, 6 to resolve, 5 to escalate, or star to hear this again.',
    ].join('\n'),
  ]);
});

test('an operator’s words in place of ours, with the keys after them; ours where they fail', async () => {
  const templates = {
    voice: { page: { any: '{{ service.name }} & {{ summary }}' }, notice: { any: '{{ change }}!' } },
  };
  await channel({ ...withVoice(), templates }).notify(page());
  expect(await heard()).toEqual([
    'Payments & disk of db1 is full',
    'Press 4 to acknowledge, 6 to resolve, 5 to escalate, or star to hear this again.',
  ]);
  await channel({ ...withVoice(), templates }).tell(noticeTo('voice', 'cell'));
  expect(await heard()).toEqual(['Bob acknowledged!']);
  const failing = { voice: { page: { any: '{{ nothing }}' } } };
  const receipt = await channel({ ...withVoice(), templates: failing }).notify(page());
  expect(receipt).toMatchObject({ providerId: lastCall().sid, failedTemplates: ['templates.voice.page'] });
  expect((await heard())[1]).toBe('Incident: disk of db1 is full.');
});

const refused: [code: number, status: number, type: string, expected: string][] = [
  [20003, 401, 'retryable', 'PROVIDER_LOGIN_REFUSED'],
  [20404, 404, 'retryable', 'PROVIDER_LOGIN_REFUSED'],
  [10001, 400, 'retryable', 'PROVIDER_LOGIN_REFUSED'],
  [21210, 400, 'retryable', 'PROVIDER_LOGIN_REFUSED'],
  [21211, 400, 'terminal', 'ADDRESS_REFUSED'],
  [21217, 400, 'terminal', 'ADDRESS_REFUSED'],
  [21219, 400, 'terminal', 'ADDRESS_REFUSED'],
  [21215, 400, 'terminal', 'PROVIDER_REFUSED'],
  [21205, 400, 'terminal', 'PROVIDER_REFUSED'],
  [10004, 400, 'retryable', 'PROVIDER_BUSY'],
  [20503, 503, 'retryable', 'PROVIDER_BUSY'],
  [20500, 500, 'unknown', 'PROVIDER_SILENT'],
  [20500, 502, 'unknown', 'PROVIDER_SILENT'],
];

test.each(refused)('%i, with status %i, is %s: %s', async (code, status, type, expected) => {
  twilio.befall('Calls', { code, status });
  const failure = await failureOf(channel().notify(page()));
  expect(failure).toMatchObject({ type, code: expected });
  expect(failure.detail).toContain(String(code));
});

test('too many requests are tried again when Twilio says so', async () => {
  twilio.befall('Calls', { code: 20429, status: 429, headers: { 'retry-after': '7' } });
  expect(await failureOf(channel().notify(page()))).toMatchObject({
    type: 'retryable',
    code: 'PROVIDER_BUSY',
    after: 7_000,
  });
});

test('another token is refused, and neither token nor number is in the failure', async () => {
  const failure = await failureOf(channel(withVoice('en', { authToken: 'wrong-token' })).notify(page()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_LOGIN_REFUSED' });
  twilio.refusedNumbers.set(PHONE, 21214);
  const unreachable = await failureOf(channel().notify(page()));
  twilio.refusedNumbers.clear();
  expect(unreachable).toMatchObject({ type: 'terminal', code: 'ADDRESS_REFUSED' });
  for (const { detail } of [failure, unreachable]) {
    expect(detail).not.toContain('wrong-token');
    expect(detail).not.toContain(PHONE);
  }
});

test('an answer that does not come, breaks off, or is not Twilio’s', async () => {
  twilio.befall('Calls', { reaction: { instead: 'hang' } });
  expect(await failureOf(channel(withVoice(), 300).notify(page()))).toMatchObject({
    type: 'unknown',
    code: 'PROVIDER_SILENT',
  });
  twilio.befall('Calls', { reaction: { status: 201, body: '{"sid":', instead: 'cutOff' } });
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
  for (const body of ['<html>log in</html>', '', 'null', '"ok"', '{}', '{"sid":4}']) {
    twilio.befall('Calls', { reaction: { status: 200, body } });
    expect(await failureOf(channel().notify(page()))).toMatchObject({
      type: 'retryable',
      code: 'PROVIDER_UNREACHABLE',
    });
  }
});

test('where Twilio cannot call back, the call is made all the same, and asks for no keys', async () => {
  twilio.befall('Calls', { code: 21609, status: 400, message: 'Invalid StatusCallback' });
  expect(await channel().notify(page())).toMatchObject({ detail: 'queued' });
  expect(lastCall().form).not.toHaveProperty('StatusCallback');
  expect(await heard()).toEqual([
    'Urgent: serious problem with the service Payments.',
    'Incident: disk of db1 is full.',
  ]);
});

test('a contact or channel that is gone is terminal', async () => {
  expect(await failureOf(channel().notify(page({}, { contact: 'mail' })))).toMatchObject({ code: 'CONTACT_GONE' });
  const { voice: _voice, ...rest } = withVoice().channels;
  expect(await failureOf(channel({ ...withVoice(), channels: rest }).notify(page()))).toMatchObject({
    type: 'terminal',
    code: 'CHANNEL_NOT_CONFIGURED',
  });
});

describe('where nobody knows whether a call was made', () => {
  const before = () => twilio.calls.length;
  const asked = (more: Partial<NotifyRequest> = {}) => page({}, { mayHaveBeenSent: new Date().toISOString(), ...more });

  test('a call that Twilio took and did not answer for is found, and not made again', async () => {
    const count = before();
    const one = channel();
    const key = { idempotencyKey: 'lost' };
    twilio.befall('Calls', 'loseTheAnswer');
    expect(await failureOf(one.notify(page({}, key)))).toMatchObject({ type: 'unknown' });
    const receipt = await one.notify(asked(key));
    expect(receipt).toEqual({ providerId: lastCall().sid, detail: 'queued' });
    expect(twilio.calls.length - count).toBe(1);
    // Nor by a worker that took over.
    expect((await channel().notify(asked(key))).providerId).toBe(receipt.providerId);
    expect(twilio.calls.length - count).toBe(1);
  });

  test('one that Twilio never got is made', async () => {
    const elsewhere = new Date(Date.now() + 60_000).toISOString();
    const count = before();
    await channel().notify(page({}, { mayHaveBeenSent: elsewhere }));
    expect(twilio.calls.length - count).toBe(1);
  });

  test('a call about something else, before it, or one that never rang, is not taken for it', async () => {
    const one = channel();
    await one.notify(page({}, { idempotencyKey: 'another' }));
    const another = lastCall();
    twilio.calls.forEach((each) => {
      if (each !== another) each.createdAt -= 3_600_000;
    });
    const count = before();
    await one.notify(asked({ idempotencyKey: 'this' }));
    expect(twilio.calls.length - count).toBe(1);
    another.createdAt -= 60_000;
    lastCall().status = 'failed';
    await channel().notify(asked({ idempotencyKey: 'a third' }));
    expect(twilio.calls.length - count).toBe(2);
  });

  test('nor is a call that was made well after it, by another worker', async () => {
    twilio.calls.forEach((each) => (each.createdAt -= 3_600_000));
    await channel().notify(page({}, { idempotencyKey: 'another' }));
    const count = before();
    const long = new Date(Date.now() - 20_000).toISOString();
    await channel().notify(page({}, { idempotencyKey: 'this', mayHaveBeenSent: long }));
    expect(twilio.calls.length - count).toBe(1);
  });

  test('of two that were lost at once each is given its own', async () => {
    twilio.calls.forEach((each) => (each.createdAt -= 3_600_000));
    const one = channel();
    twilio.befall('Calls', 'loseTheAnswer', 'loseTheAnswer');
    await failureOf(one.notify(page({}, { idempotencyKey: 'k1' })));
    await failureOf(one.notify(page({}, { idempotencyKey: 'k2' })));
    const count = before();
    const ids = [
      await one.notify(asked({ idempotencyKey: 'k1' })),
      await one.notify(asked({ idempotencyKey: 'k2' })),
    ].map(({ providerId }) => providerId);
    expect(new Set(ids)).toEqual(new Set(twilio.calls.slice(-2).map(({ sid }) => sid)));
    expect(twilio.calls.length).toBe(count);
  });

  test('a question that is not answered makes no call, and is asked again', async () => {
    const count = before();
    const dead = withVoice('en', { apiUrl: 'http://127.0.0.1:1' });
    expect(await failureOf(channel(dead).notify(asked()))).toMatchObject({
      type: 'retryable',
      code: 'PROVIDER_UNREACHABLE',
    });
    expect(twilio.calls.length).toBe(count);
  });
});
