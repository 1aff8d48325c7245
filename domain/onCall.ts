/** Who is on call at an instant: the one answer that paging, preview, simulation and UI use (lifecycle §10). */
import type { Layer, Schedule } from './configuration.ts';
import type { Instant } from './duration.ts';
import { DAY, instantOf, localTimeAt, parseLocalTime } from './time.ts';
import type { LocalTime } from './time.ts';

/** One person's stretch on call: `[start, end)`. It ends at the schedule's next hand-off, even when that is to the same user. */
export interface Shift {
  readonly user: string;
  readonly start: Instant;
  readonly end: Instant;
}

interface Turn {
  readonly user: string;
  readonly number: number;
  readonly start: Instant;
}

const DAYS = { hour: 1 / 24, day: 1, week: 7, month: 30 } as const;

/** Hand-off `number` of a layer, from 0: the same wall-clock time every `every` units. */
function handOff(layer: Layer, number: number, zone: string): Instant {
  return instantOf((startOf(layer) + number * periodOf(layer)) as LocalTime, zone);
}

function startOf(layer: Layer): LocalTime {
  const start = parseLocalTime(layer.start);
  if (start === undefined) throw new RangeError(`the start of a layer, ${layer.start}, is not a local date and time`);
  return start;
}

const periodOf = (layer: Layer): number => layer.rotate.every * DAYS[layer.rotate.unit] * DAY;

/** The turn that runs at `at`, by the calendar and without a walk; undefined before the layer begins. */
function turnAt(layer: Layer, at: Instant, zone: string): Turn | undefined {
  const sinceStart = localTimeAt(at, zone) - startOf(layer);
  let number = Math.max(-1, Math.floor(sinceStart / periodOf(layer)));
  // In the second pass of a doubled hour the wall clock shows a time before a hand-off that has already taken place.
  // Hand-offs that a gap puts at one instant need nothing: the clock is past all of them, so the last one counts.
  if (handOff(layer, number + 1, zone) <= at) number += 1;
  const user = number < 0 ? undefined : layer.users[number % layer.users.length];
  return user === undefined ? undefined : { user, number, start: handOff(layer, number, zone) };
}

/** The last layer that has begun, for it covers the ones before; and its turn. */
function covering(schedule: Schedule, at: Instant): { index: number; turn: Turn } | undefined {
  for (let index = schedule.layers.length - 1; index >= 0; index -= 1) {
    const layer = schedule.layers[index];
    const turn = layer && turnAt(layer, at, schedule.timezone);
    if (turn !== undefined) return { index, turn };
  }
  return undefined;
}

/**
 * The next instant strictly after `after` at which a shift begins: the covering layer's next hand-off, or the beginning
 * of a layer above it. Undefined where the schedule has no layers.
 */
export function nextHandOff(schedule: Schedule, after: Instant): Instant | undefined {
  const now = covering(schedule, after);
  const starts = schedule.layers.flatMap((layer, index) => {
    if (layer.users.length === 0 || index < (now?.index ?? 0)) return [];
    return [handOff(layer, index === now?.index ? now.turn.number + 1 : 0, schedule.timezone)];
  });
  return starts.length === 0 ? undefined : Math.min(...starts);
}

/** The shift that runs at `at`; undefined where nobody is on call. Throws RangeError for a zone or start that is not valid. */
export function shiftAt(schedule: Schedule, at: Instant): Shift | undefined {
  const turn = covering(schedule, at)?.turn;
  const end = nextHandOff(schedule, at);
  return turn === undefined || end === undefined ? undefined : { user: turn.user, start: turn.start, end };
}

/** The id of the user on call at `at`; undefined where nobody is. Throws as `shiftAt` does. */
export function onCallAt(schedule: Schedule, at: Instant): string | undefined {
  return covering(schedule, at)?.turn.user;
}
