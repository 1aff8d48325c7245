/** Slack's buttons and threads over HTTP, against a stand-in of Slack, on an incident that follows the production rules. */
import { isValidSlackRequest } from '@slack/bolt/dist/receivers/verify-request.js';
import { createHmac } from 'node:crypto';
import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { slackChannel } from '../../activities/notify/slack.ts';
import { slackCallbacks } from '../../api/callbacks/slack.ts';
import { slackHandling } from '../../api/callbacks/slackHandling.ts';
import { notOfSlack } from '../../api/callbacks/slackSignature.ts';
import type { Configuration, User } from '../../domain/configuration.ts';
import { signAckLink } from '../../links/ackLink.ts';
import { signSlackButton } from '../../links/slackButton.ts';
import { requestWith } from '../activities/requests.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { eventually } from '../support/eventually.ts';
import { Life, TRIGGER } from '../support/life.ts';
import { NO_STORE } from '../support/noStore.ts';
import { startHttpServer } from '../support/httpServer.ts';
import type { Signed, SlackMessage, SlackStandIn } from '../support/providers/slack.ts';
import { startSlack } from '../support/providers/slack.ts';
import { OneIncident } from './oneIncident.ts';

const SECRET = 'a secret of the tests';
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

const slackUser = (id: string, to: string, more: Partial<User> = {}): User => ({
  ...person(id),
  contacts: [{ id: 'im', channel: 'slack', to }],
  ...more,
});
const USERS = [
  slackUser('ana', 'U02ANA'),
  slackUser('bob', 'U03BOB', { language: 'de' }),
  slackUser('dee', 'W05DAN', { role: 'observer' }),
];

let slack: SlackStandIn;
let present: Configuration;
let life: Life;
let incident: OneIncident;
let app: FastifyInstance;
let url: string;
let logged: string;
let message: SlackMessage;

beforeAll(async () => {
  slack = await startSlack();
  app = fastify({ logger: { level: 'trace', stream: { write: (line: string) => void (logged += line) } } });
  const incidents = new Proxy({} as OneIncident, { get: (_none, name) => Reflect.get(incident, name).bind(incident) });
  const deps = { secret: SECRET, incidents, configuration: () => present };
  await app.register(async (scope) => slackCallbacks(scope, deps, slackHandling(deps, app.log)));
  url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/callbacks/slack`;
});
afterAll(() => Promise.all([app.close(), slack.stop()]));

beforeEach(async () => {
  const levels = [level('user:ana user:bob', '5m'), level('user:dee', '15m')];
  const base = configuration({ users: USERS, policy: policy(levels), service: service({ ackTimeout: '30m' }) });
  present = { ...base, channels: { slack: slack.configured } };
  life = new Life(present, TRIGGER).through('0:00');
  incident = new OneIncident(life);
  logged = '';
  slack.ephemerals.length = 0;
  slack.messages.length = 0;
  slack.calls.length = 0;
  message = await posted();
});
/** The page as Ana has it. */
async function posted(...[incident, more]: Parameters<typeof requestWith>): Promise<SlackMessage> {
  const deps = {
    secret: SECRET,
    store: NO_STORE,
    publicUrl: 'https://tocsin.example.com',
    configuration: () => present,
  };
  const { level: at, pass } = life.state.escalation;
  const shownAt = { level: at, pass, episode: life.state.episode };
  const request = requestWith(
    { ...incident, id: life.state.id },
    { contact: 'im', shownAt, dueAt: new Date().toISOString(), ...more },
  );
  await slackChannel(deps).notify(request);
  return slack.messages.at(-1)!;
}
const press = (action: string, user = 'U02ANA', more = {}) => slack.press(url, message, action, user, more);
const write = (text: string, user = 'U02ANA', more = {}, of = message) =>
  slack.post(url, JSON.stringify(slack.written(of, user, text, more)), JSON_TYPE);
const lastLine = (): string => life.state.log.at(-1)!.text;

test.each([
  ['claim_incident', 'acknowledged', 'Ana, by slack D02ANA, acknowledged'],
  ['resolve_incident', 'resolved', 'Ana, by slack D02ANA, resolved'],
  ['snooze_incident', 'acknowledged', 'Ana, by slack D02ANA, snoozed'],
])('%s: as the Slack user who pressed, answered at once with nothing', async (action, status, line) => {
  const answer = await press(action);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe('');
  expect(life.state.status).toBe(status);
  expect(life.state.log.map(({ text }) => text).join('\n')).toContain(line);
  expect(slack.ephemerals).toEqual([]);
});

test('the longest message is pressed as any other, although Slack sends it back whole', async () => {
  const long = '磁盘空间不足，请立即处理'.repeat(500);
  const links = Array.from({ length: 10 }, (_, nth) => ({ href: `https://wiki.example.com/${nth}`, text: long }));
  const service = { id: 'payments', name: long };
  message = await posted(
    { summary: long, details: { [long]: long, 细节: [long, long] }, links, service },
    { why: long },
  );
  expect(encodeURIComponent(JSON.stringify(message)).length).toBeGreaterThan(64 * 1_024);
  expect((await press('claim_incident')).status).toBe(200);
  expect(life.state.status).toBe('acknowledged');
});

test('snooze is for an hour', async () => {
  await press('snooze_incident');
  expect(incident.asked).toMatchObject([{ type: 'snooze', duration: 3_600_000 }]);
});

test('escalate names where the incident stood when it was shown: two people who press it escalate once', async () => {
  await press('escalate_incident');
  life.through('0:00');
  await press('escalate_incident', 'U03BOB');
  expect(incident.asked).toMatchObject([
    { fromLevel: 1, fromPass: 1, fromEpisode: 1, actor: { id: 'ana' } },
    { fromLevel: 1, fromPass: 1, fromEpisode: 1, actor: { id: 'bob' } },
  ]);
  expect(life.state.escalation.level).toBe(2);
  expect(slack.ephemerals).toHaveLength(1);
  expect(slack.ephemerals[0]).toMatchObject({ user: 'U03BOB' });
});

test('the same press delivered twice is one command', async () => {
  const more = { action_ts: '1583635577.758298' };
  await press('claim_incident', 'U02ANA', more);
  await press('claim_incident', 'U02ANA', more);
  expect(incident.asked.map(({ id }) => id)).toEqual(Array(2).fill('slack.U02ANA.claim_incident.1583635577.758298'));
  expect(life.state.log.filter(({ type }) => type === 'acknowledged')).toHaveLength(1);
});

test('view is a link: that it was followed is taken, and does nothing', async () => {
  const answer = await press('view_incident');
  expect(answer.status).toBe(200);
  expect(incident.asked).toEqual([]);
  expect(slack.ephemerals).toEqual([]);
});

test('too late: who pressed is told alone, in their language, how it is', async () => {
  life.command('ana', { type: 'resolve' });
  await press('claim_incident', 'U03BOB');
  expect(slack.ephemerals).toEqual([{ user: 'U03BOB', text: expect.stringContaining('Ana') as string }]);
  expect(slack.ephemerals[0]!.text).toMatch(/behoben|gelöst/);
});

test('no worker: it is noted, and who pressed is told that', async () => {
  incident.engine = 'noWorker';
  expect((await press('claim_incident')).status).toBe(200);
  expect(slack.ephemerals[0]!.text).toMatch(/noted, not yet confirmed/i);
});

test('Temporal away: Slack is answered with an error, and who pressed is told that nothing is noted', async () => {
  incident.engine = 'away';
  expect((await press('claim_incident')).status).toBe(503);
  expect(slack.ephemerals[0]!.text).toContain('has not noted it');
});

test.each([
  ['a stranger', 'U04CYN', 'UNKNOWN_USER', 'no contact method of a user'],
  ['an observer', 'W05DAN', 'FORBIDDEN', 'You may not do this.'],
])('%s who presses is turned away, told why alone, and in the timeline', async (_who, user, code, why) => {
  expect((await press('resolve_incident', user)).status).toBe(200);
  expect(incident.asked).toEqual([]);
  expect(incident.heard).toMatchObject([{ kind: 'turnedAway', turnedAway: { command: 'resolve', code } }]);
  expect(slack.ephemerals).toMatchObject([{ user, text: expect.stringContaining(why) }]);
});

test('who was removed from the configuration may not act any more', async () => {
  present = { ...present, users: new Map([...present.users].filter(([id]) => id !== 'ana')) };
  await press('claim_incident');
  expect(incident.asked).toEqual([]);
  expect(incident.heard).toHaveLength(1);
});

const button = (more: object = {}) => ({
  incident: life.state.id,
  level: 1,
  pass: 1,
  episode: 1,
  expiresAt: Date.now() + 60_000,
  ...more,
});
test.each([
  ['of another secret', () => signSlackButton('another', button()), 'not valid'],
  ['that has expired', () => signSlackButton(SECRET, button({ expiresAt: Date.now() })), 'expired'],
  [
    'that is one of a phone page',
    () => signAckLink(SECRET, { ...button(), notification: 'n1', user: 'ana' }),
    'not valid',
  ],
  ['that is the incident’s id', () => life.state.id, 'not valid'],
  ['that is empty', () => '', 'not valid'],
  [
    'of another incident',
    () => signSlackButton(SECRET, button({ incident: life.state.id.replaceAll(/[0-9a-f]/g, 'b') })),
    'no such incident',
  ],
])('a button with a value %s does nothing, and says why', async (_what, value, says) => {
  expect((await press('claim_incident', 'U02ANA', { value: value() })).status).toBe(200);
  expect(life.state.status).toBe('triggered');
  expect(slack.ephemerals[0]!.text).toContain(says);
});

test('a response_url that leads elsewhere is not called', async () => {
  const elsewhere = await startHttpServer();
  life.command('ana', { type: 'resolve' });
  for (const response_url of [
    `${elsewhere.url}/actions/x`,
    `${slack.server.url}@127.0.0.1:${elsewhere.port}/actions/x`,
    'https://hooks.slack.com.evil.example/a',
    'https://hooks.slack.com@evil.example/',
    'http://hooks.slack.com/a',
    'file:///etc/passwd',
    'no address',
  ]) {
    logged = '';
    expect((await press('claim_incident', 'U03BOB', { response_url })).status).toBe(200);
    expect(logged).toContain('leads elsewhere');
  }
  expect(elsewhere.requests).toEqual([]);
  expect(slack.ephemerals).toEqual([]);
  await elsewhere.stop();
});

describe('threads', () => {
  test('what is written in the thread of an incident is a note of theirs, once', async () => {
    const more = { ts: '1583635577.758299' };
    expect(
      (
        await write(
          'the disk &amp; the &lt;raid&gt; of <@U03BOB|x>, see <https://a.example/?a=1&amp;b=2|this> &lt;3',
          'U02ANA',
          more,
        )
      ).status,
    ).toBe(200);
    await write('again, by Slack', 'U02ANA', more);
    expect(incident.asked[0]).toMatchObject({
      type: 'notes',
      id: 'slack.D02ANA.1583635577.758299',
      text: 'the disk & the <raid> of @Bob, see this (https://a.example/?a=1&b=2) <3',
      actor: { kind: 'user', id: 'ana', via: 'slack D02ANA' },
    });
    expect(life.state.log.filter(({ type }) => type === 'noted')).toHaveLength(1);
    expect(lastLine()).toContain('the disk & the <raid> of @Bob');
  });

  test('the thread is looked up once', async () => {
    await write('one');
    await write('two');
    expect(slack.calls.filter((method) => method === 'conversations.replies')).toHaveLength(1);
    expect(slack.calls.filter((method) => method === 'auth.test').length).toBeLessThanOrEqual(1);
    expect(incident.asked).toHaveLength(2);
  });

  test('a note has as many characters as one by the API', async () => {
    await write('x'.repeat(3_000));
    expect(incident.asked).toMatchObject([{ text: `${'x'.repeat(1_999)}…` }]);
  });

  test.each([
    ['of a stranger', 'U04CYN', {}],
    ['of a bot', 'U02ANA', { bot_id: 'B0OTHER' }],
    ['that is our own', 'U0BOT', { bot_id: 'B0TOCSIN' }],
    ['that is changed', 'U02ANA', { subtype: 'message_changed' }],
    ['that is deleted', 'U02ANA', { subtype: 'message_deleted' }],
    ['outside of threads', 'U02ANA', { thread_ts: undefined }],
    ['that begins a thread', 'U02ANA', { ts: '1.000001', thread_ts: '1.000001' }],
    ['in a thread that is not there', 'U02ANA', { thread_ts: '1583635577.000001' }],
    ['with nothing in it', 'U02ANA', { text: ' ' }],
    ['that is no message', 'U02ANA', { type: 'reaction_added' }],
  ])('a message %s is no note', async (_what, user, more) => {
    expect((await write('hello', user, more)).status).toBe(200);
    expect(incident.asked).toEqual([]);
  });

  test('a thread of others is none of ours, whatever its first message says', async () => {
    const other = { ...message, ts: '1583635500.000001', bot: false };
    const another = { ...other, ts: '1583635500.000002' };
    slack.messages.push(other, another);
    await write('hello', 'U02ANA', {}, other);
    expect(slack.calls).not.toContain('conversations.replies');
    await write('hello', 'U02ANA', { parent_user_id: undefined }, another);
    expect(slack.calls).toContain('conversations.replies');
    expect(incident.asked).toEqual([]);
  });

  test('an answer that is shown to the channel too, or has a file, is a note', async () => {
    await write('one', 'U02ANA', { subtype: 'thread_broadcast' });
    await write('two', 'U02ANA', { subtype: 'file_share' });
    expect(incident.asked).toMatchObject([{ text: 'one' }, { text: 'two' }]);
  });

  test('where the thread cannot be looked up Slack is to send it again', async () => {
    slack.next('conversations.replies', { error: 'internal_error' });
    expect((await write('hello')).status).toBe(502);
    expect((await write('hello')).status).toBe(200);
    expect(incident.asked).toHaveLength(1);
  });

  test('nor is a note taken that takes long and then cannot be kept, as a press is, which Slack never sends again', async () => {
    incident.engine = 'away';
    incident.slowness = 2_800;
    const [pressed, wrote] = await Promise.all([press('claim_incident'), write('hello')]);
    expect([pressed.status, wrote.status]).toEqual([200, 503]);
    await eventually(
      async () => slack.ephemerals,
      ([told]) => told?.text.includes('has not noted it') === true,
    );
  });

  test('who may not write notes, or writes too late, is told so alone', async () => {
    await write('hello', 'W05DAN');
    expect(incident.heard).toMatchObject([{ turnedAway: { command: 'notes', code: 'FORBIDDEN' } }]);
    incident.engine = 'closed';
    await write('hello');
    expect(slack.ephemerals.map(({ user }) => user)).toEqual(['W05DAN', 'U02ANA']);
  });
});

describe('who asks', () => {
  test('Slack’s own example is taken', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    const secret = '8f742231b10e8888abcd99yyyzzz85a5';
    expect(notOfSlack(secret, headers, Buffer.from(body), 1_531_420_618_000)).toBeNull();
    expect(notOfSlack(secret, headers, Buffer.from(`${body}&`), 1_531_420_618_000)).not.toBeNull();
  });

  test('Slack asks whether the address is ours', async () => {
    const body = JSON.stringify({
      type: 'url_verification',
      token: 'x',
      challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
    });
    const answer = await slack.post(url, body, JSON_TYPE);
    expect(await answer.json()).toEqual({ challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' });
  });

  test.each([
    ['no JSON', 'payload=%7B', FORM, 400],
    ['no payload', 'a=b', FORM, 400],
    ['JSON that is cut', '{"type"', JSON_TYPE, 400],
    ['another content type', '{}', 'text/plain', 415],
    [
      'something else of Slack',
      JSON.stringify({ type: 'event_callback', event: { type: 'app_home_opened' } }),
      JSON_TYPE,
      200,
    ],
    ['nothing that is known', '[1,2,null]', JSON_TYPE, 200],
    ['more than 256 KiB', `payload=${'x'.repeat(262_144)}`, FORM, 413],
  ])('%s, signed, is answered for and does nothing', async (_what, body, type, status) => {
    expect((await slack.post(url, body, type)).status).toBe(status);
    expect(incident.asked).toEqual([]);
  });

  test('without a signing secret there is nothing at this address', async () => {
    const { botToken, apiUrl } = slack.configured;
    present = { ...present, channels: { slack: { botToken, apiUrl } } };
    expect((await press('claim_incident')).status).toBe(404);
    present = { ...present, channels: {} };
    expect((await press('claim_incident')).status).toBe(404);
    expect(incident.asked).toEqual([]);
  });

  const NOW = Math.floor(Date.now() / 1_000);
  const { signingSecret } = { signingSecret: '8f742231b10e8888abcd99yyyzzz85a5' };
  const hmac = (text: string, key: string | Buffer = signingSecret, hash = 'sha256') =>
    createHmac(hash, key).update(text).digest('hex');
  type Forged = (body: string) => { body?: string } & Signed;
  const flip = (text: string, at: number) => text.slice(0, at) + (text[at] === 'a' ? 'b' : 'a') + text.slice(at + 1);
  const forged: [string, Forged][] = [
    ['no signature', () => ({ signature: null })],
    ['an empty signature', () => ({ signature: '' })],
    ['nothing after v0=', () => ({ signature: 'v0=' })],
    ['the word undefined', () => ({ signature: 'v0=undefined' })],
    ['zeros', () => ({ signature: `v0=${'0'.repeat(64)}` })],
    [
      'a signature of another version',
      (body) => ({ signature: slack.sign(body, NOW).replace('v0', 'v1'), timestamp: NOW }),
    ],
    ['no version', (body) => ({ signature: slack.sign(body, NOW).slice(3), timestamp: NOW })],
    ['capitals', (body) => ({ signature: slack.sign(body, NOW).toUpperCase(), timestamp: NOW })],
    [
      'hex in capitals',
      (body) => ({ signature: `v0=${slack.sign(body, NOW).slice(3).toUpperCase()}`, timestamp: NOW }),
    ],
    ['half a signature', (body) => ({ signature: slack.sign(body, NOW).slice(0, 35), timestamp: NOW })],
    ['one character less', (body) => ({ signature: slack.sign(body, NOW).slice(0, -1), timestamp: NOW })],
    ['one character more', (body) => ({ signature: `${slack.sign(body, NOW)}0`, timestamp: NOW })],
    ['two signatures', (body) => ({ signature: `${slack.sign(body, NOW)}, ${slack.sign(body, NOW)}`, timestamp: NOW })],
    [
      'a wrong one and the right one',
      (body) => ({ signature: `v0=${'0'.repeat(64)},${slack.sign(body, NOW)}`, timestamp: NOW }),
    ],
    [
      'base64',
      (body) => ({
        signature: `v0=${Buffer.from(slack.sign(body, NOW).slice(3), 'hex').toString('base64')}`,
        timestamp: NOW,
      }),
    ],
    ...[0, 1, 17, 31, 62, 63].map((at): [string, Forged] => [
      `character ${at} of the signature changed`,
      (body) => ({ signature: `v0=${flip(slack.sign(body, NOW).slice(3), at)}`, timestamp: NOW }),
    ]),
    ['another secret', () => ({ secret: 'another' })],
    ['an empty secret', () => ({ secret: '' })],
    ['the secret with a space', () => ({ secret: `${signingSecret} ` })],
    ['the bot token as secret', () => ({ secret: 'xoxb-1-stand-in' })],
    ['SHA-1', (body) => ({ signature: `v0=${hmac(`v0:${NOW}:${body}`, signingSecret, 'sha1')}`, timestamp: NOW })],
    ['SHA-512', (body) => ({ signature: `v0=${hmac(`v0:${NOW}:${body}`, signingSecret, 'sha512')}`, timestamp: NOW })],
    ['the body alone signed', (body) => ({ signature: `v0=${hmac(body)}`, timestamp: NOW })],
    ['the timestamp alone signed', () => ({ signature: `v0=${hmac(`v0:${NOW}:`)}`, timestamp: NOW })],
    ['no version signed', (body) => ({ signature: `v0=${hmac(`${NOW}:${body}`)}`, timestamp: NOW })],
    [
      'a signature of the decoded body',
      (body) => ({ signature: `v0=${hmac(`v0:${NOW}:${decodeURIComponent(body)}`)}`, timestamp: NOW }),
    ],
    [
      'the key read as hex',
      (body) => ({ signature: `v0=${hmac(`v0:${NOW}:${body}`, Buffer.from(signingSecret, 'hex'))}`, timestamp: NOW }),
    ],
    ['a signature of another second', (body) => ({ signature: slack.sign(body, NOW - 1), timestamp: NOW })],
    ['a signature of a later second', (body) => ({ signature: slack.sign(body, NOW + 1), timestamp: NOW })],
    ['a signature of another body', () => ({ signature: slack.sign('payload=%7B%7D', NOW), timestamp: NOW })],
    ...[301, 302, 600, 3_600, 86_400, NOW].map((ago): [string, Forged] => [
      `a replay after ${ago} s`,
      () => ({ timestamp: Math.floor(Date.now() / 1_000) - ago }),
    ]),
    ...[305, 3_600, 1e9].map((ahead): [string, Forged] => [
      `a clock ${ahead} s ahead`,
      () => ({ timestamp: Math.floor(Date.now() / 1_000) + ahead }),
    ]),
    ...['', 'now', '-1', '1e9', `${NOW}.5`, `0x${NOW.toString(16)}`, `${NOW}, ${NOW}`, `+${NOW}`].map(
      (written): [string, Forged] => [
        `the timestamp "${written}"`,
        (body) => ({
          signature: `v0=${hmac(`v0:${written}:${body}`)}`,
          headers: { 'x-slack-request-timestamp': written },
        }),
      ],
    ),
    [
      'a character of the body changed',
      (body) => ({ body: body.replace('claim', 'claIm'), signature: slack.sign(body, NOW), timestamp: NOW }),
    ],
    ['a field more', (body) => ({ body: `${body}&x=1`, signature: slack.sign(body, NOW), timestamp: NOW })],
    ['a line end more', (body) => ({ body: `${body}\n`, signature: slack.sign(body, NOW), timestamp: NOW })],
    [
      'the same body written another way',
      (body) => ({ body: body.replace('%7B', '%7b'), signature: slack.sign(body, NOW), timestamp: NOW }),
    ],
    ['no body', (body) => ({ body: '', signature: slack.sign(body, NOW), timestamp: NOW })],
  ];

  test('at least 40 forgeries are tried', () => expect(forged.length).toBeGreaterThanOrEqual(40));

  test.each(forged)('%s: refused', async (_what, forge) => {
    const payload = slack.payload(message, 'claim_incident', 'U02ANA');
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const { body: altered = body, ...signed } = forge(body);
    const answer = await slack.post(url, altered, FORM, signed);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'CALLBACK_REFUSED' });
    expect(incident.asked).toEqual([]);
    expect(incident.heard).toEqual([]);
    expect(logged).toContain('a callback of Slack is refused');
    expect(logged).not.toContain(signingSecret);
  });

  test('Slack’s own package judges the same, but for clocks that are ahead', () => {
    const bolt = (headers: Record<string, string>, body: string, nowMilliseconds: number) => {
      const given = {
        'x-slack-signature': headers['x-slack-signature'] ?? '',
        'x-slack-request-timestamp': Number(headers['x-slack-request-timestamp']),
      };
      return isValidSlackRequest({ signingSecret, body, headers: given, nowMilliseconds });
    };
    for (const body of ['', 'payload=%7B%7D', '{"a":"é磁👍"}', 'x'.repeat(10_000), '\u0000\r\n']) {
      for (const ago of [0, 1, 299, 300, 301, 4_000]) {
        for (const secret of [signingSecret, 'another']) {
          const timestamp = NOW - ago;
          const signature = slack.sign(body, timestamp, secret);
          const headers = { 'x-slack-signature': signature, 'x-slack-request-timestamp': String(timestamp) };
          const ours = notOfSlack(signingSecret, headers, Buffer.from(body), NOW * 1_000) === null;
          expect(ours).toBe(bolt(headers, body, NOW * 1_000));
          expect(ours).toBe(ago <= 300 && secret === signingSecret);
        }
      }
    }
  });
});
