/** Finds the incidents that a maintenance window holds, by Temporal's visibility, and has them look again. */
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { MaintenanceActivities } from '../activities/contract.ts';
import type { IncidentView } from '../domain/view.ts';
import { INCIDENT_WORKFLOW, changedSignal } from '../workflows/messages.ts';

export const heldIncidents = (client: Client): MaintenanceActivities => ({
  async tellHeld({ id, services }) {
    const named = services.map((service) => `'${service}'`).join(', ');
    const query = `WorkflowType = '${INCIDENT_WORKFLOW}' AND ExecutionStatus = 'Running' AND IncidentStatus = 'suspended' AND ServiceId IN (${named})`;
    let told = 0;
    for await (const { workflowId, memo } of client.workflow.list({ query })) {
      // One whose first task is still to come has no view yet.
      const view = memo?.['incident'] as IncidentView | undefined;
      if (view !== undefined && view.heldBy !== id) continue;
      try {
        await client.workflow.getHandle(workflowId).signal(changedSignal, { kind: 'maintenanceChanged', id });
        told += 1;
      } catch (error) {
        // Resolved meanwhile.
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    }
    return told;
  },
});
