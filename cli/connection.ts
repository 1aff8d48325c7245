/** Connections to Temporal: to a cluster, as its own environment configuration package reads it, or to the embedded server. */
import { Connection, type ConnectionOptions } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, type NativeConnectionOptions } from '@temporalio/worker';
import { TocsinError } from '../domain/errors.ts';

export interface Cluster {
  readonly address: string;
  readonly namespace: string;
  readonly options: NativeConnectionOptions;
  /** Milliseconds; the SDK's own where absent. */
  readonly connectTimeout?: number;
}

/** The cluster that TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, TEMPORAL_TLS_… and TEMPORAL_PROFILE name. Throws BAD_ENVIRONMENT. */
export function clusterOf(env: NodeJS.ProcessEnv): Cluster {
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: defined(env) });
    const options = defined(connectionOptions) as NativeConnectionOptions;
    return { address: options.address ?? 'localhost:7233', namespace: namespace ?? 'default', options };
  } catch (error) {
    throw new TocsinError(
      'BAD_ENVIRONMENT',
      `The TEMPORAL_… variables, or the profile that TEMPORAL_PROFILE names, cannot be used: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** The embedded server: in the clear on loopback, whatever the environment says of TLS and keys. */
export const embeddedCluster = (address: string, namespace: string): Cluster => ({
  address,
  namespace,
  options: { address, tls: false },
  // It was just started, perhaps on a machine that is busy with much else.
  connectTimeout: 30_000,
});

/** A connection for what calls Temporal. The caller closes it. Throws TEMPORAL_UNAVAILABLE. */
export async function connectClient({ address, options, connectTimeout }: Cluster): Promise<Connection> {
  const patience = connectTimeout === undefined ? {} : { connectTimeout };
  return reaching(address, Connection.connect({ ...(options as ConnectionOptions), ...patience }));
}

/** A connection for the worker, made after `installTelemetry`. The caller closes it. Throws TEMPORAL_UNAVAILABLE. */
export async function connectWorker({ address, options }: Cluster): Promise<NativeConnection> {
  return reaching(address, NativeConnection.connect(options));
}

async function reaching<T>(address: string, connection: Promise<T>): Promise<T> {
  try {
    return await connection;
  } catch (error) {
    throw new TocsinError(
      'TEMPORAL_UNAVAILABLE',
      `No Temporal answers at ${address}: ${(error as Error).message}. Check TEMPORAL_ADDRESS, and TEMPORAL_API_KEY or TEMPORAL_TLS_… where it asks for them.`,
      { cause: error },
    );
  }
}

/** Without what is undefined or empty: the packages take a key that is there for one that is set. */
const defined = <T extends object>(from: T): Record<string, NonNullable<T[keyof T]>> =>
  Object.fromEntries(Object.entries(from).filter(([, value]) => value !== undefined && value !== null && value !== ''));
