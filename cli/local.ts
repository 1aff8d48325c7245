/** Temporal on this machine, ready for incidents: found or fetched, started on the data folder, its namespace set up. */
import type { Milliseconds } from '../domain/duration.ts';
import { connectClient, embeddedCluster, type Cluster } from './connection.ts';
import type { DataDir } from './dataDir.ts';
import { assertNamespace, setRetention } from './namespace.ts';
import type { WantedPort } from './ports.ts';
import { registerSearchAttributes } from './searchAttributes.ts';
import { findTemporal } from './temporalBinary.ts';
import { startTemporalServer, type TemporalServer } from './temporalServer.ts';

export interface LocalOptions {
  readonly env: NodeJS.ProcessEnv;
  /** TEMPORAL_CLI. */
  readonly temporalCli?: string | undefined;
  readonly dataDir: DataDir;
  /** 0: any free one. */
  readonly temporalPort: number;
  readonly temporalUiPort: number;
  readonly retention: Milliseconds;
  readonly alsoNeeded?: readonly WantedPort[];
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface Local {
  readonly server: TemporalServer;
  readonly cluster: Cluster;
}

/** The caller holds the data folder's lock, and stops the server. Throws what finding, starting and setting up throw. */
export async function startLocal(options: LocalOptions): Promise<Local> {
  const { env, dataDir, retention, say, signal } = options;
  const binary = await findTemporal(options);
  const namespace = env['TEMPORAL_NAMESPACE'] || 'default';
  say(`Starting Temporal (${binary}) …`);
  const { temporalPort: port, temporalUiPort: uiPort, alsoNeeded = [] } = options;
  const server = await startTemporalServer({ binary, dataDir, namespace, port, uiPort, alsoNeeded, say, signal });
  const cluster = embeddedCluster(server.address, namespace);
  try {
    const connection = await connectClient(cluster);
    try {
      await assertNamespace(connection, namespace, true);
      await setRetention(connection, namespace, retention);
      const registered = await registerSearchAttributes(connection, namespace);
      if (registered.length > 0) say(`Registered the search attributes ${registered.join(', ')}.`);
    } finally {
      await connection.close();
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { server, cluster };
}
