/** *Escalate now*: a person moves the incident on to who is next (lifecycle §4.7, §7). */
import { cancelPending } from './cancelling.ts';
import type { PersonsCommand } from './commands.ts';
import type { Decision } from './decision.ts';
import type { Instant } from './duration.ts';
import type { ErrorCode } from './errors.ts';
import { advance, lastResortToldJustNow } from './escalating.ts';
import type { IncidentState } from './incident.ts';

type Escalate = Extract<PersonsCommand, { readonly type: 'escalate' }>;

/**
 * Why it changes nothing; null where it does not. It names what the person was shown: what has moved on since, or is being
 * asked who is told next, is not moved once more by the second press of one button.
 */
export function escalationRefusedBecause(state: IncidentState, command: Escalate, now: Instant): ErrorCode | null {
  const { escalation, episode, policy } = state;
  const { asking, direct, exhausted, pass } = escalation;
  if (direct) return 'DIRECTLY_ASSIGNED';
  const { fromLevel, fromPass = pass, fromEpisode = episode } = command;
  if (asking !== null || !isShownAt(state, fromLevel) || fromPass !== pass || fromEpisode !== episode)
    return 'MOVED_ON';
  if (!exhausted) return null;
  if (policy.lastResort.length === 0) return 'NOBODY_LEFT';
  return lastResortToldJustNow(state, now) ? 'TOLD_JUST_NOW' : null;
}

/** Where nobody was on call it was level 1 that was looked at, and none that was entered. */
const isShownAt = ({ escalation: { level, nobodyOnCall } }: IncidentState, from: number): boolean =>
  from === level || (nobodyOnCall && level === 0 && from === 1);

/** Triggered, even if it was acknowledged. Nothing is owed any more to the one who passes it on; their later rules go by the level's `onEscalate`. */
export function escalate(decision: Decision, { actor, note }: Escalate): void {
  decision.record(actor, { type: 'escalated', ...(note === undefined ? {} : { note }) });
  if (decision.state.status === 'acknowledged') decision.record(actor, { type: 'retriggered', reason: 'escalated' });
  cancelPending(decision, 'ownAction', ({ owed, user }) => owed && user === actor.id);
  advance(decision);
}
