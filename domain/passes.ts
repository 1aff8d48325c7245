/** Levels in their order, pass after pass (lifecycle §4.4): one rule for what is done and for what is foretold. */
import type { IncidentState } from './incident.ts';
import type { Reason } from './reasons.ts';

type Walk = Pick<IncidentState, 'policy' | 'escalation'>;

/** A level to enter, or the end of the policy, and why. */
export type Following =
  | { readonly level: number; readonly pass: number; readonly reason: Reason }
  | { readonly level: null; readonly reason: Reason };

/** What follows the level that runs, where it ends without an ack because of `reason`. */
export function afterLevel(state: Walk, reason: Reason): Following {
  const { level, pass } = state.escalation;
  return level < state.policy.levels.length ? { level: level + 1, pass, reason } : afterLastLevel(state, pass, reason);
}

/**
 * What follows the last level of `pass`. A pass in which nobody was reached is not repeated (lifecycle §5.5), unless a
 * person asks for it.
 */
export function afterLastLevel({ policy, escalation }: Walk, pass: number, reason: Reason): Following {
  if (!escalation.reached && reason !== 'escalated') return { level: null, reason: 'passReachedNobody' };
  return pass < 1 + policy.repeat
    ? { level: 1, pass: pass + 1, reason: 'nextPass' }
    : { level: null, reason: 'passesDone' };
}

/** The level that starts where an incident is triggered again, or raised: the present one, unless something begins anew. */
export function levelAgain(
  { escalation, service, urgency }: Pick<IncidentState, 'escalation' | 'service' | 'urgency'>,
  reason: Reason,
): number {
  const fromFirst = reason === 'ackTimeout' && service.ackTimeout.resume === 'first-level';
  return escalation.nobodyOnCall || urgency === 'low' || fromFirst ? 1 : Math.max(1, escalation.level);
}

/** Whether people of a level are to act now, with a level timer or, at low urgency, without one. */
export function levelRuns({ status, escalation }: Pick<IncidentState, 'status' | 'escalation'>): boolean {
  const { asking, direct, exhausted, nobodyOnCall } = escalation;
  return status === 'triggered' && asking === null && !direct && !exhausted && !nobodyOnCall;
}
