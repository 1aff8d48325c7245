/** What people write back to text messages, and what Twilio tells of ours: signed as Twilio signs, on incidents that follow the production rules. */
import { heldHeartbeats } from '../support/heldHeartbeats.ts';
import { buildApp } from '../../../api/app.ts';
import { readReply } from '../../../api/callbacks/smsReply.ts';
import { createLogger } from '../../../api/logging.ts';
import { latestTexted, ownersOf } from '../../../api/callbacks/textedIncident.ts';
import type { ApiServer } from '../../../api/server.ts';
import { NOTHING } from '../../../api/callbacks/twilio.ts';
import type { Configuration, User } from '../../../domain/configuration.ts';
import { LANGUAGES } from '../../../domain/language.ts';
import { smsStatusUrl } from '../../../links/smsStatusLink.ts';
import { knownChanges } from '../../../store/knownChanges.ts';
import { knownWindows } from '../../../store/knownWindows.ts';
import { SMS } from '../../../wording/sms.ts';
import { NO_STORE } from '../../support/noStore.ts';
import { configuration, level, person, policy } from '../../support/configurations.ts';
import { BEGIN, Life, TRIGGER } from '../../support/life.ts';
import type { Answered, Form, Twilio } from '../../support/providers/twilio.ts';
import { signatureOf, startTwilio } from '../../support/providers/twilio.ts';
import { parseXml } from '../../support/providers/xml.ts';
import { ACTS, HOSTILE } from '../../activities/hostileTexts.ts';
import { SeveralIncidents } from '../severalIncidents.ts';

const PUBLIC_URL = 'https://tocsin.example.com/on-call';
const ADDRESS = `${PUBLIC_URL}/callbacks/twilio/sms`;
const SECRET = 'a secret of the tests';
const ANA = '+8613800000001';
const BOB = '+4915112345678';
const EVE = '+4915100000000';
const STRANGER = '+15005550001';

const texted = (user: User, to: string, more: Partial<User> = {}): User => ({
  ...user,
  ...more,
  contacts: user.contacts.map((contact) => (contact.id === 'text' ? { ...contact, channel: 'sms', to } : contact)),
});
const PEOPLE = [
  texted(person('ana', '0s text'), ANA),
  texted(person('bob', '0s text'), BOB, { language: 'de' }),
  texted(person('eve', '0s text'), EVE, { role: 'observer' }),
];

let twilio: Twilio;
let app: ApiServer;
let local: string;
const incidents = new SeveralIncidents();
let lives: Life[];
let known: Configuration;
let log: string;

const begin = async (users: readonly User[] = PEOPLE, summary = 'api is slow'): Promise<void> => {
  known = {
    ...configuration({
      users,
      policy: policy([level('user:ana', '5m'), level('user:bob', '5m'), level('user:eve', '5m')]),
    }),
    channels: { sms: { ...twilio.account, from: twilio.number, groups: {} } },
  };
  const life = (nth: number, summary: string): Life =>
    new Life(known, { ...TRIGGER, dedupKey: `k${nth}`, summary }, {}, null, {
      id: `payments-events.k${nth}.r`,
      at: BEGIN + nth * 60_000,
    }).goOn(BEGIN + nth * 60_000);
  lives = [life(0, 'disk of db1 is full'), life(1, 'queue of <orders> & co is long'), life(2, summary)];
  incidents.hold(lives);
};

beforeAll(async () => {
  twilio = await startTwilio();
  await begin();
  app = await buildApp({
    store: NO_STORE,
    windows: knownWindows(NO_STORE),
    changes: knownChanges(NO_STORE),
    intake: { accept: async () => [] },
    incidents,
    heartbeats: heldHeartbeats(),
    configuration: () => known,
    secret: SECRET,
    publicUrl: PUBLIC_URL,
    namespace: 'default',
    logger: createLogger('info', { write: (line) => void (log += line) }),
  });
  local = await app.listen({ host: '127.0.0.1', port: 0 });
  twilio.lead(`${PUBLIC_URL}/`, `${local}/`);
});
afterAll(() => Promise.all([app.close(), twilio.stop()]));
beforeEach(async () => {
  await begin();
  log = '';
});

/** What the phone is answered; null where it is answered nothing. */
function said({ status, contentType, body }: Answered): string | null {
  expect([status, contentType]).toEqual([200, 'text/xml; charset=utf-8']);
  const response = parseXml(body);
  expect(response.name).toBe('Response');
  const [message, ...others] = response.children;
  expect(others).toEqual([]);
  if (message === undefined) return null;
  expect(message).toMatchObject({ name: 'Message' });
  const texts = typeof message === 'string' ? [message] : message.children;
  return texts.map((each) => (typeof each === 'string' ? each : `<${each.name}>`)).join('');
}
const text = async (from: string, body: string, more: Form = {}): Promise<string | null> =>
  said(await twilio.text(ADDRESS, from, body, more));
const statuses = (): string[] => lives.map(({ state }) => state.status);

test('4 acknowledges the incident that the phone was texted about last, and is answered with what came of it', async () => {
  expect(await text(ANA, '4')).toBe('#3 api is slow: acknowledged.');
  expect(statuses()).toEqual(['triggered', 'triggered', 'acknowledged']);
  expect(incidents.asked).toMatchObject([
    { id: expect.stringMatching(/^sms\.SM[0-9a-f]{32}$/), type: 'acknowledge', actor: { id: 'ana', via: 'sms text' } },
  ]);
});

test('6 resolves, and then 4 is of the one before: what is resolved is open no more', async () => {
  expect(await text(ANA, '6')).toBe('#3 api is slow: resolved.');
  expect(await text(ANA, '4')).toBe('#2 queue of <orders> & co is long: acknowledged.');
  expect(statuses()).toEqual(['triggered', 'acknowledged', 'resolved']);
});

test('5 escalates from where the text was sent, once', async () => {
  expect(await text(ANA, '5')).toBe('#3 api is slow: escalated.');
  lives[2]?.goOn(BEGIN + 2 * 60_000);
  expect(await text(ANA, '5')).toMatch(/^#3 api is slow: the incident has moved on[^;]*; triggered; level 2/i);
  expect(lives[2]?.state.escalation.level).toBe(2);
});

test('with a number it is of that incident', async () => {
  expect(await text(ANA, "'4 1'")).toBe('#1 disk of db1 is full: acknowledged.');
  expect(await text(ANA, 'RESOLVE #2')).toBe('#2 queue of <orders> & co is long: resolved.');
  expect(statuses()).toEqual(['acknowledged', 'resolved', 'triggered']);
});

test('what came too late is answered with the present truth', async () => {
  lives[2]?.resolve('bob');
  expect(await text(ANA, '4 3')).toBe('#3 api is slow: already resolved by Bob at 00:02:00 UTC.');
  expect(await text(ANA, '6 3')).toBe('#3 api is slow: already resolved by Bob at 00:02:00 UTC.');
});

test('the last text counts, not the newest incident: an older one that was texted again', async () => {
  lives[0]?.goOn(BEGIN + 6 * 60_000);
  expect(await text(BOB, '4')).toMatch(/^#1 disk of db1 is full: /);
});

test.each([
  ['by somebody else: the text that was answered may be its', 'bob', 10, 2],
  ['by somebody else, long ago', 'bob', 20, 1],
  ['by themselves', 'ana', 10, 1],
])('an incident that was just resolved %s', async (_by, by, minutesLater, nth) => {
  lives[2]?.resolve(by);
  const found = await latestTexted(incidents, ownersOf(known, ANA), BEGIN + (2 + minutesLater) * 60_000);
  expect(found?.incident.id).toBe(lives[nth]?.state.id);
});

test('a phone that was not told of that incident is refused, which stands in its timeline', async () => {
  expect(await text(BOB, '4 3')).toBe(SMS.de.notTexted('#3'));
  expect(statuses()[2]).toBe('triggered');
  expect(incidents.asked).toEqual([]);
  expect(incidents.heard).toMatchObject([
    { kind: 'turnedAway', turnedAway: { command: 'acknowledge', code: 'FORBIDDEN', via: 'SMS from +49151…78' } },
  ]);
  expect(lives[2]?.state.log.at(-1)).toMatchObject({ type: 'turnedAway' });
});

test('nothing that is open was texted to it, or there is no such incident', async () => {
  expect(await text(BOB, '4')).toBe(SMS.de.nothingOpen);
  expect(await text(ANA, '4 77')).toBe(SMS.en.unknownIncident('#77'));
  expect(incidents.asked).toEqual([]);
});

test('an observer who was told may not act', async () => {
  lives[2]?.goOn(BEGIN + 7 * 60_000).goOn(BEGIN + 12 * 60_000);
  expect(await text(EVE, '4')).toBe('#3 api is slow: you may not do this.');
  expect(lives[2]?.state.status).toBe('triggered');
});

test('a number that nobody has is answered nothing, and is in the log without its digits', async () => {
  expect(await text(STRANGER, '4 3')).toBeNull();
  expect(await text(STRANGER, 'hello')).toBeNull();
  expect(incidents.heard).toEqual([]);
  expect(JSON.parse(log.split('\n')[0] ?? '')).toMatchObject({ level: 40, code: 'UNKNOWN_USER', from: '+15005…01' });
  expect(log).not.toContain(STRANGER);
});

test.each(LANGUAGES)('in %s what is not understood is answered with what is', async (language) => {
  await begin([texted(person('ana', '0s text'), ANA, { language }), ...PEOPLE.slice(1)]);
  expect(await text(ANA, 'what is going on?')).toBe(SMS[language].help);
  expect(incidents.asked).toEqual([]);
});

test('STOP and the like are Twilio’s own, and are answered nothing', async () => {
  expect(await text(ANA, 'STOP', { OptOutType: 'STOP' })).toBeNull();
});

test('the same text twice is done once, and answered as before: also when another one was sent between', async () => {
  const MessageSid = `SM${'1'.repeat(32)}`;
  expect(await text(ANA, '6', { MessageSid })).toBe('#3 api is slow: resolved.');
  expect(await text(ANA, '6', { MessageSid })).toBe('#3 api is slow: resolved.');
  expect(statuses()).toEqual(['triggered', 'triggered', 'resolved']);
  expect(incidents.asked).toHaveLength(1);
});

test('of two phones’ owners the one acts who was texted', async () => {
  await begin([texted(person('ana', '0s text'), ANA), texted(person('bob', '0s text'), ANA), ...PEOPLE.slice(2)]);
  lives[1]?.goOn(BEGIN + 8 * 60_000);
  expect(await text(ANA, '4')).toMatch(/^#2 /);
  expect(lives[1]?.state.acknowledgements.map(({ user }) => user)).toEqual(['bob']);
});

test('without a worker nothing is guessed: it is said, and may be sent again', async () => {
  incidents.engine = 'noWorker';
  const MessageSid = `SM${'2'.repeat(32)}`;
  expect(await text(ANA, '4', { MessageSid })).toBe(SMS.en.notNow);
  incidents.engine = 'up';
  expect(await text(ANA, '4', { MessageSid })).toBe('#3 api is slow: acknowledged.');
});

test.each(HOSTILE.map((summary) => [JSON.stringify(summary).slice(0, 60), summary] as const))(
  'the answer is one message however an alert reads: %s',
  async (_name, summary) => {
    await begin(PEOPLE, summary);
    const answer = (await text(ANA, '4')) ?? '';
    expect(answer).toMatch(/^#3 [^\n]*: acknowledged\.$/u);
    expect(answer).not.toMatch(ACTS);
    expect(answer.length).toBeLessThanOrEqual(160);
  },
);

test.each([
  ['4', 'acknowledge', null],
  [' 4 ', 'acknowledge', null],
  ['４', 'acknowledge', null],
  ['ACK', 'acknowledge', null],
  ['a', 'acknowledge', null],
  ['Ack.', 'acknowledge', null],
  ['“ack 12”', 'acknowledge', 12],
  ["'4 12'", 'acknowledge', 12],
  ['ａｃｋ　１２', 'acknowledge', 12],
  ['4 #12', 'acknowledge', 12],
  ['6', 'resolve', null],
  ['close', 'resolve', null],
  ['resolve 7', 'resolve', 7],
  ['5', 'escalate', null],
  ['Escalate # 7!', 'escalate', 7],
])('%s is understood', (written, action, number) => {
  expect(readReply(written)).toEqual({ action, number });
});

test.each([
  '',
  '7',
  '44',
  '4 4 4',
  '4-12',
  'ack twelve',
  'please ack',
  'ack 12 13',
  'acks',
  '12',
  '4 1234567890',
  'constructor',
  '__proto__',
  'toString',
  '4\n6',
])('%j is not', (written) => {
  expect(readReply(written)).toBeUndefined();
});

const LINKED = { incident: { id: 'payments-events.k2.r' }, notification: 'n1', dueAt: new Date().toISOString() };
const status = (form: Form, url = smsStatusUrl({ secret: SECRET, publicUrl: PUBLIC_URL }, LINKED), options = {}) =>
  twilio.callBack(url, { MessageSid: `SM${'3'.repeat(32)}`, To: ANA, ...form }, options);

test.each([
  ['sent', {}, { outcome: 'sent' }],
  ['delivered', {}, { outcome: 'delivered', detail: 'Twilio: delivered' }],
  ['read', {}, { outcome: 'delivered' }],
  [
    'undelivered',
    { ErrorCode: '30005' },
    { outcome: 'failed', code: 'ADDRESS_REFUSED', detail: 'Twilio: undelivered, error 30005' },
  ],
  ['undelivered', { ErrorCode: '30008' }, { outcome: 'failed', code: 'PROVIDER_REFUSED' }],
  ['failed', {}, { outcome: 'failed', code: 'PROVIDER_REFUSED' }],
] as const)('the word %s is a receipt', async (MessageStatus, more, expected) => {
  expect(await status({ MessageStatus, ...more })).toMatchObject({ status: 200, body: NOTHING });
  const id = `SM${'3'.repeat(32)}.${MessageStatus}`;
  expect(incidents.heard).toMatchObject([
    { kind: 'receipt', receipt: { id, notification: 'n1', providerId: `SM${'3'.repeat(32)}`, ...expected } },
  ]);
});

test.each(['queued', 'sending', 'accepted', 'scheduled', 'receiving', 'constructor', ''])(
  'the word %j is none: it says nothing of the end',
  async (MessageStatus) => {
    expect(await status({ MessageStatus })).toMatchObject({ status: 200, body: NOTHING });
    expect(incidents.heard).toEqual([]);
  },
);

test('delivered, it is so in the ledger; undelivered, the page goes another way', async () => {
  const before = lives[2]?.state.ledger[0]?.status;
  await status({ MessageStatus: 'delivered' });
  expect([before, lives[2]?.state.ledger[0]?.status]).toEqual(['sent', 'delivered']);
});

test('an address that is not ours, is cut, is of another purpose or too old is refused, however well it is signed', async () => {
  const url = statusUrl();
  const old = { ...LINKED, dueAt: '2020-01-01T00:00:00.000Z' };
  for (const wrong of [
    `${PUBLIC_URL}/callbacks/twilio/sms/status/x`,
    url.slice(0, -1),
    url.replace('/v1.', '/v2.'),
    smsStatusUrl({ secret: 'another secret', publicUrl: PUBLIC_URL }, LINKED),
    smsStatusUrl({ secret: SECRET, publicUrl: PUBLIC_URL }, old),
  ]) {
    expect(await status({ MessageStatus: 'failed' }, wrong)).toMatchObject({ status: 403, body: NOTHING });
  }
  expect(incidents.heard).toEqual([]);
  expect(log).not.toContain(url.split('/').at(-1));
});

/** Forged in every way that the signature, the account and the address guard against: of both doors. */
const FORGERIES: readonly (readonly [string, (url: string, form: Form) => Promise<Answered>])[] = [
  ['no signature', (url, form) => twilio.callBack(url, form, { signature: '' })],
  ['a signature of another token', (url, form) => twilio.callBack(url, form, { token: 'f'.repeat(32) })],
  ['an empty token', (url, form) => twilio.callBack(url, form, { token: '' })],
  [
    'the token in capitals',
    (url, form) => twilio.callBack(url, form, { token: twilio.account.authToken.toUpperCase() }),
  ],
  ['no base64', (url, form) => twilio.callBack(url, form, { signature: '\u00e9\u00e9' })],
  [
    'a signature of zeros',
    (url, form) => twilio.callBack(url, form, { signature: Buffer.alloc(20).toString('base64') }),
  ],
  ['another account', (url, form) => twilio.callBack(url, { ...form, AccountSid: `AC${'0'.repeat(32)}` })],
  ['two accounts', (url, form) => twilio.callBack(url, { ...form, AccountSid: [twilio.account.accountSid, 'AC0'] })],
  ...['From', 'Body', 'MessageSid', 'MessageStatus', 'To', 'AccountSid'].map(
    (name) => [`a changed ${name}`, (url: string, form: Form) => replayed(url, form, { [name]: 'changed' })] as const,
  ),
  ['a parameter more', (url, form) => replayed(url, form, { Extra: '1' })],
  ['another address', (url, form) => replayed(url, form, {}, `${url}?x=1`)],
  ['the other door', (url, form) => replayed(url, form, {}, url === ADDRESS ? statusUrl() : ADDRESS)],
  ['another status address', (url, form) => replayed(url, form, {}, statusUrl('n2'))],
  ['a body of JSON', (url, form) => posted(url, 'application/json', JSON.stringify(form))],
  ['a body of text', (url) => posted(url, 'text/plain', 'From=x')],
  ['an empty body', (url) => posted(url, 'application/x-www-form-urlencoded', '')],
];
/** As Twilio calls it: the fragment is for Twilio, and is not signed. */
const statusUrl = (notification = 'n1'): string =>
  smsStatusUrl({ secret: SECRET, publicUrl: PUBLIC_URL }, { ...LINKED, notification }).split('#')[0]!;

/** What was signed for `url` and `form`, sent with a change, or elsewhere. */
async function replayed(url: string, form: Form, change: Form, to = url): Promise<Answered> {
  const whole = { AccountSid: twilio.account.accountSid, ApiVersion: '2010-04-01', ...form };
  const signature = signatureOf(twilio.account.authToken, url, whole);
  return twilio.callBack(to, { ...form, ...change }, { signature });
}

async function posted(url: string, type: string, body: string): Promise<Answered> {
  const path = url.slice(PUBLIC_URL.length);
  const headers = { 'content-type': type, 'x-twilio-signature': 'x' };
  const response = await fetch(`${local}${path}`, { method: 'POST', headers, body });
  return { status: response.status, contentType: response.headers.get('content-type'), body: await response.text() };
}

describe.each([
  ['a reply', (): string => ADDRESS, { MessageSid: `SM${'4'.repeat(32)}`, From: ANA, To: '+15005550006', Body: '6' }],
  ['a status', (): string => statusUrl(), { MessageSid: `SM${'5'.repeat(32)}`, To: ANA, MessageStatus: 'failed' }],
] as const)('%s', (_door, url, form) => {
  test('as it was signed is taken', async () => {
    expect((await replayed(url(), form, {})).status).toBe(200);
    expect(incidents.asked.length + incidents.heard.length).toBe(1);
  });

  test.each(FORGERIES)('with %s is refused, and nothing comes of it', async (_what, forge) => {
    const answer = await forge(url(), form);
    expect([403, 415]).toContain(answer.status);
    expect(answer.body).toBe(NOTHING);
    expect([incidents.asked, incidents.heard]).toEqual([[], []]);
    expect(statuses()).toEqual(['triggered', 'triggered', 'triggered']);
  });
});

test('the doors are there for Twilio alone', async () => {
  known = { ...known, channels: {} };
  expect((await twilio.text(ADDRESS, ANA, '4')).status).toBe(404);
  expect((await status({ MessageStatus: 'delivered' })).status).toBe(404);
  expect([incidents.asked, incidents.heard]).toEqual([[], []]);
});

test('an error that is ours is said in the phone’s language, and logged with its code', async () => {
  incidents.engine = 'away';
  expect(await text(ANA, '4')).toBe(SMS.en.notNow);
  expect(log).toContain('TEMPORAL_UNAVAILABLE');
});
