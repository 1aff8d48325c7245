/** Events, and commands, that made or found no open incident, and why (interfaces §4, `GET /v1/events`). */
import { and, desc, eq, lt, or } from 'drizzle-orm';
import { badCursor } from '../domain/errors.ts';
import type { Use } from './backend.ts';
import { ignoredEvents as table } from './schema.ts';
import type { Store } from './store.ts';

/** Instant and row of the last one of the page before. */
const CURSOR = /^(\d{1,15})-(\d{1,15})$/;

export function ignoredEvents(use: Use): Pick<Store, 'recordIgnored' | 'ignored'> {
  return {
    recordIgnored: (events) =>
      use(async (database) => {
        if (events.length === 0) return;
        const rows = events.map((event) => {
          const { id, outcome, integration } = event;
          return { id, at: Date.parse(event.at), outcome, integration, event };
        });
        await database.insert(table).values(rows).onConflictDoNothing();
      }),
    ignored: ({ limit, cursor, outcome, integration }) =>
      use(async (database) => {
        const found = await database
          .select()
          .from(table)
          .where(
            and(
              outcome === undefined ? undefined : eq(table.outcome, outcome),
              integration === undefined ? undefined : eq(table.integration, integration),
              cursor === undefined ? undefined : before(cursor),
            ),
          )
          .orderBy(desc(table.at), desc(table.row))
          .limit(limit + 1);
        const page = found.slice(0, limit);
        const last = found.length > limit ? page.at(-1) : undefined;
        return {
          events: page.map(({ event }) => event),
          nextCursor: last === undefined ? null : `${last.at}-${last.row}`,
        };
      }),
  };
}

function before(cursor: string) {
  const [, at, row] = CURSOR.exec(cursor) ?? [];
  if (at === undefined || row === undefined) throw badCursor();
  return or(lt(table.at, Number(at)), and(eq(table.at, Number(at)), lt(table.row, Number(row))));
}
