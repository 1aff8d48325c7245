/**
 * Of things of one key that come together only the last one counts: it goes for all of them. The first goes at once; while it
 * is on its way, and `gap` milliseconds after that, what comes is held back and goes together. All who wait get its answer.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export function oneAtATime<Thing, Answer>(
  go: (key: string, thing: Thing) => Promise<Answer>,
  gap: number,
): (key: string, thing: Thing) => Promise<Answer> {
  const held = new Map<string, { thing: Thing; readonly gone: Promise<Answer> }>();
  /** Resolve when the next of that key may go. */
  const under = new Map<string, Promise<void>>();

  async function goNext(key: string, next: { thing: Thing }): Promise<Answer> {
    await under.get(key);
    held.delete(key);
    const going = go(key, next.thing);
    const free = going.then(
      () => sleep(gap),
      () => sleep(gap),
    );
    under.set(key, free);
    void free.then(() => under.get(key) === free && under.delete(key));
    return going;
  }

  return (key, thing) => {
    const waiting = held.get(key);
    if (waiting !== undefined) {
      waiting.thing = thing;
      return waiting.gone;
    }
    const next = { thing };
    const gone = goNext(key, next);
    held.set(key, Object.assign(next, { gone }));
    return gone;
  };
}
