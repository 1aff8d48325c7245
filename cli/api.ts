/** `tocsin api`: the API alone, against the cluster that the environment names. */
import { prepareCluster } from './cluster.ts';
import { openDataDir } from './dataDir.ts';
import { runApi, runStore } from './parts.ts';
import { assertPortsFree } from './ports.ts';
import { secretsOf } from './secrets.ts';
import { session } from './session.ts';
import { stopAsked } from './shutdown.ts';

/** Runs until it is stopped; resolves to the exit code. */
export const api = async (env: NodeJS.ProcessEnv): Promise<number> =>
  session(
    env,
    async (run) => {
      const { environment, say, log, signal } = run;
      const { host, port } = environment;
      await assertPortsFree([{ host, port, variable: 'PORT' }]);
      const dataDir = openDataDir(environment.dataDir);
      const { secret, apiToken, tokenIsGenerated } = secretsOf(environment, dataDir);
      const cluster = await prepareCluster(env, say);
      const { store, trouble } = await runStore(run);
      const storeTrouble = await trouble;
      if (storeTrouble !== null) log.warn(storeTrouble);
      const { url } = await runApi(run, cluster, store, { secret, apiToken });
      say(`API on ${url}, for ${cluster.address}, namespace ${cluster.namespace}. Ctrl-C stops it.`);
      if (tokenIsGenerated) say(`TOCSIN_API_TOKEN is not set: the token is the one in ${dataDir.path}/token.`);
      if (environment.secret === undefined)
        log.warn(
          'TOCSIN_SECRET is not set: links are checked with the one in the data folder. The worker must have the same.',
        );
      await stopAsked(signal);
    },
    { voice: 'log' },
  );
