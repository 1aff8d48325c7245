/** Change events (domain/changeEvent.ts). Those that are old go when the next one comes. */
import { and, desc, eq, gte, isNotNull, lt, lte, sql } from 'drizzle-orm';
import { days } from '../domain/duration.ts';
import type { Use } from './backend.ts';
import { following, pageOf } from './newestFirst.ts';
import { changeEvents as table } from './schema.ts';
import type { Store } from './store.ts';

/** Since they were received. */
export const CHANGES_KEPT = days(90);

export function changeEvents(use: Use): Pick<Store, 'recordChange' | 'changes' | 'latestChanges'> {
  return {
    recordChange: (change) =>
      use(async (database) => {
        const { id, service, at, receivedAt } = change;
        await database.insert(table).values({ id, service, at, receivedAt, change });
        await database.delete(table).where(lt(table.receivedAt, receivedAt - CHANGES_KEPT));
      }),
    changes: ({ service, since, until, limit, cursor }, now) =>
      use(async (database) => {
        const found = await database
          .select()
          .from(table)
          .where(
            and(
              gte(table.receivedAt, now - CHANGES_KEPT),
              service === undefined ? undefined : eq(table.service, service),
              since === undefined ? undefined : gte(table.at, since),
              until === undefined ? undefined : lt(table.at, until),
              following(table, cursor),
            ),
          )
          .orderBy(desc(table.at), desc(table.row))
          .limit(limit + 1);
        const { rows, nextCursor } = pageOf(found, limit);
        return { changes: rows.map(({ change }) => change), nextCursor };
      }),
    latestChanges: (since, most) =>
      use(async (database) => {
        const place = sql<number>`row_number() over (partition by ${table.service} order by ${table.at} desc, ${table.row} desc)`;
        const ranked = database
          .select({ change: table.change, place: place.as('place') })
          .from(table)
          .where(and(isNotNull(table.service), gte(table.at, since)))
          .as('ranked');
        const rows = await database.select({ change: ranked.change }).from(ranked).where(lte(ranked.place, most));
        return rows.map(({ change }) => change);
      }),
  };
}
