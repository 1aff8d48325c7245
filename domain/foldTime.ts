/** What passes while an incident is open, for what comes of it after so long (lifecycle §8). Decides nothing. */
import type { Change, ChangeOf } from './changes.ts';
import { milliseconds } from './duration.ts';
import type { Instant } from './duration.ts';
import type { IncidentState } from './incident.ts';

/** `after`: what `change` made of `before`. */
export function foldTime(before: IncidentState, after: IncidentState, change: Change): IncidentState {
  let state = after;
  if (before.status !== 'acknowledged' && after.status === 'acknowledged') {
    state = { ...state, acknowledgedSince: change.at };
  }
  if (before.status === 'acknowledged' && after.status !== 'acknowledged') state = released(state, change.at);
  if (before.status !== 'triggered' && after.status === 'triggered') {
    state = notBefore(state, change.at, Math.max(1, after.escalation.level));
  }
  if (change.type === 'assigned') return entered(before, state, change);
  if (change.type === 'alertsMerged') return { ...state, lastEventAt: lastEventWith(state, change) };
  if (change.type !== 'eventCounted' && change.type !== 'alertAdded' && change.type !== 'alertResolved') return state;
  const acknowledgedFor = { ...state.acknowledgedFor, sinceLastEvent: milliseconds(0) };
  return { ...state, lastEventAt: change.at, acknowledgedFor };
}

/** Of both: what fired a moment ago elsewhere is not to be resolved for the silence of this one's source. */
const lastEventWith = ({ lastEventAt }: IncidentState, { offer }: ChangeOf<'alertsMerged'>): Instant =>
  Math.max(lastEventAt, ...offer.alerts.map(({ lastAt }) => lastAt));

/** Nobody holds it any more. */
function released(state: IncidentState, at: Instant): IncidentState {
  const { acknowledgedSince: since, acknowledgedFor, lastEventAt } = state;
  if (since === null) return state;
  const { inAll, sinceLastEvent } = acknowledgedFor;
  return {
    ...state,
    acknowledgedSince: null,
    acknowledgedFor: {
      inAll: milliseconds(inAll + at - since),
      sinceLastEvent: milliseconds(sinceLastEvent + at - Math.max(since, lastEventAt)),
    },
  };
}

/** The first level after a return to triggered, which may be another one, and later, than where it stood. */
function entered(before: IncidentState, state: IncidentState, { assignment, at }: ChangeOf<'assigned'>): IncidentState {
  const { level, episode, kind } = assignment;
  const first = !before.assignments.some((each) => each.kind === 'level' && each.episode === episode);
  const returned = before.autoResolveNotBefore !== null && kind === 'level';
  return returned && first && level !== null ? notBefore(state, at, level) : state;
}

/** Where it stood at a level that the policy it adopted has no more, that policy's last. */
function notBefore(state: IncidentState, at: Instant, level: number): IncidentState {
  const { levels } = state.policy;
  const { escalateAfter } = levels[level - 1] ?? levels.at(-1) ?? { escalateAfter: 0 };
  return { ...state, autoResolveNotBefore: at + escalateAfter };
}
