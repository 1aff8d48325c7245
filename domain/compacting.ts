/** Events that wait, told in short where they are too many: by giving up as little as does. */
import type { Arrival, SourceEvent } from './event.ts';
import { mayMerge } from './event.ts';
import { bytesOf } from './text.ts';

/**
 * Events in at most `room` bytes of JSON, by giving up, in this order: what they say beside their summary; which triggers of
 * an alert came one by one; every change of an alert but the last. More than `room` where even that is.
 */
export function compacted(arrivals: readonly Arrival[], room: number): readonly Arrival[] {
  if (sizeOf(arrivals) <= room) return arrivals;
  const light = arrivals.map(lightened);
  const shorter = [light, together(light)].find((each) => sizeOf(each) <= room);
  return shorter ?? latest(light);
}

export const isTrigger = ({ event }: Arrival): boolean => event.action === 'trigger';

export const sizeOf = (value: readonly unknown[]): number => bytesOf(JSON.stringify(value));

const alertIn = ({ integration, dedupKey }: SourceEvent): string => JSON.stringify([integration, dedupKey]);

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
