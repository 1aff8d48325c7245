/**
 * The embedded store: PGlite, PostgreSQL as a library, in this process. Two processes on one of its folders lose data
 * silently (electric-sql/pglite#892), so a lock beside it keeps the second one out.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { takeLock } from '../machine/lock.ts';
import { MIGRATIONS } from './database.ts';
import { sqlStore } from './sqlStore.ts';
import type { Store } from './store.ts';

/**
 * In `folder`, which is made where it is not there; in memory where there is none, and then beginning with `start`, what
 * another one held (pglite.dev/docs/api, dumpDataDir). Throws DATA_DIR_IN_USE.
 */
export async function pgliteStore(folder?: string, start?: Blob): Promise<Store> {
  if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = folder === undefined ? undefined : await takeLock(folder);
  const path = folder === undefined ? undefined : join(folder, 'database');
  /** The one that is open, or being opened. */
  let present: Promise<PGlite | undefined> = Promise.resolve(undefined);
  return sqlStore({
    name: path === undefined ? 'the store in memory' : `the embedded store in ${path}`,
    async open() {
      const opening = openPglite(path, start);
      present = opening.then(
        ({ client }) => client,
        () => undefined,
      );
      return (await opening).database;
    },
    async close() {
      await (await present)?.close();
      lock?.release();
    },
  });
}

async function openPglite(path: string | undefined, start: Blob | undefined) {
  const client = await (start === undefined ? PGlite.create(path) : PGlite.create({ loadDataDir: start }));
  try {
    const database = drizzle(client);
    await migrate(database, MIGRATIONS);
    return { client, database };
  } catch (error) {
    await client.close();
    throw error;
  }
}
