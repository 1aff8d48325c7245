/** What the property test lets happen: a small world, and what people and the source do in it. Times are seconds after the trigger. */

export interface Member {
  /** Names of the user's contact methods; without one the user cannot be told. */
  readonly contacts: readonly string[];
  /** "After D, use contact method C", for high urgency. */
  readonly rules: readonly { readonly after: number; readonly contact: string }[];
}

/** Who is on call: `before` until the hand-off, `after` from it on. */
export interface Shift {
  readonly before: string | null;
  readonly after: string;
  readonly handOff: number;
}

export interface Step {
  /** Names of users, or of the shift (`SHIFT`). */
  readonly targets: readonly string[];
  readonly delay: number;
  readonly wait: boolean;
  readonly accumulate: boolean;
  readonly multiAck: boolean;
}

export type Deed =
  | { readonly what: 'ack' | 'unack' | 'resolve'; readonly by: string }
  | { readonly what: 'reassign'; readonly by: string; readonly to: readonly string[] }
  | { readonly what: 'sourceAcks' | 'sourceResolves' | 'triggersAgain' | 'continuesAsNew' | 'nothing' };

/** `asleep`: all workers were down since the moment before, and what was due meanwhile is taken after this deed. */
export interface Moment {
  readonly at: number;
  readonly asleep: boolean;
  readonly deed: Deed;
}

export interface Scenario {
  readonly members: Readonly<Record<string, Member>>;
  readonly shift: Shift;
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
  readonly episode: number;
  /** `level 2 pass 1`, `direct`, `exhausted`, `nobody`. */
  readonly place: string;
  readonly ackers: readonly string[];
  readonly ackTimeoutAt: number | null;
}

export interface Outcome {
  readonly pages: readonly Page[];
  readonly standing: Standing;
}
