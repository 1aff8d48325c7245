/** What people do in PagerDuty, by its webhooks, on an incident that follows the production rules. */
import { createHash, createHmac } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';
import { pagerdutyCallbacks } from '../../../api/callbacks/pagerduty.ts';
import type { PagerDutyEndpoint } from '../../../domain/channels.ts';
import { days, minutes } from '../../../domain/duration.ts';
import { configuration, level, person as user, policy } from '../../support/configurations.ts';
import { Life } from '../../support/life.ts';
import type { Happening, PagerDuty, SentWebhook } from '../../support/providers/pagerduty.ts';
import {
  INTEGRATION,
  REST_KEY,
  ROUTING_KEY,
  WEBHOOK_SECRET,
  person,
  signed,
  startPagerDuty,
  webhookOf,
} from '../../support/providers/pagerduty.ts';
import { OneIncident, named } from '../oneIncident.ts';

const OURS = `payments-guance.${'a'.repeat(32)}.${'0123456789abcdef'.repeat(2)}`;
const OLD_SECRET = 'the secret that is being replaced';

let there: PagerDuty;
beforeAll(async () => {
  there = await startPagerDuty();
});
afterAll(() => there.stop());

let life: Life;
let incident: OneIncident;
let endpoint: PagerDutyEndpoint;
let log: string;
let app: FastifyInstance;
beforeEach(async () => {
  const users = [user('ana'), user('bob'), { ...user('eve'), role: 'observer' as const }];
  const known = configuration({ users, policy: policy([level('user:ana user:bob', '5m')]) });
  life = new Life(known).through('0:00');
  incident = new OneIncident(life);
  endpoint = {
    routingKey: ROUTING_KEY,
    url: there.url,
    apiUrl: there.url,
    apiKey: REST_KEY,
    webhookSecrets: [OLD_SECRET, WEBHOOK_SECRET],
    users: { PLH1HKV: 'ana', PEVE: 'eve', PGONE: 'nobody' },
  };
  log = '';
  app = fastify({ logger: { level: 'warn', stream: { write: (line: string) => void (log += line) } } });
  const channels = () => ({ pagerduty: { main: endpoint } });
  const deps = { incidents: named(incident, OURS), configuration: () => ({ ...known, channels: channels() }) };
  await app.register(async (scope) => pagerdutyCallbacks(scope, deps));
});
afterEach(() => app.close());

const THEIRS = { id: 'Q1', key: OURS };
const happening = (type: string, more: Partial<Happening> = {}): SentWebhook =>
  webhookOf({ type, incident: THEIRS, agent: person(), withKey: true, ...more });
const post = ({ headers, body }: SentWebhook, url = '/callbacks/pagerduty/main') =>
  app.inject({ method: 'POST', url, headers, payload: body });
const did = async (type: string, more: Partial<Happening> = {}) => {
  const answer = await post(happening(type, more));
  return { status: answer.statusCode, ...answer.json<{ outcome: string; detail: string }>() };
};

test.each([
  ['incident.acknowledged', {}, { type: 'acknowledge' }],
  ['incident.unacknowledged', {}, { type: 'unacknowledge' }],
  ['incident.resolved', {}, { type: 'resolve' }],
  ['incident.reopened', {}, { type: 'reopen' }],
  ['incident.priority_updated', { priority: 'P2' }, { type: 'priority', priority: 'P2' }],
  ['incident.priority_updated', { priority: null }, { type: 'priority', priority: null }],
] as const)('%s by a person is theirs here: %j', async (type, more, command) => {
  expect(await did(type, { ...more, id: '01FEAHT2OFHFT7RC7ECXMKNQYK' })).toMatchObject({ status: 202 });
  const actor = { kind: 'user', id: 'ana', name: 'Ana', via: 'pagerduty main' };
  expect(incident.asked).toEqual([{ ...command, id: expect.stringMatching(/^pagerduty\.[0-9a-f]{32}$/), actor }]);
});

test('an ack there is an ack here, and is answered with what came of it', async () => {
  expect(await did('incident.acknowledged')).toEqual({ status: 202, outcome: 'done', detail: 'acknowledged' });
  expect(life.state.acknowledgements.map(({ user: id }) => id)).toEqual(['ana']);
  life.command('bob', { type: 'resolve' });
  const late = await did('incident.acknowledged');
  expect(late).toMatchObject({ status: 202, outcome: 'tooLate' });
  expect(late.detail).toContain('already resolved by Bob');
});

test('a webhook that is delivered twice is one command; another event is another', async () => {
  const webhook = happening('incident.acknowledged');
  for (const again of [webhook, webhook]) await post(again);
  await did('incident.acknowledged');
  const [first, second, third] = incident.asked.map(({ id }) => id);
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test('an incident with alerts carries no key: they are asked for', async () => {
  await fetch(`${there.url}/v2/enqueue`, {
    method: 'POST',
    body: JSON.stringify({
      routing_key: ROUTING_KEY,
      event_action: 'trigger',
      dedup_key: OURS,
      payload: { summary: 's', source: 's', severity: 'info' },
    }),
  });
  const { id } = there.incidents.at(-1)!;
  const about = { incident: { id, key: OURS }, withKey: false };
  expect(await did('incident.acknowledged', about)).toMatchObject({ outcome: 'done' });
  expect(await did('incident.annotated', { ...about, content: 'it is the\u202E disk' })).toMatchObject({
    outcome: 'done',
  });
  expect(incident.asked).toMatchObject([{ type: 'acknowledge' }, { type: 'notes', text: 'it is the\\u{202e} disk' }]);
  const asked = there.server.requests.at(-1)!;
  expect(asked.path).toMatch(new RegExp(`^/incidents/${id}/alerts`));
});

describe('where PagerDuty cannot be asked which incident it is', () => {
  const about = { incident: { id: 'QUNKNOWN', key: 'x' }, withKey: false };
  test('without an apiKey nothing comes of it, and the log says what to do', async () => {
    const { apiKey: _, ...without } = endpoint;
    endpoint = without;
    expect(await did('incident.acknowledged', about)).toMatchObject({ status: 202, outcome: 'ignored' });
    expect(log).toContain('channels.pagerduty.main.apiKey');
  });
  test('one that it does not have is none of ours', async () => {
    expect(await did('incident.acknowledged', about)).toMatchObject({ status: 202, outcome: 'ignored' });
  });
  test.each([{ status: 401 }, { status: 500 }, { instead: 'reset' }, { body: 'x' }, { instead: 'hang' }] as const)(
    'it is to send it again: %j',
    async (fault) => {
      there.failRest(fault);
      const { statusCode, body } = await post(happening('incident.acknowledged', about));
      expect(statusCode).toBe(502);
      expect(body).not.toContain(REST_KEY);
    },
  );
  test.each(['../users', 'q1', 'Q1/notes', '', 'Q'.repeat(65)])('and never at another address: %s', async (id) => {
    const before = there.server.requests.length;
    expect(await did('incident.acknowledged', { incident: { id, key: 'x' }, withKey: false })).toMatchObject({
      outcome: 'ignored',
    });
    expect(there.server.requests).toHaveLength(before);
  });
  afterEach(() => expect(incident.asked).toEqual([]));
});

test.each([
  ['our own events', INTEGRATION],
  ['another integration', { ...INTEGRATION, type: 'events_api_v2_inbound_integration_reference' }],
  ['a timer', null],
  ['a service', { id: 'PF9KMXH', summary: 'API Service', type: 'service_reference' }],
] as const)('what %s did is no act of a person, and does not go round', async (_what, agent) => {
  expect(await did('incident.acknowledged', { agent })).toMatchObject({ status: 202, outcome: 'ignored' });
  expect(incident.asked).toEqual([]);
  expect(incident.heard).toEqual([]);
});

test.each([
  ['incident.triggered', {}],
  ['incident.escalated', {}],
  ['incident.reassigned', {}],
  ['incident.delegated', {}],
  ['incident.responder.added', {}],
  ['incident.status_update_published', {}],
  ['incident.annotated', { content: ' ' }],
  ['incident.priority_updated', { priority: 'Sev-1' }],
  ['service.updated', {}],
  ['pagey.ping', {}],
] as const)('nothing comes of %s', async (type, more) => {
  expect(await did(type, more)).toMatchObject({ status: 202, outcome: 'ignored' });
  expect(incident.asked).toEqual([]);
});

test('one whom nobody knows here is turned away, which stands in the timeline', async () => {
  const stranger = person('PXXXXXX', 'Tenex\r\nEngineer');
  expect(await did('incident.resolved', { agent: stranger })).toMatchObject({ status: 202, outcome: 'turnedAway' });
  expect(incident.asked).toEqual([]);
  expect(incident.heard).toMatchObject([
    {
      kind: 'turnedAway',
      turnedAway: { command: 'resolve', code: 'UNKNOWN_USER', via: 'pagerduty main: Tenex Engineer (PXXXXXX)' },
    },
  ]);
});

test.each([
  ['PEVE', 'FORBIDDEN', 'pagerduty main'],
  ['PGONE', 'UNKNOWN_USER', 'pagerduty main'],
  ['__proto__', 'UNKNOWN_USER', 'pagerduty main: Ana Wei (__proto__)'],
  ['constructor', 'UNKNOWN_USER', 'pagerduty main: Ana Wei (constructor)'],
])('who may not act is turned away: %s', async (id, code, via) => {
  expect(await did('incident.resolved', { agent: person(id) })).toMatchObject({ outcome: 'turnedAway' });
  expect(incident.asked).toEqual([]);
  expect(incident.heard).toMatchObject([{ turnedAway: { command: 'resolve', code, via } }]);
});

test.each(['db1/disk', '', 'incident/payments/x', 'a'.repeat(300), '__proto__'])(
  'an incident that is none of ours (%s) is let be',
  async (key) => {
    const webhook = happening('incident.resolved', { incident: { id: 'q', key } });
    expect((await post(webhook)).json()).toMatchObject({ outcome: 'ignored' });
    expect(incident.asked).toEqual([]);
  },
);

test('one of ours that is gone is told apart', async () => {
  const key = `payments-guance.${'a'.repeat(32)}.${'b'.repeat(32)}`;
  expect(await did('incident.resolved', { incident: { id: 'Q1', key } })).toMatchObject({ outcome: 'notFound' });
});

test('where Temporal is away PagerDuty is to send it again', async () => {
  incident.engine = 'away';
  const answer = await post(happening('incident.acknowledged'));
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
});

test('with no worker it is noted, and is safe', async () => {
  incident.engine = 'noWorker';
  expect(await did('incident.acknowledged')).toMatchObject({ status: 202, outcome: 'recorded' });
});

test.each([
  ['the secret that is being replaced', [OLD_SECRET]],
  ['both', [OLD_SECRET, WEBHOOK_SECRET]],
  ['one of them and another', ['another', WEBHOOK_SECRET]],
] as const)('signed with %s it is taken', async (_what, secrets) => {
  const webhook = webhookOf(
    { type: 'incident.acknowledged', incident: THEIRS, agent: person(), withKey: true },
    secrets,
  );
  expect((await post(webhook)).statusCode).toBe(202);
});

test('it may come late, for PagerDuty goes on trying for two days', async () => {
  expect(await did('incident.acknowledged', { at: Date.now() - days(2) })).toMatchObject({ outcome: 'done' });
});

const resigned = (change: (body: string) => string, secrets?: readonly string[]): SentWebhook =>
  signed(change(happening('incident.resolved').body), secrets);
/** The signature is of what was sent first. */
const altered = (change: (body: string) => string): SentWebhook => {
  const { headers, body } = happening('incident.resolved');
  return { headers, body: change(body) };
};
const withHeader = (make: (body: string, signature: string) => string | undefined): SentWebhook => {
  const { headers, body } = happening('incident.resolved');
  const { 'x-pagerduty-signature': signature = '', ...rest } = headers;
  const made = make(body, signature);
  return { headers: made === undefined ? rest : { ...rest, 'x-pagerduty-signature': made }, body };
};
const hmac = (secret: string, body: string, hash = 'sha256'): string =>
  createHmac(hash, secret).update(body).digest('hex');
const at = (instant: unknown) => (body: string) =>
  body.replace(/"occurred_at":"[^"]*"/, `"occurred_at":${JSON.stringify(instant) ?? 'null'}`);
const ago = (ms: number) => (): SentWebhook => happening('incident.resolved', { at: Date.now() - ms });

const FORGED: readonly (readonly [string, () => SentWebhook])[] = [
  ['no signature', () => withHeader(() => undefined)],
  ['an empty signature', () => withHeader(() => '')],
  ['a version alone', () => withHeader(() => 'v1=')],
  ['commas alone', () => withHeader(() => ',,,')],
  ['the digest without its version', () => withHeader((_, signature) => signature.slice(3))],
  ['an older version', () => withHeader((_, signature) => signature.replace('v1', 'v0'))],
  ['a later version', () => withHeader((_, signature) => signature.replace('v1', 'v2'))],
  ['the digest in capitals', () => withHeader((_, signature) => signature.toUpperCase())],
  ['a digest that is cut', () => withHeader((_, signature) => signature.slice(0, -1))],
  ['a digest that is longer', () => withHeader((_, signature) => `${signature}0`)],
  [
    'another last digit',
    () => withHeader((_, signature) => signature.slice(0, -1) + (signature.endsWith('0') ? '1' : '0')),
  ],
  ['zeros', () => withHeader(() => `v1=${'0'.repeat(64)}`)],
  [
    'many guesses',
    () => withHeader(() => Array.from({ length: 200 }, (_, i) => `v1=${hmac(String(i), '')}`).join(',')),
  ],
  [
    'a digest in base64',
    () => withHeader((body) => `v1=${createHmac('sha256', WEBHOOK_SECRET).update(body).digest('base64')}`),
  ],
  ['SHA-1', () => withHeader((body) => `v1=${hmac(WEBHOOK_SECRET, body, 'sha1')}`)],
  ['SHA-512', () => withHeader((body) => `v1=${hmac(WEBHOOK_SECRET, body, 'sha512')}`)],
  ['a hash with no key', () => withHeader((body) => `v1=${createHash('sha256').update(body).digest('hex')}`)],
  [
    'the secret put before the body',
    () =>
      withHeader(
        (body) =>
          `v1=${createHash('sha256')
            .update(WEBHOOK_SECRET + body)
            .digest('hex')}`,
      ),
  ],
  ['the digest of an empty body', () => withHeader(() => `v1=${hmac(WEBHOOK_SECRET, '')}`)],
  ['another secret', () => resigned((body) => body, ['another secret'])],
  ['an empty secret', () => resigned((body) => body, [''])],
  ['the routing key as the secret', () => resigned((body) => body, [ROUTING_KEY])],
  ['the REST key as the secret', () => resigned((body) => body, [REST_KEY])],
  ['"undefined" as the secret', () => resigned((body) => body, ['undefined'])],
  ['a secret that is cut', () => resigned((body) => body, [WEBHOOK_SECRET.slice(0, -1)])],
  ['another type of event', () => altered((body) => body.replace('resolved', 'acknowledged'))],
  ['another person', () => altered((body) => body.replace('PLH1HKV', 'PBOB'))],
  ['another kind of agent', () => altered((body) => body.replace('user_reference', 'team_reference'))],
  ['another incident', () => altered((body) => body.replace(OURS, `${OURS.slice(0, -1)}0`))],
  ['another event id', () => altered((body) => body.replace(/"id":"[^"]*"/, '"id":"x"'))],
  ['a later time', () => altered(at(new Date(Date.now() + 1_000).toISOString()))],
  ['one space more', () => altered((body) => `${body} `)],
  ['a line more', () => altered((body) => `${body}\n`)],
  ['a byte order mark', () => altered((body) => `\uFEFF${body}`)],
  ['the same JSON, written otherwise', () => altered((body) => JSON.stringify(JSON.parse(body), null, 1))],
  ['a member said twice', () => altered((body) => body.replace('{"event":', '{"event":{},"event":'))],
  ['an empty body', () => altered(() => '')],
  ['no JSON', () => altered(() => 'x')],
  ['replayed after three days', ago(days(3))],
  ['replayed after 50 hours', ago(days(2) + minutes(120))],
  ['replayed after a year', ago(365 * days(1))],
  ['of the future', ago(0 - minutes(6))],
  ['of tomorrow', ago(0 - days(1))],
  ['with no time', () => resigned((body) => body.replace('"occurred_at"', '"when"'))],
  ['with a time that is null', () => resigned(at(null))],
  ['with a time that is none', () => resigned(at('yesterday'))],
  ['with an empty time', () => resigned(at(''))],
  ['with a list for a time', () => resigned(at([]))],
  ['with no event', () => resigned(() => '{}')],
  ['with a text for an event', () => resigned(() => '{"event":"incident.resolved"}')],
];

test('there are at least 40 of them', () => expect(FORGED.length).toBeGreaterThanOrEqual(40));

test.each(FORGED)('forged or replayed: %s', async (_what, make) => {
  const { statusCode, body } = await post(make());
  expect([statusCode, (JSON.parse(body) as { code: string }).code]).toEqual([403, 'CALLBACK_REFUSED']);
  expect(incident.asked).toEqual([]);
  expect(incident.heard).toEqual([]);
  expect(log).toContain('CALLBACK_REFUSED');
  for (const secret of [WEBHOOK_SECRET, OLD_SECRET, ROUTING_KEY, REST_KEY]) expect(log + body).not.toContain(secret);
});

test.each([
  ['an endpoint that is not there', '/callbacks/pagerduty/other', () => endpoint],
  ['a name of every object', '/callbacks/pagerduty/__proto__', () => endpoint],
  ['an endpoint without a secret', '/callbacks/pagerduty/main', () => (endpoint = { ...endpoint, webhookSecrets: [] })],
] as const)('there is nothing at the address of %s', async (_what, url, change) => {
  change();
  expect((await post(happening('incident.acknowledged'), url)).statusCode).toBe(404);
});

test.each([
  ['what is no JSON', () => signed('x'), 400],
  ['a list', () => signed('[]'), 400],
  ['more than 64 KiB', () => signed(JSON.stringify({ x: 'x'.repeat(65_536) })), 413],
  [
    'another media type',
    () => ({
      ...happening('incident.resolved'),
      headers: { ...happening('incident.resolved').headers, 'content-type': 'text/plain' },
    }),
    415,
  ],
] as const)('%s is refused, even if it is signed', async (_what, make, status) => {
  expect((await post(make())).statusCode).toBe(status);
  expect(incident.asked).toEqual([]);
});
