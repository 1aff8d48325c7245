/** Who is on call, over a real socket. */
import type { Configuration, Schedule } from '../../domain/configuration.ts';
import { problem } from '../../api/schemas/answers.ts';
import { onCallList, scheduleList, scheduleRange } from '../../api/schemas/onCall.ts';
import { dailySchedule, person } from '../support/configurations.ts';
import { CONFIGURATION, type StandIns, apiOnStandIns, authorized } from './support/standIns.ts';

/** By night over Bob's whole days; nobody on call before the 5th of January. */
const NIGHTS: Schedule = {
  id: 'nights',
  name: 'Nights',
  timezone: 'Asia/Shanghai',
  layers: [
    {
      start: '2026-01-05T09:00',
      rotate: { every: 1, unit: 'day' },
      users: ['ana', 'bob'],
      restrictions: [{ kind: 'daily', days: ['mon', 'tue', 'wed', 'thu', 'fri'], from: '22:00', to: '06:00' }],
    },
  ],
};
const HOURS: Schedule = {
  ...dailySchedule('hours', []),
  layers: [{ start: '2025-01-01T00:00', rotate: { every: 1, unit: 'hour' }, users: ['ana', 'bob'], restrictions: [] }],
};
const schedules = [dailySchedule('primary', ['ana', 'bob']), NIGHTS, HOURS];
const configuration: Configuration = {
  ...CONFIGURATION,
  users: new Map([person('ana'), person('bob'), person('cho')].map((user) => [user.id, user])),
  schedules: new Map(schedules.map((schedule) => [schedule.id, schedule])),
};
const ANA = { id: 'ana', name: 'Ana' };
const BOB = { id: 'bob', name: 'Bob' };

let api: StandIns;
let url: string;
beforeAll(async () => {
  api = await apiOnStandIns({ configuration: () => configuration });
  url = await api.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => api?.app.close());

async function get(path: string, token = 'watcher'): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${url}${path}`, { headers: authorized(token) });
  return { status: answer.status, body: await answer.json() };
}
const onCall = async (query: string) => onCallList.strict().parse((await get(`/v1/oncall?${query}`)).body).onCall;
const range = async (query: string) => scheduleRange.strict().parse((await get(`/v1/schedules/${query}`)).body);

describe('who is on call', () => {
  test('every schedule is listed, with the whole shift or gap that the instant is in', async () => {
    expect(await onCall('at=2026-01-06T14:30:00Z')).toEqual([
      {
        schedule: 'primary',
        users: [BOB],
        start: '2026-01-06T00:00:00.000Z',
        end: '2026-01-07T00:00:00.000Z',
        override: false,
      },
      {
        schedule: 'nights',
        users: [BOB],
        start: '2026-01-06T14:00:00.000Z',
        end: '2026-01-06T22:00:00.000Z',
        override: false,
      },
      {
        schedule: 'hours',
        users: [ANA],
        start: '2026-01-06T14:00:00.000Z',
        end: '2026-01-06T15:00:00.000Z',
        override: false,
      },
    ]);
  });

  test('at the instant of a hand-off the incoming user is', async () => {
    expect(await onCall('schedule=primary&at=2026-01-06T00:00:00Z')).toMatchObject([{ users: [BOB] }]);
    expect(await onCall('schedule=primary&at=2026-01-05T23:59:59.999Z')).toMatchObject([{ users: [ANA] }]);
    expect(await onCall('schedule=primary&at=2026-01-06T08:00:00%2B08:00')).toMatchObject([{ users: [BOB] }]);
  });

  test('a gap has no users, and the edges of the gap; null where nothing comes before it', async () => {
    expect(await onCall('schedule=nights&at=2026-01-07T00:00:00Z')).toMatchObject([
      { users: [], start: '2026-01-06T22:00:00.000Z', end: '2026-01-07T14:00:00.000Z' },
    ]);
    expect(await onCall('schedule=nights&at=2020-01-01T00:00:00Z')).toMatchObject([
      { users: [], start: null, end: '2026-01-05T14:00:00.000Z' },
    ]);
  });

  test('by user: only the schedules that give them, none for one on no schedule', async () => {
    const found = await onCall('user=ana&at=2026-01-06T14:30:00Z');
    expect(found.map(({ schedule }) => schedule)).toEqual(['hours']);
    expect(await onCall('user=ana&schedule=primary&at=2026-01-06T14:30:00Z')).toEqual([]);
    expect(await onCall('user=cho')).toEqual([]);
  });

  test('without an instant it is now', async () => {
    const before = Date.now();
    const [entry] = await onCall('schedule=hours');
    expect(Date.parse(entry?.start ?? '')).toBeLessThanOrEqual(Date.now());
    expect(Date.parse(entry?.end ?? '')).toBeGreaterThan(before);
  });

  test('it follows the configuration as it is now, and shows no one who is away', async () => {
    const away = [{ from: '2026-01-06', to: '2026-01-08' }];
    const changed = { ...configuration, users: new Map([['bob', { ...person('bob'), away }]]) };
    const other = await apiOnStandIns({ configuration: () => changed });
    const answer = await other.app.inject({
      url: '/v1/oncall?schedule=primary&at=2026-01-06T12:00:00Z',
      headers: authorized(),
    });
    await other.app.close();
    expect(answer.json()).toMatchObject({ onCall: [{ users: [], start: '2026-01-06T00:00:00.000Z' }] });
  });
});

describe('schedules', () => {
  test('are listed', async () => {
    expect(scheduleList.strict().parse((await get('/v1/schedules')).body)).toEqual({
      schedules: [
        { id: 'primary', name: 'primary', timezone: 'UTC' },
        { id: 'nights', name: 'Nights', timezone: 'Asia/Shanghai' },
        { id: 'hours', name: 'hours', timezone: 'UTC' },
      ],
      nextCursor: null,
    });
  });

  test('one has its shifts and gaps, cut at the edges of what is asked for', async () => {
    expect(await range('nights?from=2026-01-06T18:00:00Z&to=2026-01-08T15:00:00Z')).toEqual({
      id: 'nights',
      name: 'Nights',
      timezone: 'Asia/Shanghai',
      from: '2026-01-06T18:00:00.000Z',
      to: '2026-01-08T15:00:00.000Z',
      shifts: [
        { user: BOB, layer: 0, start: '2026-01-06T18:00:00.000Z', end: '2026-01-06T22:00:00.000Z' },
        { user: ANA, layer: 0, start: '2026-01-07T14:00:00.000Z', end: '2026-01-07T22:00:00.000Z' },
        { user: BOB, layer: 0, start: '2026-01-08T14:00:00.000Z', end: '2026-01-08T15:00:00.000Z' },
      ],
      gaps: [
        { start: '2026-01-06T22:00:00.000Z', end: '2026-01-07T14:00:00.000Z' },
        { start: '2026-01-07T22:00:00.000Z', end: '2026-01-08T14:00:00.000Z' },
      ],
    });
  });

  test('before its first hand-off it is one gap', async () => {
    expect(await range('nights?from=2025-01-01T00:00:00Z&to=2025-01-02T00:00:00Z')).toMatchObject({
      shifts: [],
      gaps: [{ start: '2025-01-01T00:00:00.000Z', end: '2025-01-02T00:00:00.000Z' }],
    });
  });

  test('from is now, and to 14 days later, where they are left out', async () => {
    const before = Date.now();
    const { from, to, shifts } = await range('primary');
    expect(Date.parse(from)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(to) - Date.parse(from)).toBe(14 * 86_400_000);
    expect(shifts.at(-1)?.end).toBe(to);
    expect(await range('primary?from=2026-01-06T00:00:00Z')).toMatchObject({ to: '2026-01-20T00:00:00.000Z' });
  });

  test('a year of hours is given whole', async () => {
    const { shifts, gaps } = await range('hours?from=2026-01-01T00:00:00Z&to=2027-01-01T00:00:00Z');
    expect(shifts).toHaveLength(365 * 24);
    expect(gaps).toEqual([]);
  });
});

describe('what cannot be answered says what was expected', () => {
  const INSTANT =
    'an instant with its offset was expected, such as 2026-03-02T09:00:00Z or 2026-03-02T09:00:00%2B08:00';
  test.each([
    ['/v1/oncall?at=yesterday', 400, INSTANT],
    ['/v1/oncall?at=2026-03-02T09:00', 400, INSTANT],
    ['/v1/oncall?at=2026-03-02T09:00:00+08:00', 400, INSTANT],
    ['/v1/oncall?at=2026-02-30T09:00:00Z', 400, INSTANT],
    ['/v1/oncall?when=2026-03-02T09:00:00Z', 400, "there is no 'when'"],
    ['/v1/oncall?schedule=', 400, 'querystring.schedule'],
    [
      '/v1/oncall?schedule=secondary',
      404,
      "no schedule 'secondary' in the configuration; GET /v1/schedules lists them",
    ],
    ['/v1/oncall?user=dee', 404, "no user 'dee' in the configuration; GET /v1/users lists them"],
    ['/v1/schedules/secondary', 404, "no schedule 'secondary'"],
    ['/v1/schedules/primary?from=1', 400, INSTANT],
    ['/v1/schedules/primary?to=2020-01-01T00:00:00Z', 400, '`to` must be after `from`'],
    ['/v1/schedules/primary?from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z', 400, '`to` must be after `from`'],
    ['/v1/schedules/primary?from=2026-01-01T00:00:00Z&to=2027-01-02T00:00:00.001Z', 400, 'at most 366 days at once'],
  ])('%s', async (path, status, detail) => {
    const answer = await get(path);
    expect(answer.status).toBe(status);
    expect(problem.strict().parse(answer.body).detail).toContain(detail);
  });

  test('the longest range is not refused, nor is an instant thousands of years away', async () => {
    const answer = await get('/v1/schedules/primary?from=2026-01-01T00:00:00Z&to=2027-01-02T00:00:00Z');
    expect(answer.status).toBe(200);
    for (const at of ['0000-01-01T00:00:00Z', '9999-12-30T00:00:00Z']) expect(await onCall(`at=${at}`)).toHaveLength(3);
  });

  test.each(['/v1/oncall', '/v1/schedules', '/v1/schedules/primary'])('%s needs a token', async (path) => {
    expect((await fetch(`${url}${path}`)).status).toBe(401);
  });
});
