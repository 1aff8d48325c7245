/** The executions of incidents' keys in Temporal: what there is of one, and what came of telling it something. */
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Arrival } from '../domain/event.ts';
import { incidentIdOf } from '../domain/identity.ts';
import type { IncidentView } from '../domain/view.ts';
import { INCIDENT_WORKFLOW, eventsSignal } from '../workflows/messages.ts';
import { BoundedMap } from './boundedMap.ts';
import { type Start, startOptions } from './startOptions.ts';
import { bounded, isNotFound } from './temporalErrors.ts';

/** Milliseconds for one call to Temporal. */
const DEADLINE = 4_000;
const MAX_KNOWN = 20_000;
/** Milliseconds for which a key's incident is believed without asking again: one that was resolved may have a next one. */
const KNOWN_FOR = 5_000;

/** The execution of a key as it is now. */
interface Latest {
  readonly open: boolean;
  /** The incident it is about; undefined where its last one is resolved for good, and the next one has no id yet. */
  readonly incident: string | undefined;
}

/** All throw what the SDK throws where Temporal does not answer. */
export interface Executions {
  /** Undefined where none of that key is kept. */
  latest(workflowId: string): Promise<Latest | undefined>;
  /** False where no execution of that key is open. */
  signal(workflowId: string, arrivals: readonly Arrival[]): Promise<boolean>;
  /** The incident's id; undefined where an execution of that key is open already. */
  start(start: Start): Promise<string | undefined>;
  /** Whether it was open the last time that somebody looked. */
  isKnown(workflowId: string): boolean;
  know(workflowId: string, incident: string | undefined): void;
  forget(workflowId: string): void;
  /** The incident that an open execution is about, also as it was seconds ago; undefined where that cannot be learnt. */
  incidentOf(workflowId: string): Promise<string | undefined>;
}

export function executions(client: Client): Executions {
  const known = new BoundedMap<string, { readonly incident: string | undefined; readonly until: number }>(MAX_KNOWN);
  const know = (workflowId: string, incident: string | undefined): void =>
    known.set(workflowId, { incident, until: Date.now() + KNOWN_FOR });

  async function latest(workflowId: string): Promise<Latest | undefined> {
    try {
      const description = await bounded(client, DEADLINE, () => client.workflow.getHandle(workflowId).describe());
      const view = description.memo?.['incident'] as IncidentView | undefined;
      const open = description.closeTime === undefined;
      const until = description.memo?.['reopenableUntil'] as string | undefined;
      const reopens = until !== undefined && Date.parse(until) > Date.now();
      // Where it was merged, its events go there.
      if (open && view?.status === 'resolved' && !reopens) return { open, incident: view.mergedInto ?? undefined };
      // A run whose first task is still to come has no incident in its memo yet, and begins the one it will have.
      return { open, incident: view?.id ?? incidentIdOf(workflowId, description.runId) };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  return {
    latest,
    know,
    isKnown: (workflowId) => known.get(workflowId) !== undefined,
    forget: (workflowId) => known.delete(workflowId),
    async signal(workflowId, arrivals) {
      try {
        await bounded(client, DEADLINE, () => client.workflow.getHandle(workflowId).signal(eventsSignal, arrivals));
        return true;
      } catch (error) {
        if (!isNotFound(error)) throw error;
        known.delete(workflowId);
        return false;
      }
    },
    async start(start) {
      const { workflowId } = start;
      try {
        const options = startOptions(start);
        const handle = await bounded(client, DEADLINE, () => client.workflow.start(INCIDENT_WORKFLOW, options));
        const incident = incidentIdOf(workflowId, handle.firstExecutionRunId);
        know(workflowId, incident);
        return incident;
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
        throw error;
      }
    },
    async incidentOf(workflowId) {
      const believed = known.get(workflowId);
      if (believed !== undefined && believed.until > Date.now()) return believed.incident;
      // The event is safe already, so not knowing it is no failure.
      const found = await latest(workflowId).catch(() => undefined);
      know(workflowId, found?.incident);
      return found?.incident;
    },
  };
}
