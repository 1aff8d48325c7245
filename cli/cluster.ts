/** An existing Temporal, of one's own or in the cloud, made ready for incidents. Nothing is started, and its retention is its operator's. */
import { clusterOf, connectClient, type Cluster } from './connection.ts';
import { assertNamespace } from './namespace.ts';
import { registerSearchAttributes } from './searchAttributes.ts';

/** The cluster that the environment names, with namespace and search attributes checked. Throws what those checks throw. */
export async function prepareCluster(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<Cluster> {
  const cluster = clusterOf(env);
  const connection = await connectClient(cluster);
  try {
    await assertNamespace(connection, cluster.namespace);
    const registered = await registerSearchAttributes(connection, cluster.namespace);
    if (registered.length > 0)
      say(`Registered the search attributes ${registered.join(', ')} in ${cluster.namespace}.`);
  } finally {
    await connection.close();
  }
  return cluster;
}
