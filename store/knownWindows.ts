/**
 * The maintenance windows as this process knows them: read again every few seconds, so that no event waits for the store.
 * While it is away those stay that were known last.
 */
import type { MaintenanceWindow } from '../domain/maintenance.ts';
import { answeredWithin } from './patience.ts';
import type { Store } from './store.ts';

export interface KnownWindows {
  /** None before they were first read. */
  present(): readonly MaintenanceWindow[];
  /** Reads them now; false where the store does not answer within two seconds. Throws nothing. */
  read(): Promise<boolean>;
  /** Reads no more. */
  stop(): void;
}

/** Where nobody says which there are. */
export const NO_WINDOWS: KnownWindows = { present: () => [], read: async () => false, stop: () => undefined };

/** Milliseconds. */
const READ_EVERY = 3_000;
const ANSWER_WITHIN = 2_000;

export function knownWindows(store: Store, every = READ_EVERY): KnownWindows {
  let known: readonly MaintenanceWindow[] = [];
  let asked = 0;
  let answered = 0;

  const read = async (): Promise<boolean> => {
    if (store.absent) return false;
    const number = ++asked;
    const found = await answeredWithin(ANSWER_WITHIN, store.windows(Date.now()));
    if (found === undefined) return false;
    // Of two readings the one that was begun later counts.
    if (number > answered) {
      answered = number;
      known = found;
    }
    return true;
  };
  const timer = store.absent ? undefined : setInterval(() => void read(), every).unref();
  return { present: () => known, read, stop: () => clearInterval(timer) };
}
