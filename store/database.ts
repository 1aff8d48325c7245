/** What PGlite and PostgreSQL have in common for the queries. */
import { fileURLToPath } from 'node:url';
import type { MigrationConfig } from 'drizzle-orm/migrator';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

interface Answer<Row> {
  readonly rows: Row[];
}

/** Both drivers answer a statement with its rows. */
interface Answers extends PgQueryResultHKT {
  readonly type: Answer<this['row']>;
}

export type Database = PgDatabase<Answers>;

/** Where drizzle-kit puts the migrations, and where in the database is noted which of them were done. */
export const MIGRATIONS: MigrationConfig = {
  migrationsFolder: fileURLToPath(new URL('migrations', import.meta.url)),
  migrationsSchema: 'tocsin',
  migrationsTable: 'migrations',
};
