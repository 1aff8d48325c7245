/**
 * Who is to be told: asked by the lifecycle, answered outside the workflow (design §2.7), because time-zone data differ
 * between Node versions and a replay on another one must not come to another answer. The answer is kept in history.
 */
import type { Channel } from './channels.ts';
import type { EscalationPolicy, Urgency } from './configuration.ts';
import type { Instant, Milliseconds } from './duration.ts';
import type { Held, Hours } from './incident.ts';

export type Question =
  /** Level `level`, and while nobody is on call for one that is skipped when empty, the ones after it. `also` are told with the one that is entered. */
  | { readonly kind: 'level'; readonly level: number; readonly also: readonly string[] }
  /** The policy's last resort, and `also`. */
  | { readonly kind: 'lastResort'; readonly also: readonly string[] }
  /** Whether a maintenance window holds this incident of the service (its id), and its support hours. */
  | {
      readonly kind: 'hold';
      readonly service: string;
      readonly urgency: Urgency;
      readonly createdAt: Instant;
      readonly incident: string;
      /** What held it up to now: released from that, it takes its turn among the others. */
      readonly held: Held | null;
    }
  /** These users, as they are. */
  | { readonly kind: 'users'; readonly users: readonly string[] };

/** The incident that asks, for what is its own: its turns of round robin, by `turnKey`. */
export interface Asking {
  readonly incident: string;
  readonly service: string;
  readonly urgency: Urgency;
  readonly turns: Readonly<Record<string, number>>;
}

/** What a turn is kept under in the incident: `payments/2`. */
export const turnKey = ({ id }: EscalationPolicy, level: number): string => `${id}/${level}`;

/** `via` of somebody who is told only because they acknowledged before. */
export const ACKNOWLEDGED_BEFORE = 'acknowledged before';

/** A user who can be told, with their rules as they stand at the answer; addresses stay in the configuration. */
export interface Person {
  readonly id: string;
  readonly name: string;
  /** Why they are told: `schedule:primary`, `user:ana`, `acknowledged before`. The first that named them. */
  readonly via: string;
  /** Wants word of an ack and a resolve. */
  readonly statusUpdates: boolean;
  readonly contacts: readonly { readonly id: string; readonly channel: Channel }[];
  readonly rules: Readonly<Record<Urgency, readonly { readonly after: Milliseconds; readonly contact: string }[]>>;
}

export interface LevelAnswer {
  readonly level: number;
  /** Without duplicates, in the order of the targets; empty where nobody is on call or nobody can be told. */
  readonly people: readonly Person[];
  /** What somebody would ask about this answer: "schedule primary: nobody is on call", "user dee has no contact method". */
  readonly remarks: readonly string[];
  /** Of a level of round robin with somebody on call: the place of the target whose turn this incident is. */
  readonly turn?: number;
}

export interface Answer {
  /** The instant that was looked at. */
  readonly at: Instant;
  /** Version of the configuration that answered. */
  readonly configuration: string;
  /** For a level: from the one asked for to the first with somebody on call; one before it is waited out when empty, unless the urgency is low. */
  readonly levels: readonly LevelAnswer[];
  /** For `lastResort`, `users`, and for a level when no level from there on is entered. */
  readonly others: readonly Person[];
  readonly remarks: readonly string[];
  /** When nobody at all was found for a level, in the last resort neither: the next hand-off of any schedule of the policy. */
  readonly nextHandOff: Instant | null;
  /** For `hold`. */
  readonly hold?: { readonly held: Held | null; readonly hours: Hours | null };
}
