/** Who is on call at an instant: the one answer that paging, preview, simulation and UI use (lifecycle §10). */
import { absence } from './absence.ts';
import type { Layer, Schedule, User } from './configuration.ts';
import type { Instant } from './duration.ts';
import { ALWAYS, common } from './interval.ts';
import type { Interval } from './interval.ts';
import { applies } from './restriction.ts';
import { turnAt } from './rotation.ts';

/** The users of the configuration, by id: their absences count. */
export type Users = ReadonlyMap<string, User>;

/**
 * One person's stretch on call, or with `user: null` a gap: `[start, end)`, infinite where nothing comes before or after.
 * It ends at the next hand-off of its layer, even when that is to the same user, and where another layer covers its own,
 * or its own ceases to give anybody. `layer` counts from 0; null in a gap.
 */
export interface Shift extends Interval {
  readonly user: string | null;
  readonly layer: number | null;
}

/** Whom a layer or schedule gives, and how far that holds at least. `turn` tells shifts apart. */
interface Given extends Interval {
  readonly user: string | null;
  readonly layer: number | null;
  readonly turn: number | null;
}

/** Stretches without a change that are looked through before a change is supposed: an absent user's turns of many years. */
const MOST_LOOKS = 1_000;

function givenByLayer(layer: Layer, index: number, { timezone }: Schedule, users: Users, at: Instant): Given {
  const nobody = { user: null, layer: null, turn: null };
  const turn = turnAt(layer, at, timezone);
  if ('begins' in turn) return { ...nobody, start: -Infinity, end: turn.begins };
  // While all are away neither hand-offs nor restrictions matter: a long absence is one stretch.
  const absences = [...new Set(layer.users)].map((id) => absence(users.get(id), at));
  if (absences.every(({ inside }) => inside)) return { ...nobody, ...absences.reduce<Interval>(common, ALWAYS) };
  const applied = applies(layer.restrictions, at, timezone);
  if (!applied.inside) return { ...nobody, start: applied.start, end: applied.end };
  const away = absence(users.get(turn.user), at);
  const stretch = common(turn, away);
  if (away.inside) return { ...nobody, ...stretch };
  return { user: turn.user, layer: index, turn: turn.number, ...common(stretch, applied) };
}

/** A later layer covers an earlier one wherever it gives somebody. */
function givenAt(schedule: Schedule, users: Users, at: Instant): Given {
  let given: Given = { user: null, layer: null, turn: null, ...ALWAYS };
  for (let index = schedule.layers.length - 1; index >= 0 && given.user === null; index -= 1) {
    const layer = schedule.layers[index];
    if (layer === undefined) continue;
    const below = givenByLayer(layer, index, schedule, users, at);
    given = { ...below, ...common(given, below) };
  }
  return given;
}

const isSameShift = (one: Given, other: Given): boolean => one.layer === other.layer && one.turn === other.turn;

/** Where the shift or gap that `given` belongs to ends, and what is given from then on. */
function endOf(schedule: Schedule, users: Users, given: Given): { readonly end: Instant; readonly next: Given } {
  let next = given;
  let { end } = given;
  for (let looks = 0; looks < MOST_LOOKS && end !== Infinity; looks += 1) {
    next = givenAt(schedule, users, end);
    if (!isSameShift(given, next)) break;
    end = next.end;
  }
  return { end, next };
}

/** The start of the shift or gap that `given` belongs to. */
function startOf(schedule: Schedule, users: Users, given: Given): Instant {
  let { start } = given;
  for (let looks = 0; looks < MOST_LOOKS && start !== -Infinity; looks += 1) {
    const before = givenAt(schedule, users, start - 1);
    if (!isSameShift(given, before)) break;
    start = before.start;
  }
  return start;
}

/** The id of the user on call at `at`; undefined where nobody is. Throws RangeError for a zone or time that is not valid. */
export const onCallAt = (schedule: Schedule, users: Users, at: Instant): string | undefined =>
  givenAt(schedule, users, at).user ?? undefined;

/**
 * The next instant strictly after `after` at which who is on call may change: the end of the shift or gap of then.
 * Undefined where nothing comes. It may come early, at no change, after many years of turns of users who are away.
 */
export function nextHandOff(schedule: Schedule, users: Users, after: Instant): Instant | undefined {
  const { end } = endOf(schedule, users, givenAt(schedule, users, after));
  return end === Infinity ? undefined : end;
}

/** The shift or gap that `at` is in. Throws as `onCallAt` does. */
export function shiftAt(schedule: Schedule, users: Users, at: Instant): Shift {
  const given = givenAt(schedule, users, at);
  const { user, layer } = given;
  return { user, layer, start: startOf(schedule, users, given), end: endOf(schedule, users, given).end };
}

/** The shifts and gaps that `[from, to)` touches, in order and without overlap, the first and last whole. Throws as `onCallAt` does. */
export function shifts(schedule: Schedule, users: Users, from: Instant, to: Instant): readonly Shift[] {
  let given = givenAt(schedule, users, from);
  let start = startOf(schedule, users, given);
  const all: Shift[] = [];
  do {
    const { user, layer } = given;
    const { end, next } = endOf(schedule, users, given);
    const last = all.at(-1);
    // A gap of very many looks came in parts.
    if (user === null && last?.user === null) all.splice(-1, 1, { ...last, end });
    else all.push({ user, layer, start, end });
    given = next;
    start = end;
  } while (start < to);
  return all;
}
