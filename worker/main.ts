/** Composition root of the worker process: one Temporal worker for incidents, one for each channel's queue. */
import { hostname } from 'node:os';
import { Client } from '@temporalio/client';
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import { Runtime, Worker } from '@temporalio/worker';
import { queueOf } from '../activities/contract.ts';
import { createActivities } from '../activities/index.ts';
import { intakeActivities } from '../activities/takeIn.ts';
import type { Channel } from '../domain/channels.ts';
import type { Configuration } from '../domain/configuration.ts';
import { temporalIntake } from '../intake/intake.ts';
import { identityWith } from '../links/secretCheck.ts';
import { knownChanges } from '../store/knownChanges.ts';
import { knownWindows } from '../store/knownWindows.ts';
import type { Store } from '../store/store.ts';
import { INCIDENTS_QUEUE } from '../workflows/messages.ts';
import { cachedBundle } from './bundleCache.ts';
import { channelWatch } from './channelWatch.ts';
import { heldIncidents } from './heldIncidents.ts';
import { observing } from './observing.ts';

export interface WorkerDeps {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly store: Store;
  /** The configuration as it is now: read anew for each activity. */
  readonly configuration: () => Configuration;
  /** Signs links. */
  readonly secret: string;
  readonly publicUrl: string;
  /** TOCSIN_DEADMAN_URL. */
  readonly deadmanUrl?: string;
  /** Where the console channel prints; standard output where absent. */
  readonly print?: (line: string) => void;
}

export interface RunningWorker {
  /** Lets what is under way finish, then stops. */
  stop(): Promise<void>;
  /** Settles when it has stopped; rejects where it died. */
  readonly done: Promise<void>;
}

/** How long an attempt that is under way may take to finish at a stop; its own bound is 10 s. */
const SHUTDOWN_GRACE = 12_000;

/**
 * Of one channel: they wait for providers and cost little. An endpoint that never answers may hold a hundred of them
 * (activities/notify/http.ts), so that five such leave none for the others.
 */
const ATTEMPTS_AT_ONCE = 500;
/**
 * Every channel's queue has its worker, used or not: a page that an incident still owes to a channel that was taken out of the
 * configuration is then answered, and a channel that comes into it waits for nothing. Fourteen with five polls each cost what
 * four with the SDK's ten did (docs/adr/0019), are more than a queue has partitions by default (4), and stay with the
 * incidents' own below the 100 and 128 streams at once that proxies allow a connection.
 */
const POLLS_AT_ONCE = 5;

/** Starts all workers of this process. `installTelemetry` comes first, before the connection is made. */
export async function startWorker(deps: WorkerDeps): Promise<RunningWorker> {
  const { connection, namespace } = deps;
  const windows = knownWindows(deps.store);
  const changes = knownChanges(deps.store);
  await Promise.all([windows.read(), changes.read()]);
  const client = new Client({ connection, namespace });
  const intake = temporalIntake({
    ...deps,
    client,
    windows: () => windows.present(),
    changes: () => changes.present(),
  });
  const { incidents, channels } = createActivities({ ...deps, windows, changes });
  const common: Pick<
    WorkerOptions,
    'connection' | 'namespace' | 'identity' | 'shutdownGraceTime' | 'shutdownForceTime'
  > = {
    connection,
    namespace,
    identity: identityWith(`${process.pid}@${hostname()}`, deps.secret),
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: SHUTDOWN_GRACE + 3_000,
  };
  const watch = channelWatch(client, deps.configuration, Runtime.instance().logger);
  const workers = [
    await Worker.create({
      ...common,
      taskQueue: INCIDENTS_QUEUE,
      workflowBundle: await cachedBundle(),
      activities: { ...incidents, ...heldIncidents(client), ...intakeActivities({ ...deps, intake }) },
      // After a SIGKILL the next event of an incident waits this long for the worker that is gone (10 s by default).
      stickyQueueScheduleToStartTimeout: 2_000,
    }),
  ];
  for (const [channel, activities] of Object.entries(channels)) {
    const taskQueue = queueOf(channel as Channel);
    const interceptors = { activity: [observing(channel as Channel, Runtime.instance().metricMeter, watch)] };
    workers.push(
      await Worker.create({
        ...common,
        taskQueue,
        activities: { ...activities },
        interceptors,
        maxConcurrentActivityTaskExecutions: ATTEMPTS_AT_ONCE,
        maxConcurrentActivityTaskPolls: POLLS_AT_ONCE,
      }),
    );
  }
  const done = Promise.all(workers.map((worker) => worker.run())).then(() => undefined);
  return {
    done,
    async stop() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await done;
      await watch.settled();
      windows.stop();
      changes.stop();
    },
  };
}
