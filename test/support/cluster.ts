/**
 * Tocsin as an installation runs it: several `tocsin api` and `tocsin worker` processes against one Temporal server, each
 * of which can be killed and replaced. The server keeps its state in a file, and comes back on its port.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDataDir } from '../../cli/dataDir.ts';
import { findTemporal } from '../../cli/temporalBinary.ts';
import { startTemporalServer, type TemporalServer } from '../../cli/temporalServer.ts';
import { freePort } from './temporalServer.ts';

const COMMAND = fileURLToPath(new URL('../../cli/tocsin.mjs', import.meta.url));
export const CLUSTER_TOKEN = 'an-api-token-for-all-processes';
const STARTS_WITHIN = 60_000;
const NEVER = new AbortController().signal;

/** One of the processes. */
export interface Member {
  readonly name: string;
  /** Of an API: where it listens. */
  readonly url: string;
  /** SIGKILL. Settles when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM. Settles with the exit code. */
  end(): Promise<number | null>;
  /** All that it wrote. */
  said(): string;
}

export interface Cluster {
  readonly address: string;
  api(): Promise<Member>;
  worker(): Promise<Member>;
  /** Ends the server as a crash does. */
  killTemporal(): Promise<void>;
  startTemporal(): Promise<void>;
  stop(): Promise<void>;
}

/** `env`: what all processes get beside their addresses. */
export async function startCluster(yaml: string, env: Readonly<Record<string, string>>): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-cluster-'));
  const configuration = join(folder, 'tocsin.yaml');
  writeFileSync(configuration, yaml);
  const say = (): void => undefined;
  const binary = await findTemporal({ env: process.env, temporalCli: process.env['TEMPORAL_CLI'], say, signal: NEVER });
  const dataDir = openDataDir(join(folder, 'temporal'));
  const port = await freePort();
  const start = (): Promise<TemporalServer> =>
    startTemporalServer({ binary, dataDir, namespace: 'default', port, uiPort: 0, say, signal: NEVER });
  let temporal = await start();
  const members = new Set<ChildProcess>();
  let count = 0;

  async function member(command: 'api' | 'worker'): Promise<Member> {
    const name = `${command}${++count}`;
    const listens = await freePort();
    const child = spawn(process.execPath, [COMMAND, command], {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        TEMPORAL_ADDRESS: temporal.address,
        TOCSIN_CONFIG: configuration,
        TOCSIN_DATA_DIR: join(folder, name),
        TOCSIN_API_TOKEN: CLUSTER_TOKEN,
        TOCSIN_SECRET: 'a-secret-that-all-processes-share',
        TOCSIN_PUBLIC_URL: 'http://127.0.0.1:8080',
        PORT: String(listens),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    members.add(child);
    let text = '';
    for (const out of [child.stdout, child.stderr])
      out.setEncoding('utf8').on('data', (part: string) => (text += part));
    const gone = once(child, 'exit').then(([code]) => code as number | null);
    void gone.then(() => members.delete(child));
    const url = `http://127.0.0.1:${listens}`;
    const until = Date.now() + STARTS_WITHIN;
    while (!(command === 'api' ? await isUp(url) : text.includes('Working for'))) {
      if (child.exitCode !== null || Date.now() > until) throw new Error(`${name} did not start:\n${text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const ended = (signal: NodeJS.Signals): Promise<number | null> => {
      child.kill(signal);
      return gone;
    };
    return {
      name,
      url,
      kill: async () => void (await ended('SIGKILL')),
      end: () => ended('SIGTERM'),
      said: () => text,
    };
  }

  return {
    address: temporal.address,
    api: () => member('api'),
    worker: () => member('worker'),
    killTemporal: () => temporal.stop(),
    async startTemporal() {
      temporal = await start();
    },
    async stop() {
      await Promise.all([...members].map((child) => (child.kill('SIGKILL'), once(child, 'exit'))));
      await temporal.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const isUp = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
};
