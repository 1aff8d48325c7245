/** The present truth in words: for a command that came too late, for a message that is no longer quite true, and for the Temporal UI. */
import type { Instant } from './duration.ts';
import type { Actor, IncidentState } from './incident.ts';
import { describeLevel, nameOf } from './log.ts';

/** `10:02:11 UTC`. */
export const clock = (at: Instant): string => `${new Date(at).toISOString().slice(11, 19)} UTC`;

/** `2026-12-01 10:02:11 UTC`. */
const dayAndClock = (at: Instant): string => `${new Date(at).toISOString().slice(0, 10)} ${clock(at)}`;

/** "already resolved by Ana Wei at 10:02:11 UTC", "acknowledged by …", "triggered; nobody has acknowledged it". */
export function sentence(state: IncidentState): string {
  if (state.status === 'resolved') {
    const { resolvedBy, resolvedAt } = state;
    return `already resolved by ${resolver(state, resolvedBy)} at ${clock(resolvedAt ?? state.createdAt)}`;
  }
  if (state.status === 'acknowledged') {
    const acks = state.acknowledgements.map(({ user, at }) => `${nameOf(state, user)} at ${clock(at)}`);
    const { snoozedUntil } = state;
    const until = snoozedUntil === null ? '' : `; snoozed until ${dayAndClock(snoozedUntil)}`;
    return `acknowledged by ${acks.join(' and ')}${until}`;
  }
  if (state.status === 'suspended') return 'suspended; nobody is told yet';
  return `triggered; ${triggeredSentence(state)}`;
}

function resolver(state: IncidentState, by: Actor | null): string {
  if (by?.kind === 'user') return by.name ?? nameOf(state, by.id ?? '');
  return by?.kind === 'timer' ? 'auto-resolve' : 'its monitoring source';
}

function triggeredSentence(state: IncidentState): string {
  const { exhausted, nobodyOnCall, direct, level, pass, asking } = state.escalation;
  if (exhausted) return 'the escalation policy is exhausted and nobody has acknowledged it';
  if (nobodyOnCall) return 'nobody is on call';
  if (direct) return 'assigned directly, and nobody has acknowledged it';
  if (asking !== null) return 'who is on call is being looked up';
  return `${describeLevel(level, pass)}, and nobody has acknowledged it`;
}

/** How an incident came out, for the result of its workflow: "resolved by Ana Wei at … after 3m". */
export const outcomeOf = (state: IncidentState): string => sentence(state).replace('already ', '');
