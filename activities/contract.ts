/** What the workflow asks of the world: inputs and results of all activities, and the names of their queues. Types and constants only. */
import type { Channel, EscalationPolicy } from '../domain/configuration.ts';
import type { Link, Severity } from '../domain/event.ts';
import type { Opening } from '../domain/opening.ts';
import type { Answer, Question } from '../domain/question.ts';

/** One queue a channel, so that a slow one holds up no other. */
export const queueOf = (channel: Channel): string => `notify-${channel}`;

/** One message to one contact method; the address, and every secret, is looked up where it is sent. */
export interface NotifyRequest {
  readonly notification: string;
  /** The same for every attempt of this notification, for ever. */
  readonly idempotencyKey: string;
  readonly user: string;
  readonly userName: string;
  readonly contact: string;
  readonly incident: {
    readonly id: string;
    readonly number: number | null;
    /** As it was at the assignment (lifecycle §5.2). */
    readonly summary: string;
    readonly severity: Severity | null;
    readonly dedupKey: string;
    readonly details: Readonly<Record<string, unknown>>;
    readonly links: readonly Link[];
    readonly service: { readonly id: string; readonly name: string; readonly description?: string; readonly runbook?: string };
    /** ISO 8601. */
    readonly createdAt: string;
  };
  /** Why this user is told: "level 1", "level 2, pass 2: nobody acknowledged in time". */
  readonly why: string;
  /** ISO 8601: when it was due; links are valid for 7 days from here. */
  readonly dueAt: string;
  /** The present state, where it is no longer the one of the assignment: "Acknowledged by Bob at 10:02:11 UTC". */
  readonly present: string | null;
}

/** What a provider answered when it accepted. */
export interface NotifyReceipt {
  readonly providerId?: string;
  readonly detail?: string;
}

export interface NotifyActivities {
  /** One attempt. Throws `terminal`, `retryable` or `unknown` of activities/errors.ts. */
  notify(request: NotifyRequest): Promise<NotifyReceipt>;
}

export interface IncidentActivities {
  /** Answers who is to be told, now, with the schedules and rules of today and the policy of the incident. */
  whoIsTold(policy: EscalationPolicy, question: Question): Promise<Answer>;
  /** What an incident starts with when its workflow goes straight on from a resolved one. */
  openIncident(integrationId: string): Promise<Opening>;
}

/** How a failed attempt tells the workflow its kind: the `type` of the ApplicationFailure; its `details` are `[code, detail, afterMs?]`. */
export const ATTEMPT_FAILURES = { terminal: 'terminal', retryable: 'retryable', unknown: 'unknown' } as const;
