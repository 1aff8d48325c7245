/** Turns of the incidents that maintenance held, one transaction a service at a time (domain/releaseTurns.ts). */
import { and, eq, lt, or, sql } from 'drizzle-orm';
import { askAgainAt, gathered, turnsOf } from '../domain/releaseTurns.ts';
import type { Instant } from '../domain/duration.ts';
import type { Use } from './backend.ts';
import type { Database } from './database.ts';
import { releaseTurns as table } from './schema.ts';
import type { Store } from './store.ts';

/** Any number that nothing else here locks by. */
const LOCK = 72_330_801;
/** Milliseconds: after its turn an incident is forgotten, so that one which is held and released anew takes another. */
const KEPT_AFTER_TURN = 10_000;
/** One that should have asked again that long ago does not come back. */
const GONE_AFTER = 30_000;
/** Rows in one statement. */
const BATCH = 1_000;

export function releaseTurns(use: Use): Pick<Store, 'takeTurn'> {
  return {
    takeTurn: ({ service, incident, urgency, createdAt }, now) =>
      use((database) =>
        database.transaction(async (transaction) => {
          await transaction.execute(sql`select pg_advisory_xact_lock(${LOCK}::int, hashtext(${service}))`);
          await forgetOld(transaction, service, now);
          const rows = await transaction.select().from(table).where(eq(table.service, service));
          const own = rows.find((row) => row.incident === incident);
          if (own !== undefined && own.turnAt !== null) return { at: own.turnAt, given: true };

          const joined = { ...(own ?? { service, incident, createdAt, joinedAt: now, turnAt: null }), urgency };
          const waiting = [...rows.filter((row) => row.turnAt === null && row !== own), { ...joined, backAt: now }];
          if (own !== undefined && gathered(waiting, now)) {
            const given = rows.flatMap(({ turnAt }) => turnAt ?? []);
            const turns = turnsOf(waiting, now, given.length === 0 ? null : Math.max(...given));
            const byIncident = new Map(turns.map((turn) => [turn.incident, turn.at]));
            const turnOf = (id: string): Instant => byIncident.get(id) ?? now;
            await keep(
              transaction,
              waiting.map((row) => ({ ...row, turnAt: turnOf(row.incident) })),
            );
            return { at: turnOf(incident), given: true };
          }
          const backAt = askAgainAt(waiting, now);
          await keep(transaction, [{ ...joined, backAt }]);
          return { at: backAt, given: false };
        }),
      ),
  };
}

const forgetOld = (database: Database, service: string, now: Instant): Promise<unknown> =>
  database
    .delete(table)
    .where(
      and(
        eq(table.service, service),
        or(
          lt(table.turnAt, now - KEPT_AFTER_TURN),
          and(sql`${table.turnAt} is null`, lt(table.backAt, now - GONE_AFTER)),
        ),
      ),
    );

async function keep(database: Database, rows: readonly (typeof table.$inferInsert)[]): Promise<void> {
  for (let at = 0; at < rows.length; at += BATCH) {
    await database
      .insert(table)
      .values(rows.slice(at, at + BATCH))
      .onConflictDoUpdate({
        target: [table.service, table.incident],
        set: {
          urgency: sql`excluded.urgency`,
          backAt: sql`excluded.back_at`,
          turnAt: sql`excluded.turn_at`,
        },
      });
  }
}
