/** The embedded Temporal server: the CLI's dev server on a SQLite file, as a child process in our own process group. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { Connection } from '@temporalio/client';
import { TocsinError } from '../domain/errors.ts';
import type { DataDir } from './dataDir.ts';
import { databaseIsWhole, endLeftoverServers, prepareDatabase } from './leftovers.ts';
import { assertPortsFree, freePort, isListenedOn, type WantedPort } from './ports.ts';

export interface TemporalServer {
  readonly pid: number;
  /** `127.0.0.1:7233`. */
  readonly address: string;
  readonly uiUrl: string;
  /** Resolves when the server ends, by whatever cause: how, with the last lines of its log. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Path of the `temporal` binary. */
  readonly binary: string;
  readonly dataDir: DataDir;
  readonly namespace: string;
  /** 0: any free one. */
  readonly port: number;
  readonly uiPort: number;
  /** Other ports that the start will need: a taken one is told before the server is started. */
  readonly alsoNeeded?: readonly WantedPort[];
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const HOST = '127.0.0.1';
const START_WITHIN_MS = 60_000;
/**
 * Ctrl-C in a terminal reaches the server together with us. It then goes on serving for this long, so that the worker's
 * last activities can still be reported; stop() ends it sooner. Without it calls failed from the first moment (ADR 0004).
 */
const LINGER = '30s';

/** Starts the server and waits until it answers. The caller holds the data folder's lock. Throws PORT_TAKEN, TEMPORAL_SERVER_FAILED. */
export async function startTemporalServer(options: ServerOptions): Promise<TemporalServer> {
  const { dataDir, say, signal } = options;
  const ended = await endLeftoverServers(dataDir.database);
  if (ended.length > 0)
    say(`Ended the Temporal server that an earlier run left running (process ${ended.join(', ')}).`);
  const port = options.port === 0 ? await freePort(HOST) : options.port;
  const uiPort = options.uiPort === 0 ? await freePort(HOST) : options.uiPort;
  await assertPortsFree([
    { host: HOST, port, variable: 'TOCSIN_TEMPORAL_PORT' },
    { host: HOST, port: uiPort, variable: 'TOCSIN_TEMPORAL_UI_PORT' },
    ...(options.alsoNeeded ?? []),
  ]);
  prepareDatabase(dataDir.database);
  signal.throwIfAborted();
  const server = launch(options, port, uiPort);
  try {
    await answering(server, signal);
  } catch (error) {
    await server.stop();
    throw error;
  }
  databaseIsWhole(dataDir.database);
  return server;
}

function launch({ binary, dataDir, namespace }: ServerOptions, port: number, uiPort: number): TemporalServer {
  const { database, serverLog } = dataDir;
  if (existsSync(serverLog)) renameSync(serverLog, `${serverLog}.1`);
  const log = openSync(serverLog, 'a', 0o600);
  const flags = {
    ip: HOST,
    port,
    'ui-port': uiPort,
    namespace,
    'log-level': 'warn',
    'db-filename': database,
    'dynamic-config-value': `frontend.shutdownFailHealthCheckDuration="${LINGER}"`,
  };
  // With the default pragmas it was measured 3 to 10 times slower (interfaces §1).
  const pragmas = ['journal_mode=wal', 'synchronous=full'];
  const args = [...Object.entries(flags), ...pragmas.map((pragma) => ['sqlite-pragma', pragma] as const)];
  const child = spawn(
    binary,
    ['server', 'start-dev', ...args.flatMap(([flag, value]) => [`--${flag}`, String(value)])],
    { stdio: ['ignore', log, log], env: serverEnvironment() },
  );
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${binary} cannot be run: ${error.message}`));
    child.once('exit', (code, by) =>
      resolve(
        `It ended ${by === null ? `with code ${code}` : `by ${by}`}. The end of ${serverLog}:\n${lastLines(serverLog)}`,
      ),
    );
  });
  // However this process ends, but by SIGKILL, the server ends with it.
  const atExit = (): void => kill(child);
  process.once('exit', atExit);
  void ended.then(() => process.off('exit', atExit));
  return {
    pid: child.pid ?? 0,
    address: `${HOST}:${port}`,
    uiUrl: `http://${HOST}:${uiPort}`,
    ended,
    stop: async () => {
      kill(child);
      await ended;
    },
  };
}

/** SIGKILL, on purpose: all that was committed is in the write-ahead log, and the server's own way of stopping neither closes nor checkpoints the file (ADR 0004). */
function kill(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}

/** It needs no secret of ours, and no TEMPORAL_ variable that is meant for clients. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'GOMEMLIMIT', 'GOMAXPROCS'];
  return Object.fromEntries(
    kept.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]),
  );
}

function lastLines(path: string): string {
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(-8);
  return lines.map((line) => `  ${line.slice(0, 500)}`).join('\n');
}

async function answering(server: TemporalServer, signal: AbortSignal): Promise<void> {
  let over: string | undefined;
  void server.ended.then((how) => (over = how));
  const until = Date.now() + START_WITHIN_MS;
  while (!(await answers(server.address))) {
    if (over !== undefined) throw new TocsinError('TEMPORAL_SERVER_FAILED', over);
    signal.throwIfAborted();
    if (Date.now() > until) {
      const text = `It did not answer on ${server.address} within ${START_WITHIN_MS / 1_000} s.`;
      throw new TocsinError('TEMPORAL_SERVER_FAILED', text);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Asks by gRPC only where somebody listens: refused once, gRPC waits a second before it tries again. */
async function answers(address: string): Promise<boolean> {
  const port = Number(address.split(':').at(-1));
  if (!(await isListenedOn(HOST, port))) return false;
  try {
    const connection = await Connection.connect({ address, connectTimeout: 2_000 });
    await connection.close();
    return true;
  } catch {
    return false;
  }
}
