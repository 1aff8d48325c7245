/** Events into Temporal: each is placed, which says its workflow id, and delivered there (design §2.3). */
import type { Client } from '@temporalio/client';
import type { ChangeEvent } from '../domain/changeEvent.ts';
import type { Configuration } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import type { MaintenanceWindow } from '../domain/maintenance.ts';
import { type Outcome, IGNORED, delivery, underItsOwnKey } from './delivering.ts';
import { executions } from './executions.ts';
import { grouping, mayBeGrouped } from './grouping.ts';
import { idleGroups } from './idleGroups.ts';
import type { IncomingEvent, Intake } from './ports.ts';
import { absentStore } from '../store/absent.ts';
import type { AlertGroup, Store } from '../store/store.ts';
import { asUnavailable } from './temporalErrors.ts';

/** Placed, closed, placed anew, closed again: more often than this is not a race. */
const MAX_ROUNDS = 5;

interface TemporalIntake {
  readonly client: Client;
  /** What knows the groups of alerts; without one none is grouped. */
  readonly store?: Store;
  readonly configuration: () => Configuration;
  /** The maintenance windows as they are now; none where absent. */
  readonly windows?: () => readonly MaintenanceWindow[];
  /** The latest change events; none where absent. */
  readonly changes?: () => readonly ChangeEvent[];
}

export function temporalIntake({
  client,
  store = absentStore('no store was given'),
  configuration,
  windows = () => [],
  changes = () => [],
}: TemporalIntake): Intake {
  const known = executions(client);
  const deliver = delivery({ executions: known, configuration, windows, changes });
  const place = grouping({ executions: known, store, configuration });
  const forgetIdle = idleGroups(store, known);

  async function alone(incoming: IncomingEvent): Promise<Outcome> {
    const delivered = await deliver(underItsOwnKey(incoming));
    return delivered === 'gone' ? IGNORED : delivered;
  }

  async function inItsGroup(incoming: IncomingEvent): Promise<Outcome> {
    let gone: AlertGroup | undefined;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const placed = await place({ ...incoming, gone });
      const delivered = await deliver(placed);
      if (placed.group === null) return delivered === 'gone' ? IGNORED : delivered;
      if (incoming.event.action !== 'trigger') {
        // It may have fired alone, too, while the store was away.
        const besides = await alone(incoming);
        return delivered === 'gone' ? besides : delivered;
      }
      if (delivered !== 'gone') return delivered;
      gone = placed.group;
    }
    throw new TocsinError('TEMPORAL_UNAVAILABLE', 'the group opened and closed while the event came in; send it again');
  }

  return {
    async accept(events) {
      const taken = events.map(async (incoming) => {
        const { dedupKey } = incoming.event;
        if (!mayBeGrouped(configuration(), incoming.integration)) return { dedupKey, ...(await alone(incoming)) };
        forgetIdle();
        return { dedupKey, ...(await inItsGroup(incoming)) };
      });
      // All of them are waited for, and then one failure is everybody's (lifecycle §2.9).
      for (const result of await Promise.allSettled(taken)) {
        if (result.status === 'rejected') throw asUnavailable(result.reason);
      }
      return Promise.all(taken);
    },
  };
}
