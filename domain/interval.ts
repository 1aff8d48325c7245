/** Half-open stretches of time (lifecycle §10). */
import type { Instant } from './duration.ts';

/** `[start, end)`. Empty where `end` is not after `start`. */
export interface Interval {
  readonly start: Instant;
  readonly end: Instant;
}

export const ALWAYS: Interval = { start: -Infinity, end: Infinity };

/** Where an instant lies: in the interval from the last change of that answer, or an earlier look at it, to the next. */
export interface Position extends Interval {
  readonly inside: boolean;
}

/** Whether `at` is in any of `intervals`, and how far that holds at least. Empty ones count for nothing. */
export function positionAmong(intervals: readonly Interval[], at: Instant): Position {
  const real = intervals.filter(({ start, end }) => start < end);
  const around = real.filter(({ start, end }) => start <= at && at < end);
  if (around.length > 0) {
    const [starts, ends] = [around.map(({ start }) => start), around.map(({ end }) => end)];
    return { inside: true, start: Math.min(...starts), end: Math.max(...ends) };
  }
  return {
    inside: false,
    start: Math.max(-Infinity, ...real.flatMap(({ end }) => (end <= at ? [end] : []))),
    end: Math.min(Infinity, ...real.flatMap(({ start }) => (start > at ? [start] : []))),
  };
}

/** What both have in common. */
export const common = (a: Interval, b: Interval): Interval => ({
  start: Math.max(a.start, b.start),
  end: Math.min(a.end, b.end),
});
