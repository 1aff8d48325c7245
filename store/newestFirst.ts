/** Pages of what happened, the newest first. */
import { and, eq, lt, or } from 'drizzle-orm';
import { badCursor } from '../domain/errors.ts';
import type { changeEvents, ignoredEvents } from './schema.ts';

/** Instant and row of the last one of the page before. */
const CURSOR = /^(\d{1,15})-(\d{1,15})$/;

export const cursorAfter = ({ at, row }: { readonly at: number; readonly row: number }): string => `${at}-${row}`;

/** What comes after a page; everything without a cursor. Throws BAD_REQUEST for one that is none. */
export function following(table: typeof changeEvents | typeof ignoredEvents, cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  const [, at, row] = CURSOR.exec(cursor) ?? [];
  if (at === undefined || row === undefined) throw badCursor();
  return or(lt(table.at, Number(at)), and(eq(table.at, Number(at)), lt(table.row, Number(row))));
}
