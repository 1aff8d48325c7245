/** When a user is away: not on call, and not told where somebody else can be (docs/adr/0011-away.md). */
import type { User } from './configuration.ts';
import type { Instant } from './duration.ts';
import { positionAmong } from './interval.ts';
import type { Position } from './interval.ts';
import { endInstantOf, instantOf, parseLocalDate } from './time.ts';
import type { LocalTime } from './time.ts';

/** Whether the user is away at `at`, and how far that holds at least. Throws RangeError for a date that is none. */
export function absence(user: User | undefined, at: Instant): Position {
  const absences = (user?.away ?? []).map(({ from, to }) => ({
    start: instantOf(dateOf(from), user?.timezone ?? 'UTC'),
    end: endInstantOf(dateOf(to), user?.timezone ?? 'UTC'),
  }));
  return positionAmong(absences, at);
}

/** The end of the user's absence; undefined for one who is not. Absences that meet are one. */
export function awayUntil(user: User | undefined, at: Instant): Instant | undefined {
  let until: Instant | undefined;
  for (let seen = absence(user, at); seen.inside; seen = absence(user, seen.end)) until = seen.end;
  return until;
}

function dateOf(text: string): LocalTime {
  const date = parseLocalDate(text);
  if (date === undefined) throw new RangeError(`the date of an absence, ${text}, is not a local date or date and time`);
  return date;
}
