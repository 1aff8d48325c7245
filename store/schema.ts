/**
 * The tables. A change here comes with a migration: `npm run migrations`. Only what PostgreSQL 15 has, and no extension
 * (PGlite is a newer one); instants are milliseconds since the epoch, so that no session's time zone is in them.
 */
import { bigint, boolean, index, integer, pgSchema, primaryKey } from 'drizzle-orm/pg-core';
import type { ChangeEvent } from '../domain/changeEvent.ts';
import type { Urgency } from '../domain/configuration.ts';
import type { MaintenanceWindow } from '../domain/maintenance.ts';
import type { LogEntryView, NotificationView } from '../domain/view.ts';
import { exactJson, exactText } from './exactText.ts';
import type { IgnoredEvent } from './store.ts';

/** A schema of its own, so that a database may be shared. */
export const tocsin = pgSchema('tocsin');

/** One row: the number that was given last. Not a sequence, for one has gaps where two ask at once. */
export const lastNumber = tocsin.table('last_number', {
  single: boolean('single').primaryKey().default(true),
  number: integer('number').notNull(),
});

export const incidentNumbers = tocsin.table('incident_numbers', {
  incident: exactText('incident').primaryKey(),
  number: integer('number').notNull().unique(),
});

/** One row a level: the place of the target that was given last. */
export const lastTargets = tocsin.table(
  'round_robin_last',
  {
    policy: exactText('policy').notNull(),
    level: integer('level').notNull(),
    target: integer('target').notNull(),
  },
  (table) => [primaryKey({ columns: [table.policy, table.level] })],
);

/** Whose target is which. */
export const roundRobinTurns = tocsin.table(
  'round_robin_turns',
  {
    incident: exactText('incident').notNull(),
    policy: exactText('policy').notNull(),
    level: integer('level').notNull(),
    target: integer('target').notNull(),
  },
  (table) => [primaryKey({ columns: [table.incident, table.policy, table.level] })],
);

export const logEntries = tocsin.table(
  'log_entries',
  {
    incident: exactText('incident').notNull(),
    /** 12 for `e12`. */
    number: integer('number').notNull(),
    view: exactJson<LogEntryView>()('view').notNull(),
  },
  (table) => [primaryKey({ columns: [table.incident, table.number] })],
);

export const notifications = tocsin.table(
  'notifications',
  {
    incident: exactText('incident').notNull(),
    /** 3 for `n3`. */
    number: integer('number').notNull(),
    view: exactJson<NotificationView>()('view').notNull(),
  },
  (table) => [primaryKey({ columns: [table.incident, table.number] })],
);

/** What was sent, as it was sent. */
export const texts = tocsin.table(
  'texts',
  {
    incident: exactText('incident').notNull(),
    notification: exactText('notification').notNull(),
    text: exactText('text').notNull(),
  },
  (table) => [primaryKey({ columns: [table.incident, table.notification] })],
);

export const ignoredEvents = tocsin.table(
  'ignored_events',
  {
    /** In the order of recording: tells apart what has one instant. */
    row: bigint('row', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    id: exactText('id').notNull().unique(),
    at: bigint('at', { mode: 'number' }).notNull(),
    outcome: exactText('outcome').notNull(),
    integration: exactText('integration').notNull(),
    event: exactJson<IgnoredEvent>()('event').notNull(),
  },
  (table) => [index().on(table.at, table.row), index().on(table.integration, table.at, table.row)],
);

export const changeEvents = tocsin.table(
  'change_events',
  {
    /** In the order of recording: tells apart what has one instant. */
    row: bigint('row', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    id: exactText('id').notNull().unique(),
    /** Null for one of no service. */
    service: exactText('service'),
    at: bigint('at', { mode: 'number' }).notNull(),
    receivedAt: bigint('received_at', { mode: 'number' }).notNull(),
    change: exactJson<ChangeEvent>()('change').notNull(),
  },
  (table) => [
    index().on(table.at, table.row),
    index().on(table.service, table.at, table.row),
    index().on(table.receivedAt),
  ],
);

export const maintenanceWindows = tocsin.table(
  'maintenance_windows',
  {
    id: exactText('id').primaryKey(),
    /** It is over then; null for one that recurs for ever. */
    end: bigint('end', { mode: 'number' }),
    window: exactJson<MaintenanceWindow>()('window').notNull(),
  },
  (table) => [index().on(table.end)],
);

/** Incidents that maintenance held and that nothing holds any more: who waits, and whose turn is when. */
export const releaseTurns = tocsin.table(
  'release_turns',
  {
    service: exactText('service').notNull(),
    incident: exactText('incident').notNull(),
    urgency: exactText('urgency').$type<Urgency>().notNull(),
    createdAt: bigint('created_at', { mode: 'number' }).notNull(),
    joinedAt: bigint('joined_at', { mode: 'number' }).notNull(),
    /** When it asks again. */
    backAt: bigint('back_at', { mode: 'number' }).notNull(),
    /** Null while it waits. */
    turnAt: bigint('turn_at', { mode: 'number' }),
  },
  (table) => [primaryKey({ columns: [table.service, table.incident] })],
);

/** Alerts of services that group, each with the group that it is in; those of closed incidents until they are forgotten. */
export const groupedAlerts = tocsin.table(
  'grouped_alerts',
  {
    /** A hash of its integration and dedup key. */
    alert: exactText('alert').primaryKey(),
    service: exactText('service').notNull(),
    key: exactText('key').notNull(),
    /** When the group's window began; null where it has none. */
    since: bigint('since', { mode: 'number' }),
    /** Of its events, or of its incident; within an hour. */
    heardAt: bigint('heard_at', { mode: 'number' }).notNull(),
  },
  (table) => [index().on(table.heardAt)],
);

/** The present window of each group that has one. */
export const groupWindows = tocsin.table(
  'group_windows',
  {
    /** A hash of its service and key. */
    group: exactText('group').primaryKey(),
    since: bigint('since', { mode: 'number' }).notNull(),
    lastNewAt: bigint('last_new_at', { mode: 'number' }).notNull(),
    endsAt: bigint('ends_at', { mode: 'number' }).notNull(),
  },
  (table) => [index().on(table.endsAt)],
);
