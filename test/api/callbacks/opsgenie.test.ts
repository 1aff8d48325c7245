/** What people do in Opsgenie, by its webhook, on an incident that follows the production rules. */
import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';
import { opsgenieCallbacks } from '../../../api/callbacks/opsgenie.ts';
import { days, minutes } from '../../../domain/duration.ts';
import { configuration, level, person, policy } from '../../support/configurations.ts';
import { Life } from '../../support/life.ts';
import type { Happening } from '../../support/providers/opsgenie.ts';
import { GENIE_KEY, webhookOf } from '../../support/providers/opsgenie.ts';
import { OneIncident, named } from '../oneIncident.ts';

const OURS = `payments-guance.${'a'.repeat(32)}.${'0123456789abcdef'.repeat(2)}`;
const SECRET = 'c0ffee00c0ffee00c0ffee00c0ffee00';

let life: Life;
let incident: OneIncident;
let webhookSecret: string | undefined;
let log: string;
let app: FastifyInstance;
beforeEach(async () => {
  const ana = { ...person('ana', '0s term'), email: 'ana@example.com' };
  const twins = ['one', 'two'].map((id) => ({ ...person(id, '0s term'), email: 'twin@example.com' }));
  const eve = { ...person('eve', '0s mail'), role: 'observer' as const };
  const known = configuration({
    users: [ana, person('bob', '0s mail'), eve, ...twins],
    policy: policy([level('user:ana user:bob', '5m')]),
  });
  life = new Life(known).through('0:00');
  incident = new OneIncident(life);
  webhookSecret = SECRET;
  log = '';
  app = fastify({ logger: { level: 'warn', stream: { write: (line: string) => void (log += line) } } });
  const main = () => ({
    apiKey: GENIE_KEY,
    url: 'http://x',
    ...(webhookSecret === undefined ? {} : { webhookSecret }),
  });
  const deps = {
    incidents: named(incident, OURS),
    configuration: () => ({ ...known, channels: { opsgenie: { main: main() } } }),
  };
  await app.register(async (scope) => opsgenieCallbacks(scope, deps));
});
afterEach(() => app.close());

const bodyOf = (action: string, more: Partial<Happening> = {}): string =>
  webhookOf({ action, alias: OURS, username: 'ana@example.com', ...more });
const post = (
  payload: string,
  headers: Record<string, string> = { authorization: `Bearer ${SECRET}` },
  url = '/callbacks/opsgenie/main',
) => app.inject({ method: 'POST', url, headers: { 'content-type': 'application/json', ...headers }, payload });
const did = async (action: string, more: Partial<Happening> = {}) => {
  const answer = await post(bodyOf(action, more));
  return { status: answer.statusCode, ...answer.json<{ outcome: string; detail: string }>() };
};

test.each([
  ['Acknowledge', {}, { type: 'acknowledge' }],
  ['UnAcknowledge', {}, { type: 'unacknowledge' }],
  ['Close', {}, { type: 'resolve' }],
  ['AddNote', { note: 'it is the\u202E disk' }, { type: 'notes', text: 'it is the\\u{202e} disk' }],
  ['UpdatePriority', { priority: 'P2' }, { type: 'priority', priority: 'P2' }],
] as const)('%s by a person is theirs here: %j', async (action, more, command) => {
  expect(await did(action, more)).toMatchObject({ status: 202 });
  const actor = { kind: 'user', id: 'ana', name: 'Ana', via: 'opsgenie main' };
  expect(incident.asked).toEqual([{ ...command, id: expect.stringMatching(/^opsgenie\.[0-9a-f]{32}$/), actor }]);
});

test('an ack there is an ack here; what comes too late is answered with the truth', async () => {
  expect(await did('Acknowledge')).toEqual({ status: 202, outcome: 'done', detail: 'acknowledged' });
  expect(life.state.acknowledgements.map(({ user }) => user)).toEqual(['ana']);
  life.command('bob', { type: 'resolve' });
  expect(await did('Acknowledge')).toMatchObject({ status: 202, outcome: 'tooLate' });
});

test('a webhook that is delivered twice is one command; another act is another', async () => {
  const body = bodyOf('Acknowledge');
  await post(body);
  await post(body);
  await did('Acknowledge', { at: Date.now() - 5_000 });
  await did('AddNote', { note: 'one', at: 1_000 + Date.now() });
  const [first, second, ...others] = incident.asked.map(({ id }) => id);
  expect(second).toBe(first);
  expect(new Set([first, ...others]).size).toBe(3);
});

test.each([
  ['ANA@Example.com', 'ana'],
  ['bob@example.com', 'bob'],
])('%s is the user with that address, their own or of a contact method', async (username, user) => {
  await did('Acknowledge', { username });
  expect(incident.asked).toMatchObject([{ actor: { id: user } }]);
});

test.each(['mallory@example.com', 'twin@example.com', 'ana@example.com.evil', 'eve@example.com', '@'])(
  'one whom nobody knows here, or who may not act, is turned away, which stands in the timeline: %s',
  async (username) => {
    expect(await did('Close', { username })).toMatchObject({ status: 202, outcome: 'turnedAway' });
    expect(incident.asked).toEqual([]);
    expect(incident.heard).toMatchObject([{ kind: 'turnedAway', turnedAway: { command: 'resolve' } }]);
  },
);

test.each(['Tocsin', 'System', 'Alert API', '', 'ana'])(
  'what %s did is no act of a person, and does not go round',
  async (username) => {
    expect(await did('Acknowledge', { username })).toMatchObject({ status: 202, outcome: 'ignored' });
    expect([...incident.asked, ...incident.heard]).toEqual([]);
  },
);

test.each([
  ['Create', {}],
  ['Delete', {}],
  ['Escalate', {}],
  ['AssignOwnership', {}],
  ['Snooze', {}],
  ['AddNote', { note: ' ' }],
  ['AddNote', {}],
  ['UpdatePriority', { priority: 'P9' }],
  ['UpdatePriority', {}],
  ['acknowledge', {}],
  ['constructor', {}],
] as const)('nothing comes of %s %j', async (action, more) => {
  expect(await did(action, more)).toMatchObject({ status: 202, outcome: 'ignored' });
  expect(incident.asked).toEqual([]);
});

test.each(['db1-disk', '', 'a'.repeat(512), '__proto__'])(
  'an alert that is none of ours (%s) is let be',
  async (alias) => {
    expect(await did('Close', { alias })).toMatchObject({ outcome: 'ignored' });
    expect(incident.asked).toEqual([]);
  },
);

test('where Temporal is away Opsgenie is to send it again', async () => {
  incident.engine = 'away';
  const answer = await post(bodyOf('Acknowledge'));
  expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
});

test('milliseconds are taken for a time, too', async () => {
  const body = bodyOf('Acknowledge').replace('002246', '');
  expect((await post(body)).json()).toMatchObject({ outcome: 'done' });
});

const at = (updatedAt: unknown): string => {
  const body = bodyOf('Close').replace(/"updatedAt":\d+,/, '');
  return updatedAt === undefined
    ? body
    : body.replace('"alert":{', `"alert":{"updatedAt":${JSON.stringify(updatedAt)},`);
};
const aged = (ms: number): string => bodyOf('Close', { at: Date.now() - ms });
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const basic = (text: string): Record<string, string> => ({
  authorization: `Basic ${Buffer.from(text).toString('base64')}`,
});

const FORGED: readonly (readonly [string, () => Record<string, string>])[] = [
  ['no token', () => ({})],
  ['an empty header', () => ({ authorization: '' })],
  ['a scheme alone', () => ({ authorization: 'Bearer' })],
  ['an empty token', () => bearer('')],
  ['the secret without its scheme', () => ({ authorization: SECRET })],
  ['another scheme', () => ({ authorization: `Token ${SECRET}` })],
  ['the scheme of its API', () => ({ authorization: `GenieKey ${SECRET}` })],
  ['the scheme in small letters', () => ({ authorization: `bearer ${SECRET}` })],
  ['two spaces', () => ({ authorization: `Bearer  ${SECRET}` })],
  ['the secret for a password', () => basic(`opsgenie:${SECRET}`)],
  ['the secret for a user', () => basic(`${SECRET}:`)],
  ['the API key', () => bearer(GENIE_KEY)],
  ['the API key, as its API takes it', () => ({ authorization: `GenieKey ${GENIE_KEY}` })],
  ['a secret that is cut', () => bearer(SECRET.slice(0, -1))],
  ['a secret that is longer', () => bearer(`${SECRET}0`)],
  ['the secret twice', () => bearer(`${SECRET}, Bearer ${SECRET}`)],
  ['a list of guesses', () => bearer(`x,${SECRET}`)],
  ['another first character', () => bearer(`d${SECRET.slice(1)}`)],
  ['another last character', () => bearer(`${SECRET.slice(0, -1)}1`)],
  ['the secret in capitals', () => bearer(SECRET.toUpperCase())],
  ['the secret in quotes', () => bearer(`"${SECRET}"`)],
  ['"undefined"', () => bearer('undefined')],
  ['"null"', () => bearer('null')],
  ['"[object Object]"', () => bearer('[object Object]')],
  ['the name of the endpoint', () => bearer('main')],
  ['the secret in another header', () => ({ 'x-authorization': `Bearer ${SECRET}` })],
  ['the secret as a cookie', () => ({ cookie: `authorization=Bearer ${SECRET}` })],
  ['the secret as its API’s header', () => ({ 'x-opsgenie-token': SECRET })],
];

const REPLAYED: readonly (readonly [string, () => string])[] = [
  ['after two days', () => aged(days(2))],
  ['after 25 hours', () => aged(days(1) + minutes(60))],
  ['after a year', () => aged(365 * days(1))],
  ['of the future', () => aged(0 - minutes(6))],
  ['of tomorrow', () => aged(0 - days(1))],
  ['with no time', () => at(undefined)],
  ['with a time that is null', () => at(null)],
  ['with a time in a text', () => at(String(Date.now()))],
  ['with a time that is zero', () => at(0)],
  ['with a time before all', () => at(-1)],
  ['with seconds for a time', () => at(Math.floor(Date.now() / 1_000))],
  ['with a list for a time', () => at([Date.now()])],
  ['with no alert', () => '{"action":"Close"}'],
  ['with a text for an alert', () => '{"action":"Close","alert":"x"}'],
  ['with nothing', () => '{}'],
];

test('there are at least 40 of them', () => expect(FORGED.length + REPLAYED.length).toBeGreaterThanOrEqual(40));

const expectRefused = ({ statusCode, body }: { statusCode: number; body: string }): void => {
  expect([statusCode, (JSON.parse(body) as { code: string }).code]).toEqual([403, 'CALLBACK_REFUSED']);
  expect([...incident.asked, ...incident.heard]).toEqual([]);
  expect(log).toContain('CALLBACK_REFUSED');
  expect(log + body).not.toContain(SECRET);
};

test.each(FORGED)('forged: %s', async (_what, headers) => {
  expectRefused(await post(bodyOf('Close'), headers()));
});

test.each(REPLAYED)('replayed: %s', async (_what, body) => {
  expectRefused(await post(body()));
});

test.each([
  ['an endpoint that is not there', '/callbacks/opsgenie/other', SECRET],
  ['a name of every object', '/callbacks/opsgenie/__proto__', SECRET],
  ['an endpoint without a secret', '/callbacks/opsgenie/main', undefined],
])('there is nothing at the address of %s', async (_what, url, secret) => {
  webhookSecret = secret;
  for (const headers of [bearer(SECRET), bearer('undefined'), {}]) {
    expect((await post(bodyOf('Close'), headers, url)).statusCode).toBe(404);
  }
});

test.each([
  ['what is no JSON', 'x', 400],
  ['a list', '[]', 400],
  ['more than 64 KiB', JSON.stringify({ x: 'x'.repeat(65_536) }), 413],
] as const)('%s is refused', async (_what, body, status) => {
  expect((await post(body)).statusCode).toBe(status);
});
