/** Tells open incidents, found by Temporal's visibility, that something changed elsewhere. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ChangeElsewhere } from '../domain/commands.ts';
import type { IncidentView } from '../domain/view.ts';
import { INCIDENT_WORKFLOW, changedSignal } from '../workflows/messages.ts';

/**
 * Asks of each open incident for which `where` holds (a visibility query) what it is to be told, null for nothing. The view
 * is absent where its first task is still to come. Resolves to how many were told; throws what Temporal answers.
 */
export async function tellIncidents(
  client: Client,
  where: string,
  changeFor: (view: IncidentView | undefined) => ChangeElsewhere | null,
): Promise<number> {
  const query = `WorkflowType = '${INCIDENT_WORKFLOW}' AND ExecutionStatus = 'Running' AND ${where}`;
  let told = 0;
  for await (const { workflowId, memo } of client.workflow.list({ query })) {
    const change = changeFor(memo?.['incident'] as IncidentView | undefined);
    if (change === null) continue;
    try {
      await client.workflow.getHandle(workflowId).signal(changedSignal, change);
      told += 1;
    } catch (error) {
      // Resolved meanwhile.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  return told;
}
