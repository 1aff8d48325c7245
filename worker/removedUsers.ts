/** Acknowledged incidents that nobody holds any more, because all who did are gone from the configuration (lifecycle §3). */
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { SOURCE } from '../domain/acknowledging.ts';
import type { Configuration } from '../domain/configuration.ts';
import { type Looking, looking } from './looking.ts';
import { tellIncidents } from './tellIncidents.ts';

/** To be asked to look at the start of a worker, and after each reload of its configuration. */
export const lookForRemovedUsers = (client: Client, configuration: () => Configuration, log: Logger): Looking =>
  looking(
    async () => {
      const told = await tellOfRemovedUsers(client, configuration());
      if (told > 0) log.warn({ told }, `${told} acknowledged incidents were held only by users who are gone`);
    },
    log,
    'incidents whose users are gone could not be looked for',
  );

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
