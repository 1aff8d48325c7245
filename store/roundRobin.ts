/** Turns of round robin: the targets of a level in their order, one after the other, each incident's once (lifecycle §4.8). */
import { and, eq, sql } from 'drizzle-orm';
import { isTaken, type Use } from './backend.ts';
import type { Database } from './database.ts';
import { lastTargets, roundRobinTurns as table } from './schema.ts';
import type { RoundRobinPlace, Store } from './store.ts';

export function roundRobin(use: Use): Pick<Store, 'roundRobinTarget'> {
  return {
    roundRobinTarget: (place, available) =>
      use(async (database) => (await targetOf(database, place)) ?? (await give(database, place, available))),
  };
}

async function targetOf(database: Database, { incident, policy, level }: RoundRobinPlace): Promise<number | undefined> {
  const own = and(eq(table.incident, incident), eq(table.policy, policy), eq(table.level, level));
  const [row] = await database.select().from(table).where(own);
  return row?.target;
}

/**
 * One statement, so that a turn is taken and given, or neither. Of several that ask at once each waits for the one before
 * at the level's row; one of the same incident then fails as a whole, for the incident has its turn.
 */
async function give(database: Database, place: RoundRobinPlace, available: readonly number[]): Promise<number> {
  const incident = sql.param(place.incident, table.incident);
  const policy = sql.param(place.policy, table.policy);
  const targets = sql`unnest(${sql.raw(`array[${available.map(Number).join(',')}]`)}) as place`;
  try {
    const { rows } = await database.execute<{ target: number }>(sql`
      with taken as (
        insert into ${lastTargets} (policy, level, target)
        values (${policy}, ${place.level}, (select min(place) from ${targets}))
        on conflict (policy, level) do update set target = coalesce(
          (select min(place) from ${targets} where place > ${lastTargets}.target),
          (select min(place) from ${targets}))
        returning target
      )
      insert into ${table} (incident, policy, level, target)
      select ${incident}, ${policy}, ${place.level}, target from taken returning target`);
    return rows[0]!.target;
  } catch (error) {
    if (!isTaken(error)) throw error;
    const target = await targetOf(database, place);
    if (target === undefined) throw error;
    return target;
  }
}
