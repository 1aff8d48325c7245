/** Numbers of incidents, for people: 1, 2, 3, … in the order in which they were asked for. */
import { eq, sql } from 'drizzle-orm';
import { isTaken, type Use } from './backend.ts';
import type { Database } from './database.ts';
import { incidentNumbers as table, lastNumber } from './schema.ts';
import type { Store } from './store.ts';

/** PostgreSQL's `integer`. */
const HIGHEST = 2_147_483_647;

export function incidentNumbers(use: Use): Pick<Store, 'incidentNumber' | 'incidentOfNumber'> {
  return {
    incidentNumber: (incident) =>
      use(async (database) => (await numberOf(database, incident)) ?? (await give(database, incident))),
    incidentOfNumber: (number) =>
      use(async (database) => {
        if (!Number.isInteger(number) || number < 1 || number > HIGHEST) return undefined;
        const [row] = await database.select().from(table).where(eq(table.number, number));
        return row?.incident;
      }),
  };
}

async function numberOf(database: Database, incident: string): Promise<number | undefined> {
  const [row] = await database.select().from(table).where(eq(table.incident, incident));
  return row?.number;
}

/**
 * One statement, so that a number is counted and given, or neither. Of two that ask at once for the same incident one waits
 * for the other at the counter, and then fails as a whole, for the incident has its number.
 */
async function give(database: Database, incident: string): Promise<number> {
  const key = sql.param(incident, table.incident);
  try {
    const { rows } = await database.execute<{ number: number }>(sql`
      with counted as (
        insert into ${lastNumber} (single, number) values (true, 1)
        on conflict (single) do update set number = ${lastNumber}.number + 1
        returning number
      )
      insert into ${table} (incident, number) select ${key}, number from counted returning number`);
    return rows[0]!.number;
  } catch (error) {
    if (!isTaken(error)) throw error;
    const number = await numberOf(database, incident);
    if (number === undefined) throw error;
    return number;
  }
}
