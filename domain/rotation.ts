/** Whose turn it is in a layer, by the calendar and without a walk from its start (lifecycle §10; docs/adr/0003). */
import type { Layer } from './configuration.ts';
import type { Instant } from './duration.ts';
import type { Interval } from './interval.ts';
import { DAY, addMonths, instantOf, localTimeAt, monthsBetween, parseLocalTime } from './time.ts';
import type { LocalTime } from './time.ts';

/** One user's turn. Turns are counted on the wall clock from 0, those that a gap in it leaves no time included. */
export interface Turn extends Interval {
  readonly user: string;
  readonly number: number;
}

const LENGTHS = { hour: DAY / 24, day: DAY, week: 7 * DAY } as const;

/** A layer whose start is read. */
interface Rotation extends Pick<Layer, 'rotate'> {
  readonly start: LocalTime;
}

/** The turn that runs at `at`, or the instant at which the first one begins. Throws RangeError for a start or zone that is not valid. */
export function turnAt(written: Layer, at: Instant, zone: string): Turn | { readonly begins: Instant } {
  const layer = { rotate: written.rotate, start: startOf(written) };
  let number = Math.max(-1, lastShown(layer, localTimeAt(at, zone)));
  // In the second pass of a doubled hour the wall clock shows times before hand-offs that have already taken place.
  // Hand-offs that a gap puts at one instant need nothing: the clock is past all of them, so the last one counts.
  while (handOff(layer, number + 1, zone) <= at) number += 1;
  const user = written.users[number % written.users.length];
  if (number < 0 || user === undefined) return { begins: number < 0 ? handOff(layer, 0, zone) : Infinity };
  return { user, number, start: handOff(layer, number, zone), end: handOff(layer, number + 1, zone) };
}

/** Hand-off `number` of a layer, from 0: every `every` units of the wall clock. */
const handOff = (layer: Rotation, number: number, zone: string): Instant => instantOf(shown(layer, number), zone);

function shown({ start, rotate: { every, unit } }: Rotation, number: number): LocalTime {
  if (unit === 'month') return addMonths(start, number * every);
  return (start + number * every * LENGTHS[unit]) as LocalTime;
}

/** The last hand-off that a clock which shows `now` has shown, were it never set. */
function lastShown(layer: Rotation, now: LocalTime): number {
  const { start, rotate } = layer;
  const { every, unit } = rotate;
  if (unit !== 'month') return Math.floor((now - start) / (every * LENGTHS[unit]));
  const number = Math.floor(monthsBetween(start, now) / every);
  return shown(layer, number) <= now ? number : number - 1;
}

function startOf(layer: Layer): LocalTime {
  const start = parseLocalTime(layer.start);
  if (start === undefined) throw new RangeError(`the start of a layer, ${layer.start}, is not a local date and time`);
  return start;
}
