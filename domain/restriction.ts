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
  const days = daysOf(restriction);
  const { from, to } = windowOf(restriction);
  const near: { from: number; to: number }[] = [];
  for (let day = -DAYS_AROUND; day <= DAYS_AROUND; day += 1) {
    const midnight = (today + day * DAY) as LocalTime;
    if (days.includes(weekdayOf(midnight))) near.push({ from: midnight + from, to: midnight + to });
  }
  // A clock is never set by more than a day: only windows that are near on it can hold the instant.
  const first = near.findIndex(({ to }) => to > now - DAY);
  const last = near.findLastIndex(({ from }) => from < now + DAY);
  return near.slice(Math.max(0, first - 1), last + 2).map(({ from, to }) => ({
    start: instantOf(from as LocalTime, zone),
    end: endInstantOf(to as LocalTime, zone),
  }));
}

/** The days of the week on which a window begins. */
const daysOf = (restriction: Restriction): readonly Weekday[] =>
  restriction.kind === 'daily' ? restriction.days : [restriction.from.day];

/** The edges of a window in milliseconds from the midnight of the day on which it begins. */
function windowOf(restriction: Restriction): { from: number; to: number } {
  if (restriction.kind === 'daily') {
    const [from, to] = [timeOf(restriction.from), timeOf(restriction.to)];
    return { from, to: to > from ? to : to + DAY };
  }
  const from = timeOf(restriction.from.time);
  const days = (WEEKDAYS.indexOf(restriction.to.day) - WEEKDAYS.indexOf(restriction.from.day) + 7) % 7;
  const to = days * DAY + timeOf(restriction.to.time);
  return { from, to: to > from ? to : to + 7 * DAY };
}

function timeOf(text: string): number {
  const time = parseTimeOfDay(text);
  if (time === undefined) throw new RangeError(`the time of a restriction, ${text}, is not a time of day`);
  return time;
}
