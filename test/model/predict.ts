/**
 * The oracle of the property test: lifecycle §2.5, §2.11, §3, §4, §5, §6 and §7, written from the contract and from
 * nothing of domain/. It looks at everything again and again: no decider, no deadlines, no ledger. Who is on call is
 * looked up outside the incident (design §2.7): what is done or due at the instant of a lookup comes before its answer.
 */
import type { Shown } from './case.ts';
import { Case } from './case.ts';
import { adopt, escalate, reassign, reassignTo } from './directing.ts';
import { ack, ackBySource, lapse, resolved, snooze, startWork, unack } from './holding.ts';
import { couldNotBeReached, endLevel, enter } from './levels.ts';
import { rate } from './rating.ts';
import type { Deed, Outcome, Scenario } from './scenario.ts';

/** What is done to an incident that is resolved, too: words change nothing, and lookups are none of its own. */
const ALWAYS: ReadonlySet<Deed['what']> = new Set<Deed['what']>(['note', 'update', 'lookupsStall', 'lookupsGoOn']);

/** Two seconds: whatever is attempted again comes at a multiple of them. */
const STEP = 2;

export function predict(world: Scenario): Outcome {
  const it = new Case(world, couldNotBeReached);
  it.bulletin.say('triggered', 0);
  enter(it, 1, 0, { pass: 1, escalated: false, also: [] });
  const moments = [...world.moments];
  let shown: Shown = shownOf(it);
  for (let now = 0; now <= world.until; now += STEP) {
    for (; moments[0]?.at === now; moments.shift()) {
      happen(it, moments[0].deed, shown, now);
      shown = shownOf(it);
    }
    if (!(moments[0]?.asleep ?? false)) look(it, now);
  }
  return outcomeOf(it);
}

const shownOf = ({ level, pass, episode }: Case): Shown => ({ level, pass, episode });

/** `shown`: how it stood after the deed before. */
function happen(it: Case, deed: Deed, shown: Shown, now: number): void {
  if (it.status === 'resolved' && !ALWAYS.has(deed.what)) return;
  switch (deed.what) {
    case 'note':
      it.bulletin.say('noted', now);
      break;
    case 'update':
      it.bulletin.say('statusUpdated', now, deed.by);
      break;
    case 'lookupsStall':
    case 'lookupsGoOn':
      it.lookups = deed.what === 'lookupsGoOn';
      break;
    case 'startWork':
      startWork(it, deed.by, now);
      break;
    case 'ack':
      ack(it, deed.by, now);
      break;
    case 'sourceAcks':
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
    case 'resolve':
      resolved(it, now, deed.by);
      break;
    case 'fires':
      it.alerts.fire(deed);
      rate(it, now);
      break;
    case 'clears':
      if (it.alerts.clear(deed)) resolved(it, now, null);
      else rate(it, now);
      break;
    case 'groupClears':
      resolved(it, now, null);
      break;
    // Delivered twice, it is done once.
    case 'again':
    case 'continuesAsNew':
    case 'nothing':
      break;
    default:
      deed satisfies never;
  }
}

function look(it: Case, now: number): void {
  for (let busy = true; busy;) {
    lapse(it, now);
    if (it.status === 'triggered' && now >= it.levelEnds) endLevel(it, now);
    const { coming } = it;
    const mayLook = coming === null || coming.urgency === 'lowered';
    if (it.status === 'triggered' && it.place === 'nobody' && now >= it.looksAgainAt && mayLook) {
      it.looksAgainAt = Infinity;
      it.coming = { stands: false, take: (later) => enter(it, 1, later, { pass: 1, escalated: true, also: [] }) };
    }
    busy = it.pager.look(now);
    if (!it.lookups || it.coming === null) continue;
    const { take } = it.coming;
    it.coming = null;
    take(now);
    busy = true;
  }
  it.bulletin.deliver(now);
}

function outcomeOf(it: Case): Outcome {
  const { status, urgency, episode, level, pass, ackers, workStartedAt } = it;
  const place = it.place === 'level' ? `level ${level} pass ${pass}` : it.place;
  const ackTimeoutAt = it.ackFires === Infinity ? null : it.ackFires;
  const snoozedUntil = it.snoozeEnds === Infinity ? null : it.snoozeEnds;
  const standing = { status, urgency, episode, place, ackers, ackTimeoutAt, snoozedUntil, workStartedAt };
  return { pages: it.pager.pages, tellings: it.bulletin.tellings, standing };
}
