/**
 * Pages in the oracle's words (lifecycle §5.1–5.5): one slip of paper for each page that is coming, kept when it is done.
 * No ledger, no deadlines: all slips are looked at again and again.
 */
import { gapAfter } from './bulletin.ts';
import type { Page, Rule, Says, Scenario } from './scenario.ts';
import { fateOf } from './scenario.ts';

/** Retryable failures count as terminal after two minutes (§5.5). */
const RETRY_FOR = 120;

/** `own`: its user's own act came first. */
type End = 'sent' | 'failed' | 'expired' | 'dropped' | 'own';

export interface Slip {
  readonly user: string;
  readonly rule: Rule;
  /** In the user's list. */
  readonly place: number;
  readonly episode: number;
  readonly pass: number;
  /** Which assignment it is of, and when that was. */
  readonly list: number;
  readonly given: number;
  /** For a responder, not for an assignee. */
  readonly helps: boolean;
  readonly multiAck: boolean;
  due: number;
  /** When it is attempted, or attempted again. */
  at: number;
  owed: boolean;
  /** Goes on after a pass that reached nobody. */
  persistent: boolean;
  attempts: number;
  firstAt: number | null;
  /** When its failures begin to count as a terminal one. */
  patience: number;
  givenUp: boolean;
  underWay: boolean;
  /** Nobody knows whether it was sent. */
  doubt: boolean;
  delivered: boolean;
  /** What it ends as, where an attempt under way does not reach its user. */
  askedBack: End | null;
  end: End | null;
}

export interface Assigned {
  readonly rules: readonly Rule[];
  readonly owed: boolean;
  readonly episode: number;
  readonly pass: number;
  readonly list: number;
  readonly helps: boolean;
  readonly multiAck: boolean;
}

export interface Surroundings {
  readonly triggered: () => boolean;
  /** Is assigned, or helps. */
  readonly concerns: (user: string) => boolean;
  readonly levelEnds: () => number;
  /** How long something is owed. */
  readonly maxAge: () => number;
  readonly sent: (slip: Slip, now: number) => void;
  /** What was sent does not arrive; `others` was sent, too. */
  readonly lost: (slip: Slip, others: readonly Slip[]) => void;
  /** Holds it, or resolved it. */
  readonly holds: (user: string) => boolean;
  readonly isOver: () => boolean;
  readonly episode: () => number;
  /** No way is left to reach the user. */
  readonly unreachable: (slip: Slip, now: number) => void;
}

export class Pager {
  readonly pages: Page[] = [];
  private readonly slips: Slip[] = [];
  private readonly world: Scenario;
  private readonly around: Surroundings;

  constructor(world: Scenario, around: Surroundings) {
    this.world = world;
    this.around = around;
  }

  give(user: string, { rules, owed, ...assigned }: Assigned, now: number): void {
    for (const [place, rule] of rules.entries())
      this.add(user, rule, { ...assigned, given: now, place }, now + rule.after, owed && rule.after === 0);
  }

  private add(
    user: string,
    rule: Rule,
    of: Pick<Slip, 'episode' | 'pass' | 'list' | 'given' | 'helps' | 'multiAck' | 'place'>,
    due: number,
    owed: boolean,
  ) {
    const { episode, pass, list, given, helps, multiAck, place } = of;
    const fresh = { persistent: false, attempts: 0, firstAt: null, patience: Infinity, givenUp: false };
    const none = { underWay: false, doubt: false, delivered: false, askedBack: null, end: null };
    const where = { place, episode, pass, list, given, helps, multiAck };
    this.slips.push({ user, rule, ...where, due, at: due, owed, ...fresh, ...none });
  }

  /** By the first of the user's rules that told them. */
  giveAgain(user: string, assigned: Omit<Assigned, 'rules' | 'owed'> & Pick<Slip, 'given'>, now: number): void {
    const sent = this.slips.filter((slip) => slip.user === user && slip.end === 'sent');
    const [first] = sent.toSorted((a, b) => a.place - b.place);
    if (first !== undefined) this.add(user, first.rule, { ...assigned, place: first.place }, now, false);
  }

  /** Owed in this episode, and on its way. */
  owes(user: string, episode: number): boolean {
    return this.open().some((slip) => slip.user === user && slip.episode === episode && slip.owed);
  }

  drop(which: (slip: Slip) => boolean, end: End = 'dropped'): void {
    for (const slip of this.open().filter((each) => each.askedBack === null && which(each))) {
      if (slip.underWay) slip.askedBack = end;
      else slip.end = end;
    }
  }

  /** Nobody was reached: what failed goes on. */
  persist(): void {
    for (const slip of this.open()) slip.persistent ||= slip.attempts > 0 && !slip.helps;
  }

  /** What was owed for too long, and what failed for too long, in this order; then what is due, which is under way from here on. */
  look(now: number): void {
    for (const slip of this.inOrder((each) => this.ages(each), now)) {
      slip.owed = false;
      if (!(this.around.triggered() && this.around.concerns(slip.user))) slip.end = 'expired';
    }
    for (const slip of this.inOrder(({ patience }) => patience, now)) {
      slip.givenUp = true;
      slip.patience = Infinity;
      this.tryAnotherWay(slip, slip.owed, now);
    }
    for (const slip of this.inOrder(({ at }) => at, now)) {
      slip.underWay = true;
      slip.firstAt ??= now;
    }
  }

  /** What comes of what is under way. True where anything was. */
  attempt(now: number): boolean {
    const begun = this.slips.filter(({ underWay }) => underWay);
    for (const slip of begun) this.attemptOne(slip, now);
    return begun.length > 0;
  }

  /** What the provider says of the page that went there last. */
  hear(user: string, contact: string, says: Says, now: number): void {
    const slip = this.slips.findLast(
      (each) => each.user === user && each.rule.contact === contact && each.firstAt !== null,
    );
    if (slip === undefined) return;
    const { end, doubt } = slip;
    const open = end === null || (doubt && (end === 'dropped' || end === 'own'));
    if (says === 'failed') {
      if (open || (end === 'sent' && !slip.delivered)) this.lose(slip, now);
    } else if (says === 'delivered' || open) {
      slip.end = 'sent';
      slip.delivered = says === 'delivered';
      if (end !== 'sent') this.arrive(slip, now);
    }
  }

  /** It never arrives: as if it had been refused at once, for those who did nothing since. */
  private lose(slip: Slip, now: number): void {
    const { user, episode, end, askedBack } = slip;
    slip.end = 'failed';
    if (end === 'sent')
      this.around.lost(
        slip,
        this.slips.filter((each) => each.end === 'sent'),
      );
    if (askedBack !== null || end === 'dropped' || end === 'own') return;
    const binds =
      now < slip.due + this.around.maxAge() && this.around.concerns(user) && episode === this.around.episode();
    const owed = slip.owed && (end === null || binds);
    const acted = this.slips.some(
      (each) => each.user === user && each.episode === episode && (each.end === 'own' || each.askedBack === 'own'),
    );
    if (acted || this.around.holds(user) || (this.around.isOver() && !owed)) return;
    this.tryAnotherWay(slip, owed, now);
  }

  private arrive(slip: Slip, now: number): void {
    this.around.sent(slip, now);
    if (!slip.helps) this.stopPersisting(now);
  }

  private open(): Slip[] {
    return this.slips.filter(({ end }) => end === null);
  }

  private ages({ owed, persistent, due }: Slip): number {
    return owed && !(persistent && this.around.triggered()) ? due + this.around.maxAge() : Infinity;
  }

  /** Those whose time has come, the earliest first; each is looked at as the ones before it leave it. */
  private *inOrder(time: (slip: Slip) => number, now: number): Generator<Slip> {
    for (;;) {
      const next = this.open()
        .filter((slip) => !slip.underWay && time(slip) <= now)
        .toSorted((a, b) => time(a) - time(b))[0];
      if (next === undefined) return;
      yield next;
    }
  }

  private attemptOne(slip: Slip, now: number): void {
    const { user, rule } = slip;
    this.pages.push({ at: now, user, contact: rule.contact });
    const fate = fateOf(this.world, `${user} ${rule.contact}`, now);
    slip.underWay = false;
    slip.attempts += 1;
    if (fate.how === 'sent') {
      slip.end = 'sent';
      this.arrive(slip, now);
    } else if (slip.askedBack !== null) {
      slip.end = slip.askedBack;
      slip.doubt = fate.how === 'unknown';
    } else if (fate.how === 'terminal') {
      slip.end = 'failed';
      this.tryAnotherWay(slip, slip.owed, now);
    } else {
      slip.doubt ||= fate.how === 'unknown';
      const asked = fate.how === 'retryable' ? fate.after : 0;
      slip.at = now + Math.min(300, Math.max(gapAfter(slip.attempts), asked));
      // Of what may have been sent nobody knows whether another way is needed.
      const counts = fate.how === 'retryable' && !slip.givenUp;
      if (!counts) slip.patience = Infinity;
      else if (slip.patience === Infinity) {
        slip.patience = Math.min((slip.firstAt ?? now) + RETRY_FOR, this.around.levelEnds());
      }
    }
  }

  /** Somebody who is to act was reached. */
  private stopPersisting(now: number): void {
    this.drop(({ persistent, owed, due }) => persistent && !(owed && now < due + this.around.maxAge()));
    for (const slip of this.open()) slip.persistent = false;
  }

  /** The user's next unfired rule at once, and it inherits being owed; also one that ended with another's act, once. */
  private tryAnotherWay(failed: Slip, owed: boolean, now: number): void {
    const mine = this.slips.filter(({ user, list }) => user === failed.user && list === failed.list);
    const unfired = mine
      .filter(({ firstAt }) => firstAt === null)
      .toSorted((a, b) => a.due - b.due || a.rule.contact.localeCompare(b.rule.contact));
    const next = unfired.find(({ end }) => end === null);
    if (next !== undefined) {
      Object.assign(next, { due: now, at: now, owed: next.owed || owed });
      return;
    }
    const untaken = unfired.filter((slip) => !mine.some((other) => other.rule === slip.rule && other !== slip));
    const ended = untaken.find(({ end }) => end === 'dropped');
    if (owed && ended !== undefined) {
      this.add(ended.user, ended.rule, ended, now, true);
      return;
    }
    const may = mine.some((slip) => slip !== failed && (slip.end === 'sent' || (slip.end === null && !slip.givenUp)));
    if (!may) this.around.unreachable(failed, now);
  }
}
