/** The dead man's switch: once a minute by a schedule, an outside watchdog hears that schedules, workflows and activities work. */
import { proxyActivities } from '@temporalio/workflow';
import type { DeadmanActivities } from '../activities/contract.ts';

const SECOND = 1_000;

/** Over before the next minute begins: silence is the message, and what is late must not be told then. */
const { pingWatchdog } = proxyActivities<DeadmanActivities>({
  startToCloseTimeout: 12 * SECOND,
  scheduleToCloseTimeout: 45 * SECOND,
  retry: { initialInterval: 2 * SECOND, maximumInterval: 10 * SECOND },
  summary: 'Tells the outside watchdog that Tocsin works',
});

/** Fails where the watchdog could not be told within the minute. */
export async function deadman(): Promise<void> {
  await pingWatchdog();
}
