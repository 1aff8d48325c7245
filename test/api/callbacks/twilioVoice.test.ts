/** Calls from their making to what comes of their keys: the channel, Twilio's stand-in that calls back, and an incident that follows the production rules. */
import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';
import type { AddressInfo } from 'node:net';
import { voiceChannel } from '../../../activities/notify/voice.ts';
import { twilioVoice } from '../../../api/callbacks/twilioVoice.ts';
import type { Configuration, User } from '../../../domain/configuration.ts';
import { minutes, seconds } from '../../../domain/duration.ts';
import { signAckLink } from '../../../links/ackLink.ts';
import type { CallToken } from '../../../links/callToken.ts';
import { signCallToken } from '../../../links/callToken.ts';
import { requestWith } from '../../activities/requests.ts';
import { configuration, level, person, policy, service } from '../../support/configurations.ts';
import { Life } from '../../support/life.ts';
import { NO_STORE } from '../../support/noStore.ts';
import type { Form, Twilio } from '../../support/providers/twilio.ts';
import { signatureOf, startTwilio } from '../../support/providers/twilio.ts';
import type { Phone } from '../../support/providers/twilioPhone.ts';
import { phoneOf } from '../../support/providers/twilioPhone.ts';
import { OneIncident } from '../oneIncident.ts';

const SECRET = 'a secret of the tests';
const PUBLIC_URL = 'https://tocsin.example.com';
const NUMBERS = { ana: '+8613800000001', wei: '+8613800000002', eve: '+8613800000003' } as const;
type Who = keyof typeof NUMBERS;

let twilio: Twilio;
let app: FastifyInstance;
let log: string;
let life: Life;
let incident: OneIncident;
let present: Configuration;
let now: number;

const withCell = (user: User, to: string): User => ({
  ...user,
  contacts: [...user.contacts, { id: 'cell', channel: 'voice', to }],
});
function usual(): Configuration {
  const users = [
    withCell(person('ana'), NUMBERS.ana),
    person('bob'),
    withCell({ ...person('wei'), language: 'zh-CN', timezone: 'Asia/Shanghai' }, NUMBERS.wei),
    withCell({ ...person('eve'), role: 'observer' }, NUMBERS.eve),
  ];
  const levels = [level('user:ana', '5m'), level('user:bob', '5m'), level('user:wei', '15m')];
  return {
    ...configuration({ users, policy: policy(levels), service: service({ ackTimeout: '30m' }) }),
    channels: { voice: { ...twilio.account, from: twilio.number, ringFor: seconds(20) } },
  };
}

beforeAll(async () => {
  twilio = await startTwilio();
  app = fastify({ logger: { level: 'info', stream: { write: (line: string) => void (log += line) } } });
  const incidents = {
    read: (id: string) => incident.read(id),
    command: (...args: Parameters<OneIncident['command']>) => incident.command(...args),
    hear: (...args: Parameters<OneIncident['hear']>) => incident.hear(...args),
  };
  const deps = {
    incidents: incidents as OneIncident,
    configuration: () => present,
    secret: SECRET,
    publicUrl: PUBLIC_URL,
    now: () => now,
  };
  await app.register(async (scope) => twilioVoice(scope, deps));
  await app.listen({ port: 0, host: '127.0.0.1' });
  twilio.lead(PUBLIC_URL, `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`);
});
afterAll(async () => {
  await Promise.all([app.close(), twilio.stop()]);
});
beforeEach(() => {
  present = usual();
  life = new Life(present).through('0:00');
  incident = new OneIncident(life);
  log = '';
  now = Date.now();
});

const SHOWN = { level: 1, pass: 1, episode: 1 };
/** A call about the incident, which is not answered yet. */
async function call(who: Who = 'ana', shownAt = SHOWN): Promise<Phone> {
  const channel = voiceChannel({
    configuration: () => present,
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
  });
  const { id, summary } = life.state;
  await channel.notify(
    requestWith(
      { id, summary, service: { id: 'payments', name: 'Payments' } },
      { user: who, contact: 'cell', shownAt },
    ),
  );
  return phoneOf(twilio, twilio.calls.at(-1)!);
}
async function answered(who: Who = 'ana', shownAt = SHOWN): Promise<Phone> {
  const phone = await call(who, shownAt);
  await phone.begin();
  await phone.answer();
  incident.heard.length = 0;
  return phone;
}
const receipts = () => incident.heard.flatMap((word) => (word.kind === 'receipt' ? [word.receipt] : []));

describe('keys', () => {
  test('4 acknowledges as the user who was called, and says so', async () => {
    const phone = await answered();
    await phone.press('4');
    expect(phone.last()).toBe('Acknowledged. Goodbye.');
    expect(phone.over()).toBe(true);
    expect(life.state.acknowledgements.map(({ user }) => user)).toEqual(['ana']);
    const { CallSid } = phone.common();
    expect(incident.asked).toEqual([
      {
        id: `twilio.${String(CallSid)}.acknowledge.1.1.1`,
        type: 'acknowledge',
        actor: { kind: 'user', id: 'ana', name: 'Ana', via: 'voice cell' },
      },
    ]);
    expect(receipts()).toMatchObject([
      { outcome: 'delivered', notification: 'n3', providerId: CallSid, detail: 'key 4' },
    ]);
  });

  test('6 resolves', async () => {
    const phone = await answered();
    await phone.press('6');
    expect(phone.last()).toBe('Resolved. Goodbye.');
    expect(life.state.status).toBe('resolved');
  });

  test('5 escalates from where it was shown', async () => {
    const phone = await answered();
    await phone.press('5');
    expect(phone.last()).toBe('Escalated. Goodbye.');
    life.through('0:00');
    expect(life.state.escalation.level).toBe(2);
  });

  test('5 after the incident moved on changes nothing, and says where it is; after * it is about that', async () => {
    life.command('bob', { type: 'escalate', fromLevel: 1 });
    life.through('0:00');
    const phone = await answered();
    await phone.press('5');
    expect(phone.last()).toContain(
      'The incident has moved on since it was shown; triggered; level 2, and nobody has acknowledged it.',
    );
    expect(life.state.escalation.level).toBe(2);
    await phone.press('*');
    await phone.press('5');
    life.through('0:00');
    expect(life.state.escalation.level).toBe(3);
  });

  test('* says it all again, and how it is now', async () => {
    const phone = await answered();
    life.at('1:00').ack('bob');
    await phone.press('*');
    expect(phone.heard.slice(3).map(({ text }) => text)).toEqual([
      'Urgent: serious problem with the service Payments.',
      'Incident: disk of db1 is full.',
      'Now: acknowledged by Bob at 00:01:00 UTC.',
      'Press 4 to acknowledge, 6 to resolve, 5 to escalate, or star to hear this again.',
    ]);
    await phone.press('6');
    expect(life.state.status).toBe('resolved');
  });

  test('too late: it is told who was first, and when', async () => {
    const phone = await answered();
    life.at('2:00').resolve('bob');
    await phone.press('4');
    expect(phone.last()).toBe('Already resolved by Bob at 00:02:00 UTC. Goodbye.');
    incident.engine = 'closed';
    const other = await answered();
    await other.press('6');
    expect(other.last()).toBe('Already resolved by Bob at 00:02:00 UTC. Goodbye.');
  });

  test('in the language of who is called, in their time zone', async () => {
    const phone = await answered('wei');
    expect(phone.heard.every(({ language }) => language === 'zh-CN')).toBe(true);
    await phone.press('4');
    expect(phone.last()).toBe('已认领。 再见。');
    life.at('2:00').resolve('bob');
    const other = await answered('wei');
    await other.press('4');
    expect(other.last()).toMatch(/^已由 Bob 于 .*08:02:00.* 解决。 再见。$/);
  });

  test.each(['0', '1', '7', '#', '9'])('%s does nothing, and the keys are told again', async (key) => {
    const phone = await answered();
    await phone.press(key);
    expect(phone.last()).toBe(
      'That key does nothing. Press 4 to acknowledge, 6 to resolve, 5 to escalate, or star to hear this again.',
    );
    expect(incident.asked).toEqual([]);
    await phone.press('4');
    expect(life.state.acknowledgements).toHaveLength(1);
  });

  test('a call asks five times at most, and twice where nobody presses anything', async () => {
    const phone = await answered();
    for (let times = 0; times < 5; times += 1) await phone.press('9');
    expect([phone.last(), phone.over()]).toEqual(['Goodbye.', true]);
    const silent = await answered();
    await silent.wait();
    expect(silent.listening()).toBe(true);
    await silent.wait();
    expect([silent.last(), silent.over()]).toEqual(['Goodbye.', true]);
    expect(incident.asked).toEqual([]);
    expect(receipts()).toEqual([]);
  });

  test('with no worker it is noted; with no Temporal the key is asked for again, and counts once it is there', async () => {
    incident.engine = 'noWorker';
    const phone = await answered();
    await phone.press('4');
    expect(phone.last()).toBe('Noted, not yet confirmed. Goodbye.');
    const other = await answered();
    incident.engine = 'away';
    await other.press('4');
    expect(other.last()).toContain('It could not be recorded. Please press the key again.');
    incident.engine = 'up';
    await other.press('4');
    expect(other.last()).toBe('Acknowledged. Goodbye.');
  });

  test('one who may only read hears that they may not, and it stands in the timeline', async () => {
    const phone = await answered('eve');
    await phone.press('4');
    expect(phone.last()).toBe('You may not do this. Goodbye.');
    expect(incident.asked).toEqual([]);
    expect(incident.heard).toContainEqual({
      kind: 'turnedAway',
      turnedAway: expect.objectContaining({ command: 'acknowledge', code: 'FORBIDDEN', via: 'voice cell' }),
    });
  });
});

describe('how the call went', () => {
  const outcomes = () => receipts().map(({ outcome, detail }) => `${outcome}: ${detail}`);

  test('a person who answers has it, without pressing anything', async () => {
    const phone = await call();
    await phone.begin();
    expect(outcomes()).toEqual(['sent: initiated']);
    await phone.answer('human');
    await phone.end();
    expect([...new Set(outcomes())]).toEqual(['sent: initiated', 'delivered: human']);
    expect(new Set(receipts().map(({ id }) => id)).size).toBe(2);
    expect(receipts()[0]).toEqual({
      id: `twilio.${String(phone.common()['CallSid'])}.sent.initiated`,
      notification: 'n3',
      outcome: 'sent',
      at: now,
      providerId: phone.common()['CallSid'],
      detail: 'initiated',
    });
    expect(phone.told.map(({ status, contentType }) => [status, contentType])).toEqual(
      phone.told.map(() => [200, 'text/xml; charset=utf-8']),
    );
  });

  test.each(['machine_start', 'fax'] as const)('%s is nobody: unanswered, and never an acknowledgement', async (by) => {
    const phone = await call();
    await phone.begin();
    await phone.answer(by);
    await phone.wait();
    await phone.wait();
    await phone.end();
    expect(outcomes()).toContain(`unanswered: ${by}`);
    expect(outcomes().join()).not.toContain('delivered');
    expect(incident.asked).toEqual([]);
    expect(life.state.status).toBe('triggered');
  });

  test('who cannot be told for a machine is taken for a person', async () => {
    const phone = await call();
    await phone.answer('unknown');
    expect(outcomes()).toContain('delivered: unknown');
  });

  test.each([
    ['no-answer', 'unanswered: no-answer'],
    ['busy', 'unanswered: busy'],
    ['canceled', 'unanswered: canceled'],
    ['failed', 'failed: failed'],
  ] as const)('%s', async (status, expected) => {
    const phone = await call();
    await phone.end(status);
    expect(outcomes()).toEqual([expected]);
  });

  test('words in another order say the same', async () => {
    const phone = await call();
    await phone.end('no-answer');
    await phone.begin();
    expect(outcomes()).toEqual(['unanswered: no-answer', 'sent: initiated']);
  });

  test('a word that cannot be kept now is asked for again: 503', async () => {
    incident.engine = 'away';
    const phone = await call();
    await phone.begin();
    expect(phone.told.map(({ status }) => status)).toEqual([503]);
  });

  test('a status that nobody knows says nothing', async () => {
    const phone = await call();
    const { StatusCallback } = twilio.calls.at(-1)!.form as { StatusCallback: string };
    const answer = await twilio.callBack(StatusCallback, { ...phone.common(), CallStatus: 'parked' });
    expect(answer.status).toBe(200);
    expect(incident.heard).toEqual([]);
  });
});

describe('replayed', () => {
  test('the same key of the same call, told again and again, acts once and is answered with the present truth', async () => {
    const phone = await answered();
    const action = phone.action();
    const form = { ...phone.common(), Digits: '4', FinishedOnKey: '' };
    for (let times = 0; times < 20; times += 1) {
      const { body } = await twilio.callBack(action, form);
      expect(body).toContain('Acknowledged.');
    }
    expect(life.state.acknowledgements).toHaveLength(1);
    expect(life.state.log.filter(({ type }) => type === 'acknowledged')).toHaveLength(1);
    const { ackTimeoutAt } = life.state;
    life.at('3:00').resolve('bob');
    for (let times = 0; times < 20; times += 1) {
      const { status, body } = await twilio.callBack(action, form);
      expect(status).toBe(200);
      expect(body).toContain('Already resolved by Bob at 00:03:00 UTC.');
    }
    expect(ackTimeoutAt).not.toBeNull();
    expect(life.state.log.filter(({ type }) => type === 'acknowledged')).toHaveLength(1);
  });

  test('after an hour nothing of a call is taken: it says so, and it is in the log', async () => {
    const phone = await answered();
    now += minutes(61);
    await phone.press('4');
    expect(phone.last()).toBe('This call is no longer valid. Please look at the incident itself. Goodbye.');
    await phone.end('no-answer');
    expect([incident.asked, incident.heard]).toEqual([[], []]);
    expect(log).toContain('LINK_EXPIRED');
  });
});

describe('refused', () => {
  const tokenOf = (more: Partial<CallToken> = {}, secret = SECRET): string =>
    signCallToken(secret, {
      incident: life.state.id,
      notification: 'n3',
      user: 'ana',
      contact: 'cell',
      shownAt: SHOWN,
      expiresAt: now + minutes(60),
      ...more,
    });
  const address = (token = tokenOf(), what = 'keys?round=1'): string =>
    `${PUBLIC_URL}/callbacks/twilio/voice/${token}/${what}`;
  const form = (more: Form = {}): Form => ({
    CallSid: `CA${'a'.repeat(32)}`,
    From: twilio.number,
    To: NUMBERS.ana,
    Digits: '4',
    ...more,
  });
  const unchanged = () => {
    expect(incident.asked).toEqual([]);
    expect(life.state.status).toBe('triggered');
  };

  test('the forger’s own way in works where nothing is forged', async () => {
    expect((await twilio.callBack(address(), form())).status).toBe(200);
    expect(life.state.status).toBe('acknowledged');
  });

  const token = (): string => tokenOf();
  const forged: [what: string, send: () => ReturnType<Twilio['callBack']>][] = [
    ['another account’s token', () => twilio.callBack(address(), form(), { token: 'f'.repeat(32) })],
    ['no signature', () => twilio.callBack(address(), form(), { signature: '' })],
    [
      'a signature of nothing',
      () => twilio.callBack(address(), form(), { signature: signatureOf(twilio.account.authToken, '', {}) }),
    ],
    ['another account', () => twilio.callBack(address(), form({ AccountSid: `AC${'0'.repeat(32)}` }))],
    ['two accounts', () => twilio.callBack(address(), form({ AccountSid: [twilio.account.accountSid, 'AC0'] }))],
    [
      'another host',
      () => twilio.callBack(address(), form(), { signature: signed(address().replace('tocsin.', 'evil.')) }),
    ],
    [
      'another round',
      () => twilio.callBack(address(), form(), { signature: signed(address(token(), 'keys?round=2')) }),
    ],
    ['no query', () => twilio.callBack(address(), form(), { signature: signed(address(token(), 'keys')) })],
    [
      'the signature of a status',
      () => twilio.callBack(address(), form(), { signature: signed(address(token(), 'status')) }),
    ],
    ['another key', () => twilio.callBack(address(), form({ Digits: '6' }), { signature: signed(address()) })],
    [
      'a key where none was pressed',
      () => twilio.callBack(address(), form(), { signature: signed(address(), form({ Digits: '' })) }),
    ],
    ['another call', () => twilio.callBack(address(), form({ CallSid: 'CA2' }), { signature: signed(address()) })],
    ['no token', () => twilio.callBack(address('x'), form())],
    ['a token that another secret signed', () => twilio.callBack(address(tokenOf({}, 'another')), form())],
    ['a token without a signature', () => twilio.callBack(address(token().split('.').slice(0, 2).join('.')), form())],
    ['a token of another version', () => twilio.callBack(address(token().replace('v1', 'v2')), form())],
    ['the link of the phone page', () => twilio.callBack(address(ackToken()), form())],
    [
      'the payload of one token with the signature of another',
      () => {
        const [version, , signature] = token().split('.');
        const [, payload] = tokenOf({ user: 'bob' }).split('.');
        return twilio.callBack(address([version, payload, signature].join('.')), form());
      },
    ],
    ...Array.from({ length: 30 }, (_, index): [string, () => ReturnType<Twilio['callBack']>] => [
      `a token with its character ${index * 9} changed`,
      () => {
        const whole = token();
        const at = Math.min(index * 9, whole.length - 1);
        const other = whole.charAt(at) === 'A' ? 'B' : 'A';
        return twilio.callBack(address(whole.slice(0, at) + other + whole.slice(at + 1)), form());
      },
    ]),
  ];
  const signed = (url: string, given = form()): string =>
    signatureOf(twilio.account.authToken, url, {
      AccountSid: twilio.account.accountSid,
      ApiVersion: '2010-04-01',
      ...given,
    });
  const ackToken = (): string =>
    signAckLink(SECRET, { incident: life.state.id, notification: 'n3', user: 'ana', expiresAt: now + minutes(60) });

  test.each(forged)('%s: 403, in the log, and nothing changes', async (_what, send) => {
    const answer = await send();
    expect(answer.status).toBe(403);
    expect(answer.body).not.toContain('Say');
    unchanged();
    expect(incident.heard).toEqual([]);
    expect(log).toContain('CALLBACK_REFUSED');
    expect(log).not.toMatch(/v1\.[\w-]{20}/);
    expect(log).not.toContain(twilio.account.authToken);
  });

  test.each([
    ['the number is another’s', { To: NUMBERS.wei }],
    ['there is no number', { To: '' }],
    ['there are two', { To: [NUMBERS.ana, NUMBERS.wei] }],
  ])('%s: turned away, and in the timeline', async (_what, more) => {
    const { status, body } = await twilio.callBack(address(), form(more));
    expect([status, body]).toEqual([200, expect.stringContaining('no contact method of a user of Tocsin.')]);
    unchanged();
    expect(incident.heard).toEqual([
      { kind: 'turnedAway', turnedAway: expect.objectContaining({ code: 'CONTACT_GONE', command: 'acknowledge' }) },
    ]);
    expect(log).toContain('CONTACT_GONE');
  });

  test.each([
    ['a user who is gone', { user: 'zoe' }],
    ['a contact method that is gone', { contact: 'old' }],
    ['a contact method of another channel', { contact: 'mail' }],
  ])('a token of %s: turned away', async (_what, more) => {
    const { body } = await twilio.callBack(address(tokenOf(more)), form());
    expect(body).toContain('no contact method of a user of Tocsin.');
    unchanged();
    expect(incident.heard).toMatchObject([{ kind: 'turnedAway' }]);
  });

  test('a number that was changed since is not on the incident', async () => {
    const phone = await answered();
    const ana = present.users.get('ana')!;
    const contacts = ana.contacts.map((contact) =>
      contact.id === 'cell' ? { ...contact, to: '+491700000000' } : contact,
    );
    present = { ...present, users: new Map([...present.users, ['ana', { ...ana, contacts }]]) };
    await phone.press('4');
    expect(phone.last()).toBe(
      'Nothing was done: this account or number is no contact method of a user of Tocsin. Goodbye.',
    );
    unchanged();
  });

  test('an incident that is not there', async () => {
    const { body } = await twilio.callBack(address(tokenOf({ incident: 'other.k.r' })), form());
    expect(body).toContain('There is no such incident any more.');
  });

  test('nothing else is at these addresses, and nothing at all without the channel', async () => {
    expect((await twilio.callBack(address(token(), 'secrets'), form())).status).toBe(404);
    expect((await twilio.callBack(`${PUBLIC_URL}/callbacks/twilio/voice/${token()}`, form())).status).toBe(404);
    present = { ...present, channels: {} };
    expect((await twilio.callBack(address(), form())).status).toBe(404);
    unchanged();
  });
});
