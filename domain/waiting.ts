/**
 * Events that wait for the next incident of their key, made to fit beside what a run takes along: Temporal refuses more
 * than 2 MiB, and an incident that cannot continue as new is stuck with all that was accepted for it (lifecycle §2.9, §2.10).
 */
import { carryAll, ROOM } from './carrying.ts';
import { compacted, isTrigger, sizeOf } from './compacting.ts';
import type { Instant } from './duration.ts';
import type { Arrival } from './event.ts';
import type { IncidentState } from './incident.ts';

/** Bytes of JSON of a run's whole input: 2 MiB, with room for what else is in it. */
const INPUT_ROOM = 2 * 1_024 * 1_024 - 32 * 1_024;
/** Bytes that waiting events may have before timelines are shortened for them no more. */
const WAITING_ROOM = 1_024 * 1_024;

/** `carryAll`, and the events that wait beside it. */
export function carryWith(
  waiting: readonly Arrival[],
  states: readonly IncidentState[],
  now: Instant,
): ReturnType<typeof carryAll> & { readonly arrivals: readonly Arrival[] } {
  const wanted = sizeOf(fittingArrivals(waiting, WAITING_ROOM));
  const { carried, leftBehind } = carryAll(states, now, Math.min(ROOM, INPUT_ROOM - wanted));
  return { carried, leftBehind, arrivals: fittingArrivals(waiting, INPUT_ROOM - sizeOf(carried)) };
}

/**
 * The events from the first trigger on, which opens the incident and stays whole, in at most `room` bytes, by giving up as
 * little as does: what the others say beside their summary; which triggers of an alert came one by one; every change of an
 * alert but the last; and then alerts of a group, which are said to be left out.
 */
export function fittingArrivals(arrivals: readonly Arrival[], room: number): readonly Arrival[] {
  const [first, ...rest] = arrivals.slice(Math.max(0, arrivals.findIndex(isTrigger)));
  if (first === undefined || sizeOf(arrivals) <= room) return arrivals;
  const left = room - sizeOf([first]);
  const shorter = compacted(rest, left);
  return sizeOf(shorter) <= left ? [first, ...shorter] : cutOff(first, shorter, left);
}

function cutOff(first: Arrival, arrivals: readonly Arrival[], room: number): readonly Arrival[] {
  const kept: Arrival[] = [];
  let left = room;
  for (const arrival of arrivals) {
    left -= sizeOf([arrival]);
    if (left < 0) break;
    kept.push(arrival);
  }
  const leftOut = (first.event.leftOut ?? 0) + arrivals.length - kept.length;
  return [{ ...first, event: { ...first.event, leftOut } }, ...kept];
}
