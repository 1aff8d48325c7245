/** The database behind a store: opened at its first use, and whatever is wrong with it is STORE_UNAVAILABLE. */
import { DrizzleQueryError } from 'drizzle-orm/errors';
import { TocsinError } from '../domain/errors.ts';
import type { Database } from './database.ts';

export interface Backend {
  /** For errors, with nothing secret: "PostgreSQL at db.example.com:5432/tocsin". */
  readonly name: string;
  /** Connects, and brings the tables up to date. */
  open(): Promise<Database>;
  /** A call that takes longer has failed; absent, where the database is in this process. */
  readonly patienceMs?: number;
  close(): Promise<void>;
}

/** Does something with the open database. Throws STORE_UNAVAILABLE, and what `work` itself throws as a TocsinError. */
export type Use = <Result>(work: (database: Database) => Promise<Result>) => Promise<Result>;

/** Opens at the first use, once for all that come meanwhile; where that failed, the next use tries again. */
export function usable(backend: Backend): Use {
  let opening: Promise<Database> | undefined;
  const opened = (): Promise<Database> =>
    (opening ??= backend.open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    }));
  return async (work) => {
    try {
      return await within(
        backend.patienceMs,
        opened().then((database) => work(database)),
      );
    } catch (error) {
      if (error instanceof TocsinError) throw error;
      const cause = innermost(error);
      throw new TocsinError('STORE_UNAVAILABLE', `${backend.name} cannot be used: ${describe(cause)}`, { cause });
    }
  };
}

async function within<Result>(limitMs: number | undefined, work: Promise<Result>): Promise<Result> {
  if (limitMs === undefined) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs / 1_000} s`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Drizzle's own error carries the values of the statement, which are people's, and must not be logged. */
export function innermost(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? innermost(error.cause) : error;
}

/** Another row has that key already. */
export const isTaken = (error: unknown): boolean =>
  (innermost(error) as { readonly code?: unknown }).code === UNIQUE_VIOLATION;
const UNIQUE_VIOLATION = '23505';

/** A host with several addresses fails with an error for each, and none of its own. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) return describe(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
