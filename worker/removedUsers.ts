/** Acknowledged incidents that nobody holds any more, because all who did are gone from the configuration (lifecycle §3). */
import type { Client } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { SOURCE } from '../domain/acknowledging.ts';
import type { Configuration } from '../domain/configuration.ts';
import { tellIncidents } from './tellIncidents.ts';

/** Milliseconds by which visibility lags, and by which other processes may be later in reading the configuration. */
const LAG = 3_000;

export interface RemovedUsers {
  /** Looks for them, a few seconds from now. What fails is logged: the next reload or start looks again. */
  look(): void;
  stop(): Promise<void>;
}

/** To be asked to look at the start of a worker, and after each reload of its configuration. */
export function lookForRemovedUsers(client: Client, configuration: () => Configuration, log: Logger): RemovedUsers {
  const stopping = new AbortController();
  const { signal } = stopping;
  let looking = Promise.resolve();
  const look = async (): Promise<void> => {
    try {
      await sleep(LAG, undefined, { signal });
      const told = await tellOfRemovedUsers(client, configuration());
      if (told > 0) log.warn({ told }, `${told} acknowledged incidents were held only by users who are gone`);
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'incidents whose users are gone could not be looked for');
    }
  };
  return {
    look: () => void (looking = look()),
    async stop() {
      stopping.abort();
      await looking;
    },
  };
}

/**
 * Tells each of them, and resolves to how many there were. Several workers may do it at once: told twice, an incident has
 * nothing more to do. What visibility shows lags by a second or two, so what was acknowledged just before may be missed.
 * Throws what Temporal answers.
 */
export const tellOfRemovedUsers = (client: Client, { users }: Pick<Configuration, 'users'>): Promise<number> =>
  tellIncidents(client, "IncidentStatus = 'acknowledged'", (view) => {
    const ackers = (view?.acknowledgements ?? []).map(({ user }) => user).filter((user) => user !== SOURCE);
    if (view === undefined || ackers.length === 0 || ackers.some((user) => users.has(user))) return null;
    return { kind: 'usersRemoved', users: ackers, id: view.id };
  });
