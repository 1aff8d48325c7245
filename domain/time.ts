/**
 * The wall clock of an IANA zone (lifecycle §10). The only file that knows the time-zone library, and no file of the
 * workflow bundle: zone data differ between Node versions.
 */
import { Temporal as T } from 'temporal-polyfill';
import { WEEKDAYS } from './configuration.ts';
import type { Weekday } from './configuration.ts';
import type { Instant } from './duration.ts';

/**
 * A reading of a wall clock, without a zone: milliseconds since 1970-01-01T00:00 as that clock shows it. Days of a
 * calendar are exactly 24 hours apart on it, so date arithmetic is addition.
 */
export type LocalTime = number & { readonly __clock: 'local' };

export const DAY = 86_400_000;
const MINUTE = 60_000;
const WRITTEN = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Whether `zone` is an IANA zone that this Node knows. Bare offsets such as `+08:00` are none: they have no hand-off rules. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    T.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
    return true;
  } catch {
    return false;
  }
}

/** Reads `2026-01-05T09:00`, seconds allowed. Undefined for anything else, an offset and a 30th of February included. */
export function parseLocalTime(text: string): LocalTime | undefined {
  if (!WRITTEN.test(text)) return undefined;
  const read = new Date(`${text}Z`);
  // Date takes the 30th of February for the 2nd of March, and 24:00 for the next day.
  const isReal = !Number.isNaN(read.getTime()) && read.toISOString().startsWith(text);
  return isReal ? (read.getTime() as LocalTime) : undefined;
}

/** Reads what `parseLocalTime` does, and a date alone, `2026-12-24`, as the midnight at which it begins. */
export const parseLocalDate = (text: string): LocalTime | undefined =>
  parseLocalTime(DATE.test(text) ? `${text}T00:00` : text);

/** Milliseconds from midnight to `09:00`; one digit will do for the hour. `24:00` is the end of the day. Undefined for anything else. */
export function parseTimeOfDay(text: string): number | undefined {
  const [, hour, minute] = /^(\d{1,2}):([0-5]\d)$/.exec(text) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return minutes <= 24 * 60 ? minutes * MINUTE : undefined;
}

/** The midnight at which the day of `local` begins. */
export const dayOf = (local: LocalTime): LocalTime => (Math.floor(local / DAY) * DAY) as LocalTime;

/** The 1st of January 1970 was a Thursday. */
export const weekdayOf = (local: LocalTime): Weekday =>
  WEEKDAYS[(((Math.floor(local / DAY) + 3) % 7) + 7) % 7] as Weekday;

const plain = (local: LocalTime) => T.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO('UTC');

/** The same day of the month and time `months` later; the month's last day where it has no such day. */
export const addMonths = (local: LocalTime, months: number): LocalTime =>
  plain(local).add({ months }, { overflow: 'constrain' }).epochMilliseconds as LocalTime;

/** How often the month has changed from one reading to the other; negative backwards. */
export function monthsBetween(from: LocalTime, to: LocalTime): number {
  const [first, second] = [plain(from), plain(to)];
  return (second.year - first.year) * 12 + second.month - first.month;
}

/** `[start, end)` between two changes of a zone's clock. `offset`: milliseconds that the clock is ahead of UTC. */
interface Stretch {
  readonly start: Instant;
  readonly end: Instant;
  readonly offset: number;
}

/** The stretches last asked for. The library takes milliseconds to look for a change, and a look at a schedule needs many. */
const known = new Map<string, Stretch[]>();
const KEPT = 16;

function stretchAt(at: Instant, zone: string): Stretch {
  const kept = known.get(zone) ?? [];
  const found = kept.find(({ start, end }) => start <= at && at < end);
  if (found !== undefined) return found;
  const moment = T.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone);
  const stretch = {
    // `previous` is strictly before, and a change at the instant itself begins this stretch.
    start: moment.add({ milliseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity,
    end: moment.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
    offset: moment.offsetNanoseconds / 1e6,
  };
  known.set(zone, [stretch, ...kept.slice(0, KEPT - 1)]);
  return stretch;
}

/** What the zone's wall clock shows at an instant. Throws RangeError for an unknown zone. */
export const localTimeAt = (at: Instant, zone: string): LocalTime => (at + stretchAt(at, zone).offset) as LocalTime;

/** More than any zone was ever off UTC. */
const FARTHEST = 16 * 3_600_000;

/**
 * The first instant at which the zone's wall clock shows `local` or later: of a time that exists twice its first
 * occurrence, of a time that the clock jumps over the first instant after the jump. Throws RangeError for an unknown zone.
 */
export function instantOf(local: LocalTime, zone: string): Instant {
  for (let stretch = stretchAt(local - FARTHEST, zone); ; stretch = stretchAt(stretch.end, zone)) {
    const shown = Math.max(stretch.start, local - stretch.offset);
    if (shown < stretch.end) return shown;
  }
}

/**
 * The instant at which something ends that lasts until `local`: of a time that exists twice its last occurrence, of a
 * time that the clock jumps over the first instant after the jump. Throws RangeError for an unknown zone.
 */
export function endInstantOf(local: LocalTime, zone: string): Instant {
  for (let stretch = stretchAt(local + FARTHEST, zone); ; stretch = stretchAt(stretch.start - 1, zone)) {
    const shown = local - stretch.offset;
    if (shown >= stretch.start) return Math.min(shown, stretch.end);
  }
}
