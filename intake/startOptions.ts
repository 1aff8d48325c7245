/** How an incident's workflow is started: what the Temporal UI and the list of incidents show before its first task has run. */
import type { WorkflowStartOptions } from '@temporalio/client';
import { openingDetails, titleOf } from '../domain/details.ts';
import { type Arrival, incidentKeyOf } from '../domain/event.ts';
import type { Opening } from '../domain/opening.ts';
import { openingSuspension } from '../domain/suspension.ts';
import { openingUrgency } from '../domain/urgency.ts';
import { INCIDENTS_QUEUE, type IncidentInput } from '../workflows/messages.ts';
import { SEARCH_ATTRIBUTES, cutToBytes, indexable } from '../workflows/searchAttributes.ts';
import { staticSummaryOf } from './staticSummary.ts';

export interface Start {
  readonly workflowId: string;
  /** The id of its integration, or the owner of its group (domain/identity.ts). */
  readonly owner: string;
  readonly opening: Opening;
  readonly arrivals: readonly [Arrival, ...Arrival[]];
  readonly previous: string | null;
}

/** Who level 1's answer tells: the people of the level that is entered, the last one asked; else the last resort's. Nobody yet where it takes a turn. */
function firstAssignees({ answer }: Opening): readonly string[] {
  if (answer === null) return [];
  const entered = answer.levels.at(-1)?.people ?? [];
  return (entered.length > 0 ? entered : answer.others).map(({ id }) => id);
}

export function startOptions(start: Start): WorkflowStartOptions {
  const { workflowId, owner, opening, arrivals, previous } = start;
  const { event } = arrivals[0];
  const input: IncidentInput = { integration: owner, open: { opening, arrivals, previous } };
  const suspended = openingSuspension(owner, opening, event, 0) !== null;
  const assignees = suspended ? [] : firstAssignees(opening);
  return {
    workflowId,
    taskQueue: INCIDENTS_QUEUE,
    args: [input],
    workflowIdConflictPolicy: 'FAIL',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: staticSummaryOf(titleOf(event)),
    staticDetails: openingDetails(event),
    memo: { summary: event.summary },
    typedSearchAttributes: [
      { key: SEARCH_ATTRIBUTES.IncidentStatus, value: suspended ? 'suspended' : 'triggered' },
      { key: SEARCH_ATTRIBUTES.ServiceId, value: opening.service.id },
      { key: SEARCH_ATTRIBUTES.Urgency, value: openingUrgency(opening, event.severity) },
      { key: SEARCH_ATTRIBUTES.DedupKey, value: cutToBytes(incidentKeyOf(event)) },
      ...(event.severity === undefined ? [] : [{ key: SEARCH_ATTRIBUTES.Severity, value: event.severity }]),
      ...(assignees.length === 0 ? [] : [{ key: SEARCH_ATTRIBUTES.Assignees, value: indexable(assignees) }]),
    ],
  };
}
