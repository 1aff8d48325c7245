/** Which store this installation has. */
import { join } from 'node:path';
import { absentStore } from './absent.ts';
import type { Store } from './store.ts';

/** What goes without a store; stands in the output of `tocsin worker` and `tocsin api`. */
const NONE =
  'TOCSIN_DATABASE_URL is not set: incidents have no numbers, older log entries and notifications, texts as they were sent and ignored events are not kept, and alerts are not grouped. Pages go out all the same.';

/**
 * PostgreSQL where there is a `databaseUrl`, else PGlite in `<dataDir>/store`, else none. Nothing is connected yet: the
 * first call does, or `trouble`. What is not used is not loaded. Throws DATA_DIR_IN_USE.
 */
export async function openStore(where: {
  readonly databaseUrl?: string | undefined;
  readonly dataDir?: string | undefined;
}): Promise<Store> {
  if (where.databaseUrl !== undefined) return (await import('./postgres.ts')).postgresStore(where.databaseUrl);
  if (where.dataDir !== undefined) return (await import('./pglite.ts')).pgliteStore(join(where.dataDir, 'store'));
  return absentStore(NONE);
}
