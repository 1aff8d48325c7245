/** Getting a `temporal` binary that is not there: by the SDK's own download, or built by Go from the published module. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { which } from './executables.ts';

export interface Search {
  readonly env: NodeJS.ProcessEnv;
  /** Told what is done, where it takes time. */
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A way to a binary: its path, or in one sentence why there is none. */
export type Found = { readonly path: string } | { readonly why: string };

export interface Fetch extends Search {
  readonly version: string;
  /** Where the binary is put, in one step, once it is whole. */
  readonly target: string;
}

const DOWNLOAD_HOST = 'temporal.download';
const REACHABLE_WITHIN_MS = 5_000;
const DOWNLOAD_MS = 5 * 60_000;
const BUILD_MS = 30 * 60_000;

/** The download that the Temporal SDK has for its tests, of the pinned version. */
export async function fetchBySdk(fetch: Fetch): Promise<Found> {
  const { env, say, version } = fetch;
  say(`No temporal binary here. Downloading version ${version} from ${DOWNLOAD_HOST} …`);
  // The SDK's download has no time limit of its own, so a network that swallows packets is found out here. A proxy it uses itself.
  const proxied = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].some((name) => env[name] !== undefined);
  const unreachable = proxied ? undefined : await whyUnreachable(DOWNLOAD_HOST);
  if (unreachable !== undefined) return { why: unreachable };
  return inFolderBeside(fetch, async (folder) =>
    run(
      fetch,
      process.execPath,
      [fileURLToPath(new URL('./sdkDownload.mjs', import.meta.url)), folder, version],
      DOWNLOAD_MS,
    ),
  );
}

/** `go install` of the same version's module. Minutes, the first time. */
export async function fetchByGo(fetch: Fetch): Promise<Found> {
  const { env, say, version } = fetch;
  const go = which('go', env);
  if (go === undefined) return { why: 'there is no go on the PATH' };
  say(`Building temporal ${version} with Go, from its published module. This takes some minutes, once …`);
  return inFolderBeside(fetch, async (folder) => {
    const started = Date.now();
    const ticking = setInterval(
      () => say(`  still building (${Math.round((Date.now() - started) / 60_000)} min) …`),
      60_000,
    );
    try {
      // GOBIN refuses cross-compiling; the binary is for this machine anyway.
      const goEnv = { ...env, GOBIN: folder, GOOS: undefined, GOARCH: undefined };
      return await run(
        { ...fetch, env: goEnv },
        go,
        ['install', `github.com/temporalio/cli/cmd/temporal@v${version}`],
        BUILD_MS,
      );
    } finally {
      clearInterval(ticking);
    }
  });
}

/** Lets `make` put one file into a new folder beside the target, and renames that file to the target: whoever looks sees no half of it. */
async function inFolderBeside(
  { target, say }: Fetch,
  make: (folder: string) => Promise<string | undefined>,
): Promise<Found> {
  let folder: string | undefined;
  try {
    mkdirSync(dirname(dirname(target)), { recursive: true });
    folder = mkdtempSync(`${dirname(target)}.part-`);
    const why = await make(folder);
    if (why !== undefined) return { why };
    const made = readdirSync(folder).map((name) => join(folder ?? '', name));
    const binary = made.find((path) => statSync(path).isFile());
    if (binary === undefined) return { why: 'it said that it worked, but left no binary' };
    mkdirSync(dirname(target), { recursive: true });
    renameSync(binary, target);
    say(`Kept as ${target} for later starts.`);
    return { path: target };
  } catch (error) {
    return { why: (error as Error).message };
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program to its end. Returns undefined where it worked, else the end of what it said. */
async function run(
  { env, signal }: Fetch,
  file: string,
  args: readonly string[],
  timeout: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const child = spawn(file, args, { env, signal, timeout, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
    });
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, killedBy) => {
      if (code === 0) return resolve(undefined);
      const end = said.trim().split('\n').slice(-3).join(' ');
      resolve(
        killedBy === null
          ? end || `it ended with code ${code}`
          : `stopped by ${killedBy} (limit ${timeout / 60_000} min). ${end}`,
      );
    });
  });
}

async function whyUnreachable(host: string): Promise<string | undefined> {
  try {
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ host, port: 443, timeout: REACHABLE_WITHIN_MS });
      socket
        .once('timeout', () => socket.destroy(new Error(`no answer within ${REACHABLE_WITHIN_MS / 1_000} s`)))
        .once('error', reject)
        .once('connect', () => {
          socket.destroy();
          resolve();
        });
    });
    return undefined;
  } catch (error) {
    return `${host} cannot be reached: ${(error as Error).message}`;
  }
}
