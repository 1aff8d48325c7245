/**
 * What outlives an incident, or does not fit into it (design §2.9). Behind it stands PGlite or PostgreSQL, or nothing.
 * Every method throws STORE_UNAVAILABLE where the store cannot be reached; no page waits for one.
 */
import type { ChangeEvent } from '../domain/changeEvent.ts';
import type { EventAction } from '../domain/event.ts';
import type { Urgency } from '../domain/configuration.ts';
import type { Instant, Milliseconds } from '../domain/duration.ts';
import type { MaintenanceWindow } from '../domain/maintenance.ts';
import type { LogEntryView, NotificationView } from '../domain/view.ts';

/** An event, or a command, that made or found no open incident. */
export interface IgnoredEvent {
  /** Names it, so that one recorded twice is listed once. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly outcome: 'ignored' | 'suppressed';
  readonly reason: string;
  readonly integration: string;
  readonly dedupKey: string;
  /** For a command, its name. */
  readonly action: EventAction | (string & {});
  readonly summary: string;
  /** The incident that it came too late for. */
  readonly incident?: string;
  /** Of a command: who gave it. */
  readonly actor?: string;
}

/** In a grouped incident (lifecycle §2.3). */
export interface AlertName {
  readonly integration: string;
  readonly dedupKey: string;
}

/** A group of a service's alerts; those of one are one incident. */
export interface AlertGroup {
  readonly service: string;
  /** What its alerts have in common, as people read it. */
  readonly key: string;
  /** When its window began; null where it has none. */
  readonly since: Instant | null;
}

export interface Joining extends AlertName {
  readonly service: string;
  readonly key: string;
  /** A new alert later than that after the last new one begins the next incident; null: never. */
  readonly window: Milliseconds | null;
  /** Where it was, if that incident is closed. */
  readonly gone?: AlertGroup | undefined;
}

export interface Page {
  readonly limit: number;
  /** As an earlier answer gave it. */
  readonly cursor?: string | undefined;
}

/** An incident of `service` that nothing holds any more. */
export interface TurnRequest {
  readonly service: string;
  readonly incident: string;
  /** As it is now. */
  readonly urgency: Urgency;
  readonly createdAt: Instant;
}

export interface Turn {
  readonly at: Instant;
  /** It goes on then; else it asks again then. */
  readonly given: boolean;
}

/** A level of round robin that the incident enters, from 1. */
export interface RoundRobinPlace {
  readonly incident: string;
  readonly policy: string;
  readonly level: number;
}

export interface Store {
  /** There is none in this installation, and none is coming back: nobody is to wait for it. */
  readonly absent: boolean;

  /** The incident's number, from 1 on, without gaps where nothing fails; the same one however often it is asked. */
  incidentNumber(incident: string): Promise<number>;
  /** The id of the incident with that number. */
  incidentOfNumber(number: number): Promise<string | undefined>;

  /**
   * The target that is the incident's: of `available`, places in the level's list from 0, at least one, the next after the
   * one that was given last. The same one however often it is asked.
   */
  roundRobinTarget(place: RoundRobinPlace, available: readonly number[]): Promise<number>;

  /** Keeps older log entries of an incident; one that is there already is left as it is. */
  keepEntries(incident: string, entries: readonly LogEntryView[]): Promise<void>;
  /** Those kept, oldest first. `after` is the number in an entry's id: 12 for `e12`. */
  entries(incident: string, page: { readonly after: number; readonly limit: number }): Promise<readonly LogEntryView[]>;
  /** Keeps settled notifications of an incident; one that is there already is replaced. */
  keepNotifications(incident: string, notifications: readonly NotificationView[]): Promise<void>;
  /** Those kept, oldest first. `after` is the number in a notification's id: 3 for `n3`. */
  notifications(
    incident: string,
    page: { readonly after: number; readonly limit: number },
  ): Promise<readonly NotificationView[]>;

  /** Keeps what was sent, as it was sent; a later attempt's text replaces an earlier one's. */
  keepText(incident: string, notification: string, text: string): Promise<void>;
  /** By notification id. */
  texts(incident: string, notifications: readonly string[]): Promise<ReadonlyMap<string, string>>;

  recordIgnored(events: readonly IgnoredEvent[]): Promise<void>;
  /** Newest first. Throws BAD_REQUEST for a cursor that is none. */
  ignored(
    filter: Page & {
      readonly outcome?: IgnoredEvent['outcome'] | undefined;
      readonly integration?: string | undefined;
    },
  ): Promise<{ readonly events: readonly IgnoredEvent[]; readonly nextCursor: string | null }>;

  /** Keeps it for 90 days. */
  recordChange(change: ChangeEvent): Promise<void>;
  /** Newest first: of that service, and with `at` in `[since, until)`. Throws BAD_REQUEST for a cursor that is none. */
  changes(
    filter: Page & {
      readonly service?: string | undefined;
      readonly since?: Instant | undefined;
      readonly until?: Instant | undefined;
    },
    now: Instant,
  ): Promise<{ readonly changes: readonly ChangeEvent[]; readonly nextCursor: string | null }>;
  /** Of each service the newest since then, `most` at most. */
  latestChanges(since: Instant, most: number): Promise<readonly ChangeEvent[]>;

  /** Keeps a new maintenance window. */
  addWindow(window: MaintenanceWindow): Promise<void>;
  /** Takes it away, and gives it back where it was there. */
  removeWindow(id: string): Promise<MaintenanceWindow | undefined>;
  window(id: string): Promise<MaintenanceWindow | undefined>;
  /** Those that are not over at `at`, oldest first. */
  windows(at: Instant): Promise<readonly MaintenanceWindow[]>;
  /** When the incident goes on, among all of its service that nothing holds any more (domain/releaseTurns.ts). Asked again meanwhile it is the same turn. */
  takeTurn(request: TurnRequest, now: Instant): Promise<Turn>;

  /** The groups that these alerts are in, in their order; undefined for one that is in none. */
  groupsOf(alerts: readonly AlertName[], now: Instant): Promise<readonly (AlertGroup | undefined)[]>;
  /**
   * Puts new alerts into their groups, for a group with a window into its present one (domain/groupWindow.ts), and gives
   * where each is now. One that is in another group already stays there.
   */
  joinGroups(joining: readonly Joining[], now: Instant): Promise<readonly AlertGroup[]>;
  /** Groups with alerts that nothing was heard of since `before`, an hour ago or more. */
  idleGroups(before: Instant, limit: number): Promise<readonly AlertGroup[]>;
  /** Those alerts of the group are heard of now. */
  keepGroup(group: AlertGroup, before: Instant, now: Instant): Promise<void>;
  /** Those alerts of the group are in none any more. */
  forgetGroup(group: AlertGroup, before: Instant): Promise<void>;

  /** `null` where it works, else a sentence that says what does not. Throws nothing. */
  trouble(): Promise<string | null>;
  close(): Promise<void>;
}
