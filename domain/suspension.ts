/** Why a new incident is suspended (lifecycle §3): by what its service and its route say, and by maintenance. */
import type { Service } from './configuration.ts';
import type { Instant } from './duration.ts';
import type { SourceEvent } from './event.ts';
import type { Held, IncidentState, Suspension } from './incident.ts';
import type { Opening } from './opening.ts';
import type { Route } from './route.ts';

/** By a person: through `POST /v1/incidents`, with or without a user behind the token. Such an incident is never suspended. */
export const isByHand = (own: string, { by, integration = own }: Pick<SourceEvent, 'by' | 'integration'>): boolean =>
  by !== undefined || integration.startsWith('manual-');

/** What keeps an incident of `opening` from telling anybody, if `event` opens it at `at`; null where nothing does. */
export function openingSuspension(
  integration: string,
  { route, service, held }: Pick<Opening, 'route' | 'service' | 'held'>,
  event: Pick<SourceEvent, 'by' | 'integration'>,
  at: Instant,
): Suspension | null {
  if (isByHand(integration, event)) return null;
  const suspension = suspensionFrom(service, route, at, held);
  return isFree(suspension) ? null : suspension;
}

/** What its service and route say, counted from a trigger at `at`; `held` beside it. */
export function suspensionFrom(service: Service, route: Route, at: Instant, held: Held | null): Suspension {
  const holdFor = route.holdFor ?? service.holdFor;
  return {
    until: holdFor > 0 ? at + holdFor : null,
    threshold: service.threshold === null ? null : { events: [] },
    held,
  };
}

/** Nothing keeps it suspended any more. */
export const isFree = ({ until, threshold, held }: Suspension): boolean =>
  until === null && threshold === null && held === null;

/**
 * Whether it ends where its threshold is not reached. Not where its service asks for none any more, since its settings of
 * today were adopted; nor where alerts fire that were merged into it: people may have been told of them, and they are not to end unheard.
 */
export const endsBelowThreshold = ({ service, alerts }: Pick<IncidentState, 'service' | 'alerts'>): boolean =>
  service.threshold !== null && !alerts.some(({ status, group }) => status === 'triggered' && group !== undefined);
