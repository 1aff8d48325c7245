/** Where the clients' scenarios run: a started Tocsin, what stands before it, and the clients' programs. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { pythonPrograms } from '../support/pythonPrograms.ts';
import { type House, startHouse } from '../support/runningHouse.ts';
import { freePort } from '../support/temporalServer.ts';
import { type Front, startFront } from './front.ts';
import { VERSIONS } from './versions.ts';

/** The names of the calls that were made. */
export interface Ran {
  readonly calls: readonly string[];
}

export interface Place {
  readonly house: House;
  readonly front: Front;
  /** One call of each client, no more. */
  readonly quick: boolean;
  /** Path of a program of the Python clients. */
  python(program: string): string;
  /** Path of the program that is all clients in Go. */
  readonly goClients: string;
  /** Runs a program to its end. Rejects, with what it wrote, where that is not 0. */
  run(file: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ran>;
  /** Stops what runs beside the scenarios. */
  stop(): Promise<void>;
}

/** Milliseconds; a client that waits for ever is a fault. */
const ENDS_WITHIN = 180_000;

/** Installs and builds what is not there yet, and starts the house. `say`: told what takes its time. */
export async function openPlace(quick: boolean, say: (line: string) => void): Promise<Place> {
  const programs = pythonPrograms(VERSIONS.python, say);
  const goClients = buildGoClients();
  const port = await freePort();
  const front = await startFront(`http://127.0.0.1:${port}`);
  const house = await startHouse({ config: 'test/compat/house.yaml', port, publicUrl: front.url }).catch(
    async (error: unknown) => {
      await front.stop();
      throw error;
    },
  );
  const given = {
    COMPAT_HTTP: house.url,
    COMPAT_HTTPS: front.url,
    COMPAT_CA: front.ca,
    COMPAT_TOKEN: house.token,
    COMPAT_QUICK: quick ? '1' : '0',
  };
  return {
    house,
    front,
    quick,
    python: (program) => join(programs, program),
    goClients,
    async run(file, args, env = {}) {
      const child = spawn(file, args, {
        env: {
          PATH: process.env['PATH'],
          HOME: process.env['HOME'],
          LANG: 'C.UTF-8',
          PYTHONDONTWRITEBYTECODE: '1',
          ...given,
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: ENDS_WITHIN,
      });
      const [said, failed]: [string[], string[]] = [[], []];
      child.stdout.setEncoding('utf8').on('data', (part: string) => said.push(part));
      child.stderr.setEncoding('utf8').on('data', (part: string) => failed.push(part));
      const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
      if (code !== 0)
        throw new Error(`${file} ${args.join(' ')} ended with ${code ?? signal}:\n${said.join('')}${failed.join('')}`);
      const lines = said
        .join('')
        .split('\n')
        .filter((line) => line.includes(': '));
      return { calls: lines.map((line) => line.slice(0, line.indexOf(': '))) };
    },
    async stop() {
      await Promise.all([house.stop(), front.stop()]);
    },
  };
}

/** Go's own caches keep modules and objects from run to run. */
function buildGoClients(): string {
  const folder = join(tmpdir(), 'tocsin-compat-go');
  mkdirSync(folder, { recursive: true });
  const program = join(folder, 'clients');
  execFileSync('go', ['build', '-buildvcs=false', '-o', program, '.'], {
    cwd: 'test/compat/clients/go',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return program;
}
