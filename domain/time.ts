/**
 * The wall clock of an IANA zone (lifecycle §10). The only file that knows the time-zone library, and no file of the
 * workflow bundle: zone data differ between Node versions.
 */
import { Temporal as T } from 'temporal-polyfill';
import type { Instant } from './duration.ts';

/**
 * A reading of a wall clock, without a zone: milliseconds since 1970-01-01T00:00 as that clock shows it. Days of a
 * calendar are exactly 24 hours apart on it, so date arithmetic is addition.
 */
export type LocalTime = number & { readonly __clock: 'local' };

export const DAY = 86_400_000;
const WRITTEN = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;

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
  try {
    const read = T.PlainDateTime.from(text, { overflow: 'reject' });
    return read.toZonedDateTime('UTC').epochMilliseconds as LocalTime;
  } catch {
    return undefined;
  }
}

/** What the zone's wall clock shows at an instant. Throws RangeError for an unknown zone. */
export function localTimeAt(at: Instant, zone: string): LocalTime {
  const offset = T.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
  return (at + offset) as LocalTime;
}

/**
 * The first instant at which the zone's wall clock shows `local` or later: of a time that exists twice its first
 * occurrence, of a time that the clock jumps over the first instant after the jump. Throws RangeError for an unknown zone.
 */
export function instantOf(local: LocalTime, zone: string): Instant {
  const wall = T.Instant.fromEpochMilliseconds(local).toZonedDateTimeISO('UTC').toPlainDateTime();
  const earlier = wall.toZonedDateTime(zone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(wall)) return earlier.epochMilliseconds;
  // In a gap the library moves back by the gap's length, to before the jump; what we want is the jump itself.
  return (earlier.getTimeZoneTransition('next') ?? earlier).epochMilliseconds;
}
