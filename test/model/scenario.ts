/** What the property test lets happen: a small world, and what people and the source do in it. Times are seconds after the trigger. */

/** "After D, use contact method C". */
export interface Rule {
  readonly after: number;
  readonly contact: string;
}

/** `[from, until)`. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

export interface Member {
  /** Names of the user's contact methods; without one the user cannot be told. */
  readonly contacts: readonly string[];
  /** For high urgency. */
  readonly rules: readonly Rule[];
  /** The same for low urgency. */
  readonly low: readonly Rule[];
  readonly away: Stretch | null;
  /** Wants status updates. */
  readonly updates: boolean;
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
  /** One of its targets an incident, in turn. */
  readonly roundRobin: boolean;
}

/** An escalation policy. */
export interface Policy {
  readonly levels: readonly Step[];
  readonly repeat: number;
  readonly lastResort: readonly string[];
}

/** The service's own, and another that somebody may reassign to. */
export const POLICIES = ['own', 'other'] as const;
export type PolicyName = (typeof POLICIES)[number];

/** `inside` of `[from, until)`, and the other urgency outside of it; `raises`: what is low then is raised where the urgent time begins. */
export type SupportHours = Stretch & { readonly inside: 'high' | 'low'; readonly raises: boolean };

/** What an incident pins of its service, beside the policy. */
export interface Settings {
  readonly urgency: 'high' | 'low' | 'bySeverity' | SupportHours;
  readonly ackTimeout: number | null;
  readonly resume: 'same-level' | 'first-level';
  readonly maxAge: number;
  /** 0 is off. */
  readonly holdFor: number;
  readonly threshold: { readonly moreThan: number; readonly within: number } | null;
  readonly reopenWindow: number | null;
  /** Only with a reopen window that is at least as long as `within`. */
  readonly flapping: {
    readonly transitions: number;
    readonly within: number;
    readonly quiet: number;
    readonly digestEvery: number;
  } | null;
  readonly autoResolve: {
    readonly after: number;
    readonly fromLastEvent: boolean;
    readonly includeAcknowledged: boolean;
  } | null;
}

/** One version of what is configured. */
export interface Version {
  readonly settings: Settings;
  readonly policies: Readonly<Record<PolicyName, Policy>>;
}

/** What comes of an attempt. `after`: seconds that a provider asks for, 0 for none. */
export type Fate =
  { readonly how: 'sent' | 'terminal' | 'unknown' } | { readonly how: 'retryable'; readonly after: number };

/** What becomes of what is sent `where` in that time: `ana c1`, or the name of a subscriber. Else it is sent. */
export type Outage = Stretch & { readonly where: string; readonly fate: Fate };

export type Deed =
  | { readonly what: 'ack' | 'unack' | 'startWork' | 'note' | 'update' | 'resolve'; readonly by: string }
  | { readonly what: 'trigger' | 'reopen'; readonly by: string }
  | { readonly what: 'snooze'; readonly by: string; readonly lasts: number }
  /** `shown`: as it stands, or as it stood after the deed before. `fully`: with its pass and episode, not by its level alone. */
  | { readonly what: 'escalate'; readonly by: string; readonly shown: 'now' | 'before'; readonly fully: boolean }
  | { readonly what: 'reassign'; readonly by: string; readonly to: readonly string[] }
  /** To today's version, at the last level where it has fewer. */
  | { readonly what: 'reassignTo'; readonly by: string; readonly policy: PolicyName; readonly level: number }
  /** Today's version of the service, with that policy. */
  | { readonly what: 'adopt'; readonly by: string; readonly policy: PolicyName }
  | { readonly what: 'invite'; readonly by: string; readonly users: readonly string[] }
  | { readonly what: 'prioritize'; readonly by: string; readonly priority: 'P1' | 'P2' | null }
  | { readonly what: 'amend'; readonly by: string; readonly summary: string }
  | { readonly what: 'rate'; readonly by: string; readonly urgency: 'high' | 'low' }
  /** Who is no user any more. */
  | { readonly what: 'leaves'; readonly user: string }
  /** `at`: the time that the source gives. */
  | {
      readonly what: 'fires';
      readonly alert: Alert;
      readonly severity: Severity;
      readonly at: number | null;
      readonly lasting: boolean;
      readonly leftOut: boolean;
    }
  | { readonly what: 'clears'; readonly alert: Alert; readonly at: number | null }
  /** What the provider says of the last page that went there, if any did. */
  | { readonly what: 'receipt'; readonly user: string; readonly contact: string; readonly says: Says }
  /** The deed before it is delivered a second time. */
  | { readonly what: 'again' }
  /** Who is on call is not found out from here on, and is again. */
  | { readonly what: 'lookupsStall' | 'lookupsGoOn' }
  | { readonly what: 'sourceAcks' | 'groupClears' | 'continuesAsNew' | 'nothing' };
export type DeedOf<What extends Deed['what']> = Extract<Deed, { what: What }>;

/** That it took it; that it is there; that it never will be; that nobody took the call. */
export type Says = 'sent' | 'delivered' | 'failed' | 'unanswered';

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
  /** The place that round robin gave last at each level, to the incident before. */
  readonly lastTurn: number;
  /** Of the trigger. */
  readonly severity: Severity;
  /** As it is configured at the trigger, and later. */
  readonly atFirst: Version;
  readonly today: Version;
  /** Maintenance of its service; what it held has its turn so much later. */
  readonly windows: readonly Stretch[];
  readonly turnAfter: number;
  readonly subscribers: readonly string[];
  readonly outages: readonly Outage[];
  /** In order of time; several at one instant happen in their order, before anything else does. */
  readonly moments: readonly Moment[];
  readonly until: number;
}

/** Contact methods on a channel where a page stays to be seen. */
export const KEPT: readonly string[] = ['c2', 'l2'];

export const SHIFT = 'shift';
export const TEAM = 'team';

/** Every instant of a scenario is a multiple of this. */
export const TICK = 30;

/** Until when maintenance holds what is new then; null where none does. */
export function maintainedUntil({ windows }: Scenario, at: number): number | null {
  const inEffect = windows.filter(({ from, until }) => from <= at && at < until);
  return inEffect.length === 0 ? null : Math.max(...inEffect.map(({ until }) => until));
}

/** What becomes of what is sent there then. */
export function fateOf({ outages }: Scenario, where: string, at: number): Fate {
  const outage = outages.find((each) => each.where === where && each.from <= at && at < each.until);
  return outage?.fate ?? { how: 'sent' };
}

/** Whom the team or the shift names cannot be taken away before them. */
export const mayLeave = ({ shift, team }: Scenario, user: string): boolean =>
  ![shift.before, shift.after, ...team].includes(user);

/** Where in `policy` somebody reassigns to. */
export const levelIn = ({ levels }: Policy, level: number): number => Math.min(level, levels.length);

/** An attempt to page somebody. */
export interface Page {
  readonly at: number;
  readonly user: string;
  readonly contact: string;
}

/** An attempt to tell a subscriber (`ops`), or somebody who was told of it (`ana c1`), of a change; in silence (`resolved, silent`) who does not ask for it. */
export interface Telling {
  readonly at: number;
  readonly to: string;
  readonly word: string;
}

/** How an incident stands: what is compared at the end. */
export interface Standing {
  readonly status: 'suspended' | 'triggered' | 'acknowledged' | 'resolved';
  readonly transient: boolean;
  readonly flapping: boolean;
  /** Resolved, and open to a trigger. */
  readonly reopenable: boolean;
  readonly urgency: 'high' | 'low';
  readonly episode: number;
  /** `level 2 pass 1`, `direct`, `exhausted`, `nobody`. */
  readonly place: string;
  readonly ackers: readonly string[];
  readonly ackTimeoutAt: number | null;
  readonly snoozedUntil: number | null;
  readonly workStartedAt: number | null;
  readonly priority: string | null;
  readonly summary: string;
  readonly responders: readonly string[];
}

export interface Outcome {
  readonly pages: readonly Page[];
  readonly tellings: readonly Telling[];
  readonly standing: Standing;
}
