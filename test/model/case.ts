/** How the incident stands in the oracle's eyes: one sheet, on which everything is written over. Nothing of domain/. */
import { Alerts } from './alerts.ts';
import { Bulletin } from './bulletin.ts';
import type { Calendar } from './calendar.ts';
import { calendarOf } from './calendar.ts';
import { Pager } from './pager.ts';
import type { Slip } from './pager.ts';
import type { Policy, PolicyName, Scenario, Settings, Standing } from './scenario.ts';

/** Somebody is about to be assigned; a reassignment to users, for a person asked for it, outlives an ack and a resolve. */
export interface Entry {
  readonly stands: boolean;
  /** Of what stands: to whom. */
  readonly users?: readonly string[];
  /** Because the urgency changed: another change takes its place. */
  readonly urgency?: 'raised' | 'lowered';
  readonly take: (now: number) => void;
}

/** How people come to be assigned: in which pass, whether the level before was left for it, and whom else to tell. */
export interface Way {
  readonly pass: number;
  readonly escalated: boolean;
  /** A person asked for it, whether or not anybody was reached before. */
  readonly pressed?: boolean;
  readonly also: readonly string[];
}

/** What keeps it suspended; each alone does. */
export interface Suspension {
  /** The end of `holdFor`. */
  until: number | null;
  /** Too few events came: when, each once for every time that it is counted. */
  counted: number[] | null;
  /** Reopened: it is asked whether maintenance holds it. */
  asked: boolean;
  /** By maintenance, and until when at least; `turn`: only until its turn comes. */
  held: { readonly until: number; readonly turn: boolean } | null;
}

/** `raiseAt`: when it is raised if it is low. */
export interface Hours {
  readonly urgency: Standing['urgency'];
  readonly raiseAt: number;
}

/** Its source goes on and off. */
export interface Flapping {
  fires: boolean;
  /** Transitions that no digest told. */
  untold: number;
  quietAt: number;
  digestAt: number;
}

type Place = 'level' | 'direct' | 'exhausted' | 'nobody';

/** What somebody sees who is about to escalate. */
export type Shown = Pick<Case, 'level' | 'pass' | 'episode'>;

export class Case {
  readonly world: Scenario;
  readonly calendar: Calendar;
  readonly bulletin: Bulletin;
  readonly alerts: Alerts;
  readonly pager: Pager;

  settings: Settings;
  policy: Policy;
  policyName: PolicyName = 'own';

  status: Standing['status'] = 'triggered';
  suspension: Suspension | null = null;
  /** Resolved, and nobody was told that it ever was. */
  transient = false;
  /** What is about to be told, with the first who are assigned, or before anything else is told. */
  unannounced: 'triggered' | 'reopened' | null = null;
  /** Somebody was told that it is. */
  heardOf = false;
  /** What was done last, told or not. */
  lastWord: { readonly word: string; readonly at: number } | null = null;
  /** Resolved, and not closed before then. */
  reopenable = -Infinity;
  /** Round robin's turn, by policy and level. */
  readonly turns = new Map<string, number>();
  /** As nobody knows better. */
  urgency: Standing['urgency'] = 'high';
  hours: Hours | null = null;
  episode = 1;
  ackers: string[] = [];
  ackFires = Infinity;
  readonly ackedAt = new Map<string, number>();
  snoozeEnds = Infinity;
  workStartedAt: number | null = null;
  resolver: string | undefined;

  place: Place = 'level';
  level = 0;
  pass = 1;
  /** Somebody was told in this pass; one in which nobody was is not repeated (§5.5). */
  reached = false;
  levelEnds = Infinity;
  looksAgainAt = Infinity;
  coming: Entry | null = null;
  lookups = true;

  /** Counts all assignments, those of responders too. */
  lists = 0;
  /** The last one that was none of responders. */
  list = 0;
  /** When the last assignment was, whether it was of a level, whom it told, and those of them for whom no way is left. */
  listedAt = 0;
  lastResortAt = -Infinity;
  ofLevel = false;
  listed: readonly string[] = [];
  unreachable = new Set<string>();
  /** Who is assigned, by which assignment; and who stays so when the next one comes. */
  assigned = new Map<string, number>();
  staying = new Map<string, number>();
  /** A level was left, and what follows is not known yet. */
  left = false;
  /** Who was reached in which episode: `2 ana`. */
  readonly told = new Set<string>();

  /** When its alerts went on and off as a whole. */
  transitions: number[] = [];
  flapping: Flapping | null = null;

  readonly responders = new Set<string>();
  /** Responders who are being looked up, as they were asked for. */
  invited: { readonly users: readonly string[]; readonly isOver: boolean }[] = [];
  priority: Standing['priority'] = null;
  /** Of its first event, until a person says another. */
  summary = 'disk of db1 is full';
  /** A person said how urgent it is, and that stays. */
  urgencyIsSet = false;

  lastEventAt = 0;
  /** When it was acknowledged, and until when. */
  readonly held: { readonly from: number; until: number }[] = [];
  /** Not resolved by itself before then. */
  spared = -Infinity;
  /** The last episode in which a level was entered. */
  entered = 0;

  /** `unreachable`: no way is left to reach somebody. */
  constructor(world: Scenario, unreachable: (it: Case, slip: Slip, now: number) => void) {
    this.world = world;
    this.calendar = calendarOf(world);
    this.bulletin = new Bulletin(world);
    this.alerts = new Alerts(world);
    this.settings = world.atFirst.settings;
    this.policy = world.atFirst.policies.own;
    this.pager = new Pager(world, {
      triggered: () => this.status === 'triggered',
      concerns: (user) => this.assigned.has(user) || this.responders.has(user),
      levelEnds: () => this.levelEnds,
      maxAge: () => this.settings.maxAge,
      sent: (slip, now) => this.sent(slip, now),
      lost: (slip, others) => this.lost(slip, others),
      holds: (user) => this.ackers.includes(user) || (this.status === 'resolved' && this.resolver === user),
      isOver: () => this.status === 'resolved',
      episode: () => this.episode,
      unreachable: (slip, now) => unreachable(this, slip, now),
    });
  }

  /** Ackers that are no source. */
  get people(): string[] {
    return this.ackers.filter((user) => user !== 'source');
  }

  /** Nothing is timed any more. */
  stopClocks(): void {
    this.levelEnds = Infinity;
    this.ackFires = Infinity;
    this.snoozeEnds = Infinity;
    this.looksAgainAt = Infinity;
  }

  /** Whoever was to be assigned is not, but for those whom a person named. */
  forgetComing(): void {
    if (this.coming?.stands === false) this.coming = null;
  }

  /** Of what is suspended nobody hears. */
  say(word: string, now: number, by?: string | null): void {
    this.lastWord = { word, at: now };
    if (this.status === 'suspended' || this.transient) return;
    this.announce(now);
    this.bulletin.say(word, now, by);
  }

  announce(now: number): void {
    if (this.unannounced === null) return;
    this.bulletin.say(this.unannounced, now);
    this.unannounced = null;
    this.heardOf = true;
  }

  private sent({ user, rule, episode, pass, helps, given }: Slip, now: number): void {
    this.told.add(`${episode} ${user}`);
    this.bulletin.pageSent({ at: 0, user, contact: rule.contact });
    if (pass === this.pass && !helps) this.reached = true;
    const { lastWord, status } = this;
    const acted = status === 'acknowledged' || status === 'resolved';
    if (acted && lastWord !== null && lastWord.at > given) {
      this.bulletin.sayLate(`${user} ${rule.contact}`, lastWord.word, now);
    }
  }

  /** `others`: all that was sent and is not lost. */
  private lost({ user, rule: { contact }, episode, pass, helps }: Slip, others: readonly Slip[]): void {
    const his = others.filter((slip) => slip.user === user);
    if (!his.some((slip) => slip.episode === episode)) this.told.delete(`${episode} ${user}`);
    if (!his.some((slip) => slip.rule.contact === contact)) this.bulletin.pageLost({ at: 0, user, contact });
    if (pass === this.pass && !helps) this.reached &&= others.some((slip) => slip.pass === pass && !slip.helps);
  }
}

export const unowed = ({ owed }: Slip): boolean => !owed;

/** Of those who are to act. */
export const unowedToAssignees = ({ owed, helps }: Slip): boolean => !owed && !helps;
