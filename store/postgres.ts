/** The store on PostgreSQL: in production, and wherever worker and API are separate processes. */
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Client, Pool } from 'pg';
import { MIGRATIONS } from './database.ts';
import { sqlStore } from './sqlStore.ts';
import type { Store } from './store.ts';

const CONNECT_WITHIN_MS = 2_000;
const ANSWER_WITHIN_MS = 3_000;
/** A migration of large tables takes its time; whoever calls meanwhile hears after ANSWER_WITHIN_MS that the store is away. */
const MIGRATE_WITHIN_MS = 600_000;

/** Any number that is the same in every Tocsin: whoever has it in this database is the one that migrates. */
const MIGRATION_LOCK = 7_233_080_154;

/** `url`: `postgres://user:password@host:port/database`. Connects at the first call; gone and back again, it is used again. */
export function postgresStore(url: string): Store {
  const common = {
    connectionString: url,
    application_name: 'tocsin',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
  };
  const pool = new Pool({ ...common, query_timeout: ANSWER_WITHIN_MS });
  // A connection that breaks while nobody uses it: the pool has dropped it, and makes another at the next call.
  pool.on('error', () => undefined);
  const { host, pathname } = new URL(url);
  return sqlStore({
    name: `PostgreSQL at ${host}${pathname}`,
    patienceMs: ANSWER_WITHIN_MS,
    async open() {
      await bringUpToDate(new Client({ ...common, query_timeout: MIGRATE_WITHIN_MS }));
      return drizzle(pool);
    },
    close: () => pool.end(),
  });
}

/** Drizzle's `migrate` fails where two processes run it at once, as at the start of several workers: so one after the other. */
async function bringUpToDate(client: Client): Promise<void> {
  client.on('error', () => undefined); // what it was asked fails, too
  try {
    await client.connect();
    const database = drizzle(client);
    await database.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK}::bigint)`);
    await migrate(database, MIGRATIONS);
    await database.execute(sql`select pg_advisory_unlock(${MIGRATION_LOCK}::bigint)`);
  } finally {
    // Not awaited: a server that is gone says no farewell. With the connection goes the lock.
    void client.end().catch(() => undefined);
  }
}
