/** What the workflow asks of the world: inputs and results of all activities, and the names of their queues. Types and constants only. */
import type { Channel, EscalationPolicy } from '../domain/configuration.ts';
import type { NotifyRequest } from '../domain/effects.ts';
import type { Opening } from '../domain/opening.ts';
import type { Answer, Question } from '../domain/question.ts';

/** One queue a channel, so that a slow one holds up no other. */
export const queueOf = (channel: Channel): string => `notify-${channel}`;

export type { NotifyRequest };

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
