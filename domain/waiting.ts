/**
 * Events that wait for the next incident of their key, made to fit beside what a run takes along: Temporal refuses more
 * than 2 MiB, and an incident that cannot continue as new is stuck with all that was accepted for it (lifecycle §2.9, §2.10).
 */
import { carryAll, ROOM } from './carrying.ts';
import type { Instant } from './duration.ts';
import type { Arrival, SourceEvent } from './event.ts';
import { mayMerge } from './event.ts';
import type { IncidentState } from './incident.ts';
import { bytesOf } from './text.ts';

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
  const light = rest.map(lightened);
  for (const shorter of [light, together(light), latest(light)]) {
    if (sizeOf(shorter) <= left) return [first, ...shorter];
  }
  return cutOff(first, latest(light), left);
}

const isTrigger = ({ event }: Arrival): boolean => event.action === 'trigger';

const alertIn = ({ integration, dedupKey }: SourceEvent): string => JSON.stringify([integration, dedupKey]);

const sizeOf = (value: readonly unknown[]): number => bytesOf(JSON.stringify(value));

/** An incident shows details and links of one alert alone. */
function lightened({ event: { details: _details, links: _links, ...event }, ...arrival }: Arrival): Arrival {
  return { ...arrival, event };
}

/** Triggers of one alert are one, as long as nothing but triggers comes between. */
function together(arrivals: readonly Arrival[]): readonly Arrival[] {
  const merged: Arrival[] = [];
  const places = new Map<string, number>();
  for (const arrival of arrivals) {
    const { event, count } = arrival;
    if (!isTrigger(arrival)) places.clear();
    const place = places.get(alertIn(event));
    const earlier = place === undefined ? undefined : merged[place];
    if (place !== undefined && earlier !== undefined && mayMerge(earlier.event, event)) {
      merged[place] = { id: earlier.id, count: earlier.count + count, event };
    } else {
      if (isTrigger(arrival)) places.set(alertIn(event), merged.length);
      merged.push(arrival);
    }
  }
  return merged;
}

/** Each alert as it came last, in that order, with the count of all that was said of it. */
function latest(arrivals: readonly Arrival[]): readonly Arrival[] {
  const byAlert = new Map<string, Arrival>();
  for (const arrival of arrivals) {
    const alert = alertIn(arrival.event);
    const count = arrival.count + (byAlert.get(alert)?.count ?? 0);
    byAlert.delete(alert);
    byAlert.set(alert, { ...arrival, count });
  }
  return [...byAlert.values()];
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
