/**
 * The embedded store of tests, set up once a run: making one takes three seconds of a processor, starting from a copy less
 * than one. In the folder of TOCSIN_TEST_STORE, which globalSetup.mjs fills; without it each is made anew.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { pgliteStore } from '../../store/pglite.ts';
import type { Store } from '../../store/store.ts';

const FOLDER = 'TOCSIN_TEST_STORE';
const ARCHIVE = 'database.tar';

/** For globalSetup.mjs. */
export async function prepareStores(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-prepared-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const store = await pgliteStore(join(folder, 'store'));
  await store.trouble();
  await store.close();
  const database = await PGlite.create(join(folder, 'store', 'database'));
  writeFileSync(join(folder, ARCHIVE), Buffer.from(await (await database.dumpDataDir('none')).arrayBuffer()));
  await database.close();
  process.env[FOLDER] = folder;
}

/** In memory, and opened by now: its first opening takes longer than an attempt of an activity may. */
export async function openedStore(): Promise<Store> {
  const folder = process.env[FOLDER];
  const start = folder === undefined ? undefined : new Blob([readFileSync(join(folder, ARCHIVE))]);
  const store = await pgliteStore(undefined, start);
  await store.trouble();
  return store;
}

/** As it is once Tocsin was started with that data folder before. */
export function putStoreInto(dataDir: string): void {
  const folder = process.env[FOLDER];
  if (folder === undefined) return;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  cpSync(join(folder, 'store'), join(dataDir, 'store'), { recursive: true });
}
