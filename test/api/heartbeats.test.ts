/** What is asked of heartbeats over HTTP, and answered. */
import { problem } from '../../api/schemas/answers.ts';
import { heartbeat } from '../../api/schemas/heartbeats.ts';
import { heartbeatSettings } from '../../domain/heartbeatSettings.ts';
import { oneAtATime } from '../../intake/oneAtATime.ts';
import { duration } from '../support/configurations.ts';
import { CONFIGURATION, GUANCE_KEY, type StandIns, apiOnStandIns, authorized } from './support/standIns.ts';

const KEY = 'heartbeat-key-00000000';

let api: StandIns;
beforeEach(async () => {
  api = await apiOnStandIns();
});
afterEach(() => api.app.close());

const beat = (id: string, query = '', key = KEY) => api.app.inject(`/heartbeats/${key}/${id}${query}`);
const one = (id: string) =>
  api.app.inject({ url: `/v1/heartbeats/payments-heartbeat/${id}`, headers: authorized('watcher') });

describe('a beat', () => {
  it('is answered 202 with its incident’s dedup key, by every method and with a slash', async () => {
    for (const method of ['GET', 'HEAD', 'POST', 'PUT'] as const) {
      const answer = await api.app.inject({ method, url: `/heartbeats/${KEY}/backup/` });
      expect(answer.statusCode).toBe(202);
      if (method === 'HEAD') expect(answer.body).toBe('');
      else expect(answer.json().events).toEqual([{ dedupKey: 'heartbeat/backup', outcome: 'accepted' }]);
    }
    expect(api.beats).toEqual(['backup', 'backup', 'backup', 'backup']);
    expect((await api.app.inject({ method: 'DELETE', url: `/heartbeats/${KEY}/backup` })).headers['allow']).toBe(
      'GET, HEAD, POST, PUT',
    );
  });

  it.each([
    ['a wrong key', 'backup', '', 'no-key-of-anybody', 404, 'UNKNOWN_INTEGRATION'],
    ['the key of another source', 'backup', '', GUANCE_KEY, 404, 'UNKNOWN_INTEGRATION'],
    ['an unknown name without an interval', 'other', '', KEY, 400, 'BAD_REQUEST'],
    ['a name that an object has anyway', 'constructor', '', KEY, 400, 'BAD_REQUEST'],
    ['a grace without an interval', 'other', '?grace=1m', KEY, 400, 'BAD_REQUEST'],
    ['an interval that is none', 'other', '?every=often', KEY, 400, 'BAD_REQUEST'],
    ['an interval of nothing', 'other', '?every=0s', KEY, 400, 'BAD_REQUEST'],
    ['a misspelt interval', 'other', '?evry=5m', KEY, 400, 'BAD_REQUEST'],
    ['a name with a line break', 'a%0Ab', '?every=5m', KEY, 400, 'BAD_REQUEST'],
    ['a name of 201 characters', 'x'.repeat(201), '?every=5m', KEY, 400, 'BAD_REQUEST'],
  ])('with %s is refused, and says why', async (_what, id, query, key, status, code) => {
    const answer = await beat(id, query, key);
    expect(problem.parse(answer.json())).toMatchObject({ status, code });
    expect(api.beats).toEqual([]);
  });

  it('takes any name within its limits', async () => {
    for (const name of ['x'.repeat(200), 'nightly%20backup', 'db%2F1', '备份']) {
      expect((await beat(name, '?every=5m')).statusCode).toBe(202);
    }
    expect((await one('db%2F1')).json()).toMatchObject({ id: 'db/1', dedupKey: 'heartbeat/db/1' });
  });
});

it('shows a heartbeat as documented', async () => {
  await beat('nightly', '?every=1d&grace=10m');
  expect(heartbeat.strict().parse((await one('nightly')).json())).toMatchObject({
    integration: 'payments-heartbeat',
    id: 'nightly',
    status: 'alive',
    every: '1d',
    grace: '10m',
    origin: 'beat',
    severity: 'error',
    beats: 1,
  });
  expect((await one('other')).json().code).toBe('NOT_FOUND');
  const list = await api.app.inject({ url: '/v1/heartbeats?limit=5', headers: authorized() });
  expect(list.json()).toMatchObject({ heartbeats: [{ id: 'nightly' }], nextCursor: null });
});

it('needs a token to read, and a manager’s to end', async () => {
  await beat('nightly', '?every=1d');
  await beat('backup');
  const end = (id: string, token?: string) =>
    api.app.inject({
      method: 'DELETE',
      url: `/v1/heartbeats/payments-heartbeat/${id}`,
      headers: authorized(token),
    });
  expect((await api.app.inject('/v1/heartbeats')).statusCode).toBe(401);
  expect((await api.app.inject('/v1/heartbeats/payments-heartbeat/nightly')).statusCode).toBe(401);
  expect((await end('nightly', 'anas')).statusCode).toBe(403);
  expect((await end('backup', 'boss')).json().detail).toBe(
    "heartbeat 'backup' is in the configuration: take it out of integration 'payments-heartbeat' there",
  );
  expect((await end('nightly', 'boss')).statusCode).toBe(204);
  expect((await end('nightly', 'boss')).statusCode).toBe(404);
});

describe('how a heartbeat is watched', () => {
  const integration = {
    ...CONFIGURATION.integrations.get('payments-heartbeat')!,
    every: duration('10m'),
    grace: duration('2m'),
  };
  const set = (name: string, asked = {}, of = integration) => {
    const { origin, settings } = heartbeatSettings(of, name, asked) ?? {};
    return [origin, settings?.every, settings?.grace];
  };

  it('is said by the configuration where that names it, else by its address, else by the integration', () => {
    const asked = { every: duration('1h'), grace: duration('3m') };
    expect(set('backup', asked)).toEqual(['configuration', duration('25h'), duration('5m')]);
    expect(set('other', asked)).toEqual(['beat', duration('1h'), duration('3m')]);
    expect(set('other', { every: duration('1h') })).toEqual(['beat', duration('1h'), duration('2m')]);
    expect(set('other')).toEqual(['beat', duration('10m'), duration('2m')]);
    const { every: _every, grace: _grace, ...bare } = integration;
    expect(heartbeatSettings(bare, 'other', { every: duration('1h') })?.settings.grace).toBe(0);
    expect(heartbeatSettings(bare, 'other')).toBeUndefined();
  });
});

describe('things of one key that come together', () => {
  it('go one after another, the last of those that wait for all of them; another key waits for none', async () => {
    const gone: string[] = [];
    const ends: (() => void)[] = [];
    const go = oneAtATime<string, string>(async (key, thing) => {
      gone.push(`${key} ${thing}`);
      await new Promise<void>((resolve) => ends.push(resolve));
      return thing;
    }, 1);
    const all = Promise.all([go('a', '1'), go('b', '1')]);
    await Promise.resolve();
    const later = Promise.all([go('a', '2'), go('a', '3')]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(gone).toEqual(['a 1', 'b 1']);
    ends.forEach((end) => end());
    expect(await all).toEqual(['1', '1']);
    while (gone.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
    ends.forEach((end) => end());
    expect(await later).toEqual(['3', '3']);
    expect(gone).toEqual(['a 1', 'b 1', 'a 3']);
  });

  it('fail together, and the next goes', async () => {
    let away = true;
    const go = oneAtATime<string, string>(async (_key, thing) => {
      if (away) throw new Error('away');
      return thing;
    }, 0);
    const answers = await Promise.allSettled([go('a', '1'), go('a', '2')]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    away = false;
    expect(await go('a', '3')).toBe('3');
  });
});
