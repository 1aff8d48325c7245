/** Events, and commands, that made or found no open incident, and why (interfaces §4, `GET /v1/events`). */
import { and, desc, eq } from 'drizzle-orm';
import type { Use } from './backend.ts';
import { following, pageOf } from './newestFirst.ts';
import { ignoredEvents as table } from './schema.ts';
import type { Store } from './store.ts';

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
              following(table, cursor),
            ),
          )
          .orderBy(desc(table.at), desc(table.row))
          .limit(limit + 1);
        const { rows, nextCursor } = pageOf(found, limit);
        return { events: rows.map(({ event }) => event), nextCursor };
      }),
  };
}
