/** The state of one incident: plain JSON, so that it can be carried over when its workflow continues as new (lifecycle §9). */
import type { Amended } from './amending.ts';
import type { RecentChange } from './changeEvent.ts';
import type { Channel } from './channels.ts';
import type { EscalationPolicy, Service, Urgency } from './configuration.ts';
import type { Instant, Milliseconds } from './duration.ts';
import type { ErrorCode } from './errors.ts';
import type { Arrival, Link, Severity, SourceEvent } from './event.ts';
import type { Question } from './question.ts';
import type { Reason } from './reasons.ts';
import type { Route } from './route.ts';

export type Status = 'suspended' | 'triggered' | 'acknowledged' | 'resolved';

/** Who did something: a person, the monitoring source, a deadline, or Tocsin itself. */
export interface Actor {
  readonly kind: 'user' | 'source' | 'timer' | 'system';
  readonly id?: string;
  readonly name?: string;
  /** The door they came by: `token grafana`, `link n3`. */
  readonly via?: string;
}

/** All events of one dedup key. */
export interface Alert {
  readonly integration: string;
  readonly dedupKey: string;
  /** Of one that came with a merged incident, or after it: that incident's key. */
  readonly group?: string;
  readonly status: 'triggered' | 'resolved';
  readonly severity: Severity | null;
  readonly summary: string;
  readonly eventCount: number;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  /** Times the source gave, for events that overtake one another (lifecycle §2.11). */
  readonly lastTriggerBySource: Instant | null;
  readonly lastResolveBySource: Instant | null;
}

export interface Acknowledgement {
  /** A user's id, or `source`. */
  readonly user: string;
  readonly at: Instant;
}

/** One time that people were told to act: a level entered, a last resort, a reassignment. */
export interface Assignment {
  readonly seq: number;
  readonly at: Instant;
  readonly episode: number;
  readonly pass: number;
  /** Null for a direct assignment and the last resort. */
  readonly level: number | null;
  readonly kind: 'level' | 'lastResort' | 'users' | 'responders';
  readonly reason: Reason;
  readonly users: readonly string[];
  readonly multiAck: boolean;
  /** What a message of this assignment says (lifecycle §5.2). */
  readonly snapshot: { readonly summary: string; readonly severity: Severity | null };
}

export type NotificationStatus =
  'queued' | 'sent' | 'delivered' | 'failed' | 'throttled' | 'bundled' | 'cancelled' | 'expired' | 'unknown';

export interface Attempt {
  readonly at: Instant;
  /** `delivered`, `unanswered`: what the provider said later of what it took (receiving.ts). */
  readonly outcome: 'sent' | 'failed' | 'unknown' | 'cancelled' | 'delivered' | 'unanswered';
  readonly code?: ErrorCode;
  readonly providerId?: string;
  readonly detail?: string;
  /** Of a call that rang in vain: the id of the provider's word, so that the same one told twice is one line. */
  readonly receipt?: string;
}

/** One that was made, and how it ended. */
export type MadeAttempt = Attempt & { readonly outcome: 'sent' | 'failed' | 'unknown' | 'cancelled' };

/** One entry of the ledger: one message owed to one contact method (lifecycle §5). */
export interface Notification {
  readonly id: string;
  readonly idempotencyKey: string;
  readonly assignment: number;
  readonly episode: number;
  readonly pass: number;
  readonly level: number | null;
  readonly user: string;
  readonly contact: string;
  readonly channel: Channel;
  /** Place of its rule in the user's list, from 0. */
  readonly rule: number;
  readonly cause: Reason;
  /** Owed whatever happens between (minute zero). Ends when it is sent, or with `minuteZeroMaxAge`. */
  readonly owed: boolean;
  /** Was it ever owed: what the ledger shows as `minuteZero`. */
  readonly minuteZero: boolean;
  /** Outlived `minuteZeroMaxAge` and goes by the present state since. */
  readonly late: boolean;
  /** Goes on being attempted after a pass in which nobody was reached (lifecycle §5.5). */
  readonly persistent: boolean;
  readonly dueAt: Instant;
  readonly status: NotificationStatus;
  readonly phase: 'waiting' | 'inFlight' | 'done';
  /** While waiting: when it fires, or is attempted again; in flight: when this attempt began. */
  readonly nextAt: Instant;
  /** When the first attempt began of which nobody knows the outcome; absent where there is none. */
  readonly unknownSince?: Instant;
  /** When a retryable failure begins to count as a terminal one; null before the first failure and after it did. */
  readonly giveUpAt: Instant | null;
  readonly givenUp: boolean;
  readonly startedAt: Instant | null;
  readonly sentAt: Instant | null;
  /** Why it was cancelled or expired; while in flight, why it is to be. */
  readonly reason: Reason | null;
  readonly attempts: readonly Attempt[];
}

/** The provider took it, and has not said since that it will never arrive. */
export const isSent = ({ status }: Pick<Notification, 'status'>): boolean =>
  status === 'sent' || status === 'delivered';

/** A contact method that a page of the incident was sent to, and the last episode in which one was. */
export interface Told {
  readonly user: string;
  readonly contact: string;
  readonly channel: Channel;
  readonly episode: number;
}

/** Where a notice goes; addresses are looked up where it is sent. */
export type Recipient =
  | { readonly kind: 'contact'; readonly user: string; readonly contact: string }
  | { readonly kind: 'subscriber'; readonly endpoint: string };

/** Word of a change, once for all who are to be told of it. */
export interface Word {
  /** The log entry that tells the change; it names this. */
  readonly entry: string;
  /** `incident.acknowledged`: domain/notice.ts has them all. */
  readonly type: string;
  readonly at: Instant;
  /** What is told of it, as JSON (noticing.ts, `Said`): written once, and its size is known. */
  readonly json: string;
  readonly bytes: number;
}

/** A notice that is owed to one recipient. One that is sent or given up is kept no longer. */
export interface Notice {
  readonly id: string;
  readonly channel: Channel;
  readonly to: Recipient;
  /** Names its `Word`. */
  readonly word: string;
  readonly phase: 'waiting' | 'inFlight';
  /** Those that failed, or of which nobody knows the outcome. */
  readonly attempts: number;
  /** When the first attempt began of which nobody knows the outcome; absent where there is none. */
  readonly unknownSince?: Instant;
  /** Nobody's attention is asked for: only what was said before is kept up to date. */
  readonly silent?: true;
  /** While waiting: not attempted before then; in flight: when this attempt began. */
  readonly nextAt: Instant;
}

/** One line of the incident's own timeline. */
export interface LogEntry {
  readonly id: string;
  readonly at: Instant;
  /** The type of the change that it tells. */
  readonly type: string;
  readonly actor: Actor;
  readonly reason: Reason | null;
  readonly text: string;
  readonly notification?: string;
  /** Of what is counted: how many this line stands for. */
  readonly count?: number;
  /** Of what has one line that counts: notices that were dropped, by recipient; people who were turned away, by how they came. */
  readonly recipient?: string;
}

/** Why nobody is told yet (lifecycle §3): each of these alone keeps it suspended. */
export interface Suspension {
  /** The end of `holdFor`; null where that is not what it waits for. */
  readonly until: Instant | null;
  /** It waits for more events than `service.threshold` has in its window: when those of the window came, the latest last. */
  readonly threshold: { readonly events: readonly { readonly at: Instant; readonly count: number }[] } | null;
  /** Held by a maintenance window. */
  readonly held: Held | null;
}

/** `until`: when it is to be asked again whether a window holds it. `turn`: nothing holds it any more, and that is its turn to go on. */
export interface Held {
  /** The window's id. */
  readonly by: string;
  /** What people call it. */
  readonly description: string | null;
  readonly until: Instant;
  readonly turn: boolean;
}

/** By support hours (lifecycle §8), as they were at the trigger. */
export interface Hours {
  readonly urgency: Urgency;
  /** When a low incident is raised, because the hours begin or end; null for never. */
  readonly raiseAt: Instant | null;
}

/** A source that goes on and off: one page, then digests (lifecycle §8). */
export interface Flapping {
  readonly since: Instant;
  /** Its transitions since, and of those the ones that no digest told. */
  readonly transitions: number;
  readonly untold: number;
  readonly quietAt: Instant;
  readonly digestAt: Instant;
  /** Whether something fires, as its last transition left it. */
  readonly fires: boolean;
}

/** Another incident, in its own workflow. */
export interface Elsewhere {
  readonly incident: string;
  readonly workflowId: string;
}

/** An incident that is being merged into another takes no command, and its events wait (lifecycle §7, Merge). */
export interface Merging {
  readonly into: Elsewhere;
  /** The id of the command that asked for it: names the offer. */
  readonly command: string;
  readonly body?: string;
  readonly note?: string;
  readonly actor: Actor;
  readonly since: Instant;
  /** When the offer is made again; null while it is on its way. */
  readonly askAgainAt: Instant | null;
  /** Forwarders of this incident that wait for what comes of it, each with the batch that it forwarded. */
  readonly askedBy: readonly { readonly from: Elsewhere; readonly batch: number }[];
}

/** What an incident was merged into, and how far its events are forwarded. */
export interface Merged extends Elsewhere {
  /** It takes events of this incident's key still, as far as is known. */
  readonly open: boolean;
  /** Incidents that it was merged into before, which were merged further. */
  readonly passed: readonly string[];
  /** Batches of events so far. */
  readonly batches: number;
  /** Of `forwarding`, how many are in the batch that is not answered yet; null where none is under way. */
  readonly size: number | null;
  /** Since when its answer is waited for. */
  readonly since: Instant;
  /** When that batch is sent again, or the other is looked after; null while one is on its way. */
  readonly askAgainAt: Instant | null;
}

/** Word to another incident: sent in order, and kept until it is there, or nobody is. */
export interface Letter {
  readonly id: string;
  readonly to: Elsewhere;
  readonly message:
    | { readonly kind: 'offer'; readonly command: string }
    | { readonly kind: 'events'; readonly batch: number }
    | {
        readonly kind: 'offerAnswer';
        readonly command: string;
        readonly refused: { readonly code: ErrorCode; readonly sentence: string } | null;
      }
    /** `taken`: the first so many; `standing`: what becomes of the rest, and of what comes after. */
    | {
        readonly kind: 'eventsAnswer';
        readonly batch: number;
        readonly taken: number;
        readonly standing: 'open' | 'askAgain' | 'closed';
      }
    | { readonly kind: 'moved'; readonly from: string; readonly into: Elsewhere }
    | { readonly kind: 'closed' };
}

export interface Escalation {
  readonly pass: number;
  /** The level that runs or was last entered, from 1; 0 before the first. */
  readonly level: number;
  /** Who is told next, while that is being asked. */
  readonly asking: {
    readonly seq: number;
    readonly question: Question;
    readonly pass: number;
    readonly reason: Reason;
  } | null;
  readonly levelEndsAt: Instant | null;
  /** Somebody was told in this pass. */
  readonly reached: boolean;
  /** Users of the present assignment for whom nothing is left to try. */
  readonly unreachable: readonly string[];
  readonly exhausted: boolean;
  readonly nobodyOnCall: boolean;
  /** Nobody on call and no last resort: looked at again then. */
  readonly recheckAt: Instant | null;
  /** Assigned by a person to users: no escalation. */
  readonly direct: boolean;
  /** The seq of the assignment that people act on now: the latest that is not one of responders; 0 before the first. */
  readonly assignment: number;
}

export interface IncidentState {
  readonly id: string;
  readonly number: number | null;
  /** This installation has no store: no number comes, and nothing old is moved. */
  readonly storeless: boolean;
  readonly integration: string;
  readonly dedupKey: string;
  readonly status: Status;
  /** Null unless suspended. */
  readonly suspension: Suspension | null;
  /** Resolved by its source while it was suspended: nobody was told. */
  readonly transient: boolean;
  /** As what it is to be told that it is open, before any other change is; null once that is done, and while it is suspended. */
  readonly announcing: 'triggered' | 'reopened' | null;
  /** Whether that was ever done. */
  readonly heardOf: boolean;
  /** Acknowledged until then, when its acks lapse. */
  readonly snoozedUntil: Instant | null;
  /** Resolved, and not closed before then (lifecycle §2.7). */
  readonly reopenableUntil: Instant | null;
  readonly urgency: Urgency;
  /** What a person set stays, whatever its alerts say (lifecycle §2.5). */
  readonly urgencyBy: 'rule' | 'person';
  /** Null where its service's urgency does not go by support hours. */
  readonly hours: Hours | null;
  readonly priority: string | null;
  /** Somebody tries out who is told: every message says so. */
  readonly drill: boolean;
  /** How it came to its service, asked once; what routing set stays, whatever later events say (lifecycle §2.1). */
  readonly route: Route;
  /** Version of the configuration that its service and policy were pinned from. */
  readonly configuration: string;
  readonly service: Service;
  readonly policy: EscalationPolicy;
  /** The incident of the same key before this one. */
  readonly previous: string | null;
  readonly summary: string;
  readonly severity: Severity | null;
  /** The latest trigger, for its details and links. */
  readonly latest: SourceEvent;
  /** What was corrected of its summary and details, which stays, whatever later events say (amending.ts). */
  readonly amended: Amended;
  /** Change events of its service shortly before it opened, the newest first. */
  readonly changes: readonly RecentChange[];
  readonly links: readonly Link[];
  readonly alerts: readonly Alert[];
  /** More fire than `alerts` has: it is not resolved by those it has. */
  readonly alertsTruncated: boolean;
  readonly eventCount: number;
  readonly createdAt: Instant;
  readonly lastEventAt: Instant;
  /** Since when somebody holds it; null while nobody does. */
  readonly acknowledgedSince: Instant | null;
  /** How long it was acknowledged before, and of that since the last event. */
  readonly acknowledgedFor: { readonly inAll: Milliseconds; readonly sinceLastEvent: Milliseconds };
  /** Triggered again, it is not resolved by itself before its level had its whole delay (lifecycle §8). */
  readonly autoResolveNotBefore: Instant | null;
  readonly acknowledgedAt: Instant | null;
  readonly workStartedAt: Instant | null;
  readonly resolvedAt: Instant | null;
  readonly resolvedBy: Actor | null;
  readonly resolution: string | null;
  readonly episode: number;
  readonly escalation: Escalation;
  readonly assignees: readonly string[];
  /** Told beside the assignees, because a person asked for them (lifecycle §7). */
  readonly responders: readonly string[];
  /** Responders who are being looked up; and where `reason` says so, those to whom it was reassigned in an episode that is over. */
  readonly invited: readonly {
    readonly seq: number;
    readonly users: readonly string[];
    readonly reason?: 'reassigned';
  }[];
  /** The target that round robin gave it, by `<policy>/<level>`, from 0 (lifecycle §4.8). */
  readonly turns: Readonly<Record<string, number>>;
  readonly acknowledgements: readonly Acknowledgement[];
  readonly ackTimeoutAt: Instant | null;
  readonly merging: Merging | null;
  readonly mergedInto: Merged | null;
  /** Incidents that were merged into this one; their executions forward their events. */
  readonly forwarders: readonly Elsewhere[];
  /** Events that wait for the end of a merge, or are to be forwarded. */
  readonly forwarding: readonly Arrival[];
  readonly letters: readonly Letter[];
  /** When the source's alerts last went on or off as a whole, within `service.flapping.within`. */
  readonly transitions: readonly Instant[];
  readonly flapping: Flapping | null;
  /** Names of all users met so far, for what people read. */
  readonly names: Readonly<Record<string, string>>;
  readonly assignments: readonly Assignment[];
  readonly ledger: readonly Notification[];
  readonly told: readonly Told[];
  /** What each channel said of its first message to a recipient, by the recipient's line (foremost.ts). */
  readonly conversations: Readonly<Record<string, string>>;
  /** Users who want word of an ack and a resolve, of those met so far. */
  readonly statusUpdates: readonly string[];
  /** In the order in which they are owed. */
  readonly notices: readonly Notice[];
  readonly words: readonly Word[];
  readonly log: readonly LogEntry[];
  /** The last command ids with what came of each, and the last arrival ids (lifecycle §3, §9). */
  readonly commands: readonly {
    readonly id: string;
    readonly refused: ErrorCode | null;
    readonly body?: string;
    /** Why it was refused, where the present truth does not say it. */
    readonly said?: string;
  }[];
  readonly arrivals: readonly string[];
  /** `<notification>.<action>` for each use of a signed link: each action once a link (interfaces §5, the phone page). */
  readonly linksUsed: readonly string[];
  /** Of people who were turned away: the last ids, and how many lines they have (turningAway.ts). */
  readonly turnedAway: { readonly ids: readonly string[]; readonly lines: number };
  /** Counters that name things, and how many old ones the state holds no longer. */
  readonly counters: {
    readonly notification: number;
    readonly assignment: number;
    readonly entry: number;
    readonly question: number;
    readonly notice: number;
    /** Times that something was moved to the store. */
    readonly moved: number;
    /** In the store. */
    readonly entriesMoved: number;
    readonly notificationsMoved: number;
    /** Only in the histories of the runs before. */
    readonly entriesLeftBehind: number;
    readonly notificationsLeftBehind: number;
  };
}
