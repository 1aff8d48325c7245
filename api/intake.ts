/** Events into Temporal: each is placed, which says its workflow id, and delivered there (design §2.3). */
import type { Client } from '@temporalio/client';
import type { Configuration } from '../domain/configuration.ts';
import { incidentKeyOf } from '../domain/event.ts';
import { incidentWorkflowId } from '../domain/identity.ts';
import type { MaintenanceWindow } from '../domain/maintenance.ts';
import { type Outcome, type Placed, IGNORED, delivery } from './delivering.ts';
import { executions } from './executions.ts';
import { sha256Hex } from './hashes.ts';
import type { IncomingEvent, Intake } from './ports.ts';
import { asUnavailable } from './temporalErrors.ts';

interface TemporalIntake {
  readonly client: Client;
  readonly configuration: () => Configuration;
  /** The maintenance windows as they are now; none where absent. */
  readonly windows?: () => readonly MaintenanceWindow[];
}

export function temporalIntake({ client, configuration, windows = () => [] }: TemporalIntake): Intake {
  const deliver = delivery({ executions: executions(client), configuration, windows });

  async function take(incoming: IncomingEvent): Promise<Outcome> {
    const delivered = await deliver(underItsOwnKey(incoming));
    return delivered === 'gone' ? IGNORED : delivered;
  }

  return {
    async accept(events) {
      const taken = events.map(async (incoming) => {
        const { dedupKey } = incoming.event;
        return { dedupKey, ...(await take(incoming)) };
      });
      // All of them are waited for, and then one failure is everybody's (lifecycle §2.9).
      for (const result of await Promise.allSettled(taken)) {
        if (result.status === 'rejected') throw asUnavailable(result.reason);
      }
      return Promise.all(taken);
    },
  };
}

/** By its integration and dedup key, or the group that its source puts it into. */
function underItsOwnKey(incoming: IncomingEvent): Placed {
  const { integration, event } = incoming;
  const workflowId = incidentWorkflowId(integration.id, sha256Hex(incidentKeyOf(event)).slice(0, 32));
  return { ...incoming, workflowId, owner: integration.id, opens: 'asked' };
}
