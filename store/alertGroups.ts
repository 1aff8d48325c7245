/** Which group an open alert is in, and the groups' present windows (lifecycle §2.3). */
import { and, eq, inArray, isNull, lt, sql } from 'drizzle-orm';
import { createHash } from 'node:crypto';
import type { Instant } from '../domain/duration.ts';
import { windowWith } from '../domain/groupWindow.ts';
import type { Use } from './backend.ts';
import type { Database } from './database.ts';
import { groupedAlerts, groupWindows } from './schema.ts';
import type { AlertGroup, AlertName, Joining, Store } from './store.ts';

/** Any number that nothing else here locks by. */
const LOCK = 72_330_802;
/** Rows in one statement. */
const BATCH = 1_000;
/** Milliseconds: that an alert is heard of is written down no more often. */
const NOTED_EVERY = 3_600_000;
/** Milliseconds: a window that was over so long ago is forgotten. */
const FORGOTTEN_AFTER = 24 * 3_600_000;

type AlertGroups = Pick<Store, 'groupsOf' | 'joinGroups' | 'idleGroups' | 'keepGroup' | 'forgetGroup'>;
type Entry = typeof groupedAlerts.$inferSelect;
type Window = typeof groupWindows.$inferSelect;

export function alertGroups(use: Use): AlertGroups {
  return {
    groupsOf: (alerts, now) =>
      use(async (database) => {
        const names = alerts.map(alertOf);
        const entries = await entriesOf(database, names);
        const due = [...entries.values()].filter(({ heardAt }) => heardAt < now - NOTED_EVERY);
        for (const rows of batches(due.map(({ alert }) => alert))) {
          await database.update(groupedAlerts).set({ heardAt: now }).where(inArray(groupedAlerts.alert, rows));
        }
        return names.map((name) => groupIn(entries.get(name)));
      }),
    joinGroups: (joining, now) =>
      use((database) =>
        database.transaction(async (transaction) => {
          // One at a time, so that alerts which come first at once, wherever they come, are in one window.
          await transaction.execute(sql`select pg_advisory_xact_lock(${LOCK}::bigint)`);
          const entries = await entriesOf(transaction, joining.map(alertOf));
          const windows = await windowsOf(transaction, joining.map(groupOf));
          const joined = new Map<string, Entry>();
          const moved = new Map<string, Window>();
          const groups = joining.map((one) => {
            const alert = alertOf(one);
            const known = groupIn(entries.get(alert));
            if (known !== undefined && !isSame(known, one.gone)) return known;
            const { service, key } = one;
            const entry = { alert, service, key, since: sinceOf(one, windows, moved, now), heardAt: now };
            entries.set(alert, entry);
            joined.set(alert, entry);
            return { service, key, since: entry.since };
          });
          await keepWindows(transaction, [...moved.values()]);
          await keepEntries(transaction, [...joined.values()]);
          await transaction.delete(groupWindows).where(lt(groupWindows.endsAt, now - FORGOTTEN_AFTER));
          return groups;
        }),
      ),
    idleGroups: (before, limit) =>
      use(async (database) =>
        database
          .selectDistinct({ service: groupedAlerts.service, key: groupedAlerts.key, since: groupedAlerts.since })
          .from(groupedAlerts)
          .where(lt(groupedAlerts.heardAt, before))
          .limit(limit),
      ),
    keepGroup: (group, before, now) =>
      use(async (database) => {
        await database
          .update(groupedAlerts)
          .set({ heardAt: now })
          .where(and(ofGroup(group), lt(groupedAlerts.heardAt, before)));
      }),
    forgetGroup: (group, before) =>
      use(async (database) => {
        await database.delete(groupedAlerts).where(and(ofGroup(group), lt(groupedAlerts.heardAt, before)));
      }),
  };
}

const hash = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts), 'utf8').digest('hex');
/** Keys of sources may be longer than an index takes. */
const alertOf = ({ integration, dedupKey }: AlertName): string => hash(integration, dedupKey);
const groupOf = ({ service, key }: Pick<AlertGroup, 'service' | 'key'>): string => hash(service, key);

const groupIn = (entry: Entry | undefined): AlertGroup | undefined =>
  entry && { service: entry.service, key: entry.key, since: entry.since };
const isSame = (one: AlertGroup, other: AlertGroup | undefined): boolean =>
  one.service === other?.service && one.key === other.key && one.since === other.since;
const ofGroup = ({ service, key, since }: AlertGroup) =>
  and(
    eq(groupedAlerts.service, service),
    eq(groupedAlerts.key, key),
    since === null ? isNull(groupedAlerts.since) : eq(groupedAlerts.since, since),
  );

/** When the window began that the alert is in now; null where its group has none. */
function sinceOf(one: Joining, windows: Map<string, Window>, moved: Map<string, Window>, now: Instant): Instant | null {
  if (one.window === null) return null;
  const group = groupOf(one);
  const { since, lastNewAt } = windowWith(windows.get(group), now, one.window);
  const window = { group, since, lastNewAt, endsAt: lastNewAt + one.window };
  windows.set(group, window);
  moved.set(group, window);
  return since;
}

async function entriesOf(database: Database, alerts: readonly string[]): Promise<Map<string, Entry>> {
  const found = new Map<string, Entry>();
  for (const batch of batches(alerts)) {
    const rows = await database.select().from(groupedAlerts).where(inArray(groupedAlerts.alert, batch));
    for (const row of rows) found.set(row.alert, row);
  }
  return found;
}

async function windowsOf(database: Database, groups: readonly string[]): Promise<Map<string, Window>> {
  const found = new Map<string, Window>();
  for (const batch of batches([...new Set(groups)])) {
    const rows = await database.select().from(groupWindows).where(inArray(groupWindows.group, batch));
    for (const row of rows) found.set(row.group, row);
  }
  return found;
}

async function keepWindows(database: Database, windows: readonly Window[]): Promise<void> {
  for (const rows of batches(windows)) {
    await database
      .insert(groupWindows)
      .values(rows)
      .onConflictDoUpdate({
        target: groupWindows.group,
        set: { since: sql`excluded.since`, lastNewAt: sql`excluded.last_new_at`, endsAt: sql`excluded.ends_at` },
      });
  }
}

async function keepEntries(database: Database, entries: readonly Entry[]): Promise<void> {
  for (const rows of batches(entries)) {
    await database
      .insert(groupedAlerts)
      .values(rows)
      .onConflictDoUpdate({
        target: groupedAlerts.alert,
        set: {
          service: sql`excluded.service`,
          key: sql`excluded.key`,
          since: sql`excluded.since`,
          heardAt: sql`excluded.heard_at`,
        },
      });
  }
}

function* batches<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let at = 0; at < rows.length; at += BATCH) yield rows.slice(at, at + BATCH);
}
