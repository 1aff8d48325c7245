/** The parts of Tocsin as a command runs them: worker and API each with a connection of its own, all stopped when the command ends. */
import { Client } from '@temporalio/client';
import { startApi } from '../api/main.ts';
import { arrangeDeadman } from '../worker/deadman.ts';
import { lookAfterHeartbeats } from '../worker/heartbeats.ts';
import { startWorker } from '../worker/main.ts';
import { monitorSchedules } from '../worker/monitors.ts';
import { lookForRemovedUsers } from '../worker/removedUsers.ts';
import { connectClient, connectWorker, type Cluster } from './connection.ts';
import { openStore } from '../store/open.ts';
import type { Store } from '../store/store.ts';
import type { Session } from './session.ts';

/**
 * PostgreSQL where the environment names one, else the embedded store where there is a data folder, else none. `trouble`
 * resolves once it was tried, to null or to what is wrong with it, which keeps nothing from starting. Throws DATA_DIR_IN_USE.
 */
export async function runStore(
  { environment, stopAtEnd }: Session,
  dataDir?: string,
): Promise<{ readonly store: Store; readonly trouble: Promise<string | null> }> {
  const store = await openStore({ databaseUrl: environment.databaseUrl, dataDir });
  stopAtEnd(async () => store.close());
  return { store, trouble: store.trouble() };
}

/** `print` takes what the console channel prints; standard output where absent. Resolves once the worker polls; `done` of it rejects where it dies. */
export async function runWorker(
  { environment, configuration, onReload, log, stopAtEnd }: Session,
  cluster: Cluster,
  store: Store,
  secret: string,
  print?: (line: string) => void,
): Promise<{ readonly done: Promise<void> }> {
  const { deadmanUrl } = environment;
  const connection = await connectWorker(cluster);
  stopAtEnd(async () => connection.close());
  const worker = await startWorker({
    connection,
    namespace: cluster.namespace,
    store,
    configuration,
    secret,
    publicUrl: environment.publicUrl,
    ...(deadmanUrl === undefined ? {} : { deadmanUrl }),
    ...(print === undefined ? {} : { print }),
  });
  stopAtEnd(async () => worker.stop());
  // A page must not wait for a watchdog; where this fails, the watchdog is not told, and raises its own alarm.
  const client = new Client({ connection, namespace: cluster.namespace });
  await arrangeDeadman(client, deadmanUrl !== undefined).catch((error: unknown) =>
    log.error({ err: error }, "the schedule of the dead man's switch could not be arranged"),
  );
  const monitors = monitorSchedules(client, configuration, log);
  stopAtEnd(() => monitors.settled());
  onReload(() => monitors.arrange());
  monitors.arrange();
  for (const looking of [
    lookForRemovedUsers(client, configuration, log),
    lookAfterHeartbeats(client, configuration, log),
  ]) {
    stopAtEnd(() => looking.stop());
    onReload(() => looking.look());
    looking.look();
  }
  return { done: worker.done };
}

export interface ApiOptions {
  readonly secret: string;
  readonly apiToken: string;
  /** Where the Temporal UI is, where that is known. */
  readonly temporalUiUrl?: string;
}

/** Resolves once the API listens. */
export async function runApi(
  { environment, configuration, onReload, log, telemetry, stopAtEnd }: Session,
  cluster: Cluster,
  store: Store,
  options: ApiOptions,
): Promise<{ readonly url: string }> {
  const connection = await connectClient(cluster);
  stopAtEnd(async () => connection.close());
  const { host, port, publicUrl } = environment;
  const client = new Client({ connection, namespace: cluster.namespace });
  const api = await startApi({
    client,
    store,
    configuration,
    onReload,
    publicUrl,
    host,
    port,
    logger: log,
    metrics: telemetry,
    ...options,
  });
  stopAtEnd(async () => api.stop());
  return { url: api.url };
}
