import * as fc from 'fast-check';
import { awayUntil } from '../../domain/absence.ts';
import type { Layer, Schedule, User } from '../../domain/configuration.ts';
import { nextHandOff, onCallAt, shiftAt, shifts } from '../../domain/onCall.ts';
import { instantOf, isZone, localTimeAt, parseLocalTime } from '../../domain/time.ts';
import { person } from '../support/configurations.ts';

const USERS = new Map<string, User>();
const utc = (text: string): number => Date.parse(`${text}Z`);
const iso = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());
const layer = (start: string, every: number, unit: 'hour' | 'day' | 'week', ...users: string[]): Layer => ({
  start,
  rotate: { every, unit },
  users,
  restrictions: [],
});
const schedule = (timezone: string, ...layers: Layer[]): Schedule => ({ id: 's', name: 's', timezone, layers });

describe('a rotation [L10]', () => {
  const shanghai = schedule('Asia/Shanghai', layer('2026-01-05T09:00', 1, 'week', 'ana', 'bob'));

  test('has nobody before it starts, and its first user from the instant it does', () => {
    expect(onCallAt(shanghai, USERS, utc('2026-01-05T00:59:59.999'))).toBeUndefined();
    expect(onCallAt(shanghai, USERS, utc('2026-01-05T01:00'))).toBe('ana');
  });

  test('puts the incoming user on call at the instant of the hand-off', () => {
    expect(onCallAt(shanghai, USERS, utc('2026-01-12T00:59:59.999'))).toBe('ana');
    expect(onCallAt(shanghai, USERS, utc('2026-01-12T01:00'))).toBe('bob');
    expect(onCallAt(shanghai, USERS, utc('2026-01-19T01:00'))).toBe('ana');
  });

  test('hands off every second day where it says so', () => {
    const every2 = schedule('UTC', layer('2026-03-01T08:00', 2, 'day', 'ana', 'bob', 'cho'));
    const days = Array.from({ length: 8 }, (_, day) =>
      onCallAt(every2, USERS, utc('2026-03-01T08:00') + day * 86_400_000),
    );
    expect(days).toEqual(['ana', 'ana', 'bob', 'bob', 'cho', 'cho', 'ana', 'ana']);
  });

  test('begins its next shift strictly after the instant asked about', () => {
    expect(iso(nextHandOff(shanghai, USERS, utc('2025-12-01T00:00')))).toBe('2026-01-05T01:00:00.000Z');
    expect(iso(nextHandOff(shanghai, USERS, utc('2026-01-05T00:59:59.999')))).toBe('2026-01-05T01:00:00.000Z');
    expect(iso(nextHandOff(shanghai, USERS, utc('2026-01-05T01:00')))).toBe('2026-01-12T01:00:00.000Z');
  });

  test('answers for a schedule without layers that nobody is on call, ever', () => {
    expect(onCallAt(schedule('UTC'), USERS, 0)).toBeUndefined();
    expect(nextHandOff(schedule('UTC'), USERS, 0)).toBeUndefined();
    expect(shiftAt(schedule('UTC'), USERS, 0)).toEqual({ user: null, layer: null, start: -Infinity, end: Infinity });
  });
});

describe('a later layer [L10]', () => {
  const covered = schedule(
    'UTC',
    layer('2026-01-01T00:00', 1, 'day', 'ana', 'bob'),
    layer('2026-01-10T12:00', 1, 'week', 'cho'),
  );

  test('covers an earlier one from the instant it begins', () => {
    expect(onCallAt(covered, USERS, utc('2026-01-10T11:59:59.999'))).toBe('bob');
    expect(onCallAt(covered, USERS, utc('2026-01-10T12:00'))).toBe('cho');
    expect(onCallAt(covered, USERS, utc('2026-01-11T00:00'))).toBe('cho');
  });

  test('ends the shift that it interrupts, and hides the hand-offs below it', () => {
    expect(shiftAt(covered, USERS, utc('2026-01-10T05:00'))).toEqual({
      user: 'bob',
      layer: 0,
      start: utc('2026-01-10T00:00'),
      end: utc('2026-01-10T12:00'),
    });
    expect(iso(nextHandOff(covered, USERS, utc('2026-01-10T12:00')))).toBe('2026-01-17T12:00:00.000Z');
  });
});

describe('hand-offs follow the wall clock [L10]', () => {
  test('at 09:00 in Berlin before and after the clocks change', () => {
    const berlin = schedule('Europe/Berlin', layer('2026-03-28T09:00', 1, 'day', 'ana', 'bob'));
    expect(iso(nextHandOff(berlin, USERS, utc('2026-03-28T07:00')))).toBe('2026-03-28T08:00:00.000Z');
    expect(iso(nextHandOff(berlin, USERS, utc('2026-03-28T08:00')))).toBe('2026-03-29T07:00:00.000Z');
  });

  test('a time that the spring gap jumps over is the first instant after', () => {
    const berlin = schedule('Europe/Berlin', layer('2026-03-28T02:30', 1, 'day', 'ana', 'bob'));
    expect(iso(nextHandOff(berlin, USERS, utc('2026-03-28T12:00')))).toBe('2026-03-29T01:00:00.000Z');
    expect(onCallAt(berlin, USERS, utc('2026-03-29T00:59:59.999'))).toBe('ana');
    expect(onCallAt(berlin, USERS, utc('2026-03-29T01:00'))).toBe('bob');
    expect(iso(nextHandOff(berlin, USERS, utc('2026-03-29T01:00')))).toBe('2026-03-30T00:30:00.000Z');
  });

  test('the half hour gap of Lord Howe is jumped by half an hour', () => {
    expect(iso(instantOf(parseLocalTime('2026-10-04T02:10')!, 'Australia/Lord_Howe'))).toBe('2026-10-03T15:30:00.000Z');
    expect(iso(instantOf(parseLocalTime('2026-10-04T02:30')!, 'Australia/Lord_Howe'))).toBe('2026-10-03T15:30:00.000Z');
  });

  test('a time that exists twice hands off at its first occurrence, and only once', () => {
    const newYork = schedule('America/New_York', layer('2026-10-31T01:30', 1, 'day', 'ana', 'bob'));
    expect(iso(nextHandOff(newYork, USERS, utc('2026-10-31T12:00')))).toBe('2026-11-01T05:30:00.000Z');
    expect(onCallAt(newYork, USERS, utc('2026-11-01T05:29:59.999'))).toBe('ana');
    expect(onCallAt(newYork, USERS, utc('2026-11-01T05:30'))).toBe('bob');
    expect(onCallAt(newYork, USERS, utc('2026-11-01T06:10'))).toBe('bob');
    expect(iso(nextHandOff(newYork, USERS, utc('2026-11-01T05:30')))).toBe('2026-11-02T06:30:00.000Z');
  });

  test('a layer that begins at a time that exists twice begins at the first', () => {
    const newYork = schedule('America/New_York', layer('2026-11-01T01:30', 1, 'day', 'ana'));
    expect(onCallAt(newYork, USERS, utc('2026-11-01T05:29'))).toBeUndefined();
    expect(onCallAt(newYork, USERS, utc('2026-11-01T06:10'))).toBe('ana');
  });

  test('an absence until a time that exists twice lasts to the last of them', () => {
    const away = [{ from: '2026-10-30', to: '2026-11-01T01:30' }];
    const ana = { ...person('ana'), timezone: 'America/New_York', away };
    expect(iso(awayUntil(ana, utc('2026-11-01T05:45')))).toBe('2026-11-01T06:30:00.000Z');
    expect(awayUntil(ana, utc('2026-11-01T06:30'))).toBeUndefined();
  });

  test('a turn that the spring gap leaves no time is passed over: Apia had no 30 December 2011', () => {
    const apia = schedule('Pacific/Apia', layer('2011-12-29T00:00', 1, 'day', 'ana', 'bob', 'cho'));
    expect(onCallAt(apia, USERS, utc('2011-12-30T09:59:59.999'))).toBe('ana');
    expect(onCallAt(apia, USERS, utc('2011-12-30T10:00'))).toBe('cho');
    expect(shiftAt(apia, USERS, utc('2011-12-30T09:00'))).toEqual({
      user: 'ana',
      layer: 0,
      start: utc('2011-12-29T10:00'),
      end: utc('2011-12-30T10:00'),
    });
  });
});

describe('a restriction', () => {
  test('whose only window of a fortnight the clock jumped over is looked for further on, and further back', () => {
    const [from, to] = ['09:00', '17:00'];
    const fridays: Layer = {
      ...layer('2011-01-07T09:00', 1, 'week', 'ana'),
      restrictions: [{ kind: 'daily', days: ['fri'], from, to }],
    };
    const apia = schedule('Pacific/Apia', fridays);
    const gap = { user: null, layer: null, start: utc('2011-12-24T03:00'), end: utc('2012-01-05T19:00') };
    for (const day of ['2011-12-27T12:00', '2011-12-31T12:00', '2012-01-03T12:00'])
      expect(shiftAt(apia, USERS, utc(day))).toEqual(gap);
  });
});

describe('absences', () => {
  const user = (id: string, to?: string): User => ({
    id,
    name: id,
    timezone: 'UTC',
    language: 'en',
    role: 'responder',
    statusUpdates: false,
    away: to === undefined ? [] : [{ from: '2026-01-01', to }],
    contacts: [],
    notificationRules: { high: [], low: [] },
  });
  const away = (...users: User[]) => new Map(users.map((one) => [one.id, one]));

  test('of a year, with a hand-off each hour, are one gap to its end', () => {
    const hourly = schedule('UTC', layer('2026-01-01T00:00', 1, 'hour', 'ana'));
    const users = away(user('ana', '2027-01-01'));
    expect(iso(nextHandOff(hourly, users, utc('2026-01-01T00:00')))).toBe('2027-01-01T00:00:00.000Z');
  });

  test('of all users end for each at their own time', () => {
    const hourly = schedule('UTC', layer('2026-01-01T00:00', 1, 'hour', 'ana', 'bob'));
    const users = away(user('ana', '2027-01-01'), user('bob', '2026-01-05'));
    expect(iso(nextHandOff(hourly, users, utc('2026-01-02T00:00')))).toBe('2026-01-05T01:00:00.000Z');
    expect(onCallAt(hourly, users, utc('2026-01-05T01:00'))).toBe('bob');
  });

  test('of years, in a list of shifts, are one gap', () => {
    const nights: Layer = {
      ...layer('2026-01-01T00:00', 1, 'hour', 'ana', 'bob'),
      restrictions: [
        { kind: 'daily', days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '01:00' },
      ],
    };
    const users = away(user('ana', '2029-01-01'), user('bob'));
    const end = utc('2029-01-01T00:00');
    expect(shifts(schedule('UTC', nights), users, utc('2026-02-01T00:00'), end)).toEqual([
      { user: null, layer: null, start: expect.any(Number), end },
    ]);
  });
});

describe('zones and local times', () => {
  test('knows IANA zones, and takes no offset for one', () => {
    expect(['Asia/Shanghai', 'UTC', 'Australia/Lord_Howe'].map(isZone)).toEqual([true, true, true]);
    expect(['+08:00', 'Mars/Base', '', 'Z'].map(isZone)).toEqual([false, false, false, false]);
  });

  test('reads a local date and time, and nothing that is not one', () => {
    expect(parseLocalTime('2026-01-05T09:00')).toBe(utc('2026-01-05T09:00'));
    const refused = ['2026-02-30T09:00', '2026-01-05', '2026-01-05T09:00Z', '2026-01-05 09:00', '2026-01-05T24:00'];
    expect(refused.map(parseLocalTime)).toEqual(refused.map(() => undefined));
  });
});

const ZONES = [
  'UTC',
  'Asia/Shanghai',
  'Asia/Kathmandu',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Antarctica/Troll',
];
const PROPERTY = { numRuns: 300 };
const MINUTE = 60_000;

const clocks = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }),
  ]),
);

/** The wall clock as Intl tells it: another library than the one under test. */
function wallClock(at: number, zone: string): number {
  const parts = clocks.get(zone)!.formatToParts(at);
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'));
}

/** Quarter by quarter from before the start: each time the wall clock first reaches the next hand-off, the next user takes over. */
function naiveWalk(one: Layer, zone: string, to: number): { at: number; user: string | undefined }[] {
  const start = Date.parse(`${one.start}Z`);
  const period = one.rotate.every * (one.rotate.unit === 'day' ? 1 : 7) * 86_400_000;
  const steps: { at: number; user: string | undefined }[] = [];
  let taken = 0;
  for (let at = start - 15 * 3_600_000; at <= to; at += 15 * MINUTE) {
    while (wallClock(at, zone) >= start + taken * period) taken += 1;
    steps.push({ at, user: taken === 0 ? undefined : one.users[(taken - 1) % one.users.length] });
  }
  return steps;
}

const zones = fc.constantFrom(...ZONES);
/** Quarter hours, near the clock changes of the zones above as often as anywhere else. */
const starts = fc
  .tuple(
    fc.constantFrom(
      '2011-12-28',
      '2026-03-06',
      '2026-03-20',
      '2026-03-27',
      '2026-04-03',
      '2026-10-02',
      '2026-10-30',
      '2026-07-01',
    ),
    fc.integer({ min: 0, max: 4 * 96 }),
  )
  .map(([day, quarters]) => new Date(Date.parse(`${day}T00:00Z`) + quarters * 15 * MINUTE).toISOString().slice(0, 16));
const layers = fc
  .tuple(
    starts,
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom('day' as const, 'week' as const),
    fc.integer({ min: 1, max: 4 }),
  )
  .map(([start, every, unit, users]) => layer(start, every, unit, ...['ana', 'bob', 'cho', 'dee'].slice(0, users)));

describe('in every zone [L10]', () => {
  test('who is on call is who a walk along the wall clock finds', () => {
    fc.assert(
      fc.property(zones, layers, (zone, one) => {
        const rotation = schedule(zone, one);
        for (const { at, user } of naiveWalk(one, zone, Date.parse(`${one.start}Z`) + 6 * 86_400_000)) {
          if (onCallAt(rotation, USERS, at) !== user)
            throw new Error(`${iso(at)}: ${onCallAt(rotation, USERS, at)}, not ${user}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a shift ends where the next begins, and nobody else is on call inside it', () => {
    fc.assert(
      fc.property(
        zones,
        fc.array(layers, { minLength: 1, maxLength: 3 }),
        fc.nat(40 * 96),
        (zone, several, quarters) => {
          const rotation = schedule(zone, ...several);
          const at = Date.parse(`${several[0]!.start}Z`) + quarters * 15 * MINUTE;
          const shift = shiftAt(rotation, USERS, at);
          const next = nextHandOff(rotation, USERS, at)!;
          expect(next).toBeGreaterThan(at);
          expect(onCallAt(rotation, USERS, at)).toBe(shift.user ?? undefined);
          if (shift.user === null) {
            expect(onCallAt(rotation, USERS, next - 1)).toBeUndefined();
            return;
          }
          expect(shift.start).toBeLessThanOrEqual(at);
          expect(shift.end).toBe(next);
          expect(onCallAt(rotation, USERS, shift.start)).toBe(shift.user);
          expect(onCallAt(rotation, USERS, shift.end - 1)).toBe(shift.user);
          expect(shiftAt(rotation, USERS, shift.end).start).toBe(shift.end);
        },
      ),
      PROPERTY,
    );
  });

  test('an instant is the first at which the wall clock shows the time', () => {
    fc.assert(
      fc.property(zones, starts, (zone, text) => {
        const local = parseLocalTime(text)!;
        const at = instantOf(local, zone);
        expect(wallClock(at, zone)).toBeGreaterThanOrEqual(local);
        expect(wallClock(at - 1000, zone)).toBeLessThan(local);
        expect(localTimeAt(at, zone)).toBe(wallClock(at, zone));
      }),
      PROPERTY,
    );
  });

  test('a schedule that began fifty years ago has counted every turn', () => {
    const old = schedule('Europe/Berlin', layer('1976-01-05T09:00', 1, 'day', 'ana', 'bob', 'cho'));
    const day = 86_400_000;
    for (let at = utc('2026-01-01T12:00'); at < utc('2027-01-01T12:00'); at += day) {
      const turn = Math.floor((at - utc('1976-01-05T08:00')) / day);
      expect(onCallAt(old, USERS, at)).toBe(['ana', 'bob', 'cho'][turn % 3]);
    }
  });
});
