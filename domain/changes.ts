/** What can change about an incident: the decisions of `decide`, folded into the state by `evolve`, told in the timeline by `appendEntry`. */
import type { RecentChange } from './changeEvent.ts';
import type { CommandName, NamedUsers, Receipt } from './commands.ts';
import type { Instant } from './duration.ts';
import type { ErrorCode } from './errors.ts';
import type { Arrival, SourceEvent } from './event.ts';
import type {
  Actor,
  Assignment,
  Attempt,
  MadeAttempt,
  Flapping,
  Held,
  Hours,
  Elsewhere,
  Letter,
  Notice,
  Notification,
  NotificationStatus,
  Recipient,
  Suspension,
  Word,
} from './incident.ts';
import type { Channel } from './channels.ts';
import type { EscalationPolicy, Service, Urgency } from './configuration.ts';
import type { Offer } from './letter.ts';
import type { LevelAnswer, Question } from './question.ts';
import type { Reason } from './reasons.ts';
import type { Route } from './route.ts';

export type ChangeBody =
  // The source
  | {
      readonly type: 'triggered';
      readonly event: SourceEvent;
      readonly previous: string | null;
      readonly route: Route;
    }
  /** Change events of its service shortly before. */
  | { readonly type: 'changesSeen'; readonly changes: readonly RecentChange[] }
  | { readonly type: 'eventCounted'; readonly event: SourceEvent; readonly count: number }
  | { readonly type: 'eventIgnored'; readonly event: SourceEvent; readonly count: number; readonly reason: Reason }
  | { readonly type: 'alertAdded'; readonly event: SourceEvent; readonly count: number }
  | { readonly type: 'alertResolved'; readonly event: SourceEvent; readonly count: number }
  /** Nothing of the group fires any more, alerts that were not named included. */
  | {
      readonly type: 'groupResolved';
      /** Of a group that came with a merged incident; absent for the incident's own. */
      readonly group?: { readonly integration: string; readonly key: string };
    }
  /** Those that are known are no longer all that fire. */
  | { readonly type: 'alertsTruncated'; readonly reason: Reason }
  | { readonly type: 'arrivalSeen'; readonly id: string }
  // Suspended
  /** For the first time, or still, by something else than before. */
  | { readonly type: 'suspended'; readonly suspension: Suspension }
  | { readonly type: 'thresholdCounted'; readonly events: NonNullable<Suspension['threshold']>['events'] }
  | { readonly type: 'holdAnswered'; readonly held: Held | null; readonly hours: Hours | null }
  | { readonly type: 'released'; readonly reason: Reason; readonly note?: string }
  // Flapping
  | { readonly type: 'transitioned'; readonly transitions: readonly Instant[] }
  | { readonly type: 'flappingBegan'; readonly flapping: Flapping }
  | { readonly type: 'flapped'; readonly fires: boolean; readonly quietAt: Instant }
  /** How many came since the last one. */
  | { readonly type: 'flappingDigest'; readonly transitions: number; readonly digestAt: Instant }
  | { readonly type: 'flappingEnded' }
  // People
  | { readonly type: 'acknowledged'; readonly user: string; readonly timeoutAt: Instant | null; readonly note?: string }
  /** Their user is no longer in the configuration. */
  | { readonly type: 'ackerRemoved'; readonly user: string }
  | { readonly type: 'unacknowledged'; readonly user: string; readonly note?: string }
  | ({ readonly type: 'reassigned'; readonly note?: string } & NamedUsers)
  | {
      readonly type: 'reassigned';
      readonly policy: EscalationPolicy;
      readonly configuration: string;
      readonly level: number;
      readonly note?: string;
    }
  | { readonly type: 'escalated'; readonly note?: string }
  | {
      readonly type: 'policyAdopted';
      readonly service: Service;
      readonly policy: EscalationPolicy;
      readonly configuration: string;
      readonly hours: Hours | null;
      readonly ackTimeoutAt: Instant | null;
      readonly levelEndsAt: Instant | null;
      readonly note?: string;
    }
  | {
      readonly type: 'resolved';
      readonly reason: Reason;
      readonly resolution: string | null;
      /** Null where it is closed at once. */
      readonly reopenableUntil: Instant | null;
      readonly note?: string;
      /** By itself: after its deadline. */
      readonly lateBy?: number;
    }
  | { readonly type: 'snoozed'; readonly until: Instant; readonly note?: string }
  /** `suspension`: what a trigger of the source meets; null where it passes. */
  | {
      readonly type: 'reopened';
      readonly reason: 'person' | 'source';
      readonly suspension: Suspension | null;
      readonly note?: string;
    }
  | { readonly type: 'closed' }
  | { readonly type: 'workStarted' }
  /** `asked`: those of them who are not being looked up already. */
  | ({
      readonly type: 'respondersAdded';
      readonly asked: readonly string[];
      readonly note?: string;
    } & NamedUsers)
  /** `nobody`: none of them can be told. */
  | {
      readonly type: 'respondersFound';
      readonly seq: number;
      readonly nobody: boolean;
      readonly remarks: readonly string[];
    }
  | { readonly type: 'prioritySet'; readonly priority: string | null; readonly note?: string }
  | {
      readonly type: 'amended';
      readonly summary?: string;
      readonly details?: Readonly<Record<string, unknown>>;
      readonly tags?: { readonly add: readonly string[]; readonly remove: readonly string[] };
      readonly note?: string;
    }
  | { readonly type: 'noted' | 'statusUpdated'; readonly text: string; readonly note?: string }
  | {
      readonly type: 'commandDone';
      readonly id: string;
      readonly refused: ErrorCode | null;
      readonly body?: string;
      readonly said?: string;
    }
  /** Somebody who may not act; `via` of the actor is how they came, absent where they share the line of all others. */
  | {
      readonly type: 'turnedAway';
      readonly id: string;
      readonly command: CommandName;
      readonly code: ErrorCode;
      /** They have no line yet. */
      readonly isNew: boolean;
    }
  | { readonly type: 'refused'; readonly command: string; readonly code: ErrorCode; readonly sentence: string }
  | { readonly type: 'linkUsed'; readonly link: string }
  | {
      readonly type: 'urgencyChanged';
      readonly urgency: Urgency;
      readonly reason: Reason;
      readonly note?: string;
    }
  /** A person set what it is already: it stays so. */
  | { readonly type: 'urgencyKept'; readonly note?: string }
  // Time and escalation
  /** `lateBy`: milliseconds after its deadline (lifecycle §10). */
  | { readonly type: 'ackTimedOut' | 'snoozeEnded'; readonly lateBy: number }
  | { readonly type: 'retriggered'; readonly reason: Reason }
  | { readonly type: 'asked'; readonly question: Question; readonly pass: number; readonly reason: Reason }
  | { readonly type: 'levelSkipped'; readonly answer: LevelAnswer; readonly pass: number }
  | {
      readonly type: 'assigned';
      readonly assignment: Assignment;
      readonly names: Readonly<Record<string, string>>;
      /** Which of its users want status updates. */
      readonly statusUpdates: readonly string[];
      readonly assignees: readonly string[];
      readonly levelEndsAt: Instant | null;
      readonly remarks: readonly string[];
      /** Of a level of round robin: the place of the target whose turn the incident is. */
      readonly turn?: number;
    }
  | { readonly type: 'levelEnded'; readonly reason: Reason; readonly lateBy: number }
  | { readonly type: 'exhausted'; readonly reason: Reason }
  | { readonly type: 'nobodyOnCall'; readonly recheckAt: Instant | null; readonly remarks: readonly string[] }
  | { readonly type: 'nobodyToTell'; readonly remarks: readonly string[] }
  | { readonly type: 'userUnreachable'; readonly user: string }
  // Notifications
  | { readonly type: 'notificationQueued'; readonly notification: Notification }
  | { readonly type: 'attemptBegun'; readonly notification: string }
  | {
      readonly type: 'attemptEnded';
      readonly notification: string;
      readonly attempt: MadeAttempt;
      readonly status: NotificationStatus;
      /** When it is attempted again; null where this was the end of it. */
      readonly againAt: Instant | null;
      /** When the failure begins to count as terminal; null where it does not, or has begun. */
      readonly giveUpAt: Instant | null;
    }
  | { readonly type: 'notificationCancelled'; readonly notification: string; readonly reason: Reason }
  | { readonly type: 'notificationExpired'; readonly notification: string; readonly reason: Reason }
  | { readonly type: 'notificationLate'; readonly notification: string }
  | { readonly type: 'notificationPersists'; readonly notification: string; readonly persists: boolean }
  | { readonly type: 'contactGivenUp'; readonly notification: string }
  | { readonly type: 'ruleAdvanced'; readonly notification: string; readonly owed: boolean }
  /** What the provider said later of what it took. */
  | {
      readonly type: 'receiptTaken';
      readonly notification: string;
      readonly attempt: Attempt & Pick<Receipt, 'outcome'>;
      readonly status: NotificationStatus;
    }
  /** `line`: of its recipient (foremost.ts). */
  | { readonly type: 'conversationBegun'; readonly line: string; readonly conversation: string }
  // Merging
  | {
      readonly type: 'mergeBegun';
      readonly into: Elsewhere;
      readonly command: string;
      readonly body?: string;
      readonly note?: string;
    }
  | { readonly type: 'mergeRefused'; readonly into: Elsewhere; readonly code: ErrorCode; readonly sentence: string }
  | { readonly type: 'merged'; readonly into: Elsewhere; readonly note?: string }
  | { readonly type: 'alertsMerged'; readonly offer: Offer }
  | { readonly type: 'offerRepeated' }
  | { readonly type: 'eventQueued'; readonly arrival: Arrival }
  | { readonly type: 'batchBegun'; readonly size: number }
  | { readonly type: 'batchTaken'; readonly taken: number }
  | { readonly type: 'batchHeldBack'; readonly from: Elsewhere; readonly batch: number }
  | { readonly type: 'targetMoved'; readonly from: string; readonly into: Elsewhere }
  | { readonly type: 'targetClosed' }
  /** Those that are forwarded no more, for the next incident of the key. */
  | { readonly type: 'eventsTakenBack' }
  | { readonly type: 'forwardersTold' }
  | { readonly type: 'letterWritten'; readonly letter: Letter }
  | { readonly type: 'letterSent'; readonly letter: string }
  // Notices
  /** It is told that it is open. */
  | { readonly type: 'announced' }
  | { readonly type: 'noticesOwed'; readonly word: Word; readonly notices: readonly Notice[] }
  | {
      readonly type: 'noticesDropped';
      readonly channel: Channel;
      readonly to: Recipient;
      readonly notices: readonly string[];
    }
  | { readonly type: 'silentDropped'; readonly notices: readonly string[] }
  | { readonly type: 'noticeBegun'; readonly notice: string }
  | {
      readonly type: 'noticeEnded';
      /** As it was at the attempt. */
      readonly notice: Notice;
      /** The type of its word. */
      readonly what: string;
      readonly attempt: Pick<MadeAttempt, 'outcome' | 'code' | 'detail'>;
      /** When it is attempted again; null where this was the end of it. */
      readonly againAt: Instant | null;
    }
  // The store
  | { readonly type: 'numbered'; readonly number: number }
  | { readonly type: 'storeAbsent' }
  /** By their ids. */
  | {
      readonly type: 'recordMoved';
      readonly entries: readonly string[];
      readonly notifications: readonly string[];
    }
  /** How many the state holds no longer, and the store does not either. */
  | { readonly type: 'recordLeftBehind'; readonly entries: number; readonly notifications: number };

export type Change = ChangeBody & { readonly at: Instant; readonly actor: Actor };
export type ChangeOf<Type extends Change['type']> = Extract<Change, { type: Type }>;
