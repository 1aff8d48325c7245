/** A PostgreSQL server of the test's own: real, on a free port of this machine, in a folder that goes with it. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './temporalServer.ts';

/** Debian's place, the lowest version that Tocsin supports; elsewhere the one on the PATH. */
const DEBIAN = '/usr/lib/postgresql/15/bin';
const USER = 'postgres';

export interface PostgresServer {
  /** Makes an empty database; returns its URL. */
  newDatabase(): Promise<string>;
  /** Ends it as `pg_ctl stop -m fast` does: connections are cut. */
  stop(): Promise<void>;
  /** Starts it again, on the same port and folder. */
  start(): Promise<void>;
  /** Stops it, and removes its folder. */
  close(): Promise<void>;
}

/** Throws where there is no PostgreSQL (Debian: `apt-get install postgresql-15`). */
export async function startPostgres(): Promise<PostgresServer> {
  const program = (name: string): string => (existsSync(DEBIAN) ? join(DEBIAN, name) : name);
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-postgres-'));
  const owner = ownerOf(folder);
  const data = join(folder, 'data');
  execFileSync(program('initdb'), ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'], owner);
  const port = await freePort();
  const urlOf = (database: string): string => `postgres://${USER}:not-checked@127.0.0.1:${port}/${database}`;
  let running: ChildProcess | undefined;
  let databases = 0;

  async function start(): Promise<void> {
    let said = '';
    const options = ['-p', String(port), '-h', '127.0.0.1', '-k', '', '-F'];
    const child = spawn(program('postgres'), ['-D', data, ...options], {
      ...owner,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    running = child;
    child.stderr.setEncoding('utf8').on('data', (part: string) => (said += part));
    while (!(await answers(urlOf('postgres')))) {
      if (child.exitCode !== null) throw new Error(`PostgreSQL did not start:\n${said}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  async function stop(): Promise<void> {
    const child = running;
    running = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
  }

  await start();
  return {
    start,
    stop,
    async newDatabase() {
      const name = `test${++databases}`;
      await query(urlOf('postgres'), `create database ${name}`);
      return urlOf(name);
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** PostgreSQL refuses to run as root: then it is the user that Debian's package makes, and the folder is that one's. */
function ownerOf(folder: string): { readonly cwd: string; readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return { cwd: folder };
  const idOf = (option: string): number => Number(execFileSync('id', [option, USER], { encoding: 'utf8' }));
  const owner = { cwd: folder, uid: idOf('-u'), gid: idOf('-g') };
  chownSync(folder, owner.uid, owner.gid);
  return owner;
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

const answers = async (url: string): Promise<boolean> =>
  query(url, 'select 1').then(
    () => true,
    () => false,
  );
