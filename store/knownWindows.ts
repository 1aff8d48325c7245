/**
 * The maintenance windows as this process knows them: read again every few seconds, so that no event waits for the store.
 * While it is away those stay that were known last.
 */
import { setTimeout as after } from 'node:timers/promises';
import type { MaintenanceWindow } from '../domain/maintenance.ts';
import type { Store } from './store.ts';

export interface KnownWindows {
  /** None before they were first read. */
  present(): readonly MaintenanceWindow[];
  /** As the store has them now; those known where it does not answer within two seconds. Throws nothing. */
  latest(): Promise<readonly MaintenanceWindow[]>;
  /** Reads no more. */
  stop(): void;
}

/** Milliseconds. */
const READ_EVERY = 3_000;
const ANSWER_WITHIN = 2_000;

export function knownWindows(store: Store, every = READ_EVERY): KnownWindows {
  let known: readonly MaintenanceWindow[] = [];
  let asked = 0;
  let answered = 0;

  /** Of two readings the one that was begun later counts. */
  const read = async (): Promise<void> => {
    const number = ++asked;
    const found = await store.windows(Date.now()).catch(() => undefined);
    if (found === undefined || number < answered) return;
    answered = number;
    known = found;
  };
  const latest = async (): Promise<readonly MaintenanceWindow[]> => {
    if (store.absent) return known;
    const patience = new AbortController();
    const late = after(ANSWER_WITHIN, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([read(), late]);
    patience.abort();
    return known;
  };

  const timer = store.absent ? undefined : setInterval(() => void read(), every).unref();
  return { present: () => known, latest, stop: () => clearInterval(timer) };
}
