/** `tocsin worker`: the worker alone, against the cluster that the environment names. */
import { lookup } from 'node:dns/promises';
import type { Environment } from '../config/environment.ts';
import { prepareCluster } from './cluster.ts';
import { openDataDir } from './dataDir.ts';
import { runStore, runWorker } from './parts.ts';
import { assertPortsFree } from './ports.ts';
import { secretsOf } from './secrets.ts';
import { session } from './session.ts';
import { stopAsked } from './shutdown.ts';

/** Runs until it is stopped; resolves to the exit code. */
export const worker = async (env: NodeJS.ProcessEnv): Promise<number> =>
  session(
    env,
    async (run) => {
      const { environment, say, log, signal } = run;
      const { secret } = secretsOf(environment, openDataDir(environment.dataDir));
      const cluster = await prepareCluster(env, say);
      const { store, trouble } = await runStore(run);
      const storeTrouble = await trouble;
      if (storeTrouble !== null) log.warn(storeTrouble);
      const print = (line: string): void => log.info({ channel: 'console' }, line);
      const { done } = await runWorker(run, cluster, store, secret, print);
      say(`Working for ${cluster.address}, namespace ${cluster.namespace}. Ctrl-C stops it.`);
      if (environment.secret === undefined)
        log.warn(
          'TOCSIN_SECRET is not set: links are signed with the one in the data folder. The API must have the same.',
        );
      await Promise.race([stopAsked(signal), done]);
    },
    { voice: 'log', metricsAddress },
  );

/** It has no API to ask, so its metrics have a port of their own, without a token, on HOST; or none. */
async function metricsAddress({ host, metricsPort: port }: Environment): Promise<string | undefined> {
  if (port === undefined) return undefined;
  await assertPortsFree([{ host, port, variable: 'TOCSIN_METRICS_PORT' }]);
  const { address, family } = await lookup(host);
  return family === 6 ? `[${address}]:${port}` : `${address}:${port}`;
}
