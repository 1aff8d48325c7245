/** What will happen, to whom, when, unless somebody acts (lifecycle §12.4): read off the same deadlines that make it happen. */
import type { Channel } from './configuration.ts';
import type { Deadline } from './deadlines.ts';
import { deadlines } from './deadlines.ts';
import { formatDuration } from './duration.ts';
import type { Instant } from './duration.ts';
import type { IncidentState, Notification } from './incident.ts';
import { describeLevel, describeNotification, nameOf } from './log.ts';
import { afterLevel } from './passes.ts';
import { turnKey } from './question.ts';
import { REASONS } from './reasons.ts';

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
  const leftAt = state.escalation.levelEndsAt ?? Infinity;
  const leaves = state.policy.levels[state.escalation.level - 1]?.onEscalate === 'replace';
  const ledger = new Map(state.ledger.map((notification) => [notification.id, notification]));
  return deadlines(state)
    .flatMap((deadline) => coming(state, ledger, deadline))
    .filter(({ at, endsWithLevel }) => !(endsWithLevel === true && leaves && at >= leftAt))
    .map(({ endsWithLevel: _endsWithLevel, ...each }) => each)
    .toSorted((a, b) => a.at - b.at);
}

function coming(
  state: IncidentState,
  ledger: ReadonlyMap<string, Notification>,
  deadline: Deadline,
): readonly (Coming & { endsWithLevel?: boolean })[] {
  const { at } = deadline;
  switch (deadline.kind) {
    case 'autoResolve':
      return [{ at, kind: 'autoResolve', reason: 'it is resolved by itself' }];
    case 'ackTimeout':
      return [{ at, kind: 'ackTimeout', reason: 'the acknowledgement times out, and the incident is triggered again' }];
    case 'snoozeEnd':
      return [{ at, kind: 'snoozeEnd', reason: 'the snooze ends, and the incident is triggered again' }];
    case 'supportHours':
      return raised(state, at);
    case 'holdEnd':
    case 'thresholdEnd':
    case 'held':
      return [{ at, ...suspensionEnd(state, deadline.kind) }];
    case 'levelEnd':
      return [{ at, ...levelEnd(state) }];
    case 'handOff':
      return [
        { at, kind: 'escalate', level: 1, pass: 1, reason: `${REASONS.handOff}: who is on call is looked at again` },
      ];
    case 'rule': {
      const notification = ledger.get(deadline.notification);
      return notification === undefined ? [] : [notify(state, notification)];
    }
    case 'flappingQuiet':
      return state.flapping?.fires === true
        ? []
        : [{ at, kind: 'autoResolve', reason: 'resolved, if its source stays quiet and nothing fires' }];
    case 'flappingDigest':
      return state.status !== 'triggered' || !state.flapping?.untold
        ? []
        : [{ at, kind: 'notify', reason: 'a digest of how often its source went on and off' }];
    case 'minuteZeroAge':
    case 'giveUp':
    case 'notice':
    case 'close':
      return [];
    default:
      return deadline satisfies never;
  }
}

function notify(state: IncidentState, notification: Notification): Coming & { endsWithLevel: boolean } {
  const { nextAt: at, user, channel, contact, level, pass, owed, assignment, attempts } = notification;
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
    endsWithLevel: !owed && assignment === state.escalation.assignment,
  };
}

/** Raised, who is told is as `startAgain` has it; while acknowledged or suspended nobody is. */
function raised(state: IncidentState, at: Instant): readonly Coming[] {
  const { direct, exhausted, nobodyOnCall, level: present, pass } = state.escalation;
  if (state.status !== 'triggered') return [];
  const reason = `${REASONS.urgencyRaised}: `;
  if (direct) {
    return state.assignees.map((user) => ({
      at,
      kind: 'notify',
      user,
      pass,
      reason: `${reason}${nameOf(state, user)} is told again`,
    }));
  }
  if (exhausted) return [{ at, kind: 'lastResort', reason: `${reason}the last resort is told again` }];
  const level = nobodyOnCall ? 1 : Math.max(1, present);
  return [{ at, kind: 'escalate', level, pass, reason: `${reason}${describeLevel(level, pass)} starts` }];
}

/** Whose turn it is at a level of round robin, once that is known. */
function turnIn({ policy, turns }: IncidentState, level: number): string {
  const target = policy.levels[level - 1]?.targets[turns[turnKey(policy, level)] ?? -1];
  return target === undefined ? '' : `: the turn of ${target.kind}:${target.id}`;
}

/** What comes of the end of one thing that suspends it, if nothing else happens. */
function suspensionEnd(
  { suspension, service }: IncidentState,
  kind: 'holdEnd' | 'thresholdEnd' | 'held',
): Pick<Coming, 'kind' | 'reason'> {
  const kept = Object.values({ ...suspension }).filter((each) => each !== null).length;
  const after = kept > 1 ? 'something else still suspends it' : 'level 1 is told';
  switch (kind) {
    case 'holdEnd':
      return { kind: 'release', reason: `${REASONS.heldEnough}: ${after}` };
    case 'thresholdEnd': {
      const within = formatDuration(service.threshold?.within ?? 0);
      return { kind: 'autoResolve', reason: `resolved as transient, if no event comes for ${within}` };
    }
    case 'held':
      return suspension?.held?.turn === true
        ? { kind: 'release', reason: `${REASONS.maintenanceOver}: ${after}` }
        : { kind: 'release', reason: `looks whether maintenance still holds it; if not, ${after}` };
    default:
      return kind satisfies never;
  }
}

function levelEnd(state: IncidentState): Omit<Coming, 'at'> {
  const following = afterLevel(state, 'levelTimeout');
  if (following.level === null) {
    const told = state.policy.lastResort.length > 0 ? 'the last resort is told' : 'there is no last resort';
    return { kind: 'lastResort', reason: `the policy is exhausted: ${told}` };
  }
  const { level, pass } = following;
  return { kind: 'escalate', level, pass, reason: `escalates to ${describeLevel(level, pass)}${turnIn(state, level)}` };
}
