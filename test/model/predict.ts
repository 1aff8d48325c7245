/**
 * The oracle of the property test: lifecycle §2.5, §2.7, §2.11, §3 to §8 but for merging, grouping and storms, written from
 * the contract and from nothing of domain/. It looks at everything again and again: no decider, no deadlines, no ledger. Who
 * is on call is looked up outside the incident (design §2.7): what is done or due at the instant of a lookup comes before its answer.
 */
import type { Shown } from './case.ts';
import { Case } from './case.ts';
import { isOverdue, keepTime } from './autoResolve.ts';
import { adopt, escalate, reassign, reassignTo } from './directing.ts';
import { lookAtFlapping, wentOff, wentOn } from './flapping.ts';
import { ack, ackBySource, lapse, resolved, snooze, startWork, unack } from './holding.ts';
import { couldNotBeReached, endLevel, enter, waitsForTurn } from './levels.ts';
import { hoursOf, lookAtHours, rate, ruled, set } from './rating.ts';
import { invite, remove, takeInvited } from './responders.ts';
import type { Deed, Outcome, Scenario } from './scenario.ts';
import { mayLeave } from './scenario.ts';
import { begin, count, lookAtSuspension, release, reopen, takeHold } from './suspension.ts';

/** What is done to an incident that is resolved, too: words change nothing; lookups and the configuration are none of its own. */
const ALWAYS: ReadonlySet<Deed['what']> = new Set<Deed['what']>([
  'leaves',
  'receipt',
  'note',
  'update',
  'lookupsStall',
  'lookupsGoOn',
]);

/** What people do to a suspended incident triggers it first, and so does an ack of the source. */
const RELEASING: ReadonlySet<Deed['what']> = new Set<Deed['what']>([
  'trigger',
  'ack',
  'startWork',
  'sourceAcks',
  'resolve',
  'snooze',
  'reassign',
  'reassignTo',
]);

/** Two seconds: whatever is attempted again comes at a multiple of them. */
const STEP = 2;

export function predict(world: Scenario): Outcome {
  const it = new Case(world, couldNotBeReached);
  it.hours = hoursOf(it.settings, 0);
  it.urgency = ruled(it);
  it.transitions = it.settings.flapping === null ? [] : [0];
  begin(it, 0);
  if (!waitsForTurn(it, 0)) take(it, 0);
  const moments = [...world.moments];
  let shown: Shown = shownOf(it);
  for (let now = 0; now <= world.until; now += STEP) {
    for (; moments[0]?.at === now; moments.shift()) {
      happen(it, moments[0].deed, shown, now);
      keepTime(it, now);
      shown = shownOf(it);
    }
    if (!(moments[0]?.asleep ?? false)) look(it, now);
  }
  return outcomeOf(it);
}

const shownOf = ({ level, pass, episode }: Case): Shown => ({ level, pass, episode });

/** `shown`: how it stood after the deed before. */
function happen(it: Case, deed: Deed, shown: Shown, now: number): void {
  const wasResolved = it.status === 'resolved';
  const cameBack = wasResolved && it.alerts.nothingFires;
  if (it.status === 'resolved' && now < it.reopenable) {
    if (deed.what === 'fires' || deed.what === 'reopen') reopen(it, now, deed.what === 'fires' ? 'source' : 'person');
    if (deed.what === 'clears' || deed.what === 'groupClears') hear(it, deed, now);
  }
  if (it.status === 'resolved' && !ALWAYS.has(deed.what)) return;
  if (it.status === 'suspended' && RELEASING.has(deed.what)) release(it, now);
  switch (deed.what) {
    case 'note':
      it.say('noted', now);
      break;
    case 'update':
      it.say('statusUpdated', now, deed.by);
      break;
    case 'lookupsStall':
    case 'lookupsGoOn':
      it.lookups = deed.what === 'lookupsGoOn';
      break;
    case 'receipt':
      it.pager.hear(deed.user, deed.contact, deed.says, now);
      break;
    case 'startWork':
      startWork(it, deed.by, now);
      break;
    case 'ack':
      ack(it, deed.by, now);
      break;
    case 'sourceAcks':
      it.lastEventAt = now;
      ackBySource(it, now);
      break;
    case 'unack':
      unack(it, deed.by, now);
      break;
    case 'snooze':
      snooze(it, deed.by, deed.lasts, now);
      break;
    case 'escalate':
      escalate(it, deed, deed.shown === 'now' ? shownOf(it) : shown, now);
      break;
    case 'reassign':
      reassign(it, deed, now);
      break;
    case 'reassignTo':
      reassignTo(it, deed, now);
      break;
    case 'adopt':
      adopt(it, deed, now);
      break;
    case 'invite':
      invite(it, deed.users, now);
      break;
    case 'prioritize':
      it.priority = deed.priority;
      it.say('priorityChanged', now);
      break;
    case 'amend':
      it.summary = deed.summary;
      it.say('amended', now);
      break;
    case 'rate':
      set(it, deed.urgency, now);
      break;
    case 'leaves':
      if (mayLeave(it.world, deed.user)) remove(it, [deed.user], now);
      break;
    case 'resolve':
      resolved(it, now, deed.by);
      break;
    case 'fires':
      if (!hear(it, deed, now, wasResolved)) break;
      rate(it, now);
      wentOn(it, cameBack, now);
      count(it, now);
      break;
    case 'clears':
    case 'groupClears':
      if (!hear(it, deed, now)) break;
      if (deed.what === 'clears' && !it.alerts.allClear) rate(it, now);
      else if (!wentOff(it, now)) resolved(it, now, null, true);
      break;
    // Done above, where they do something; delivered twice, it is done once.
    case 'again':
    case 'trigger':
    case 'reopen':
    case 'continuesAsNew':
    case 'nothing':
      break;
    default:
      deed satisfies never;
  }
}

/** What the source says of its alerts, which may still come back; false where it changes nothing. */
function hear(it: Case, deed: Deed, now: number, reopens = false): boolean {
  if (deed.what === 'fires' ? !it.alerts.fire(deed, reopens) : deed.what === 'clears' && !it.alerts.clear(deed))
    return false;
  if (deed.what === 'groupClears') it.alerts.clearAll();
  it.lastEventAt = now;
  return true;
}

function look(it: Case, now: number): void {
  for (let busy = true; busy;) {
    if (isOverdue(it, now)) resolved(it, now, null);
    lapse(it, now);
    keepTime(it, now);
    lookAtSuspension(it, now, () => resolved(it, now, null));
    if (it.status === 'resolved' && now >= it.reopenable) it.reopenable = -Infinity;
    lookAtHours(it, now);
    if (it.status === 'triggered' && now >= it.levelEnds) endLevel(it, now);
    const { coming } = it;
    const mayLook = coming === null || coming.urgency === 'lowered';
    if (it.status === 'triggered' && it.place === 'nobody' && now >= it.looksAgainAt && mayLook) {
      it.looksAgainAt = Infinity;
      it.coming = { stands: false, take: (later) => enter(it, 1, later, { pass: 1, escalated: true, also: [] }) };
    }
    it.pager.look(now);
    const flapped = lookAtFlapping(it, now, () => resolved(it, now, null));
    if (flapped) it.pager.look(now);
    busy = it.pager.attempt(now) || flapped;
    if (it.lookups && (takeHold(it, now) || take(it, now))) busy = true;
    if (it.lookups && takeInvited(it, now)) busy = true;
  }
  it.bulletin.deliver(now);
}

/** It is found out who is assigned, if anybody is to be. */
function take(it: Case, now: number): boolean {
  const { coming } = it;
  if (coming === null) return false;
  it.announce(now);
  it.coming = null;
  coming.take(now);
  return true;
}

function outcomeOf(it: Case): Outcome {
  const { status, transient, urgency, priority, summary, episode, level, pass, ackers, workStartedAt } = it;
  const finite = (at: number): number | null => (at === Infinity ? null : at);
  const standing = {
    status,
    transient,
    flapping: it.flapping !== null,
    reopenable: it.reopenable !== -Infinity,
    urgency,
    priority,
    summary,
    responders: [...it.responders],
    episode,
    place: it.place === 'level' ? `level ${level} pass ${pass}` : it.place,
    ackers,
    ackTimeoutAt: finite(it.ackFires),
    snoozedUntil: finite(it.snoozeEnds),
    workStartedAt,
  };
  return { pages: it.pager.pages, tellings: it.bulletin.tellings, standing };
}
