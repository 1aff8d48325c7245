/** What the workflow asks of the world: inputs and results of all activities, and the names of their queues. Types and constants only. */
import type { Channel } from '../domain/channels.ts';
import type { EscalationPolicy } from '../domain/configuration.ts';
import type { NotifyRequest } from '../domain/effects.ts';
import type { SourceEvent } from '../domain/event.ts';
import type { LagReading } from '../domain/lag.ts';
import type { KafkaLagSettings } from '../domain/monitors.ts';
import type { NoticeRequest } from '../domain/notice.ts';
import type { Opening } from '../domain/opening.ts';
import type { Answer, Asking, Question } from '../domain/question.ts';
import type { Suppression } from '../domain/route.ts';
import type { LogEntryView, NotificationView } from '../domain/view.ts';
import type { AcceptedEvent } from '../intake/ports.ts';

/** One queue a channel, so that a slow one holds up no other. */
export const queueOf = (channel: Channel): string => `notify-${channel}`;

export type { NotifyRequest };

/** What a provider answered when it accepted. */
export interface NotifyReceipt {
  readonly providerId?: string;
  readonly detail?: string;
  /** Names the first message of this incident to this recipient, at most 255 characters: the requests after it carry it back. */
  readonly conversation?: string;
  /** Templates that failed, so that Tocsin's own text was sent: `templates.email.html`. */
  readonly failedTemplates?: readonly string[];
}

export interface NotifyActivities {
  /** One attempt. Throws `terminal`, `retryable` or `unknown` of activities/errors.ts. */
  notify(request: NotifyRequest): Promise<NotifyReceipt>;
}

export interface IncidentActivities {
  /**
   * Answers who is to be told, now, with the schedules and rules of today and the policy of the incident. `asking` is absent
   * where an earlier version asked.
   */
  whoIsTold(policy: EscalationPolicy, question: Question, asking?: Asking): Promise<Answer>;
  /** What an incident starts with when its workflow goes straight on from a resolved one, by its first event; or that routing lets none come of it. `integrationId`: of an event that names none. */
  openIncident(integrationId: string, event: SourceEvent): Promise<Opening | Suppression>;
}

/** What the incident carries no longer. */
export interface OldRecord {
  readonly entries: readonly LogEntryView[];
  readonly notifications: readonly NotificationView[];
}

/**
 * What goes to the store. They fail only while the store is away, with any failure that may be retried, and Temporal
 * repeats them until it is back. Where this installation has no store at all (`Store.absent`) they say so at once.
 */
export interface RecordActivities {
  /** The incident's number, the same one however often it is asked; null where there is no store. */
  numberIncident(incident: string): Promise<number | null>;
  /** Keeps it; false where there is no store. */
  keepRecord(incident: string, record: OldRecord): Promise<boolean>;
}

export interface TellActivities {
  /** One attempt at a notice, on its channel's queue. Throws as `notify` does. */
  tell(request: NoticeRequest): Promise<NotifyReceipt>;
}

/** A maintenance window that is taken away. */
export interface WindowOver {
  readonly id: string;
  readonly services: readonly string[];
}

export interface MaintenanceActivities {
  /** Has the incidents that the window holds look again whether one does; how many there were. */
  tellHeld(window: WindowOver): Promise<number>;
}

export interface IntakeActivities {
  /** Takes in events of the integration of that id, all or none. One that is tried again may count an event twice, and loses none. */
  takeIn(integration: string, events: readonly SourceEvent[]): Promise<readonly Omit<AcceptedEvent, 'opened'>[]>;
}

/** What a poll read, and by what it is judged: no secrets. */
export interface LagPoll {
  readonly settings: KafkaLagSettings;
  readonly reading: LagReading;
}

export interface MonitorActivities {
  /** One poll of the monitor of that id; null where the configuration has it no more. That it could not be read is a reading, too. */
  pollKafkaLag(id: string): Promise<LagPoll | null>;
}

export interface DeadmanActivities {
  /** Tells the outside watchdog that Tocsin works. Throws a failure that may be retried. */
  pingWatchdog(): Promise<void>;
}

/** How a failed attempt tells the workflow its kind: the `type` of the ApplicationFailure; its `details` are `[code, detail, afterMs?]`. */
export const ATTEMPT_FAILURES = { terminal: 'terminal', retryable: 'retryable', unknown: 'unknown' } as const;
