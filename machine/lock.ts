/**
 * One Tocsin a data folder. The lock is a file that names the process that holds it by pid and start time, so that a lock
 * left behind by SIGKILL or a power cut is known as such, and one that is held is never stolen.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TocsinError } from '../domain/errors.ts';
import { startOf } from './processes.ts';

interface Holder {
  readonly pid: number;
  readonly start: string;
}

export interface Lock {
  release(): void;
}

/** An earlier Tocsin that is just stopping is waited for this long. */
const PATIENCE_MS = 3_000;

/** Takes the lock `<folder>/lock`. Throws DATA_DIR_IN_USE, naming the pid, where a living process holds it. */
export async function takeLock(folder: string, patienceMs = PATIENCE_MS): Promise<Lock> {
  const path = join(folder, 'lock');
  const until = Date.now() + patienceMs;
  for (;;) {
    const holder = attempt(path);
    if (holder === undefined) return { release: () => release(path) };
    if (Date.now() >= until) {
      throw new TocsinError(
        'DATA_DIR_IN_USE',
        `${folder} is in use by process ${holder.pid}. Stop that one, or give this one a folder of its own with TOCSIN_DATA_DIR.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Returns the living holder, or undefined once the lock is ours. */
function attempt(path: string): Holder | undefined {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, JSON.stringify({ pid: process.pid, start: startOf(process.pid) ?? '' } satisfies Holder), {
    mode: 0o600,
  });
  try {
    for (;;) {
      // A link, not a file made with O_EXCL: the lock is there with its content, or not at all.
      if (tryLink(mine, path)) return undefined;
      const found = readHolder(path);
      if (found === undefined) continue;
      if (isAlive(found)) return found;
      clearStale(path, found);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Moves a dead holder's lock away; where another start was quicker and its fresh lock was moved, it is put back. */
function clearStale(path: string, dead: Holder): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // somebody else moved it
  }
  const moved = readHolder(aside);
  if (moved !== undefined && (moved.pid !== dead.pid || moved.start !== dead.start)) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function release(path: string): void {
  if (readHolder(path)?.pid === process.pid) rmSync(path, { force: true });
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Undefined where there is no lock; a lock that says nothing sensible is a dead one's. */
function readHolder(path: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
  try {
    const { pid, start } = JSON.parse(text) as Partial<Holder>;
    return { pid: Number(pid), start: String(start) };
  } catch {
    return { pid: 0, start: '' };
  }
}

const isAlive = ({ pid, start }: Holder): boolean => pid > 0 && startOf(pid) === start;
