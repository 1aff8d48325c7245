/** What will happen, to whom, when, unless somebody acts (lifecycle §12.4): read off the same deadlines that make it happen. */
import type { Channel } from './channels.ts';
import type { Deadline } from './deadlines.ts';
import { deadlines } from './deadlines.ts';
import { formatDuration } from './duration.ts';
import type { Instant } from './duration.ts';
import type { IncidentState, Notification } from './incident.ts';
import { describeLevel, describeNotification } from './naming.ts';
import { leavesNobody, otherWay } from './otherWay.ts';
import { afterLevel, levelAgain } from './passes.ts';
import { turnKey } from './question.ts';
import { REASONS } from './reasons.ts';
import { isResponders } from './responders.ts';
import { endsBelowThreshold } from './suspension.ts';

export interface Coming {
  readonly at: Instant;
  readonly kind: 'notify' | 'escalate' | 'ackTimeout' | 'snoozeEnd' | 'autoResolve' | 'release' | 'lastResort';
  readonly user?: string;
  readonly channel?: Channel;
  readonly contact?: string;
  readonly level?: number;
  readonly pass?: number;
  readonly reason: string;
}

/** In the order in which it will happen. */
export function next(state: IncidentState): readonly Coming[] {
  const all = deadlines(state);
  const told = foretell(state, all);
  const found = all.flatMap(told).toSorted((a, b) => a.at - b.at);
  // Two contact methods that are given up at one instant are replaced by one rule.
  return [...new Map(found.map((coming) => [JSON.stringify(coming), coming])).values()];
}

type Ledger = ReadonlyMap<string, Notification>;

/** What comes of each deadline, in the order of `all`: nothing of one that an earlier one makes void. */
function foretell(state: IncidentState, all: readonly Deadline[]): (deadline: Deadline) => readonly Coming[] {
  const ledger: Ledger = new Map(state.ledger.map((notification) => [notification.id, notification]));
  const ending = all.filter(({ kind }) => ENDING.has(kind));
  const sooner = firedSooner(state, ledger, all);
  const resolvedAt = Math.min(...all.flatMap(({ kind, at }) => (kind === 'autoResolve' ? [at] : [])));
  return (deadline) => {
    if (!('notification' in deadline)) {
      return deadline.kind !== 'autoResolve' && deadline.at >= resolvedAt ? [] : coming(state, deadline);
    }
    const notification = ledger.get(deadline.notification);
    if (notification === undefined || isVoid(state, notification, deadline, ending)) return [];
    if (deadline.kind === 'giveUp') return givenUp(state, notification, deadline.at, sooner);
    const firesSooner = deadline.kind === 'rule' && sooner.has(notification.id);
    return deadline.kind === 'rule' && !firesSooner ? [notify(state, notification)] : [];
  };
}

/** What ends pending rules, or what they are of. */
const ENDING: ReadonlySet<Deadline['kind']> = new Set([
  'autoResolve',
  'ackTimeout',
  'snoozeEnd',
  'supportHours',
  'levelEnd',
]);

/** Whether a notification is cancelled or expires before its deadline comes, or at that instant. */
function isVoid(
  state: IncidentState,
  notification: Notification,
  { at }: Deadline,
  ending: readonly Deadline[],
): boolean {
  const { owed, persistent, dueAt, user } = notification;
  const outlives = at >= dueAt + state.service.minuteZeroMaxAge && !(persistent && state.status === 'triggered');
  if (owed && !outlives) return false;
  if (owed && !(state.status === 'triggered' && [...state.assignees, ...state.responders].includes(user))) return true;
  return ending.some((deadline) => deadline.at <= at && ends(state, deadline.kind, notification));
}

/** As `cancelPending` is called where that comes. */
function ends(state: IncidentState, kind: Deadline['kind'], notification: Notification): boolean {
  const { escalation, policy, status } = state;
  const { persistent, assignment, attempts } = notification;
  if (kind === 'autoResolve') return true;
  if (isResponders(state, notification)) return false;
  if (kind === 'supportHours') return status === 'triggered' && !persistent;
  if (kind !== 'levelEnd') return true;
  const leaves = policy.levels[escalation.level - 1]?.onEscalate === 'replace' && assignment === escalation.assignment;
  const goesOn =
    persistent || (attempts.length > 0 && afterLevel(state, 'levelTimeout').reason === 'passReachedNobody');
  return leaves && !goesOn;
}

/** Rules that fire at once where another contact method is given up, by id: when. One that fires before is none of them. */
function firedSooner(state: IncidentState, ledger: Ledger, all: readonly Deadline[]): ReadonlyMap<string, Instant> {
  const found = new Map<string, Instant>();
  for (const deadline of all) {
    const failed = deadline.kind === 'giveUp' ? ledger.get(deadline.notification) : undefined;
    const way = failed && otherWay(state, failed);
    if (way?.kind !== 'sooner' || way.notification.nextAt < deadline.at) continue;
    found.set(way.notification.id, Math.min(deadline.at, found.get(way.notification.id) ?? Infinity));
  }
  return found;
}

/** A contact method fails for so long that another is tried; with nobody left to reach, the level ends. */
function givenUp(
  state: IncidentState,
  failed: Notification,
  at: Instant,
  sooner: ReadonlyMap<string, Instant>,
): readonly Coming[] {
  const way = otherWay(state, failed);
  switch (way.kind) {
    case 'sooner':
      return sooner.get(way.notification.id) === at ? [notify(state, { ...way.notification, nextAt: at })] : [];
    case 'anew':
      return [notify(state, { ...way.notification, nextAt: at })];
    case 'none':
      return leavesNobody(state, failed) ? [{ at, ...levelEnd(state, 'levelUnreachable') }] : [];
    case 'underWay':
      return [];
    default:
      return way satisfies never;
  }
}

/** Of a deadline that is no notification's. */
function coming(
  state: IncidentState,
  deadline: Exclude<Deadline, { readonly notification: string }>,
): readonly Coming[] {
  const { at } = deadline;
  switch (deadline.kind) {
    case 'autoResolve':
      return [{ at: notBeforeAgain(state, at), kind: 'autoResolve', reason: 'it is resolved by itself' }];
    case 'ackTimeout':
      return [{ at, kind: 'ackTimeout', reason: 'the acknowledgement times out, and the incident is triggered again' }];
    case 'snoozeEnd':
      return [{ at, kind: 'snoozeEnd', reason: 'the snooze ends, and the incident is triggered again' }];
    case 'supportHours':
      return raised(state, at);
    case 'holdEnd':
    case 'thresholdEnd':
    case 'held':
      return suspensionEnd(state, deadline.kind).map((each) => ({ at, ...each }));
    case 'levelEnd':
      return [{ at, ...levelEnd(state, 'levelTimeout') }];
    case 'handOff':
      return [
        { at, kind: 'escalate', level: 1, pass: 1, reason: `${REASONS.handOff}: who is on call is looked at again` },
      ];
    case 'flappingQuiet':
      return state.flapping?.fires === true
        ? []
        : [{ at, kind: 'autoResolve', reason: 'resolved, if its source stays quiet and nothing fires' }];
    case 'flappingDigest':
      return state.status !== 'triggered' || !state.flapping?.untold
        ? []
        : [{ at, kind: 'notify', reason: 'a digest of how often its source went on and off' }];
    case 'notice':
    case 'close':
    case 'askAgain':
      return [];
    default:
      return deadline satisfies never;
  }
}

/** Triggered again before it is resolved by itself, it has one full level first (lifecycle §8). */
function notBeforeAgain(state: IncidentState, at: Instant): Instant {
  const { ackTimeoutAt, snoozedUntil, policy } = state;
  const again = Math.min(ackTimeoutAt ?? Infinity, snoozedUntil ?? Infinity);
  if (again >= at) return at;
  const level = levelAgain(state, snoozedUntil === again ? 'snoozeEnded' : 'ackTimeout');
  return Math.max(at, again + (policy.levels[level - 1]?.escalateAfter ?? 0));
}

function notify(state: IncidentState, notification: Notification): Coming {
  const { nextAt: at, user, channel, contact, level, pass, attempts } = notification;
  const again = attempts.length > 0 ? ', again' : '';
  return {
    at,
    kind: 'notify',
    user,
    channel,
    contact,
    pass,
    ...(level === null ? {} : { level }),
    reason: `${describeNotification(state, notification)}${again}`,
  };
}

/** Raised, who is told is as `startAgain` has it; while acknowledged or suspended nobody is. */
function raised(state: IncidentState, at: Instant): readonly Coming[] {
  const { direct, exhausted, pass } = state.escalation;
  if (state.status !== 'triggered') return [];
  const raised = REASONS.urgencyRaised;
  if (direct) return [{ at, kind: 'escalate', reason: `${raised}: those it is assigned to are told again` }];
  if (exhausted) return [{ at, kind: 'lastResort', reason: `${raised}: the last resort is told again` }];
  const level = levelAgain({ ...state, urgency: 'high' }, 'urgencyRaised');
  return [
    {
      at,
      kind: 'escalate',
      level,
      pass,
      reason: `${raised}: ${describeLevel(level, pass)} starts${turnIn(state, level)}`,
    },
  ];
}

/** Whose turn it is at a level of round robin, once that is known. */
function turnIn({ policy, turns }: IncidentState, level: number): string {
  const target = policy.levels[level - 1]?.targets[turns[turnKey(policy, level)] ?? -1];
  return target === undefined ? '' : `: the turn of ${target.kind}:${target.id}`;
}

/** What comes of the end of one thing that suspends it, if nothing else happens: nothing, while something else still does. */
function suspensionEnd(
  state: IncidentState,
  kind: 'holdEnd' | 'thresholdEnd' | 'held',
): readonly Pick<Coming, 'kind' | 'reason'>[] {
  const { suspension, service } = state;
  if (kind === 'thresholdEnd' && endsBelowThreshold(state)) {
    const within = formatDuration(service.threshold?.within ?? 0);
    return [{ kind: 'autoResolve', reason: `resolved as transient, if no event comes for ${within}` }];
  }
  if (Object.values({ ...suspension }).filter((each) => each !== null).length > 1) return [];
  if (kind === 'holdEnd') return [{ kind: 'release', reason: `${REASONS.heldEnough}: level 1 is told` }];
  if (kind === 'thresholdEnd') return [{ kind: 'release', reason: `${REASONS.notHeld}: level 1 is told` }];
  return suspension?.held?.turn === true
    ? [{ kind: 'release', reason: `${REASONS.maintenanceOver}: level 1 is told` }]
    : [{ kind: 'release', reason: 'looks whether maintenance still holds it; if not, level 1 is told' }];
}

function levelEnd(state: IncidentState, reason: 'levelTimeout' | 'levelUnreachable'): Omit<Coming, 'at'> {
  const following = afterLevel(state, reason);
  if (following.level === null) {
    const told = state.policy.lastResort.length > 0 ? 'the last resort is told' : 'there is no last resort';
    return { kind: 'lastResort', reason: `the policy is exhausted: ${told}` };
  }
  const { level, pass } = following;
  return { kind: 'escalate', level, pass, reason: `escalates to ${describeLevel(level, pass)}${turnIn(state, level)}` };
}
