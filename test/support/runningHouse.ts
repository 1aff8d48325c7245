/** All of Tocsin as its users start it, for programs that are not of this project: the `tocsin up` command, on ports and a data folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { freePort } from './temporalServer.ts';

export interface House {
  /** Its API. */
  readonly url: string;
  /** May do anything, as anyone. */
  readonly token: string;
  /** Asks its own API, with the token. Throws where the answer is no success. */
  read<Body>(path: string): Promise<Body>;
  /** What it printed so far. */
  said(): string;
  stop(): Promise<void>;
}

const STARTS_WITHIN = 180_000;
const RUNNING = 'started again, open incidents go on.';

/**
 * Resolves once it says that it runs; rejects with what it printed where it does not.
 * `port`: where its API listens. `publicUrl`: under which its clients know it, where that is another one.
 */
export async function startHouse(options: {
  readonly config: string;
  readonly port?: number;
  readonly publicUrl?: string;
  readonly env?: NodeJS.ProcessEnv;
}): Promise<House> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-house-'));
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const token = 'a-token-for-the-house-of-the-clients';
  const child = spawn(process.execPath, ['cli/tocsin.mjs', 'up'], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      npm_lifecycle_event: 'test', // it is to end with us, as with the npm that starts it
      PORT: String(port),
      TOCSIN_CONFIG: options.config,
      TOCSIN_DATA_DIR: join(folder, 'data'),
      TOCSIN_API_TOKEN: token,
      TOCSIN_PUBLIC_URL: options.publicUrl ?? url,
      TOCSIN_TEMPORAL_PORT: String(await freePort()),
      TOCSIN_TEMPORAL_UI_PORT: String(await freePort()),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const out of [child.stdout, child.stderr]) out.setEncoding('utf8').on('data', (part: string) => (said += part));
  const ended = once(child, 'close');
  let over = false;
  void ended.then(() => (over = true));
  const stop = async (): Promise<void> => {
    if (!over) child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  for (const until = Date.now() + STARTS_WITHIN; !said.includes(RUNNING);) {
    if (over || Date.now() > until) {
      await stop();
      throw new Error(`Tocsin ${over ? 'ended' : 'ran'} without saying that it runs:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    token,
    async read<Body>(path: string): Promise<Body> {
      const ask = () => fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
      // As any client does that is told to: on a busy machine a worker may take more than the API's 3 s.
      const answer = await eventually(ask, ({ status }) => status !== 503);
      const text = await answer.text();
      if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${text}`);
      return JSON.parse(text) as Body;
    },
    said: () => said,
    stop,
  };
}
