/** Which maintenance window holds a service, and until when. */
import { type MaintenanceWindow, heldAt, occurrence } from '../../domain/maintenance.ts';
import type { Restriction } from '../../domain/configuration.ts';

const at = (text: string): number => Date.parse(text);
const iso = (instant: number): string => new Date(instant).toISOString();
const DAILY: Restriction = {
  kind: 'daily',
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  from: '02:00',
  to: '04:00',
};
const COMMON = {
  services: ['payments'],
  description: null,
  createdAt: 0,
  createdBy: { user: 'ana', token: 'anas' },
};
const once = (id: string, start: string, end: string, services = ['payments']): MaintenanceWindow => ({
  ...COMMON,
  id,
  services,
  start: at(start),
  end: at(end),
  recurs: null,
});
const recurring = (
  restriction: Restriction,
  { timezone = 'Europe/Berlin', since = '2026-01-01T00:00:00Z', until = null as string | null } = {},
): MaintenanceWindow => ({
  ...COMMON,
  id: 'nightly',
  start: at(since),
  end: until === null ? null : at(until),
  recurs: { timezone, restriction },
});
const heldUntil = (windows: readonly MaintenanceWindow[], instant: string, service = 'payments'): string | null => {
  const held = heldAt(windows, service, at(instant));
  return held === null ? null : `${held.by} ${iso(held.until)}`;
};

describe('a window that is once', () => {
  const window = once('w', '2026-03-02T22:00:00Z', '2026-03-02T23:00:00Z');

  test('[L3] [L10] holds its services from its start, and no longer at its end', () => {
    expect(heldUntil([window], '2026-03-02T21:59:59.999Z')).toBeNull();
    expect(heldUntil([window], '2026-03-02T22:00:00Z')).toBe('w 2026-03-02T23:00:00.000Z');
    expect(heldUntil([window], '2026-03-02T22:59:59.999Z')).toBe('w 2026-03-02T23:00:00.000Z');
    expect(heldUntil([window], '2026-03-02T23:00:00Z')).toBeNull();
  });

  test('[L3] holds no other service', () => {
    expect(heldUntil([window], '2026-03-02T22:30:00Z', 'search')).toBeNull();
  });

  test('is its own only stretch, seen from before it, within it, and none after it', () => {
    const whole = { start: window.start, end: window.end };
    expect(occurrence(window, 0)).toEqual(whole);
    expect(occurrence(window, at('2026-03-02T22:30:00Z'))).toEqual(whole);
    expect(occurrence(window, at('2026-03-02T23:00:00Z'))).toBeNull();
  });
});

describe('[L7] of several windows', () => {
  const short = once('short', '2026-03-02T10:00:00Z', '2026-03-02T11:00:00Z');
  const long = once('long', '2026-03-02T10:30:00Z', '2026-03-02T12:00:00Z');

  test.each([[[short, long]], [[long, short]]])('the one that lasts longest holds', (windows) => {
    expect(heldUntil(windows, '2026-03-02T10:15:00Z')).toBe('short 2026-03-02T11:00:00.000Z');
    expect(heldUntil(windows, '2026-03-02T10:45:00Z')).toBe('long 2026-03-02T12:00:00.000Z');
    expect(heldUntil(windows, '2026-03-02T11:00:00Z')).toBe('long 2026-03-02T12:00:00.000Z');
  });

  test('that follow one another none leaves a gap', () => {
    const next = once('next', '2026-03-02T11:00:00Z', '2026-03-02T12:00:00Z');
    expect(heldUntil([short, next], '2026-03-02T11:00:00Z')).toBe('next 2026-03-02T12:00:00.000Z');
  });
});

describe('a window that recurs', () => {
  test('[L10] holds by the wall clock of its zone', () => {
    const window = recurring(DAILY);
    expect(heldUntil([window], '2026-03-02T00:59:59.999Z')).toBeNull();
    expect(heldUntil([window], '2026-03-02T01:00:00Z')).toBe('nightly 2026-03-02T03:00:00.000Z');
    expect(heldUntil([window], '2026-03-02T03:00:00Z')).toBeNull();
    // In summer it is an hour earlier by UTC.
    expect(heldUntil([window], '2026-07-02T00:00:00Z')).toBe('nightly 2026-07-02T02:00:00.000Z');
  });

  test('[L10] a start that the clock jumps over is the first instant after; an end that exists twice is its last', () => {
    const window = recurring({ ...DAILY, from: '02:30' });
    expect(heldUntil([window], '2026-03-29T00:59:59.999Z')).toBeNull();
    expect(heldUntil([window], '2026-03-29T01:00:00Z')).toBe('nightly 2026-03-29T02:00:00.000Z');
    const autumn = recurring({ ...DAILY, from: '01:00', to: '02:30' });
    expect(heldUntil([autumn], '2026-10-25T01:00:00Z')).toBe('nightly 2026-10-25T01:30:00.000Z');
  });

  test('by week holds from one day into another', () => {
    const window = recurring({
      kind: 'weekly',
      from: { day: 'fri', time: '22:00' },
      to: { day: 'mon', time: '06:00' },
    });
    expect(heldUntil([window], '2026-03-07T12:00:00Z')).toBe('nightly 2026-03-09T05:00:00.000Z');
    expect(heldUntil([window], '2026-03-05T12:00:00Z')).toBeNull();
  });

  test('holds only from its since to its until, and is cut there', () => {
    const window = recurring(DAILY, { since: '2026-03-02T02:00:00Z', until: '2026-03-04T01:30:00Z' });
    expect(heldUntil([window], '2026-03-02T01:30:00Z')).toBeNull();
    expect(heldUntil([window], '2026-03-02T02:00:00Z')).toBe('nightly 2026-03-02T03:00:00.000Z');
    expect(heldUntil([window], '2026-03-04T01:00:00Z')).toBe('nightly 2026-03-04T01:30:00.000Z');
    expect(heldUntil([window], '2026-03-04T01:30:00Z')).toBeNull();
    expect(heldUntil([window], '2026-03-05T01:30:00Z')).toBeNull();
  });

  test('says when it is next in effect, from before its since on; never where it comes no more', () => {
    const window = recurring(
      { ...DAILY, days: ['sun'] },
      { since: '2026-03-02T00:00:00Z', until: '2026-03-15T00:00:00Z' },
    );
    const next = (from: string) => {
      const stretch = occurrence(window, at(from));
      return stretch === null ? null : [iso(stretch.start), iso(stretch.end)];
    };
    expect(next('2026-01-01T00:00:00Z')).toEqual(['2026-03-08T01:00:00.000Z', '2026-03-08T03:00:00.000Z']);
    expect(next('2026-03-08T02:00:00Z')).toEqual(['2026-03-08T01:00:00.000Z', '2026-03-08T03:00:00.000Z']);
    expect(next('2026-03-08T03:00:00Z')).toBeNull();
  });
});
