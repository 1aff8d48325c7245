/** The schedules of the configuration's monitors: one each, there as long as it is configured (interfaces §3). */
import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleClient,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type { Logger } from 'pino';
import type { Configuration } from '../domain/configuration.ts';
import type { Monitor } from '../domain/monitors.ts';
import { staticSummaryOf } from '../intake/staticSummary.ts';
import { INCIDENTS_QUEUE, KAFKA_LAG_WORKFLOW } from '../workflows/messages.ts';
import { orLogged } from './orLogged.ts';

const PREFIX = 'tocsin-monitor-';
export const monitorSchedule = (monitor: string): string => `${PREFIX}${monitor}`;

const optionsOf = ({ id, group, every }: Monitor) =>
  ({
    spec: { intervals: [{ every }] },
    action: {
      type: 'startWorkflow',
      workflowType: KAFKA_LAG_WORKFLOW,
      workflowId: `monitor/${id}`,
      taskQueue: INCIDENTS_QUEUE,
      // A worker that is back polls the present; one execution waits for it, and the others are skipped.
      workflowExecutionTimeout: '5m',
      args: [id],
      staticSummary: staticSummaryOf(`Kafka lag of group ${group}`),
      memo: { monitor: id },
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '10s', pauseOnFailure: false },
  }) as const satisfies Omit<ScheduleOptions, 'scheduleId'>;

export interface MonitorSchedules {
  /** Makes, renews and removes them, one arrangement at a time. What fails is logged: the next reload or start does it again. */
  arrange(): void;
  settled(): Promise<void>;
}

/** To be arranged at the start of a worker, and after each reload of its configuration. */
export function monitorSchedules(client: Client, configuration: () => Configuration, log: Logger): MonitorSchedules {
  const made = new Set<string>();
  let arranging = Promise.resolve();
  const arrange = async (): Promise<void> => {
    try {
      await arrangeMonitors(client, configuration(), log, made);
    } catch (error) {
      log.error({ err: error }, 'the schedules of the monitors could not be arranged');
    }
  };
  return {
    arrange: () => void (arranging = arranging.then(arrange)),
    settled: () => arranging,
  };
}

/**
 * Several workers may do it at once. Whether somebody paused one stays theirs to say. `made`: those that this process has
 * made, for what Temporal lists lags by a second or two. What Temporal refuses of one is logged, and the others are arranged.
 * Throws where it cannot be reached.
 */
export async function arrangeMonitors(
  { schedule }: Client,
  { monitors }: Pick<Configuration, 'monitors'>,
  log: Logger,
  made: Set<string> = new Set(),
): Promise<void> {
  const each = (monitor: string, act: () => Promise<void>): Promise<void> =>
    orLogged(act, log, { monitor }, 'the schedule of a monitor could not be arranged');
  for (const monitor of monitors.values()) {
    await each(monitor.id, async () => {
      await renew(schedule, monitor);
      made.add(monitor.id);
    });
  }
  const listed: string[] = [];
  for await (const { scheduleId } of schedule.list()) {
    if (scheduleId.startsWith(PREFIX)) listed.push(scheduleId.slice(PREFIX.length));
  }
  for (const id of new Set([...made, ...listed])) {
    if (monitors.has(id)) continue;
    await each(id, async () => {
      await remove(schedule, id);
      made.delete(id);
    });
  }
}

/** A new one polls at once. */
async function renew(schedule: ScheduleClient, monitor: Monitor): Promise<void> {
  const options = optionsOf(monitor);
  const scheduleId = monitorSchedule(monitor.id);
  try {
    const made = await schedule.create({ scheduleId, ...options });
    // Of what is started beside others (ALLOW_ALL, as a start with its schedule is) the next one hears no result.
    await made.trigger(ScheduleOverlapPolicy.SKIP);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await schedule.getHandle(scheduleId).update(({ state }) => ({ ...options, state }));
  }
}

const remove = (schedule: ScheduleClient, id: string): Promise<void> =>
  schedule
    .getHandle(monitorSchedule(id))
    .delete()
    .catch((error: unknown) => {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    });
