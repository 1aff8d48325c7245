/**
 * What a process knows of the store's: read again every few seconds, so that no event waits for the store. While it is away
 * what was known last stays.
 */
import { answeredWithin } from './patience.ts';
import type { Store } from './store.ts';

export interface Known<Item> {
  /** None before they were first read. */
  present(): readonly Item[];
  /** Reads them now; false where the store does not answer within two seconds. Throws nothing. */
  read(): Promise<boolean>;
  /** Reads no more. */
  stop(): void;
}

/** Where nobody says which there are. */
export const NONE_KNOWN: Known<never> = { present: () => [], read: async () => false, stop: () => undefined };

/** Milliseconds. */
const READ_EVERY = 3_000;
const ANSWER_WITHIN = 2_000;

/** `readAll` is asked every `every` milliseconds, where there is a store. */
export function known<Item>(
  { absent }: Pick<Store, 'absent'>,
  readAll: () => Promise<readonly Item[]>,
  every = READ_EVERY,
): Known<Item> {
  let present: readonly Item[] = [];
  let asked = 0;
  let answered = 0;

  const read = async (): Promise<boolean> => {
    if (absent) return false;
    const number = ++asked;
    const found = await answeredWithin(ANSWER_WITHIN, readAll());
    if (found === undefined) return false;
    // Of two readings the one that was begun later counts.
    if (number > answered) {
      answered = number;
      present = found;
    }
    return true;
  };
  const timer = absent ? undefined : setInterval(() => void read(), every).unref();
  return { present: () => present, read, stop: () => clearInterval(timer) };
}
