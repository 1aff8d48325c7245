/** What a worker does a few seconds after its start, and after each reload of its configuration. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

/** Milliseconds by which visibility lags, and by which other processes may be later in reading the configuration. */
const LAG = 3_000;

export interface Looking {
  /** A few seconds from now. What fails is logged: the next reload or start does it again. */
  look(): void;
  stop(): Promise<void>;
}

/** `failed`: what is logged where it throws. */
export function looking(act: () => Promise<void>, log: Logger, failed: string): Looking {
  const stopping = new AbortController();
  const { signal } = stopping;
  let acting = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      await sleep(LAG, undefined, { signal });
      await act();
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, failed);
    }
  };
  return {
    look: () => void (acting = look()),
    async stop() {
      stopping.abort();
      await acting;
    },
  };
}
