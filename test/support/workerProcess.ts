/** Workers that can be killed: each a process of its own, started in a second or two. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a worker's process writes once it polls. */
export const READY = 'ready\n';
export const SECRET_VARIABLE = 'TOCSIN_SECRET';

const MAIN = fileURLToPath(new URL('./workerMain.ts', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const STARTS_WITHIN = 60_000;

export interface WorkerProcess {
  /** SIGKILL: no goodbye to Temporal, nothing finished. Settles when the process is gone. */
  kill(): Promise<void>;
  /** SIGSTOP: it does nothing any more, and its sockets stay open. A stopped one can still be killed. */
  freeze(): void;
}

export interface WorkerProcesses {
  start(): Promise<WorkerProcess>;
  /** Kills those that live. */
  stopAll(): Promise<void>;
  /** Kills those that live, and removes the files. */
  stop(): Promise<void>;
}

export async function workerProcesses(options: {
  readonly address: string;
  readonly publicUrl: string;
  /** As an operator writes it. */
  readonly yaml: string;
  readonly env: Readonly<Record<string, string>>;
}): Promise<WorkerProcesses> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-workers-'));
  const configuration = join(folder, 'tocsin.yaml');
  writeFileSync(configuration, options.yaml);
  const args = ['--import', 'tsx/esm', MAIN, options.address, configuration, options.publicUrl];
  const alive = new Set<ChildProcess>();

  const kill = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const stopAll = async (): Promise<void> => void (await Promise.all([...alive].map(kill)));
  return {
    async start() {
      // NODE_OPTIONS is jest's own business.
      const env = { ...process.env, ...options.env, NODE_OPTIONS: '' };
      const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
      alive.add(child);
      child.once('exit', () => alive.delete(child));
      await isReady(child);
      return { kill: () => kill(child), freeze: () => void child.kill('SIGSTOP') };
    },
    stopAll,
    async stop() {
      await stopAll();
      rmSync(folder, { recursive: true });
    },
  };
}

async function isReady(child: ChildProcess): Promise<void> {
  const { stdout } = child;
  if (stdout === null) throw new Error('the worker has no standard output');
  const signal = AbortSignal.timeout(STARTS_WITHIN);
  const ended = once(child, 'exit', { signal }).then(([code]) => {
    throw new Error(`the worker ended with ${String(code)} before it polled`);
  });
  // Of the two, one is left waiting: it must not fail for nobody.
  ended.catch(() => undefined);
  await Promise.race([once(stdout, 'data', { signal }), ended]);
}
