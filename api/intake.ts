/**
 * Events into Temporal (design §2.3). The workflow id is the dedup: a known-open key is signalled, another one started,
 * each falling over to the other on "not found" or "already started", so any number of API processes may do it at once.
 */
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Configuration, Integration } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import { type Arrival, incidentKeyOf } from '../domain/event.ts';
import { incidentIdOf, incidentWorkflowId } from '../domain/identity.ts';
import { type MaintenanceWindow, heldAt } from '../domain/maintenance.ts';
import { openingFor } from '../domain/opening.ts';
import { type Suppression, suppressionReason } from '../domain/route.ts';
import type { IncidentView } from '../domain/view.ts';
import { decidingRule, route } from '../routing/route.ts';
import { INCIDENT_WORKFLOW, eventsSignal } from '../workflows/messages.ts';
import { BoundedMap } from './boundedMap.ts';
import { type Batch, Coalescer } from './coalescer.ts';
import { sha256Hex } from './hashes.ts';
import type { AcceptedEvent, IncomingEvent, Intake } from './ports.ts';
import { startOptions } from './startOptions.ts';
import { asUnavailable, bounded, isNotFound } from './temporalErrors.ts';

/** Milliseconds for one call to Temporal. */
const DEADLINE = 4_000;
const MAX_KNOWN = 20_000;
/** Milliseconds for which a key's incident is believed without asking again: one that was resolved may have a next one. */
const KNOWN_FOR = 5_000;
/** Started, closed, started by another, closed again: more often than this is not a race. */
const MAX_ROUNDS = 5;

type Outcome = Omit<AcceptedEvent, 'dedupKey'>;

/** What came of arrivals for a key with no open incident: which of them opened one, if any, and which were suppressed. */
interface Opened {
  readonly place: number;
  /** Undefined where none opened one. */
  readonly incident: string | undefined;
  readonly suppressions: ReadonlyMap<number, Suppression>;
}

/** The execution of a key as it is now. */
interface Latest {
  readonly open: boolean;
  /** The incident it is about; undefined where its last one is resolved and the next one has no id yet. */
  readonly incident: string | undefined;
}

interface TemporalIntake {
  readonly client: Client;
  readonly configuration: () => Configuration;
  /** The maintenance windows as they are now; none where absent. */
  readonly windows?: () => readonly MaintenanceWindow[];
}

export function temporalIntake({ client, configuration, windows = () => [] }: TemporalIntake): Intake {
  const known = new BoundedMap<string, { readonly incident: string | undefined; readonly until: number }>(MAX_KNOWN);
  const coalescer = new Coalescer<Outcome>(commit, (earlier, later) => ruleOf(earlier) === ruleOf(later));
  const ruleOf = ({ integration, event }: IncomingEvent): number | null =>
    decidingRule(configuration(), integration, event);

  const know = (workflowId: string, incident: string | undefined): void =>
    known.set(workflowId, { incident, until: Date.now() + KNOWN_FOR });

  async function latest(workflowId: string): Promise<Latest | undefined> {
    try {
      const description = await bounded(client, DEADLINE, () => client.workflow.getHandle(workflowId).describe());
      const view = description.memo?.['incident'] as IncidentView | undefined;
      const open = description.closeTime === undefined;
      if (open && view?.status === 'resolved') return { open, incident: undefined };
      // A run whose first task is still to come has no incident in its memo yet, and begins the one it will have.
      return { open, incident: view?.id ?? incidentIdOf(workflowId, description.runId) };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** False where no execution of that key is open. */
  async function signal(workflowId: string, arrivals: readonly Arrival[]): Promise<boolean> {
    try {
      await bounded(client, DEADLINE, () => client.workflow.getHandle(workflowId).signal(eventsSignal, arrivals));
      return true;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      known.delete(workflowId);
      return false;
    }
  }

  /** Routes each trigger until one opens; undefined where an incident is open already. */
  async function start(
    workflowId: string,
    integration: Integration,
    arrivals: readonly Arrival[],
  ): Promise<Opened | undefined> {
    const before = await latest(workflowId);
    if (before?.open === true) {
      know(workflowId, before.incident);
      return undefined;
    }
    const present = configuration();
    const suppressions = new Map<number, Suppression>();
    for (const [place, first] of arrivals.entries()) {
      if (first.event.action !== 'trigger') continue;
      const routed = route(present, integration, first.event);
      if ('suppressed' in routed) {
        suppressions.set(place, routed);
        continue;
      }
      const now = Date.now();
      const opening = openingFor(present, routed, now, heldAt(windows(), routed.service, now));
      const opened = { opening, arrivals: [first, ...arrivals.slice(place + 1)] as const };
      const options = startOptions({ workflowId, integration, ...opened, previous: before?.incident ?? null });
      try {
        const handle = await bounded(client, DEADLINE, () => client.workflow.start(INCIDENT_WORKFLOW, options));
        const incident = incidentIdOf(workflowId, handle.firstExecutionRunId);
        know(workflowId, incident);
        return { place, incident, suppressions };
      } catch (error) {
        if (error instanceof WorkflowExecutionAlreadyStartedError) return undefined;
        throw error;
      }
    }
    return { place: arrivals.length, incident: undefined, suppressions };
  }

  /** The incident that a signal went to, for the answer; the event is safe already, so not knowing it is no failure. */
  async function signalled(workflowId: string): Promise<string | undefined> {
    const believed = known.get(workflowId);
    if (believed !== undefined && believed.until > Date.now()) return believed.incident;
    const found = await latest(workflowId).catch(() => undefined);
    know(workflowId, found?.incident);
    return found?.incident;
  }

  async function commit(
    workflowId: string,
    { arrivals, places }: Batch,
    integration: Integration,
  ): Promise<readonly Outcome[]> {
    const triggers = arrivals.some(({ event }) => event.action === 'trigger');
    let unknown = triggers && known.get(workflowId) === undefined;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (!unknown && (await signal(workflowId, arrivals))) {
        const incident = await signalled(workflowId);
        if (arrivals.some(({ event }) => event.action === 'resolve')) known.delete(workflowId);
        return places.map(() => accepted(incident, false));
      }
      if (!triggers) return places.map(() => IGNORED);
      const started = await start(workflowId, integration, arrivals);
      if (started === undefined) {
        unknown = false;
        continue;
      }
      const opening = places.indexOf(started.place);
      return places.map((place, index) => {
        if (place >= started.place) return accepted(started.incident, index === opening);
        const suppression = started.suppressions.get(place);
        return suppression === undefined ? IGNORED : suppressed(suppression);
      });
    }
    throw new TocsinError(
      'TEMPORAL_UNAVAILABLE',
      'the incident opened and closed while the event came in; send it again',
    );
  }

  return {
    async accept(events) {
      const taken = events.map(async (incoming) => {
        const { dedupKey } = incoming.event;
        const key = incidentKeyOf(incoming.event);
        const workflowId = incidentWorkflowId(incoming.integration.id, sha256Hex(key).slice(0, 32));
        return { dedupKey, ...(await coalescer.add(workflowId, incoming)) };
      });
      // All of them are waited for, and then one failure is everybody's (lifecycle §2.9).
      for (const result of await Promise.allSettled(taken)) {
        if (result.status === 'rejected') throw asUnavailable(result.reason);
      }
      return Promise.all(taken);
    },
  };
}

const IGNORED: Outcome = { outcome: 'ignored', opened: false, reason: 'noOpenIncident' };

const suppressed = (suppression: Suppression): Outcome => ({
  outcome: 'suppressed',
  opened: false,
  reason: suppressionReason(suppression),
});

const accepted = (incident: string | undefined, opened: boolean): Outcome => ({
  outcome: 'accepted',
  opened,
  ...(incident !== undefined && { incident }),
});
