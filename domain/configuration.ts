/** What an operator configures, parsed and checked (`config/` does both); lifecycle §1 has the words. */
import type { Channel, Channels, Subscriber } from './channels.ts';
import type { Milliseconds } from './duration.ts';
import type { Severity } from './event.ts';
import type { Language } from './language.ts';
import type { Mapping } from './mapping.ts';
import type { Monitor } from './monitors.ts';
import type { Templates } from './templates.ts';

export type Urgency = 'high' | 'low';
export type Role = 'admin' | 'manager' | 'responder' | 'observer';

/** An address of a user on one channel. */
export interface ContactMethod {
  readonly id: string;
  readonly channel: Channel;
  /** Where the channel delivers to: an address, a number in E.164, a Slack user or channel, or the name of an endpoint in `channels`; the console needs none. */
  readonly to?: string;
}

/** A stretch in which a user is not on call, `[from, to)`: local dates or date-times without offset, in the user's zone. */
export interface Absence {
  readonly from: string;
  readonly to: string;
}

/** "After D, use contact method C". */
export interface NotificationRule {
  readonly after: Milliseconds;
  readonly contact: string;
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly timezone: string;
  /** That they are told in. */
  readonly language: Language;
  readonly role: Role;
  /** Told when an incident they were told of is acknowledged or resolved. */
  readonly statusUpdates: boolean;
  readonly away: readonly Absence[];
  readonly contacts: readonly ContactMethod[];
  readonly notificationRules: Readonly<Record<Urgency, readonly NotificationRule[]>>;
}

export interface Team {
  readonly id: string;
  readonly name: string;
  /** Users' ids. */
  readonly members: readonly string[];
}

/** In the order of ISO 8601, Monday first. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * When a layer applies, `[from, to)` on the wall clock of the schedule's zone. By day: from one time to another on each
 * of `days`, into the next day where `to` is not later than `from`. By week: from one day and time to another, once a week.
 */
export type Restriction =
  | { readonly kind: 'daily'; readonly days: readonly Weekday[]; readonly from: string; readonly to: string }
  | {
      readonly kind: 'weekly';
      readonly from: { readonly day: Weekday; readonly time: string };
      readonly to: { readonly day: Weekday; readonly time: string };
    };

/** One rotation: its users take turns of `every` units, hand-offs following the wall clock of the schedule's zone. */
export interface Layer {
  /** Local date and time of the first hand-off, without offset: `2026-01-05T09:00`. */
  readonly start: string;
  readonly rotate: { readonly every: number; readonly unit: 'hour' | 'day' | 'week' | 'month' };
  readonly users: readonly string[];
  /** Empty: always. Otherwise while any of them applies; outside of them the layers below show through. */
  readonly restrictions: readonly Restriction[];
}

export interface Schedule {
  readonly id: string;
  readonly name: string;
  /** IANA zone. */
  readonly timezone: string;
  /** A later layer covers an earlier one. */
  readonly layers: readonly Layer[];
}

export interface Target {
  readonly kind: 'user' | 'schedule' | 'team';
  readonly id: string;
}

/** People that one level may tell, and one with `massNotification` or a last resort (interfaces §3). */
export const TOLD_AT_ONCE = 10;
export const TOLD_BY_MASS = 500;

export interface Level {
  readonly targets: readonly Target[];
  readonly escalateAfter: Milliseconds;
  readonly ifEmpty: 'skip' | 'wait';
  readonly onEscalate: 'replace' | 'accumulate';
  readonly multiAck: boolean;
  /** May tell more than 10 people, up to 500 (interfaces §3). */
  readonly massNotification: boolean;
  /** `round-robin`: each new incident goes to the next target (lifecycle §4.8). */
  readonly assign: 'all' | 'round-robin';
}

export interface EscalationPolicy {
  readonly id: string;
  readonly name: string;
  /** `repeat: r` gives 1 + r passes. */
  readonly repeat: number;
  readonly levels: readonly Level[];
  readonly lastResort: readonly Target[];
}

/**
 * Urgent inside of some hours and less so outside of them, or the other way round: from one time to another on each of
 * `days` of the wall clock of an IANA zone, as a daily restriction is.
 */
export interface SupportHours {
  readonly timezone: string;
  readonly days: readonly Weekday[];
  readonly from: string;
  readonly to: string;
  readonly inside: Urgency;
  readonly outside: Urgency;
  /** Open low incidents are raised when the hours begin, or end; null: never. */
  readonly raise: 'start' | 'end' | null;
}

/** How urgent an incident of a service is: fixed, by its severity, or by support hours (lifecycle §8). */
export type UrgencyRule = Urgency | 'bySeverity' | { readonly supportHours: SupportHours };

/** Alerts of which all these are the same are one incident (lifecycle §2.1). */
export interface Grouping {
  /** CEL expressions over `event`, such as `event.details.cluster`. */
  readonly by: readonly string[];
  /** A new alert later than that after the last new one begins the next incident; null: never (lifecycle §2.3). */
  readonly window: Milliseconds | null;
}

/** The settings of a service that an incident pins at its trigger (lifecycle §4.5). */
export interface Service {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly runbook?: string;
  readonly escalationPolicy: string;
  /** `after: null` is off. */
  readonly ackTimeout: { readonly after: Milliseconds | null; readonly resume: 'same-level' | 'first-level' };
  readonly urgency: UrgencyRule;
  readonly minuteZeroMaxAge: Milliseconds;
  /** Nobody is told before an incident has fired for so long; 0 is off. */
  readonly holdFor: Milliseconds;
  /** Nobody is told before more than so many events came in so long. */
  readonly threshold: { readonly moreThan: number; readonly within: Milliseconds } | null;
  /** How long after its end an incident may be reopened (lifecycle §2.7). */
  readonly reopenWindow: Milliseconds | null;
  readonly autoResolve: {
    readonly after: Milliseconds;
    readonly from: 'created' | 'lastEvent';
    readonly includeAcknowledged: boolean;
  } | null;
  readonly flapping: {
    readonly transitions: number;
    readonly within: Milliseconds;
    readonly quiet: Milliseconds;
    readonly digestEvery: Milliseconds;
  } | null;
  /** Null: each alert is an incident of its own, or as its source groups. */
  readonly grouping: Grouping | null;
  readonly team?: string;
  readonly subscribers: readonly Subscriber[];
}

/** A beat that is promised by name (source `heartbeat`): one at least every so often, and at most so late. */
export interface ConfiguredHeartbeat {
  readonly every: Milliseconds;
  /** Its integration's where absent. */
  readonly grace?: Milliseconds;
  readonly severity?: Severity;
  readonly summary?: string;
}

/** A way in. The key is a secret; the id is the identity and stands in workflow ids. */
export interface Integration {
  readonly id: string;
  readonly key: string;
  readonly source: string;
  /** Null: of no service, routing decides. */
  readonly service: string | null;
  /** That the source signs with; absent: signatures are not asked for. */
  readonly secret?: string;
  /** Where the signature stands; absent: where the source puts it by itself. */
  readonly signatureHeader?: string;
  /** Where the time stands that is signed too, against replays; absent: none is. */
  readonly timestampHeader?: string;
  /** Of source `generic`: how its JSON becomes events. */
  readonly mapping?: Mapping;
  /** What comes of an issue that is new, or comes back (Sentry): an incident where absent. */
  readonly newIssues?: 'trigger' | 'ignore';
  /** By name. */
  readonly heartbeats?: Readonly<Record<string, ConfiguredHeartbeat>>;
  /** Of heartbeats that are not named here; absent: their own addresses say it. */
  readonly every?: Milliseconds;
  /** Of those that say none; none where absent. */
  readonly grace?: Milliseconds;
  /** The topics that are taken, by their ARN (SNS); absent: any that is signed. */
  readonly topics?: readonly string[];
  /** False: messages of SNS are taken unsigned. */
  readonly verify?: boolean;
  /** What comes of an alarm that has no data (CloudWatch): an incident where absent. */
  readonly insufficientData?: 'trigger' | 'resolve' | 'ignore';
  /** Origins that stand in for Amazon's, in a private network too: `http://127.0.0.1:4566`. */
  readonly endpoints?: readonly string[];
}

/** "The first match decides" (interfaces §3). */
export interface RoutingRule {
  /** A CEL expression over `event`; null matches whatever comes to it. */
  readonly when: string | null;
  /** Makes no incident. Nothing else is set then. */
  readonly suppress: boolean;
  readonly service: string | null;
  readonly severity: Severity | null;
  readonly priority: string | null;
  readonly urgency: Urgency | null;
  /** In place of its service's. */
  readonly holdFor: Milliseconds | null;
}

export interface Token {
  readonly id: string;
  /** SHA-256 of the token, hex. */
  readonly sha256: string;
  readonly role: Role;
  readonly user?: string;
  readonly mayActAs: boolean;
}

export interface Configuration {
  /** A short hash of the configuration's text, so that a decision can name what it was made by. */
  readonly version: string;
  readonly organization: { readonly name: string; readonly timezone: string; readonly language: Language };
  readonly users: ReadonlyMap<string, User>;
  readonly teams: ReadonlyMap<string, Team>;
  readonly schedules: ReadonlyMap<string, Schedule>;
  readonly escalationPolicies: ReadonlyMap<string, EscalationPolicy>;
  readonly services: ReadonlyMap<string, Service>;
  /** By id. */
  readonly integrations: ReadonlyMap<string, Integration>;
  /** For integrations of no service. */
  readonly routing: readonly RoutingRule[];
  readonly channels: Channels;
  readonly templates: Templates;
  readonly tokens: readonly Token[];
  /** By id. */
  readonly monitors: ReadonlyMap<string, Monitor>;
}
