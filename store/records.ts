/** What an incident carries no longer: its older log entries and notifications, and the texts as they were sent. */
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm';
import type { Use } from './backend.ts';
import { logEntries, notifications as ledger, texts } from './schema.ts';
import type { Store } from './store.ts';

/** Rows in one statement: PostgreSQL takes 65,535 parameters, and long statements take long to make. */
const BATCH = 1_000;

type Records = Pick<Store, 'keepEntries' | 'entries' | 'keepNotifications' | 'notifications' | 'keepText' | 'texts'>;

export function records(use: Use): Records {
  return {
    keepEntries: (incident, entries) =>
      use(async (database) => {
        const rows = entries.map((view) => ({ incident, number: numberIn(view.id), view }));
        for (const batch of batches(rows)) await database.insert(logEntries).values(batch).onConflictDoNothing();
      }),
    entries: (incident, { after, limit }) =>
      use(async (database) => {
        const rows = await database
          .select()
          .from(logEntries)
          .where(and(eq(logEntries.incident, incident), gt(logEntries.number, after)))
          .orderBy(asc(logEntries.number))
          .limit(limit);
        return rows.map(({ view }) => view);
      }),
    keepNotifications: (incident, notifications) =>
      use(async (database) => {
        // One statement may not replace the same row twice.
        const latest = new Map(notifications.map((view) => [view.id, view]));
        const rows = [...latest.values()].map((view) => ({ incident, number: numberIn(view.id), view }));
        for (const batch of batches(rows)) {
          await database
            .insert(ledger)
            .values(batch)
            .onConflictDoUpdate({ target: [ledger.incident, ledger.number], set: { view: sql`excluded.view` } });
        }
      }),
    notifications: (incident, { after, limit }) =>
      use(async (database) => {
        const rows = await database
          .select()
          .from(ledger)
          .where(and(eq(ledger.incident, incident), gt(ledger.number, after)))
          .orderBy(asc(ledger.number))
          .limit(limit);
        return rows.map(({ view }) => view);
      }),
    keepText: (incident, notification, text) =>
      use(async (database) => {
        await database
          .insert(texts)
          .values({ incident, notification, text })
          .onConflictDoUpdate({ target: [texts.incident, texts.notification], set: { text: sql`excluded.text` } });
      }),
    texts: (incident, notifications) =>
      use(async (database) => {
        const found = new Map<string, string>();
        for (const batch of batches(notifications)) {
          const rows = await database
            .select()
            .from(texts)
            .where(and(eq(texts.incident, incident), inArray(texts.notification, [...batch])));
          for (const { notification, text } of rows) found.set(notification, text);
        }
        return found;
      }),
  };
}

function* batches<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let at = 0; at < rows.length; at += BATCH) yield rows.slice(at, at + BATCH);
}

/** 12 of `e12`, 3 of `n3`: the order in which they came about. */
const numberIn = (id: string): number => Number(id.slice(1));
