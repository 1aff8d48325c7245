/**
 * Where the alerts of services that group go (lifecycle §2.3). Which incident an open alert is in is in the store before
 * its event is delivered, and so before the 202; later events of the alert go by that.
 */
import type { Configuration, Integration } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import type { SourceEvent } from '../domain/event.ts';
import type { Route } from '../domain/route.ts';
import { groupedBy } from '../routing/grouping.ts';
import { route } from '../routing/route.ts';
import type { AlertGroup, AlertName, Joining, Store } from '../store/store.ts';
import { type Placed, underItsOwnKey } from './delivering.ts';
import type { Executions } from './executions.ts';
import { groupIdentity, groupKeyOf } from './groupKey.ts';
import type { IncomingEvent } from './ports.ts';
import { isUnavailable } from './temporalErrors.ts';
import { together } from './together.ts';

/** Events placed at once, in one transaction of the store. */
const MAX_EVENTS = 1_000;
const NO_STORE = 'not grouped: this installation has no store';
const AWAY = 'not grouped: the store cannot be reached';

/** Whether events of an integration may be in a group: its service groups, or one that routing may send them to. Opened by hand they never are. */
export function mayBeGrouped({ services, routing }: Configuration, { source, service }: Integration): boolean {
  if (source === MANUAL) return false;
  const groups = (id: string | null): boolean => id !== null && (services.get(id)?.grouping ?? null) !== null;
  return service === null ? routing.some((rule) => groups(rule.service)) : groups(service);
}

const MANUAL = 'manual';

export interface ToPlace extends IncomingEvent {
  /** Where the alert was, if that incident is closed. */
  readonly gone?: AlertGroup | undefined;
}

export interface PlacedInGroup extends Placed {
  /** Null: under its own key. */
  readonly group: AlertGroup | null;
}

/** Of a new alert: the group that it is to be in, and the route that says so. */
interface Wish {
  readonly joining: Joining;
  readonly route: Route;
}

interface Grouping {
  readonly executions: Executions;
  readonly store: Store;
  readonly configuration: () => Configuration;
}

/** Rejects with STORE_UNAVAILABLE what needs the store while that is away: no trigger. */
export function grouping({ executions, store, configuration }: Grouping): (event: ToPlace) => Promise<PlacedInGroup> {
  async function place(events: readonly ToPlace[]): Promise<readonly (PlacedInGroup | Error)[]> {
    if (store.absent) return events.map((event) => alone(event, NO_STORE));
    try {
      return await placeByStore(events);
    } catch (error) {
      if (!(error instanceof TocsinError) || error.code !== 'STORE_UNAVAILABLE') throw error;
      return events.map((event) => (event.event.action === 'trigger' ? alone(event, AWAY) : cannotTell(event, error)));
    }
  }

  async function placeByStore(events: readonly ToPlace[]): Promise<readonly (PlacedInGroup | Error)[]> {
    const groups = await store.groupsOf(events.map(nameOf), Date.now());
    const known = events.map((event, index) => stillIn(groups[index], event.gone));
    const latest = once((workflowId) => executions.latest(workflowId));
    const joining = await Promise.all(
      events.map(async (event, index) =>
        known[index] === undefined ? toJoin(event, latest).catch(ofItsOwn) : undefined,
      ),
    );
    const wanted = joining.filter((each): each is Wish => each !== undefined && !(each instanceof Error));
    const joined =
      wanted.length === 0
        ? []
        : await store.joinGroups(
            wanted.map(({ joining }) => joining),
            Date.now(),
          );
    const given = new Map(wanted.map((each, index) => [each, joined[index]]));
    /** Those that a trigger among these events has put into a group. */
    const newHere = new Map<string, AlertGroup>();
    return events.map((event, index) => {
      const wish = joining[index];
      if (wish instanceof Error) return wish;
      const alert = JSON.stringify(nameOf(event));
      const group = known[index] ?? (wish && given.get(wish)) ?? newHere.get(alert);
      if (group === undefined) return alone(event);
      newHere.set(alert, group);
      return inGroup(event, group, wish?.route ?? null);
    });
  }

  /** Undefined for what stays alone: no trigger, one of an incident that is open under its own key, and what routing sends elsewhere. */
  async function toJoin(event: ToPlace, latest: Executions['latest']): Promise<Wish | undefined> {
    if (event.event.action !== 'trigger') return undefined;
    const own = await latest(underItsOwnKey(event).workflowId);
    if (own?.open === true && own.incident !== undefined) return undefined;
    const present = configuration();
    const routed = route(present, event.integration, event.event);
    const service = 'suppressed' in routed ? undefined : present.services.get(routed.service);
    if ('suppressed' in routed || !service?.grouping) return undefined;
    const { window } = service.grouping;
    const key = groupKeyOf(groupedBy(service.grouping, event.event));
    return { joining: { ...nameOf(event), service: service.id, key, window, gone: event.gone }, route: routed };
  }

  return together(place, MAX_EVENTS);
}

/** What is wrong with one event is not the fault of those that came at the same time; with Temporal away it is everybody's. */
function ofItsOwn(error: unknown): Error {
  if (isUnavailable(error) || !(error instanceof Error)) throw error;
  return error;
}

/** The same, asked once of each. */
function once<Answer>(ask: (of: string) => Promise<Answer>): (of: string) => Promise<Answer> {
  const asked = new Map<string, Promise<Answer>>();
  return (of) => {
    const answer = asked.get(of) ?? ask(of);
    asked.set(of, answer);
    return answer;
  };
}

const nameOf = ({ integration, event }: IncomingEvent): AlertName => ({
  integration: integration.id,
  dedupKey: event.dedupKey,
});

const stillIn = (group: AlertGroup | undefined, gone: AlertGroup | undefined): AlertGroup | undefined =>
  group === undefined || (gone !== undefined && groupIdentity(group).workflowId === groupIdentity(gone).workflowId)
    ? undefined
    : group;

const alone = (event: IncomingEvent, ungrouped?: string): PlacedInGroup => ({
  ...underItsOwnKey(event),
  group: null,
  ...(ungrouped !== undefined && { ungrouped }),
});

/** `route`: of an alert that is new in its group, and may open the incident. */
function inGroup({ integration, event }: ToPlace, group: AlertGroup, route: Route | null): PlacedInGroup {
  const { dedupKey, owner, workflowId } = groupIdentity(group);
  // What its source says of a group of its own is not said of this one: left out of that, none would ever resolve this.
  const { groupResolved: _groupResolved, leftOut: _leftOut, ...said } = event;
  const named: SourceEvent = { ...said, integration: integration.id, groupKey: dedupKey };
  return { integration, event: named, workflowId, owner, opens: route, group };
}

function cannotTell({ event }: IncomingEvent, cause: TocsinError): TocsinError {
  const text = `the store is away, which knows the incident of this alert; send the ${event.action} again: ${cause.message}`;
  return new TocsinError('STORE_UNAVAILABLE', text, { cause });
}
