/** What Twilio is given of text messages, and what its answers come to; against a stand-in that refuses what Twilio does. */
import { smsChannel } from '../../activities/notify/sms.ts';
import type { TwilioSms } from '../../domain/channels.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import type { Templates } from '../../domain/templates.ts';
import { readSmsStatusToken } from '../../links/smsStatusLink.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { Twilio } from '../support/providers/twilio.ts';
import { startTwilio } from '../support/providers/twilio.ts';
import { configured, failureOf, INCIDENT, noticeTo, PHONE, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let twilio: Twilio;
beforeEach(async () => {
  twilio = await startTwilio();
});
afterEach(() => twilio.stop());

const GROUPS = { ops: [PHONE, '+8613800000001', '+15005550009'] };
const account = (more: Partial<TwilioSms> = {}): TwilioSms => ({
  ...twilio.account,
  from: twilio.number,
  groups: GROUPS,
  ...more,
});
const kept: string[] = [];
const channel = (
  given = account(),
  { timeout = 3_000, templates = {} }: { readonly timeout?: number; readonly templates?: Templates } = {},
) =>
  smsChannel({
    configuration: () => ({ ...configured({ sms: given }), templates }),
    secret: SECRET,
    store: { ...NO_STORE, keepText: async (_incident, _notification, text) => void kept.push(text) },
    publicUrl: PUBLIC_URL,
    timeout,
  });
const page = (incident: Parameters<typeof requestWith>[0] = {}) => requestWith(incident, { contact: 'text' });
const toGroup = (endpoint = 'ops'): NoticeRequest => ({
  ...noticeTo('sms', null),
  to: { kind: 'subscriber', endpoint },
});

test('a page is a text of ours, with the link and how to reply, and says where to tell of it', async () => {
  kept.length = 0;
  const receipt = await channel().notify(page({ number: 12 }));
  const [message] = twilio.messages;
  expect(receipt).toEqual({ providerId: message?.sid, detail: 'queued' });
  const { To, From, Body, StatusCallback, ...others } = message?.form ?? {};
  expect([To, From, others]).toEqual([PHONE, twilio.number, {}]);
  expect(
    String(Body)
      .replace(/\/ack\/[\w.-]+/, '/ack/…')
      .split('\n'),
  ).toEqual([
    '[#12] Payments: disk of db1 is full',
    'level 1: the incident was triggered',
    `${PUBLIC_URL}/ack/…`,
    'Reply 4 ack, 6 resolve, 5 escalate',
  ]);
  const [address = '', overrides] = String(StatusCallback).split('#');
  expect(overrides).toBe('rc=2&rp=ct,rt,5xx');
  const token = address.slice(`${PUBLIC_URL}/callbacks/twilio/sms/status/`.length);
  expect(readSmsStatusToken(SECRET, token, Date.parse('2026-12-02'))).toEqual({
    ok: true,
    incident: INCIDENT,
    notification: 'n3',
  });
  expect(kept).toEqual([String(Body).replace(/\/ack\/[\w.-]+/, '/ack/***')]);
});

test('an operator’s own template stands in place of ours, of pages and of notices; one that fails does not', async () => {
  const paged = { any: '{{ service.name }}: {{ summary }} {{ ackUrl }}' };
  const templates = { sms: { page: paged, notice: { any: '{{ summary | nope }}' } } };
  await channel(account(), { templates }).notify(page());
  expect(twilio.messages[0]?.form['Body']).toMatch(
    /^Payments: disk of db1 is full https:\/\/tocsin\.example\.com\/ack\/v1\.\S+$/,
  );
  const receipt = await channel(account(), { templates }).tell(toGroup());
  expect(receipt).toMatchObject({ failedTemplates: ['templates.sms.notice'] });
  expect(twilio.messages[1]?.form['Body']).toBe('[#12] Payments: Bob acknowledged\ndisk of db1 is full');
});

test('by a messaging service there is no number that it is from', async () => {
  const messagingServiceSid = `MG${'a'.repeat(32)}`;
  const { from: _from, ...rest } = account({ messagingServiceSid });
  await channel(rest).notify(page());
  expect(twilio.messages[0]?.form).toMatchObject({ MessagingServiceSid: messagingServiceSid });
  expect(twilio.messages[0]?.form).not.toHaveProperty('From');
});

test('a group is told one by one, and asks for no word of it', async () => {
  expect(await channel().tell(toGroup())).toEqual({ detail: '3 of 3 numbers' });
  expect(twilio.messages.map(({ form }) => form['To'])).toEqual(GROUPS.ops);
  expect(twilio.messages[0]?.form['Body']).toBe('[#12] Payments: Bob acknowledged\ndisk of db1 is full');
  expect(twilio.messages[0]?.form).not.toHaveProperty('StatusCallback');
});

test('a person who asked for updates is told of them', async () => {
  const request: NoticeRequest = {
    ...noticeTo('sms', null),
    to: { kind: 'contact', user: 'ana', userName: 'Ana Wei', contact: 'text' },
  };
  expect(await channel().tell(request)).toMatchObject({ detail: 'queued' });
  expect(twilio.messages.map(({ form }) => form['To'])).toEqual([PHONE]);
});

test('a group of 200 is told, all of it', async () => {
  const many = Array.from({ length: 200 }, (_, index) => `+8613800000${String(index).padStart(3, '0')}`);
  const told = channel(account({ groups: { many } }), { timeout: 8_500 }).tell(toGroup('many'));
  expect(await told).toEqual({ detail: '200 of 200 numbers' });
  expect(new Set(twilio.messages.map(({ form }) => form['To']))).toEqual(new Set(many));
});

test('a number that is not answered for holds up no other', async () => {
  const many = Array.from({ length: 60 }, (_, index) => `+8613800000${String(index).padStart(3, '0')}`);
  twilio.befall('Messages', { reaction: { instead: 'hang' } });
  const { detail } = await channel(account({ groups: { many } }), { timeout: 3_000 }).tell(toGroup('many'));
  expect(detail).toMatch(/^59 of 60 numbers; \+86138…\d\d: PROVIDER_SILENT: [^;]*$/);
});

test('of a group some of whose numbers are refused, the receipt says which, and none is told twice', async () => {
  twilio.refusedNumbers.set('+8613800000001', 21610);
  const { detail } = await channel().tell(toGroup());
  expect(detail).toMatch(/^2 of 3 numbers; \+86138…01: ADDRESS_REFUSED: Twilio SMS answered 400: /);
  expect(detail).not.toContain('8613800000001');
  expect(twilio.messages).toHaveLength(2);
});

test('a group all of whose numbers are refused has failed', async () => {
  for (const number of GROUPS.ops) twilio.refusedNumbers.set(number, 21211);
  expect(await failureOf(channel().tell(toGroup()))).toMatchObject({ type: 'terminal', code: 'ADDRESS_REFUSED' });
});

test.each([21211, 21214, 21265, 21610, 21612, 21614, 21635])(
  'a number that Twilio refuses (%i) is terminal, and is in no failure',
  async (code) => {
    twilio.refusedNumbers.set(PHONE, code);
    const failure = await failureOf(channel().notify(page()));
    expect(failure).toMatchObject({ type: 'terminal', code: 'ADDRESS_REFUSED' });
    expect(failure.detail).not.toContain(PHONE);
  },
);

test.each([
  [{ code: 20429, status: 429, headers: { 'retry-after': '7' } }, 7_000],
  [{ code: 21611, status: 400 }, undefined],
  [{ code: 14107, status: 400 }, undefined],
])('a limit is retryable, after what Retry-After says: %j', async (fault, after) => {
  twilio.befall('Messages', fault);
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY', after });
  await channel().notify(page());
  expect(twilio.messages).toHaveLength(1);
});

test('a token that is wrong is retryable: the operator can put it right while the incident is open', async () => {
  const failure = await failureOf(channel(account({ authToken: 'wrong-token' })).notify(page()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_LOGIN_REFUSED' });
  expect(failure.detail).toContain('put right channels.sms');
  expect(failure.detail).not.toContain('wrong-token');
});

test('an account that is not there is a login refused', async () => {
  twilio.befall('Messages', { code: 20404, status: 404 });
  expect(await failureOf(channel().notify(page()))).toMatchObject({
    type: 'retryable',
    code: 'PROVIDER_LOGIN_REFUSED',
  });
});

test('a message that Twilio refuses otherwise is terminal', async () => {
  twilio.befall('Messages', { code: 30038, status: 400 });
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED' });
});

test('an answer that is lost after Twilio took the message is unknown', async () => {
  twilio.befall('Messages', 'loseTheAnswer');
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
  expect(twilio.messages).toHaveLength(1);
});

test('an answer that never comes is unknown', async () => {
  twilio.befall('Messages', { reaction: { instead: 'hang' } });
  expect(await failureOf(channel(account(), { timeout: 300 }).notify(page()))).toMatchObject({
    type: 'unknown',
    code: 'PROVIDER_SILENT',
  });
});

test('an answer that is not Twilio’s is no success, and retryable', async () => {
  twilio.befall('Messages', { reaction: { body: '<html>log in to the network</html>' } });
  const failure = await failureOf(channel().notify(page()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
});

test('where Twilio cannot call back, the message goes out all the same', async () => {
  twilio.befall('Messages', { code: 21609, status: 400, message: 'Invalid StatusCallback' });
  expect(await channel().notify(page())).toMatchObject({ detail: 'queued' });
  expect(twilio.messages[0]?.form).not.toHaveProperty('StatusCallback');
});
