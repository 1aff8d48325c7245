/** The data folder (interfaces §2, TOCSIN_DATA_DIR): Temporal's SQLite file, the embedded store, the lock, the generated token and secret. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TocsinError } from '../domain/errors.ts';

export interface DataDir {
  /** Absolute. */
  readonly path: string;
  /** Temporal's SQLite file. */
  readonly database: string;
  /** What Temporal's dev server writes. */
  readonly serverLog: string;
}

/** Makes the folder, for its owner only, and names what is in it. Throws BAD_ENVIRONMENT where that cannot be. */
export function openDataDir(path: string): DataDir {
  const folder = resolve(path);
  // The dev server hands the path to SQLite as the path of a URI, unescaped: after one of these it would open another file.
  const odd = /[?#%]/.exec(folder)?.[0];
  if (odd !== undefined)
    throw new TocsinError(
      'BAD_ENVIRONMENT',
      `TOCSIN_DATA_DIR is ${folder}: Temporal's dev server cannot keep its file in a path with "${odd}". Choose another folder.`,
    );
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new TocsinError(
      'BAD_ENVIRONMENT',
      `TOCSIN_DATA_DIR is ${folder}, which cannot be made: ${(error as Error).message}. Choose a folder that you may write to.`,
    );
  }
  return { path: folder, database: join(folder, 'temporal.db'), serverLog: join(folder, 'temporal.log') };
}

/**
 * The secret of that name in the folder, generated at the first start: 32 random bytes in base64url, in a file that only
 * its owner can read. Processes that start together agree on one.
 */
export function keptSecret(folder: string, name: 'token' | 'secret'): string {
  const path = join(folder, name);
  const candidate = `${path}.${process.pid}`;
  const kept = readSecret(path);
  if (kept !== undefined) return kept;
  writeFileSync(candidate, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(candidate, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(candidate, { force: true });
  }
  return readSecret(path) ?? emptySecret(path);
}

/** The secret in that file; undefined where there is none. */
export function readSecret(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim() || emptySecret(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function emptySecret(path: string): never {
  throw new TocsinError(
    'BAD_ENVIRONMENT',
    `${path} is empty. Remove it, and the next start generates another (links that the old one signed are then refused).`,
  );
}
