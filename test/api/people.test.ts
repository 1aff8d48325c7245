/** Users, teams, services and escalation policies, over a real socket: whole, and without what is secret. */
import { escalationPolicyList, serviceList, teamList, user, userList } from '../../api/schemas/people.ts';
import { problem } from '../../api/schemas/answers.ts';
import type { Configuration } from '../../domain/configuration.ts';
import { minutes } from '../../domain/duration.ts';
import { configuration as small, level, person, policy, service } from '../support/configurations.ts';
import { CONFIGURATION, type StandIns, apiOnStandIns, authorized } from './support/standIns.ts';

const WEBHOOK_SECRET = 'whsec_c2VjcmV0LW9mLXRoZS13ZWJob29r';
const configuration: Configuration = {
  ...small({
    users: [{ ...person('ana', '0s mail, 2m phone'), email: 'ana@home.example' }, person('bob')],
    teams: [{ id: 'ops', name: 'Operations', members: ['ana', 'bob'] }],
    policy: policy(
      [
        level('schedule:primary user:ana', '5m'),
        level('team:ops', '15m', { massNotification: true, assign: 'round-robin' }),
      ],
      {
        repeat: 2,
        lastResort: 'user:bob',
      },
    ),
    service: { ...service({ ackTimeout: '30m' }), team: 'ops', subscribers: [{ channel: 'webhook', endpoint: 'bus' }] },
  }),
  tokens: CONFIGURATION.tokens,
  channels: {
    webhook: { bus: { url: 'https://bus.example/secret-path', secret: WEBHOOK_SECRET, allowPrivate: false } },
  },
};

let api: StandIns;
let url: string;
beforeAll(async () => {
  api = await apiOnStandIns({ configuration: () => configuration });
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => api?.app.close());

const get = async (path: string, token?: string): Promise<unknown> =>
  (await fetch(`${url}${path}`, { headers: authorized(token) })).json();
const addresses = (one: ReturnType<typeof user.parse>) => [one.email, ...one.contacts.map(({ to }) => to)];

test('users are listed with their contacts and rules', async () => {
  const { users, nextCursor } = userList.strict().parse(await get('/v1/users'));
  expect(nextCursor).toBeNull();
  expect(users.map(({ id }) => id)).toEqual(['ana', 'bob']);
  expect(users[0]).toEqual({
    id: 'ana',
    name: 'Ana',
    email: 'ana@home.example',
    timezone: 'UTC',
    role: 'responder',
    statusUpdates: false,
    away: [],
    contacts: [
      { id: 'mail', channel: 'email', to: 'ana@example.com' },
      { id: 'phone', channel: 'console', to: 'ana@example.com' },
    ],
    notificationRules: {
      high: [
        { after: '0s', contact: 'mail' },
        { after: '2m', contact: 'phone' },
      ],
      low: [],
    },
  });
});

test.each([
  ['an observer', 'watcher', [false, false]],
  ['a responder of no user', 'robot', [false, false]],
  ['one who may act as another', 'bot', [false, false]],
  ['Ana', 'anas', [true, false]],
  ['a manager', 'boss', [true, true]],
  ['an admin', undefined, [true, true]],
])('addresses are for managers, admins and the user themself: %s', async (_who, token, shown) => {
  const { users } = userList.parse(await get('/v1/users', token));
  const seen = users.map((one) => addresses(one).some((address) => address !== undefined));
  expect(seen).toEqual(shown);
  const alone = user.strict().parse(await get('/v1/users/ana', token));
  expect(alone).toEqual(users[0]);
});

test('a user who is not there is told', async () => {
  expect(problem.strict().parse(await get('/v1/users/dee'))).toMatchObject({
    status: 404,
    code: 'NOT_FOUND',
    detail: "there is no user 'dee' in the configuration; GET /v1/users lists them",
  });
});

test('teams are listed', async () => {
  expect(teamList.strict().parse(await get('/v1/teams', 'watcher'))).toEqual({
    teams: [{ id: 'ops', name: 'Operations', members: ['ana', 'bob'] }],
    nextCursor: null,
  });
});

test('services are listed, their integrations without keys', async () => {
  expect(serviceList.strict().parse(await get('/v1/services', 'watcher'))).toEqual({
    services: [
      {
        id: 'payments',
        name: 'Payments',
        description: null,
        runbook: null,
        team: 'ops',
        escalationPolicy: 'policy',
        ackTimeout: { after: '30m', resume: 'same-level' },
        urgency: 'high',
        minuteZeroMaxAge: '10m',
        autoResolve: null,
        holdFor: '0s',
        reopenWindow: null,
        threshold: null,
        flapping: null,
        grouping: null,
        subscribers: ['webhook:bus'],
        integrations: [
          { id: 'payments-guance', source: 'guance' },
          { id: 'payments-events', source: 'events-v2' },
          { id: 'payments-events-v1', source: 'events-v1' },
          { id: 'payments-alertmanager', source: 'alertmanager' },
          { id: 'payments-grafana', source: 'grafana' },
          { id: 'payments-sensu', source: 'sensu' },
          { id: 'payments-opsgenie', source: 'opsgenie' },
          { id: 'payments-sentry', source: 'sentry' },
          { id: 'payments-heartbeat', source: 'heartbeat' },
          { id: 'payments-cloudwatch', source: 'cloudwatch' },
          { id: 'manual-payments', source: 'manual' },
        ],
      },
    ],
    nextCursor: null,
  });
});

test('a service shows all that it is set to', async () => {
  const supportHours = {
    timezone: 'Asia/Shanghai',
    days: ['mon', 'fri'],
    from: '09:00',
    to: '18:00',
    inside: 'high',
    outside: 'low',
    raise: 'start',
  } as const;
  const autoResolve = { after: minutes(240), from: 'created', includeAcknowledged: false } as const;
  const payments = service({
    urgency: { supportHours },
    autoResolve,
    holdFor: minutes(3),
    reopenWindow: minutes(15),
    threshold: { moreThan: 3, within: minutes(5) },
    flapping: { transitions: 5, within: minutes(10), quiet: minutes(15), digestEvery: minutes(30) },
    grouping: { by: ['event.class'], window: minutes(5) },
  });
  const own = await apiOnStandIns({
    configuration: () => ({ ...configuration, services: new Map([[payments.id, payments]]) }),
  });
  const answer = await own.app.inject({ url: '/v1/services', headers: authorized('watcher') });
  await own.app.close();
  expect(serviceList.strict().parse(answer.json()).services[0]).toMatchObject({
    urgency: { supportHours },
    autoResolve: { ...autoResolve, after: '4h' },
    holdFor: '3m',
    reopenWindow: '15m',
    threshold: { moreThan: 3, within: '5m' },
    flapping: { transitions: 5, within: '10m', quiet: '15m', digestEvery: '30m' },
    grouping: { by: ['event.class'], window: '5m' },
  });
});

test('escalation policies are listed, as they are written', async () => {
  expect(escalationPolicyList.strict().parse(await get('/v1/escalation-policies', 'watcher'))).toEqual({
    escalationPolicies: [
      {
        id: 'policy',
        name: 'Policy',
        repeat: 2,
        levels: [
          {
            targets: ['schedule:primary', 'user:ana'],
            escalateAfter: '5m',
            ifEmpty: 'skip',
            onEscalate: 'replace',
            multiAck: false,
            massNotification: false,
            assign: 'all',
          },
          {
            targets: ['team:ops'],
            escalateAfter: '15m',
            ifEmpty: 'skip',
            onEscalate: 'replace',
            multiAck: false,
            massNotification: true,
            assign: 'round-robin',
          },
        ],
        lastResort: ['user:bob'],
      },
    ],
    nextCursor: null,
  });
});

const PATHS = ['/v1/users', '/v1/users/ana', '/v1/teams', '/v1/services', '/v1/escalation-policies'];

test('no key, secret or address of an endpoint is shown, to an admin either', async () => {
  const all = JSON.stringify(await Promise.all(PATHS.map((path) => get(path))));
  const keys = [...configuration.integrations.values()].map(({ key }) => key).filter(Boolean);
  const digests = configuration.tokens.map(({ sha256 }) => sha256);
  for (const secret of [...keys, ...digests, WEBHOOK_SECRET, 'secret-path']) expect(all).not.toContain(secret);
});

test.each(PATHS)('%s needs a token', async (path) => {
  expect((await fetch(`${url}${path}`)).status).toBe(401);
});
