/** `tocsin up`, which is `npm start`: everything on this machine, in one process beside the Temporal server (interfaces §1). */
import { TocsinError } from '../domain/errors.ts';
import { announcement } from './announcement.ts';
import { prepareCluster } from './cluster.ts';
import type { Cluster } from './connection.ts';
import { openDataDir, type DataDir } from './dataDir.ts';
import { startLocal } from './local.ts';
import { takeLock } from '../machine/lock.ts';
import { runApi, runStore, runWorker } from './parts.ts';
import { assertPortsFree } from './ports.ts';
import { secretsOf } from './secrets.ts';
import { session, type Session } from './session.ts';
import { stopAsked } from './shutdown.ts';

/** Runs until it is stopped; resolves to the exit code. Throws a TocsinError for whatever keeps it from starting, or ends it. */
export const up = async (env: NodeJS.ProcessEnv): Promise<number> =>
  session(env, async (run) => {
    const { environment, configuration, say, signal } = run;
    const dataDir = openDataDir(environment.dataDir);
    const lock = await takeLock(dataDir.path);
    run.stopAtEnd(() => lock.release());
    const { secret, apiToken, tokenIsGenerated } = secretsOf(environment, dataDir);
    const { store, trouble } = await runStore(run, dataDir.path);
    const [{ cluster, temporalUiUrl, ended }, storeTrouble] = await Promise.all([temporal(run, dataDir), trouble]);
    if (storeTrouble !== null) say(`Warning: ${storeTrouble}`);
    signal.throwIfAborted();
    const tokenFile = run.env['TOCSIN_API_TOKEN_FILE'];
    const uiUrl = temporalUiUrl === undefined ? {} : { temporalUiUrl };
    const worker = await runWorker(run, cluster, store, secret);
    const api = await runApi(run, cluster, store, { secret, apiToken, ...uiUrl });
    const lines = announcement({
      apiUrl: api.url,
      ...uiUrl,
      temporal: `${cluster.address}, namespace ${cluster.namespace}`,
      dataDir: dataDir.path,
      configPath: environment.configPath,
      configuration: configuration(),
      ...(tokenIsGenerated ? { generatedToken: apiToken } : {}),
      ...(tokenFile === undefined ? {} : { tokenFile }),
    });
    for (const line of lines) say(line);
    await Promise.race([stopAsked(signal), ended, worker.done]);
  });

interface Engine {
  readonly cluster: Cluster;
  readonly temporalUiUrl?: string;
  /** Rejects where the embedded server ends though nobody asked it to. */
  readonly ended: Promise<never>;
}

/** The cluster that TEMPORAL_ADDRESS or TEMPORAL_PROFILE names, or else a server of our own. */
async function temporal({ env, environment, say, signal, stopAtEnd }: Session, dataDir: DataDir): Promise<Engine> {
  const { host, port, temporalPort, temporalUiPort, temporalAddress, temporalCli, retention } = environment;
  const api = { host, port, variable: 'PORT' };
  if (temporalAddress !== undefined || env['TEMPORAL_PROFILE']) {
    await assertPortsFree([api]);
    return { cluster: await prepareCluster(env, say), ended: new Promise(() => undefined) };
  }
  const { server, cluster } = await startLocal({
    env,
    temporalCli,
    dataDir,
    temporalPort,
    temporalUiPort,
    retention,
    alsoNeeded: [api],
    say,
    signal,
  });
  stopAtEnd(async () => server.stop());
  const ended = server.ended.then((how): never => {
    throw new TocsinError(
      'TEMPORAL_SERVER_FAILED',
      `The Temporal server ended while Tocsin was running. ${how}\nStarted again, open incidents go on.`,
    );
  });
  ended.catch(() => undefined); // it is looked at once everything runs, and our own stop ends it too
  return { cluster, temporalUiUrl: server.uiUrl, ended };
}
