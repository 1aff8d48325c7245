/** Pages of what happened, the newest first. */
import { and, eq, lt, or } from 'drizzle-orm';
import { badCursor } from '../domain/errors.ts';
import type { changeEvents, ignoredEvents } from './schema.ts';

/** Instant and row of the last one of the page before. */
const CURSOR = /^(\d{1,15})-(\d{1,15})$/;

interface Row {
  readonly at: number;
  readonly row: number;
}

const cursorAfter = ({ at, row }: Row): string => `${at}-${row}`;

/** A page of `limit`, of what was found in that order where one more than that was asked for; a cursor where there is more. */
export function pageOf<Found extends Row>(
  found: readonly Found[],
  limit: number,
): { readonly rows: readonly Found[]; readonly nextCursor: string | null } {
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { rows, nextCursor: last === undefined ? null : cursorAfter(last) };
}

/** What comes after a page; everything without a cursor. Throws BAD_REQUEST for one that is none. */
export function following(table: typeof changeEvents | typeof ignoredEvents, cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  const [, at, row] = CURSOR.exec(cursor) ?? [];
  if (at === undefined || row === undefined) throw badCursor();
  return or(lt(table.at, Number(at)), and(eq(table.at, Number(at)), lt(table.row, Number(row))));
}
