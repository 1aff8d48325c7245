/** The `tocsin` command against a Tocsin of a test, as somebody types it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { TOKEN } from './tocsin.ts';

export interface Ran {
  readonly code: number;
  /** On standard output. */
  readonly said: string;
  /** On standard error. */
  readonly failed: string;
}

/** Runs it to its end; `env` beside the address and the token of that Tocsin. */
export async function command(
  { url }: { readonly url: string },
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  const child = spawn(process.execPath, ['cli/tocsin.mjs', ...args], {
    env: { PATH: process.env['PATH'], TOCSIN_PUBLIC_URL: url, TOCSIN_API_TOKEN: TOKEN, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [said, failed] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part: string) => (said += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (failed += part));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said, failed };
}
