/** The schedule of the dead man's switch: there while TOCSIN_DEADMAN_URL is set, and gone when it is not. */
import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type ScheduleOptions,
} from '@temporalio/client';
import { DEADMAN_WORKFLOW, INCIDENTS_QUEUE } from '../workflows/messages.ts';

export const DEADMAN_SCHEDULE = 'tocsin-deadman';

/** On the incidents' own queue, so that it falls silent with them. */
const OPTIONS = {
  spec: { intervals: [{ every: '1m' }] },
  action: {
    type: 'startWorkflow',
    workflowType: DEADMAN_WORKFLOW,
    workflowId: DEADMAN_WORKFLOW,
    taskQueue: INCIDENTS_QUEUE,
    // What waited longer for a worker is of a minute that is over.
    workflowExecutionTimeout: '55s',
    args: [],
  },
  // After an outage nothing is made up for: the watchdog was right to miss it. 10 s is the least that the server takes.
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10s', pauseOnFailure: false },
} as const satisfies Omit<ScheduleOptions, 'scheduleId'>;

/** Makes, renews or removes it; several workers may do so at once. Throws what Temporal answers where that is not permitted. */
export async function arrangeDeadman({ schedule }: Client, wanted: boolean): Promise<void> {
  const handle = schedule.getHandle(DEADMAN_SCHEDULE);
  if (!wanted) {
    await handle.delete().catch((error: unknown) => {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    });
    return;
  }
  try {
    await schedule.create({ scheduleId: DEADMAN_SCHEDULE, ...OPTIONS });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    // One of an earlier version; whether somebody paused it stays theirs to say.
    await handle.update(({ state }) => ({ ...OPTIONS, state }));
  }
}
