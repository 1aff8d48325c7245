/** Opsgenie's Heartbeat API, in its shapes (https://docs.opsgenie.com/docs/heartbeat-api, opsgenie-go-sdk-v2 heartbeat/). */
import { failed } from '../../api/schemas/opsgenie.ts';
import {
  allHeartbeats,
  deletedHeartbeat,
  heartbeatMeta,
  oneHeartbeat,
  pong,
} from '../../api/schemas/opsgenieHeartbeats.ts';
import type { Integration } from '../../domain/configuration.ts';
import { CONFIGURATION, EVENTS_KEY, type StandIns, apiOnStandIns } from './support/standIns.ts';

const KEY = 'genie-key-00000000000000';
const OTHER_KEY = 'genie-key-11111111111111';
const integration = (id: string, key: string): [string, Integration] => [
  id,
  { id, key, source: 'opsgenie', service: 'payments' },
];
const configuration = {
  ...CONFIGURATION,
  integrations: new Map([
    ...CONFIGURATION.integrations,
    integration('payments-opsgenie', KEY),
    integration('other-opsgenie', OTHER_KEY),
  ]),
};

/** https://docs.opsgenie.com/docs/heartbeat-api#add-heartbeat-request */
const EXAMPLE = {
  name: 'HeartbeatName',
  description: 'Sample heartbeat description',
  interval: 10,
  intervalUnit: 'minutes',
  enabled: true,
  ownerTeam: { name: 'ops_team' },
  alertMessage: 'It is gone',
  alertTags: ['heartbeatTag1', 'heartbeatTag2'],
  alertPriority: 'P1',
};

let api: StandIns;
beforeEach(async () => {
  api = await apiOnStandIns({ configuration: () => configuration });
});
afterEach(() => api.app.close());

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD';
const call = (method: Method, path = '', payload?: object, key = KEY) =>
  api.app.inject({
    method,
    url: `/opsgenie/v2/heartbeats${path}`,
    headers: { authorization: `GenieKey ${key}`, 'content-type': 'application/json' },
    ...(payload === undefined ? {} : { payload }),
  });

it('creates, shows, lists, changes and deletes one, as it was written', async () => {
  const created = await call('POST', '', EXAMPLE);
  expect(created.statusCode).toBe(201);
  const body = oneHeartbeat.strict().parse(created.json());
  expect(body.data).toEqual({ ...EXAMPLE, expired: false });
  expect(created.headers['x-request-id']).toBe(body.requestId);
  expect(oneHeartbeat.parse((await call('GET', '/HeartbeatName/')).json()).data).toEqual(body.data);
  expect(allHeartbeats.strict().parse((await call('GET')).json()).data.heartbeats).toEqual([body.data]);
  expect((await call('POST', '', EXAMPLE)).statusCode).toBe(409);

  const changed = await call('PATCH', '/HeartbeatName', { interval: 1, intervalUnit: 'hours', enabled: false });
  expect(heartbeatMeta.strict().parse(changed.json()).data).toEqual({
    name: 'HeartbeatName',
    enabled: false,
    expired: false,
  });
  expect((await call('GET', '/HeartbeatName')).json().data).toEqual({
    ...EXAMPLE,
    interval: 1,
    intervalUnit: 'hours',
    enabled: false,
    expired: false,
  });
  expect(deletedHeartbeat.strict().parse((await call('DELETE', '/HeartbeatName')).json()).result).toBe('Deleted');
  expect((await call('DELETE', '/HeartbeatName')).statusCode).toBe(404);
});

it('takes what clients leave out, and what they write empty', async () => {
  const sparse = { name: 'go', interval: 1, intervalUnit: 'days', ownerTeam: { id: '' }, alertTags: 'a,b', x: 1 };
  expect((await call('POST', '', sparse)).json().data).toEqual({
    name: 'go',
    interval: 1,
    intervalUnit: 'days',
    ownerTeam: {},
    alertTags: ['a', 'b'],
    alertMessage: 'go is expired',
    alertPriority: 'P3',
    enabled: false,
    expired: false,
  });
});

it.each([Array.from({ length: 5_000 }, () => 't'.repeat(90)), `${'t'.repeat(90)},`.repeat(5_000)])(
  'cuts tags and teams, which every list carries',
  async (alertTags) => {
    await call('POST', '', { ...EXAMPLE, alertTags, ownerTeam: { id: 'i'.repeat(9_000), name: 'n'.repeat(9_000) } });
    const { data } = (await call('GET', '/HeartbeatName')).json();
    expect(data.alertTags.map((tag: string) => tag.length)).toEqual(Array.from({ length: 20 }, () => 50));
    expect([data.ownerTeam.id.length, data.ownerTeam.name.length]).toEqual([255, 255]);
  },
);

it('is pinged by four methods, enabled and disabled', async () => {
  await call('POST', '', EXAMPLE);
  for (const method of ['GET', 'POST', 'PUT', 'PATCH'] as const) {
    const answer = await call(method, '/HeartbeatName/ping');
    expect([answer.statusCode, pong.strict().parse(answer.json()).result]).toEqual([202, 'PONG - Heartbeat received']);
  }
  expect(api.beats).toHaveLength(4);
  expect((await call('GET', '/HeartbeatName')).json().data.lastPingTime).toMatch(/^\d{4}-.*Z$/);
  const meta = async (act: string) =>
    heartbeatMeta.strict().parse((await call('POST', `/HeartbeatName/${act}`)).json()).data;
  expect(await meta('disable')).toEqual({ name: 'HeartbeatName', enabled: false, expired: false });
  expect((await call('GET', '/HeartbeatName')).json().data.enabled).toBe(false);
  expect(await meta('enable')).toEqual({ name: 'HeartbeatName', enabled: true, expired: false });
});

it.each([
  ['GET', '/none'],
  ['PATCH', '/none'],
  ['DELETE', '/none'],
  ['POST', '/none/enable'],
  ['GET', '/none/ping'],
  ['POST', '/none/ping'],
] as const)('%s %s of one that nobody made is 404', async (method, path) => {
  const answer = await call(method, path, method === 'PATCH' ? { enabled: true } : undefined);
  expect(answer.statusCode).toBe(404);
  expect(failed.strict().parse(answer.json()).message).toBe('Heartbeat with name [none] does not exist');
});

it.each([
  ['no name', { name: undefined }, 'name'],
  ['an interval of nothing', { interval: 0 }, 'interval'],
  ['an interval of more than a year', { interval: 366, intervalUnit: 'days' }, 'interval'],
  ['another unit', { intervalUnit: 'weeks' }, 'intervalUnit'],
  ['another priority', { alertPriority: 'P9' }, 'alertPriority'],
])('%s is 422, with the member', async (_what, change, member) => {
  const answer = await call('POST', '', { ...EXAMPLE, ...change });
  expect(answer.statusCode).toBe(422);
  expect(Object.keys(failed.strict().parse(answer.json()).errors ?? {})).toEqual([member]);
});

it('a key sees those of its own integration alone', async () => {
  await call('POST', '', EXAMPLE);
  expect((await call('GET', '/HeartbeatName', undefined, OTHER_KEY)).statusCode).toBe(404);
  expect((await call('GET', '', undefined, OTHER_KEY)).json().data.heartbeats).toEqual([]);
  expect((await call('GET', '', undefined, 'nobodys-key-0000')).statusCode).toBe(401);
  expect((await call('GET', '', undefined, EVENTS_KEY)).statusCode).toBe(403);
});
