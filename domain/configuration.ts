/** What an operator configures, parsed and checked (`config/` does both); lifecycle §1 has the words. */
import type { Milliseconds } from './duration.ts';

export type Channel = 'email' | 'console';
export type Urgency = 'high' | 'low';
export type Role = 'admin' | 'manager' | 'responder' | 'observer';

/** An address of a user on one channel. */
export interface ContactMethod {
  readonly id: string;
  readonly channel: Channel;
  /** Where the channel delivers to; the console needs none. */
  readonly to?: string;
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
  readonly role: Role;
  readonly contacts: readonly ContactMethod[];
  readonly notificationRules: Readonly<Record<Urgency, readonly NotificationRule[]>>;
}

/** One rotation: its users take turns of `every` units, hand-offs following the wall clock of the schedule's zone. */
export interface Layer {
  /** Local date and time of the first hand-off, without offset: `2026-01-05T09:00`. */
  readonly start: string;
  readonly rotate: { readonly every: number; readonly unit: 'day' | 'week' };
  readonly users: readonly string[];
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
  readonly kind: 'user' | 'schedule';
  readonly id: string;
}

export interface Level {
  readonly targets: readonly Target[];
  readonly escalateAfter: Milliseconds;
  readonly ifEmpty: 'skip' | 'wait';
  readonly onEscalate: 'replace' | 'accumulate';
  readonly multiAck: boolean;
}

export interface EscalationPolicy {
  readonly id: string;
  readonly name: string;
  /** `repeat: r` gives 1 + r passes. */
  readonly repeat: number;
  readonly levels: readonly Level[];
  readonly lastResort: readonly Target[];
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
  readonly urgency: Urgency;
  readonly minuteZeroMaxAge: Milliseconds;
}

/** A way in. The key is a secret; the id is the identity and stands in workflow ids. */
export interface Integration {
  readonly id: string;
  readonly key: string;
  readonly source: string;
  readonly service: string;
}

export interface Token {
  readonly id: string;
  /** SHA-256 of the token, hex. */
  readonly sha256: string;
  readonly role: Role;
  readonly user?: string;
  readonly mayActAs: boolean;
}

export interface Channels {
  readonly email?: { readonly smtp: string; readonly from: string };
}

export interface Configuration {
  /** A short hash of the configuration's text, so that a decision can name what it was made by. */
  readonly version: string;
  readonly organization: { readonly name: string; readonly timezone: string };
  readonly users: ReadonlyMap<string, User>;
  readonly schedules: ReadonlyMap<string, Schedule>;
  readonly escalationPolicies: ReadonlyMap<string, EscalationPolicy>;
  readonly services: ReadonlyMap<string, Service>;
  /** By id. */
  readonly integrations: ReadonlyMap<string, Integration>;
  readonly channels: Channels;
  readonly tokens: readonly Token[];
}
