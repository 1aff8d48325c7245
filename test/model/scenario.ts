/** What the property test lets happen: a small world, and what people and the source do in it. Times are seconds after the trigger. */

/** "After D, use contact method C". */
export interface Rule {
  readonly after: number;
  readonly contact: string;
}

export interface Member {
  /** Names of the user's contact methods; without one the user cannot be told. */
  readonly contacts: readonly string[];
  /** For high urgency. */
  readonly rules: readonly Rule[];
  /** The same for low urgency. */
  readonly low: readonly Rule[];
}

/** Who is on call: `before` until the hand-off, `after` from it on. */
export interface Shift {
  readonly before: string | null;
  readonly after: string;
  readonly handOff: number;
}

export interface Step {
  /** Names of users, of the shift (`SHIFT`) or of the team (`TEAM`). */
  readonly targets: readonly string[];
  readonly delay: number;
  readonly wait: boolean;
  readonly accumulate: boolean;
  readonly multiAck: boolean;
}

export type Deed =
  | { readonly what: 'ack' | 'unack' | 'startWork' | 'note' | 'resolve'; readonly by: string }
  | { readonly what: 'reassign'; readonly by: string; readonly to: readonly string[] }
  | { readonly what: 'fires'; readonly alert: Alert; readonly severity: Severity }
  | { readonly what: 'clears'; readonly alert: Alert }
  | { readonly what: 'sourceAcks' | 'groupClears' | 'continuesAsNew' | 'nothing' };

/** The incident is a group of them; the first is the one that opened it. */
export const ALERTS = ['first', 'second', 'third'] as const;
export type Alert = (typeof ALERTS)[number];
export type Severity = 'critical' | 'warning';

/** `asleep`: all workers were down since the moment before, and what was due meanwhile is taken after this deed. */
export interface Moment {
  readonly at: number;
  readonly asleep: boolean;
  readonly deed: Deed;
}

export interface Scenario {
  readonly members: Readonly<Record<string, Member>>;
  readonly shift: Shift;
  readonly team: readonly string[];
  readonly urgency: 'high' | 'low' | 'bySeverity';
  /** Of the trigger. */
  readonly severity: Severity;
  readonly levels: readonly Step[];
  readonly repeat: number;
  readonly lastResort: readonly string[];
  readonly ackTimeout: number | null;
  readonly resume: 'same-level' | 'first-level';
  readonly maxAge: number;
  /** In order of time; several at one instant happen in their order, before anything else does. */
  readonly moments: readonly Moment[];
  readonly until: number;
}

export const SHIFT = 'shift';
export const TEAM = 'team';

/** Every instant of a scenario is a multiple of this. */
export const TICK = 30;

export interface Page {
  readonly at: number;
  readonly user: string;
  readonly contact: string;
}

/** How an incident stands: what is compared at the end. */
export interface Standing {
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly urgency: 'high' | 'low';
  readonly episode: number;
  /** `level 2 pass 1`, `direct`, `exhausted`, `nobody`. */
  readonly place: string;
  readonly ackers: readonly string[];
  readonly ackTimeoutAt: number | null;
  readonly workStartedAt: number | null;
}

export interface Outcome {
  readonly pages: readonly Page[];
  readonly standing: Standing;
}
