/** What opens incidents by hand has in common. */
import type { Integration, Service } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import type { SourceEvent } from '../domain/event.ts';
import { parseIncidentId } from '../domain/identity.ts';
import { hoursAt } from '../domain/supportHours.ts';
import { urgencyBy } from '../domain/urgency.ts';
import type { ApiDeps } from './deps.ts';
import type { ListedIncident } from './ports.ts';
import { provisionalView } from './provisionalView.ts';

export interface ByHand {
  readonly service: Service;
  /** `manual-<service>`: reserved, in every configuration. */
  readonly integration: Integration;
}

/** The service of that id, and the integration of what is opened by hand there. Throws BAD_REQUEST where there is none. */
export function byHandOf(id: string, deps: ApiDeps): ByHand {
  const { services, integrations } = deps.configuration();
  const service = services.get(id);
  const integration = integrations.get(`manual-${id}`);
  if (service === undefined || integration === undefined) {
    throw new TocsinError(
      'BAD_REQUEST',
      `body.service: there is no service '${id}'; there are: ${[...services.keys()].join(', ')}`,
    );
  }
  return { service, integration };
}

/** That nobody is there to say it: no worker, or no Temporal. */
export const isUnanswered = (error: unknown): boolean =>
  error instanceof TocsinError && ['NO_WORKER', 'TEMPORAL_UNAVAILABLE'].includes(error.code);

/** The incident as its worker says; with none to say it, what it was opened with. Its being open is certain either way. */
export async function openedNow(
  id: string,
  event: SourceEvent,
  service: Service,
  deps: ApiDeps,
): Promise<ListedIncident> {
  try {
    const present = await deps.incidents.read(id);
    if (present !== undefined) return present;
  } catch (error) {
    if (!isUnanswered(error)) throw error;
  }
  const { workflowId, runId } = parseIncidentId(id) ?? { workflowId: '', runId: '' };
  const view = provisionalView({
    id,
    service: service.id,
    summary: event.summary,
    dedupKey: event.dedupKey,
    urgency: urgencyBy(service.urgency, event.severity, hoursAt(service.urgency, Date.now())),
    severity: event.severity ?? null,
    assignees: [],
    details: event.details ?? {},
    drill: event.drill === true,
    createdAt: new Date().toISOString(),
  });
  return { incident: view, workflowId, runId };
}
