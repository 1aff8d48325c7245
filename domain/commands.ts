/** What can be asked of an incident: by people, by the source, and by the workflow that keeps its time. */
import type { Amendment } from './amending.ts';
import type { EscalationPolicy, Service, Urgency } from './configuration.ts';
import type { Instant, Milliseconds } from './duration.ts';
import type { ErrorCode } from './errors.ts';
import type { Arrival } from './event.ts';
import type { Actor, Elsewhere, Hours } from './incident.ts';
import type { Message } from './letter.ts';
import type { Answer } from './question.ts';

/** The commands that people give, by the names the API has for them (interfaces §5). */
export const PEOPLES_COMMANDS = [
  'acknowledge',
  'unacknowledge',
  'start-work',
  'trigger',
  'resolve',
  'reopen',
  'snooze',
  'escalate',
  'reassign',
  'adopt-policy',
  'responders',
  'priority',
  'urgency',
  'amend',
  'notes',
  'status-updates',
  'merge',
] as const;
export type CommandName = (typeof PEOPLES_COMMANDS)[number];

/** How much it matters, the first most: what routing may set, and people. */
export const PRIORITIES = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** As it is configured now, and the version of that configuration: an incident looks nothing up itself. */
export interface PolicyLevel {
  readonly policy: EscalationPolicy;
  readonly level: number;
  readonly configuration: string;
}

/** `hours`: by the service's support hours now. */
export interface Adopted {
  readonly service: Service;
  readonly policy: EscalationPolicy;
  readonly hours: Hours | null;
  readonly configuration: string;
}

/** `names`: what they are called, by id. */
export interface NamedUsers {
  readonly users: readonly string[];
  readonly names?: Readonly<Record<string, string>>;
}

export type Reassigned = NamedUsers | PolicyLevel;

interface FromAPerson {
  /** The same id again is the same command, done once. */
  readonly id: string;
  readonly actor: Actor;
  readonly note?: string;
  /** Names what was asked, so that the same id with something else is noticed, whichever process takes it (interfaces §5, Idempotency-Key). */
  readonly body?: string;
  /** The notification whose signed link was used. */
  readonly link?: string;
}

export type PersonsCommand = FromAPerson &
  (
    | { readonly type: 'acknowledge' }
    | { readonly type: 'unacknowledge' }
    | { readonly type: 'start-work' }
    | { readonly type: 'trigger' }
    | { readonly type: 'reopen' }
    | { readonly type: 'resolve'; readonly resolution?: string }
    | { readonly type: 'snooze'; readonly duration: Milliseconds }
    /** Where the person was shown it: `fromLevel` 0 where no level was entered. */
    | {
        readonly type: 'escalate';
        readonly fromLevel: number;
        readonly fromPass?: number;
        readonly fromEpisode?: number;
      }
    | ({ readonly type: 'reassign' } & Reassigned)
    | ({ readonly type: 'adopt-policy' } & Adopted)
    | ({ readonly type: 'responders' } & NamedUsers)
    | { readonly type: 'priority'; readonly priority: Priority | null }
    | { readonly type: 'urgency'; readonly urgency: Urgency }
    | ({ readonly type: 'amend' } & Amendment)
    | { readonly type: 'notes' | 'status-updates'; readonly text: string }
    /** This incident into that one. */
    | { readonly type: 'merge'; readonly into: Elsewhere }
  );

export type Command =
  | PersonsCommand
  | { readonly type: 'arrival'; readonly arrival: Arrival }
  | { readonly type: 'answer'; readonly seq: number; readonly answer: Answer }
  | { readonly type: 'attempted'; readonly notification: string; readonly result: AttemptResult }
  | { readonly type: 'noticeAttempted'; readonly notice: string; readonly result: AttemptResult }
  | { readonly type: 'provider'; readonly word: ProviderWord }
  /** Null: there is no store. */
  | { readonly type: 'numbered'; readonly number: number | null }
  /** Ids of log entries and notifications that the store has now; null: there is no store. */
  | { readonly type: 'recordMoved'; readonly record: Moved | null }
  | { readonly type: 'changed'; readonly change: ChangeElsewhere }
  /** `long`: the workflow wants to continue as new (crowd.ts). */
  | { readonly type: 'deadline'; readonly long?: boolean }
  /** Word from another incident. `to`: whom it is for; where that one is not here any more, the present one answers for it. */
  | { readonly type: 'heard'; readonly to: string; readonly message: Message }
  /** `there`: the other's execution was; false where it is closed, or never was. */
  | { readonly type: 'letterSent'; readonly letter: string; readonly there: boolean }
  | { readonly type: 'eventsTakenBack' };

/**
 * What a provider says later of a message that it took (lifecycle §5, the ledger): `sent`: it has it, whatever was known of
 * that; `delivered`: a device, or a person, has it; `failed`: it never will be; `unanswered`: it rang, and nobody took it.
 */
export interface Receipt {
  /** The same word told twice is one. */
  readonly id: string;
  readonly notification: string;
  readonly outcome: 'sent' | 'delivered' | 'failed' | 'unanswered';
  readonly at: Instant;
  readonly providerId?: string;
  readonly code?: ErrorCode;
  readonly detail?: string;
}

/** Somebody came by a channel's door who may not act on the incident: a line of its timeline, and no more. */
export interface TurnedAway {
  readonly id: string;
  readonly command: CommandName;
  readonly code: ErrorCode;
  /** `SMS from +86138…00`. */
  readonly via: string;
  readonly at: Instant;
}

/** Word from outside about an incident, by the callbacks of providers. */
export type ProviderWord =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'turnedAway'; readonly turnedAway: TurnedAway };

/** What people changed elsewhere, and the incident is to look at again. */
export type ChangeElsewhere =
  /** These users are no longer in the configuration. `id`: the incident's. */
  | { readonly kind: 'usersRemoved'; readonly users: readonly string[]; readonly id: string }
  /** `id`: of a maintenance window that is taken away. */
  | { readonly kind: 'maintenanceChanged'; readonly id: string };

export interface Moved {
  readonly entries: readonly string[];
  readonly notifications: readonly string[];
}

/**
 * How an attempt ended. `sent`: the provider accepted it. `terminal`: it never will. `retryable`: perhaps later, not
 * before `after` where the provider said so. `unknown`: it may have been sent. `cancelled`: it was never begun.
 */
export type AttemptResult =
  | {
      readonly outcome: 'sent';
      readonly at: Instant;
      readonly providerId?: string;
      readonly detail?: string;
      /** Names the first message of the incident to this recipient; absent where the channel has none, or nothing new. */
      readonly conversation?: string;
    }
  | { readonly outcome: 'terminal'; readonly at: Instant; readonly code: ErrorCode; readonly detail: string }
  | {
      readonly outcome: 'retryable';
      readonly at: Instant;
      readonly code: ErrorCode;
      readonly detail: string;
      /** Milliseconds from now. */
      readonly after?: number;
    }
  | { readonly outcome: 'unknown'; readonly at: Instant; readonly code: ErrorCode; readonly detail: string }
  | { readonly outcome: 'cancelled'; readonly at: Instant };

/** What a person's command came to: `refused` names why it came too late; `repeated` that its id was known. */
export interface CommandOutcome {
  readonly refused: { readonly code: ErrorCode; readonly sentence: string } | null;
  readonly repeated: boolean;
  /** What comes of it is not known yet; given again, it says. */
  readonly pending?: true;
  /** What was asked when the command was done, where it said so. */
  readonly body?: string;
}
