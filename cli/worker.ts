/** `tocsin worker`: the worker alone, against the cluster that the environment names. */
import { absentStore } from '../store/absent.ts';
import { prepareCluster } from './cluster.ts';
import { openDataDir } from './dataDir.ts';
import { runWorker } from './parts.ts';
import { secretsOf } from './secrets.ts';
import { session } from './session.ts';
import { stopAsked } from './shutdown.ts';

/** Runs until it is stopped; resolves to the exit code. */
export const worker = async (env: NodeJS.ProcessEnv): Promise<number> =>
  session(env, async (run) => {
    const { environment, say, signal } = run;
    const { secret } = secretsOf(environment, openDataDir(environment.dataDir));
    const cluster = await prepareCluster(env, say);
    const store = absentStore('there is no store in this version');
    const { done } = await runWorker(run, cluster, store, secret);
    say(`Working for ${cluster.address}, namespace ${cluster.namespace}. Ctrl-C stops it.`);
    if (environment.secret === undefined)
      say('TOCSIN_SECRET is not set: links are signed with the one in the data folder. The API must have the same.');
    await Promise.race([stopAsked(signal), done]);
  });
