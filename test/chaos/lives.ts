/** What happens to incidents in a chaos run, drawn from a seed. */

export interface Life {
  readonly dedupKey: string;
  /** With the start of which worker it begins, from 0, and how many milliseconds after it. */
  readonly worker: number;
  readonly startsAfter: number;
  /** Further triggers of the same key. */
  readonly again: number;
  /** Milliseconds after the alert; null: nobody acks. */
  readonly ackAfter: number | null;
  /** What it comes to before it is resolved, however long the kills put it off; null: it is soon over. */
  readonly outlasts: 'level' | 'ack' | null;
  /** Milliseconds after that, or after the ack. */
  readonly resolveAfter: number;
  readonly resolvedBy: 'person' | 'source';
}

/** Mulberry32: 0 to 1, the same for the same seed. */
export function randomness(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const OUTLASTS = ['level', 'ack', null] as const;

/** Over the whole run of `workers`: of three, one escalates, one outlasts its ack, and one is soon over. */
export const lives = (count: number, workers: number, random: () => number): readonly Life[] =>
  Array.from({ length: count }, (_, index) => ({
    dedupKey: `life-${index}`,
    worker: Math.floor((index * workers) / count),
    startsAfter: random() * 1_000,
    again: Math.floor(random() * 3),
    ackAfter: index % 3 === 0 ? null : random() * 3_000,
    outlasts: OUTLASTS[index % 3] ?? null,
    resolveAfter: random() * 3_000,
    resolvedBy: random() < 0.5 ? 'person' : 'source',
  }));
