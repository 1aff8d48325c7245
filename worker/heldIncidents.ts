/** Finds the incidents that a maintenance window holds, and has them look again. */
import type { Client } from '@temporalio/client';
import type { MaintenanceActivities } from '../activities/contract.ts';
import { tellIncidents } from './tellIncidents.ts';

export const heldIncidents = (client: Client): MaintenanceActivities => ({
  async tellHeld({ id, services }) {
    const named = services.map((service) => `'${service}'`).join(', ');
    return tellIncidents(client, `IncidentStatus = 'suspended' AND ServiceId IN (${named})`, (view) =>
      // One that has no view yet may be held by it, too.
      view === undefined || view.heldBy === id ? { kind: 'maintenanceChanged', id } : null,
    );
  },
});
