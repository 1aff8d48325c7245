/** The list of incidents, from Temporal's visibility: one truth, one second late (design §2.8). */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import type { Urgency } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import type { Severity } from '../domain/event.ts';
import { incidentIdOf } from '../domain/identity.ts';
import type { Status } from '../domain/incident.ts';
import type { IncidentView } from '../domain/view.ts';
import { INCIDENT_WORKFLOW } from '../workflows/messages.ts';
import { SEARCH_ATTRIBUTES } from '../workflows/searchAttributes.ts';
import type { IncidentFilter, ListedIncident } from './ports.ts';
import { provisionalView } from './provisionalView.ts';
import { asUnavailable, bounded, grpcStatusOf } from './temporalErrors.ts';
import { literal } from './visibilityText.ts';

const LIST_DEADLINE = 4_000;
const INVALID_ARGUMENT = 3;

export interface Page {
  readonly incidents: readonly ListedIncident[];
  readonly nextCursor: string | null;
}

/**
 * The query for a filter. A run that was continued as new is only listed where its own incident ended in it: the next
 * incident of the key then has the next run.
 */
export function visibilityQuery(filter: IncidentFilter): string {
  const open = "ExecutionStatus = 'Running' AND IncidentStatus != 'resolved'";
  const terms = [
    `WorkflowType = '${INCIDENT_WORKFLOW}'`,
    "(ExecutionStatus != 'ContinuedAsNew' OR IncidentStatus = 'resolved')",
  ];
  if (filter.status === 'open') terms.push(open);
  else if (filter.status === 'resolved') terms.push("IncidentStatus = 'resolved'");
  else if (filter.status !== undefined) terms.push(`${open} AND IncidentStatus = '${filter.status}'`);
  if (filter.service !== undefined) terms.push(`ServiceId = ${literal(filter.service)}`);
  if (filter.assignee !== undefined) terms.push(`Assignees = ${literal(filter.assignee)}`);
  if (filter.urgency !== undefined) terms.push(`Urgency = '${filter.urgency}'`);
  if (filter.dedupKey !== undefined) terms.push(`DedupKey = ${literal(filter.dedupKey)}`);
  if (filter.since !== undefined) terms.push(`StartTime >= '${new Date(filter.since).toISOString()}'`);
  return terms.join(' AND ');
}

/** From the memo, which the workflow writes; before its first task there are only the summary and the search attributes. */
function viewOf(info: WorkflowExecutionInfo): IncidentView {
  const written = info.memo?.['incident'] as IncidentView | undefined;
  if (written !== undefined) return written;
  const attributes = info.typedSearchAttributes;
  return provisionalView({
    id: incidentIdOf(info.workflowId, info.runId),
    status: (attributes.get(SEARCH_ATTRIBUTES.IncidentStatus) ?? 'triggered') as Status,
    service: attributes.get(SEARCH_ATTRIBUTES.ServiceId) ?? '',
    urgency: (attributes.get(SEARCH_ATTRIBUTES.Urgency) ?? 'high') as Urgency,
    severity: (attributes.get(SEARCH_ATTRIBUTES.Severity) ?? null) as Severity | null,
    dedupKey: attributes.get(SEARCH_ATTRIBUTES.DedupKey) ?? '',
    assignees: attributes.get(SEARCH_ATTRIBUTES.Assignees) ?? [],
    summary: typeof info.memo?.['summary'] === 'string' ? info.memo['summary'] : '',
    details: {},
    createdAt: info.startTime.toISOString(),
  });
}

function badCursor(cause: unknown): TocsinError {
  return new TocsinError('BAD_REQUEST', '`cursor` is not one that a list gave; begin again without it', { cause });
}

/** One page, newest first within it. Throws TEMPORAL_UNAVAILABLE, and BAD_REQUEST for a cursor that is none. */
export async function listPage(client: Client, filter: IncidentFilter): Promise<Page> {
  const request = {
    namespace: client.options.namespace,
    query: visibilityQuery(filter),
    pageSize: filter.limit,
    nextPageToken: Buffer.from(filter.cursor ?? '', 'base64url'),
  };
  let response;
  try {
    response = await bounded(client, LIST_DEADLINE, () =>
      client.workflow.workflowService.listWorkflowExecutions(request),
    );
  } catch (error) {
    if (filter.cursor !== undefined && grpcStatusOf(error) === INVALID_ARGUMENT) throw badCursor(error);
    throw asUnavailable(error);
  }
  const found = new Map<string, ListedIncident>();
  for (const raw of response.executions) {
    const info = await executionInfoFromRaw(raw, client.options.loadedDataConverter, raw, client.options.namespace);
    const incident = viewOf(info);
    // What is indexed is cut, and begins with the run; what was asked for is the whole key, and the incident's time.
    if (filter.dedupKey !== undefined && info.memo?.['incident'] !== undefined && incident.dedupKey !== filter.dedupKey)
      continue;
    if (filter.since !== undefined && Date.parse(incident.createdAt) < Date.parse(filter.since)) continue;
    if (!found.has(incident.id)) found.set(incident.id, { incident, workflowId: info.workflowId, runId: info.runId });
  }
  const incidents = [...found.values()].toSorted((one, other) =>
    other.incident.createdAt.localeCompare(one.incident.createdAt),
  );
  const token = response.nextPageToken;
  return { incidents, nextCursor: token.length === 0 ? null : Buffer.from(token).toString('base64url') };
}
