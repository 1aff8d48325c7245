/** A maintenance window is taken away: the incidents that it holds look again whether one does (lifecycle §7). */
import { proxyActivities, sleep } from '@temporalio/workflow';
import type { MaintenanceActivities, WindowOver } from '../activities/contract.ts';

const SECOND = 1_000;

const { tellHeld } = proxyActivities<MaintenanceActivities>({
  startToCloseTimeout: 60 * SECOND,
  retry: { initialInterval: SECOND, maximumInterval: 10 * SECOND },
  summary: 'Tells the incidents that the window holds',
});

/** Until the store has taken it away; then until every process knows, and the list of incidents has those that it held meanwhile. */
const PAUSES = [SECOND, 4 * SECOND, 10 * SECOND];

/** How many incidents were told. */
export async function maintenanceOver(window: WindowOver): Promise<number> {
  let told = 0;
  for (const pause of PAUSES) {
    await sleep(pause, { summary: 'looks for incidents that the window holds' });
    told += await tellHeld(window);
  }
  return told;
}
