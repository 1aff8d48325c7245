/** The list of incidents, from Temporal's visibility: one truth, one second late (design §2.8). */
import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import type { Urgency } from '../domain/configuration.ts';
import type { Severity } from '../domain/event.ts';
import { incidentIdOf } from '../domain/identity.ts';
import type { Status } from '../domain/incident.ts';
import type { IncidentView } from '../domain/view.ts';
import { SEARCH_ATTRIBUTES } from '../workflows/searchAttributes.ts';
import { cursorOf, pageTokenOf } from './cursor.ts';
import type { IncidentFilter, ListedIncident } from './ports.ts';
import { provisionalView } from './provisionalView.ts';
import { allOf } from './visibilityQuery.ts';
import { asUnavailable, bounded } from '../intake/temporalErrors.ts';

const LIST_DEADLINE = 4_000;

export interface Page {
  readonly incidents: readonly ListedIncident[];
  readonly nextCursor: string | null;
}

/** An earlier version's memo has no changes. */
type WrittenView = Omit<IncidentView, 'changes'> & Partial<Pick<IncidentView, 'changes'>>;

/** From the memo, which the workflow writes; before its first task there are only the summary and the search attributes. */
function viewOf(info: WorkflowExecutionInfo): IncidentView {
  const written = info.memo?.['incident'] as WrittenView | undefined;
  if (written !== undefined) return { changes: [], ...written };
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

/** Visibility is cut, case-blind in lists, and begins with the run: whether it is what was asked for is judged here. */
function matches(
  incident: IncidentView,
  { dedupKey, assignee, since }: IncidentFilter,
  { written, inGroup }: { readonly written: boolean; readonly inGroup: boolean },
): boolean {
  if (dedupKey !== undefined && written && incident.dedupKey !== dedupKey) {
    // The groups are those of now; an incident before had the alert where it names it.
    const held = incident.status !== 'resolved' || incident.alerts.some((alert) => alert.dedupKey === dedupKey);
    if (!inGroup || !held) return false;
  }
  if (assignee !== undefined && !allOf(assignee).some((user) => incident.assignees.includes(user))) return false;
  return since === undefined || Date.parse(incident.createdAt) >= Date.parse(since);
}

/**
 * One page of what a visibility query finds, newest first within it. `groups`: as visibilityQuery was given them. Throws TEMPORAL_UNAVAILABLE, and BAD_REQUEST for a
 * cursor that is none.
 */
export async function listPage(
  client: Client,
  query: string,
  filter: IncidentFilter,
  groups: readonly string[],
): Promise<Page> {
  const { namespace, loadedDataConverter } = client.options;
  const nextPageToken = pageTokenOf(filter.cursor, query);
  const request = { namespace, query, pageSize: filter.limit, nextPageToken };
  const { workflowService } = client.workflow;
  let response;
  try {
    response = await bounded(client, LIST_DEADLINE, () => workflowService.listWorkflowExecutions(request));
  } catch (error) {
    throw asUnavailable(error);
  }
  const found = new Map<string, ListedIncident>();
  for (const raw of response.executions) {
    const info = await executionInfoFromRaw(raw, loadedDataConverter, raw, namespace);
    const incident = viewOf(info);
    const how = { written: info.memo?.['incident'] !== undefined, inGroup: groups.includes(info.workflowId) };
    if (!matches(incident, filter, how) || found.has(incident.id)) continue;
    found.set(incident.id, { incident, workflowId: info.workflowId, runId: info.runId });
  }
  const incidents = [...found.values()].toSorted((one, other) =>
    other.incident.createdAt.localeCompare(one.incident.createdAt),
  );
  return { incidents, nextCursor: cursorOf(response.nextPageToken, query) };
}
