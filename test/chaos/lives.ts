/** What happens to incidents in a chaos run, drawn from a seed. */

export interface Life {
  readonly dedupKey: string;
  /** Milliseconds, each after the one before. */
  readonly startsAfter: number;
  /** Further triggers of the same key. */
  readonly again: number;
  /** Null: nobody acks. */
  readonly ackAfter: number | null;
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

/** Every third is never acked, and so escalates; of the others some outlast their ack. */
export const lives = (count: number, random: () => number): readonly Life[] =>
  Array.from({ length: count }, (_, index) => ({
    dedupKey: `life-${index}`,
    startsAfter: random() * 35_000,
    again: Math.floor(random() * 3),
    ackAfter: index % 3 === 0 ? null : random() * 3_000,
    resolveAfter: index % 3 === 0 ? 3_000 + random() * 5_000 : random() * 8_000,
    resolvedBy: random() < 0.5 ? 'person' : 'source',
  }));
