/**
 * One call at a time a key; what arrives meanwhile goes together in the next (lifecycle §2.10). A storm of 200 events on
 * one key is then about two calls, each event counted, each change of state in order.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Arrival, type SourceEvent, mayMerge } from '../domain/event.ts';
import { IDS_REMEMBERED } from '../domain/evolve.ts';
import { BoundedMap } from './boundedMap.ts';
import type { IncomingEvent } from './ports.ts';
import { isUnavailable } from './temporalErrors.ts';

/** Arrivals of one call: no more than the incident remembers, so that a call delivered twice is counted once. */
const MAX_ARRIVALS = IDS_REMEMBERED;
/** Bytes of a call's events as JSON: below the 2 MiB that Temporal takes in one payload, with room for what else a start holds. */
const MAX_BYTES = 1_400_000;
/** A storm on one key is at most this many calls a second, so that its incident's history stays short (design §2.4). */
const CALLS_A_SECOND = 4;
/** Events in that many calls that make it a storm: a client that sends one after another is never held back. */
const STORM = 40;
const MAX_KEYS = 1_000;

interface Waiting<Item, R> {
  readonly item: Item;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** What one call commits, with the events that were merged into each arrival. */
export interface Batch<Item extends IncomingEvent = IncomingEvent> {
  readonly arrivals: readonly Arrival[];
  /** For each arrival the latest of them. */
  readonly items: readonly Item[];
  /** For each event handed in, in order, the place of its arrival. */
  readonly places: readonly number[];
}

/** Whether two events of one key open the same, so that the later may stand for both. */
export type Alike<Item extends IncomingEvent = IncomingEvent> = (earlier: Item, later: Item) => boolean;

const bytesOf = (event: SourceEvent): number => Buffer.byteLength(JSON.stringify(event), 'utf8');

/** Merges what may be merged, in order; takes events until the arrivals are full, and at least one. */
function batchOf<Item extends IncomingEvent>(incoming: readonly Item[], alike: Alike<Item>): Batch<Item> {
  const arrivals: Arrival[] = [];
  const items: Item[] = [];
  const places: number[] = [];
  let room = MAX_BYTES;
  for (const [index, one] of incoming.entries()) {
    const { event } = one;
    const last = arrivals.at(-1);
    const before = incoming[index - 1];
    room -= bytesOf(event);
    if (last !== undefined && before !== undefined && mayMerge(last.event, event) && alike(before, one)) {
      room += bytesOf(last.event);
      arrivals[arrivals.length - 1] = { id: last.id, count: last.count + 1, event };
      items[items.length - 1] = one;
    } else {
      if (arrivals.length === MAX_ARRIVALS || (room < 0 && last !== undefined)) break;
      arrivals.push({ id: randomUUID(), count: 1, event });
      items.push(one);
    }
    places.push(arrivals.length - 1);
  }
  return { arrivals, items, places };
}

interface Call {
  readonly at: number;
  readonly events: number;
}

/** Milliseconds that a storm is held back for, so that its events go together. */
function untilNextCall(calls: readonly Call[]): number {
  const [first] = calls;
  const events = calls.reduce((sum, call) => sum + call.events, 0);
  if (first === undefined || calls.length < CALLS_A_SECOND || events < STORM) return 0;
  return Math.max(0, first.at + 1_000 - Date.now());
}

/** Persists a batch of one key, and returns a result for each of its events, in order. */
export type Commit<Item extends IncomingEvent, R> = (key: string, batch: Batch<Item>) => Promise<readonly R[]>;

export class Coalescer<Item extends IncomingEvent, R> {
  readonly #waiting = new Map<string, Waiting<Item, R>[]>();
  readonly #commit: Commit<Item, R>;
  readonly #alike: Alike<Item>;
  /** The latest calls of a key, at most `CALLS_A_SECOND`. */
  readonly #calls = new BoundedMap<string, readonly Call[]>(MAX_KEYS);

  constructor(commit: Commit<Item, R>, alike: Alike<Item>) {
    this.#commit = commit;
    this.#alike = alike;
  }

  /** Resolves or rejects with what came of the call that this event went in. */
  add(key: string, item: Item): Promise<R> {
    return new Promise((resolve, reject) => {
      const waiting = { item, resolve, reject };
      const queue = this.#waiting.get(key);
      if (queue !== undefined) queue.push(waiting);
      else {
        this.#waiting.set(key, [waiting]);
        void this.#drain(key);
      }
    });
  }

  async #drain(key: string): Promise<void> {
    // Events of one request are added in one go: they are waited for, so that they go in one call.
    await Promise.resolve();
    for (;;) {
      const queue = this.#waiting.get(key) ?? [];
      if (queue.length === 0) break;
      const calls = this.#calls.get(key) ?? [];
      await sleep(untilNextCall(calls));
      // All of them, until it is known which go in this call: whatever fails is answered, and nobody waits for ever.
      let taken = queue;
      try {
        const batch = batchOf(
          queue.map(({ item }) => item),
          this.#alike,
        );
        taken = queue.splice(0, batch.places.length);
        this.#calls.set(key, [...calls, { at: Date.now(), events: taken.length }].slice(-CALLS_A_SECOND));
        const results = await this.#commit(key, batch);
        taken.forEach(({ resolve }, index) => resolve(results[index] as R));
      } catch (error) {
        // With Temporal away, those behind them would each wait for as long, and their senders send them again meanwhile.
        const failed = isUnavailable(error) ? [...taken.splice(0), ...queue.splice(0)] : taken.splice(0);
        failed.forEach(({ reject }) => reject(error));
      }
    }
    this.#waiting.delete(key);
  }
}
