/**
 * Events into the execution of their key (design §2.3). The workflow id is the dedup: a known-open key is signalled,
 * another one started, each falling over to the other on "not found" or "already started", so any number of API processes
 * may do it at once.
 */
import { type ChangeEvent, changesBefore } from '../domain/changeEvent.ts';
import type { Configuration } from '../domain/configuration.ts';
import { drillConfiguration } from '../domain/drill.ts';
import { TocsinError } from '../domain/errors.ts';
import { type MaintenanceWindow, heldAt } from '../domain/maintenance.ts';
import { incidentKeyOf } from '../domain/event.ts';
import { incidentWorkflowId } from '../domain/identity.ts';
import { openingFor } from '../domain/opening.ts';
import { type Route, type Suppression, suppressionReason } from '../domain/route.ts';
import { decidingRule, route } from '../routing/route.ts';
import { type Alike, type Batch, Coalescer } from './coalescer.ts';
import type { Executions } from './executions.ts';
import { keyHash } from './hashes.ts';
import type { AcceptedEvent, IncomingEvent } from './ports.ts';

/** Started, closed, started by another, closed again: more often than this is not a race. */
const MAX_ROUNDS = 5;

/** An event on its way, and what it may open where no execution of its workflow id is open. */
export interface Placed extends IncomingEvent {
  readonly workflowId: string;
  /** What the workflow id names: an integration, or a service's groups (domain/identity.ts). */
  readonly owner: string;
  /** `asked`: where routing sends it then; null: nothing, for its alert was in the incident that is gone. */
  readonly opens: 'asked' | Route | null;
  /** Why it is not in its service's group, to be said in the timeline of what it opens. */
  readonly ungrouped?: string;
}

export type Outcome = Omit<AcceptedEvent, 'dedupKey'>;

/** `gone`: nothing is open there, and this event opens nothing there. */
export type Delivered = Outcome | 'gone';

/** What came of arrivals for a key with no open incident: which of them opened one, if any, and which were suppressed. */
interface Opened {
  readonly place: number;
  /** Undefined where none opened one. */
  readonly incident: string | undefined;
  readonly suppressions: ReadonlyMap<number, Suppression>;
}

interface Delivery {
  readonly executions: Executions;
  readonly configuration: () => Configuration;
  /** The maintenance windows as they are now. */
  readonly windows: () => readonly MaintenanceWindow[];
  /** The latest change events. */
  readonly changes: () => readonly ChangeEvent[];
}

/** Resolves once the event is persisted; what comes for one key meanwhile goes together in the next call. */
export function delivery({
  executions,
  configuration,
  windows,
  changes,
}: Delivery): (placed: Placed) => Promise<Delivered> {
  const ruleOf = ({ integration, event, opens }: Placed): number | null | undefined =>
    opens === 'asked' ? decidingRule(configuration(), integration, event) : opens?.rule;
  const alike: Alike<Placed> = (earlier, later) => ruleOf(earlier) === ruleOf(later);
  const coalescer = new Coalescer<Placed, Delivered>(commit, alike);

  function presentFor({ integration, onlyUser }: Placed): Configuration {
    const present = configuration();
    if (onlyUser === undefined || integration.service === null) return present;
    return drillConfiguration(present, integration.service, onlyUser);
  }

  function routeOf(
    present: Configuration,
    { integration, event, opens, ungrouped }: Placed,
  ): Route | Suppression | null {
    if (opens !== 'asked') return opens;
    const routed = route(present, integration, event);
    const grouping = 'suppressed' in routed ? null : present.services.get(routed.service)?.grouping;
    if (!grouping || ungrouped === undefined) return routed;
    return { ...routed, remarks: [...routed.remarks, ungrouped] };
  }

  /** Routes each trigger until one opens; undefined where an incident is open already. */
  async function start(workflowId: string, { arrivals, items }: Batch<Placed>): Promise<Opened | undefined> {
    const before = await executions.latest(workflowId);
    if (before?.open === true) {
      executions.know(workflowId, before.incident);
      return undefined;
    }
    const suppressions = new Map<number, Suppression>();
    for (const [place, first] of arrivals.entries()) {
      const item = items[place];
      if (item === undefined || first.event.action !== 'trigger') continue;
      const present = presentFor(item);
      const routed = routeOf(present, item);
      if (routed === null) continue;
      if ('suppressed' in routed) {
        suppressions.set(place, routed);
        continue;
      }
      const now = Date.now();
      const { service } = routed;
      const held = heldAt(windows(), service, now);
      const { urgency = routed.urgency, priority = routed.priority, policy, users } = item.openedAs ?? {};
      const opening = openingFor(present, { ...routed, urgency, priority }, now, {
        held,
        changes: changesBefore(changes(), service, now),
        ...(policy !== undefined && { policy }),
        ...(users !== undefined && { users }),
      });
      const opened = { opening, arrivals: [first, ...arrivals.slice(place + 1)] as const };
      const previous = before?.incident ?? null;
      const incident = await executions.start({ workflowId, owner: item.owner, ...opened, previous });
      return incident === undefined ? undefined : { place, incident, suppressions };
    }
    return { place: arrivals.length, incident: undefined, suppressions };
  }

  async function commit(workflowId: string, batch: Batch<Placed>): Promise<readonly Delivered[]> {
    const { arrivals, items, places } = batch;
    const opens = items.some(({ event, opens }) => event.action === 'trigger' && opens !== null);
    const left = (place: number): Delivered => (items[place]?.opens === null ? 'gone' : IGNORED);
    let unknown = opens && !executions.isKnown(workflowId);
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (!unknown && (await executions.signal(workflowId, arrivals))) {
        const incident = await executions.incidentOf(workflowId);
        if (arrivals.some(({ event }) => event.action === 'resolve')) executions.forget(workflowId);
        return places.map(() => accepted(incident, false));
      }
      if (!opens) return places.map(left);
      const started = await start(workflowId, batch);
      if (started === undefined) {
        unknown = false;
        continue;
      }
      const opening = places.indexOf(started.place);
      return places.map((place, index) => {
        if (place >= started.place) return accepted(started.incident, index === opening);
        const suppression = started.suppressions.get(place);
        return suppression === undefined ? left(place) : suppressed(suppression);
      });
    }
    throw new TocsinError(
      'TEMPORAL_UNAVAILABLE',
      'the incident opened and closed while the event came in; send it again',
    );
  }

  return (placed) => coalescer.add(placed.workflowId, placed);
}

/** By its integration and dedup key, or the group that its source puts it into. */
export function underItsOwnKey(incoming: IncomingEvent): Placed {
  const { integration, event } = incoming;
  const workflowId = incidentWorkflowId(integration.id, keyHash(incidentKeyOf(event)));
  return { ...incoming, workflowId, owner: integration.id, opens: 'asked' };
}

/** No incident is open for it, and it opens none. */
export const IGNORED: Outcome = { outcome: 'ignored', opened: false, reason: 'noOpenIncident' };

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
