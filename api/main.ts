/** The API as a running server. */
import type { Client } from '@temporalio/client';
import type { FastifyBaseLogger } from 'fastify';
import type { Configuration } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import { strangersTo } from '../links/secretCheck.ts';
import { knownChanges } from '../store/knownChanges.ts';
import { knownWindows } from '../store/knownWindows.ts';
import type { Store } from '../store/store.ts';
import { alertsGroups } from '../intake/alertsGroups.ts';
import { buildApp } from './app.ts';
import { temporalIntake } from '../intake/intake.ts';
import type { Metrics } from './ports.ts';
import type { ApiServer } from './server.ts';
import { heartbeatGateway } from './heartbeatGateway.ts';
import { temporalGateway } from './temporalGateway.ts';

/** Milliseconds; a supervisor's own patience is 30 s (Kubernetes) or 90 s (systemd). */
const STOP_WITHIN = 10_000;

export interface ApiOptions {
  readonly client: Client;
  readonly store: Store;
  readonly configuration: () => Configuration;
  /** Has something done after every reload that changed the configuration. Absent: it never does. */
  readonly onReload?: (listener: () => void) => void;
  /** `TOCSIN_API_TOKEN`. */
  readonly apiToken?: string;
  /** `TOCSIN_SECRET`. */
  readonly secret: string;
  readonly publicUrl: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly temporalUiUrl?: string;
  /** Silent where absent. */
  readonly logger?: FastifyBaseLogger;
  /** No /metrics where absent. */
  readonly metrics?: Metrics;
}

export interface RunningApi {
  /** Where it listens. */
  readonly url: string;
  /** Takes no more requests; ends when those in flight are answered, or 10 s later, when they are cut off. */
  stop(): Promise<void>;
}

/** Starts listening. Throws PORT_TAKEN, which names `PORT`. */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { client, store, configuration, apiToken, secret, publicUrl, host, port, temporalUiUrl } = options;
  const { logger, metrics, onReload } = options;
  const incidents = temporalGateway({
    client,
    configuration,
    groupsOfAlert: alertsGroups({ store, configuration }),
    workersSeen: strangersTold(secret, logger),
  });
  const windows = knownWindows(store);
  // Known before the first event comes, where the store is there.
  const changes = knownChanges(store);
  await Promise.all([windows.read(), changes.read()]);
  const app = await buildApp({
    intake: temporalIntake({
      client,
      store,
      configuration,
      windows: () => windows.present(),
      changes: () => changes.present(),
    }),
    incidents,
    heartbeats: heartbeatGateway(client),
    store,
    windows,
    changes,
    configuration,
    secret,
    publicUrl,
    namespace: client.options.namespace,
    ...(onReload !== undefined && { onReload }),
    ...(logger !== undefined && { logger }),
    ...(metrics !== undefined && { metrics }),
    ...(apiToken !== undefined && { apiToken }),
    ...(temporalUiUrl !== undefined && { temporalUiUrl }),
  });
  const stop = async (): Promise<void> => {
    windows.stop();
    changes.stop();
    await closeWithin(app, STOP_WITHIN);
  };
  try {
    const url = await app.listen({ host, port });
    const trouble = await incidents.trouble();
    if (trouble !== null) logger?.warn(`not ready yet: ${trouble}`);
    return { url, stop };
  } catch (error) {
    await stop();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const text = `${host}:${port} is in use by another program: end it, or set PORT to a free port`;
    throw new TocsinError('PORT_TAKEN', text, { cause: error });
  }
}

async function closeWithin(app: ApiServer, milliseconds: number): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), milliseconds);
  try {
    await app.close();
  } finally {
    clearTimeout(late);
  }
}

/** Says it once of each worker with another secret: its links and buttons are refused here. */
function strangersTold(secret: string, logger: FastifyBaseLogger | undefined): (identities: readonly string[]) => void {
  const isStranger = strangersTo(secret);
  const told = new Set<string>();
  return (identities) => {
    for (const worker of identities.filter((identity) => isStranger(identity) && !told.has(identity))) {
      told.add(worker);
      logger?.error({ worker }, 'this worker has another TOCSIN_SECRET: the links that it sends are refused here');
    }
  };
}
