/** When a layer applies (lifecycle §10). */
import { WEEKDAYS } from './configuration.ts';
import type { Restriction, Weekday } from './configuration.ts';
import type { Instant } from './duration.ts';
import { ALWAYS, positionAmong } from './interval.ts';
import type { Interval, Position } from './interval.ts';
import { DAY, dayOf, endInstantOf, instantOf, localTimeAt, parseTimeOfDay, weekdayOf } from './time.ts';
import type { LocalTime } from './time.ts';

/** Windows are looked for this many days to both sides, so that one of every weekday is among them. */
const DAYS_AROUND = 9;

/**
 * Whether a layer with these restrictions applies at `at`, and how far that holds at least: where no window begins
 * within eight days (the clock jumped over it), the answer is only good for a day. Throws RangeError for a time that is none.
 */
export function applies(restrictions: readonly Restriction[], at: Instant, zone: string): Position {
  if (restrictions.length === 0) return { ...ALWAYS, inside: true };
  const position = positionAmong(
    restrictions.flatMap((restriction) => windowsAround(restriction, at, zone)),
    at,
  );
  return {
    inside: position.inside,
    start: position.start === -Infinity ? at - DAY : position.start,
    end: position.end === Infinity ? at + DAY : position.end,
  };
}

/** The windows that `at` may be in, the last one before them and the first one after them. */
function windowsAround(restriction: Restriction, at: Instant, zone: string): readonly Interval[] {
  const now = localTimeAt(at, zone);
  const today = dayOf(now);
  const near: { from: number; to: number }[] = [];
  for (let day = -DAYS_AROUND; day <= DAYS_AROUND; day += 1) {
    const midnight = today + day * DAY;
    const window = windowOf(restriction, weekdayOf(midnight as LocalTime));
    if (window !== undefined) near.push({ from: midnight + window.from, to: midnight + window.to });
  }
  // A clock is never set by more than a day: only windows that are near on it can hold the instant.
  const first = near.findIndex(({ to }) => to > now - DAY);
  const last = near.findLastIndex(({ from }) => from < now + DAY);
  return near.slice(Math.max(0, first - 1), last + 2).map(({ from, to }) => ({
    start: instantOf(from as LocalTime, zone),
    end: endInstantOf(to as LocalTime, zone),
  }));
}

/** The window that begins on such a day, in milliseconds from its midnight. */
function windowOf(restriction: Restriction, day: Weekday): { from: number; to: number } | undefined {
  if (restriction.kind === 'daily') {
    if (!restriction.days.includes(day)) return undefined;
    const [from, to] = [timeOf(restriction.from), timeOf(restriction.to)];
    return { from, to: to > from ? to : to + DAY };
  }
  if (restriction.from.day !== day) return undefined;
  const from = timeOf(restriction.from.time);
  const days = (WEEKDAYS.indexOf(restriction.to.day) - WEEKDAYS.indexOf(day) + 7) % 7;
  const to = days * DAY + timeOf(restriction.to.time);
  return { from, to: to > from ? to : to + 7 * DAY };
}

function timeOf(text: string): number {
  const time = parseTimeOfDay(text);
  if (time === undefined) throw new RangeError(`the time of a restriction, ${text}, is not a time of day`);
  return time;
}
