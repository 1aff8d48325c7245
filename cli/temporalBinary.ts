/** Which `temporal` binary runs the embedded server (interfaces §1, "The Temporal server"): the first of a fixed order that works. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TocsinError } from '../domain/errors.ts';
import { cacheFolder } from '../machine/cacheFolder.ts';
import { isExecutable, which } from './executables.ts';
import { fetchByGo, fetchBySdk, type Found, type Search as Means } from './temporalFetch.ts';

/** Of the Temporal CLI: Server 1.29.1, UI 2.42.1. The last whose module `go install` builds as it is published. */
export const TEMPORAL_VERSION = '1.5.1';

export interface Search extends Means {
  /** TEMPORAL_CLI. */
  readonly temporalCli?: string | undefined;
}

/**
 * The path of a working binary. Throws BAD_ENVIRONMENT where TEMPORAL_CLI names none, NO_TEMPORAL_SERVER, with each thing
 * tried and the ways out, where nothing works.
 */
export async function findTemporal(search: Search): Promise<string> {
  const { env, temporalCli, signal } = search;
  if (temporalCli !== undefined) {
    const found = await working(temporalCli);
    if ('path' in found) return found.path;
    throw new TocsinError(
      'BAD_ENVIRONMENT',
      `TEMPORAL_CLI is ${temporalCli}, which ${found.why}. It should be the path of the temporal binary; unset, Tocsin looks for one itself.`,
    );
  }
  const cached = join(cacheFolder(env), `temporal-${TEMPORAL_VERSION}`, 'temporal');
  const ways: readonly (readonly [name: string, way: () => Promise<Found>])[] = [
    ['temporal on the PATH', async () => onPath(env)],
    [`the copy of an earlier run, ${cached}`, async () => working(cached)],
    ["the SDK's download", async () => fetched(fetchBySdk)],
    ['go install', async () => fetched(fetchByGo)],
  ];
  const fetched = async (way: typeof fetchByGo): Promise<Found> => {
    const result = await way({ ...search, version: TEMPORAL_VERSION, target: cached });
    return 'path' in result ? working(result.path) : result;
  };
  const tried: string[] = ['TEMPORAL_ADDRESS and TEMPORAL_CLI: not set'];
  for (const [name, way] of ways) {
    const found = await way();
    signal.throwIfAborted();
    if ('path' in found) return found.path;
    tried.push(`${name}: ${found.why}`);
  }
  throw new TocsinError('NO_TEMPORAL_SERVER', `${['Tried:', ...tried].join('\n  - ')}\n${WAYS_OUT}`);
}

const WAYS_OUT = `Any one of these helps:
  - install the Temporal CLI (brew install temporal, or https://docs.temporal.io/cli) so that it is on the PATH
  - TEMPORAL_CLI=/path/to/temporal, for a binary that you have
  - install Go (https://go.dev/dl), and Tocsin builds the binary itself
  - TEMPORAL_ADDRESS=host:7233, for a cluster that runs already; for one in a container:
    docker run -p 7233:7233 -p 8233:8233 temporalio/temporal:latest server start-dev --ip 0.0.0.0`;

async function onPath(env: NodeJS.ProcessEnv): Promise<Found> {
  const path = which('temporal', env);
  return path === undefined ? { why: 'not there' } : working(path);
}

/** A file of that name is not enough: one for another machine, or another tool named so, is found out here and not by a server that never answers. */
async function working(path: string): Promise<Found> {
  if (!isExecutable(path)) return { why: 'is not an executable file' };
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 20_000 });
    return /^temporal version .*Server/.test(stdout)
      ? { path }
      : { why: `says of its version "${stdout.trim().slice(0, 80)}", so it is not the Temporal CLI with its server` };
  } catch (error) {
    return { why: `does not run: ${(error as Error).message.trim().slice(0, 200)}` };
  }
}
