/** What the tests of the command line share: folders, a server on them, and processes that they start and end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataDir, type DataDir } from '../../cli/dataDir.ts';
import { findTemporal } from '../../cli/temporalBinary.ts';
import { startTemporalServer, type ServerOptions, type TemporalServer } from '../../cli/temporalServer.ts';

const SAYS_WITHIN = 110_000;
const ends: (() => Promise<unknown> | void)[] = [];

/** Has something undone after the test, last come first. */
export const afterTest = (end: () => Promise<unknown> | void): void => void ends.push(end);

// One that fails must not leave what the others would have ended.
afterEach(async () => {
  const outcomes: PromiseSettledResult<unknown>[] = [];
  for (const end of ends.splice(0).toReversed())
    outcomes.push(...(await Promise.allSettled([Promise.resolve().then(end)])));
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
});

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-cli-'));
  afterTest(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const newDataDir = (): DataDir => openDataDir(join(newFolder(), 'data'));

export const never = new AbortController().signal;

export const temporalBinary = async (): Promise<string> =>
  findTemporal({ env: process.env, temporalCli: process.env['TEMPORAL_CLI'], say: () => undefined, signal: never });

/** Starts a server on free ports, to be stopped after the test. */
export async function startServer(dataDir: DataDir, options: Partial<ServerOptions> = {}): Promise<TemporalServer> {
  const binary = await temporalBinary();
  const server = await startTemporalServer({
    binary,
    dataDir,
    namespace: 'default',
    port: 0,
    uiPort: 0,
    say: () => undefined,
    signal: never,
    ...options,
  });
  afterTest(async () => server.stop());
  return server;
}

export interface Started {
  readonly child: ChildProcess;
  /** All that it wrote so far, to both outputs. */
  said(): string;
  /** Resolves once it wrote the text; rejects, with what it wrote, where it ends before, or has not in a minute. */
  says(text: string): Promise<void>;
  /** Its exit code, or the signal that ended it. */
  readonly exit: Promise<number | NodeJS.Signals | null>;
}

/** Runs Node on a TypeScript file or the `tocsin` command; ended after the test. */
export const runNode = (args: readonly string[], env: NodeJS.ProcessEnv = process.env): Started =>
  run(process.execPath, args, env);

/** Runs a program; ended after the test. `ipc`: it can be sent messages. */
export function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv, ...ipc: readonly 'ipc'[]): Started {
  // Jest's own options are not the child's.
  const child = spawn(file, args, { env: { ...env, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe', ...ipc] });
  let text = '';
  for (const out of [child.stdout, child.stderr]) out?.setEncoding('utf8').on('data', (part: string) => (text += part));
  const exit = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  afterTest(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const says = async (wanted: string): Promise<void> => {
    let over = false;
    void exit.then(() => (over = true));
    const until = Date.now() + SAYS_WITHIN;
    while (!text.includes(wanted)) {
      if (over || Date.now() > until)
        throw new Error(`It ${over ? 'ended' : 'ran'} without saying "${wanted}":\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  return { child, said: () => text, says, exit };
}

/** The error of a promise that must fail. */
export async function failure(promise: Promise<unknown>): Promise<Error & { readonly code?: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('It did not fail.');
}
