/** The present truth in words: for a command that came too late, for a message that is no longer quite true, and for the Temporal UI. */
import type { Actor, IncidentState } from './incident.ts';
import { clock, dayAndClock, describeLevel, describeSuspension, nameOf } from './log.ts';

/** "already resolved by Ana Wei at 10:02:11 UTC", "acknowledged by …", "triggered; nobody has acknowledged it". */
export function sentence(state: IncidentState): string {
  if (state.status === 'resolved') {
    const { resolvedBy, resolvedAt, mergedInto } = state;
    const what = mergedInto === null ? 'resolved' : `merged into ${mergedInto.incident}`;
    return `already ${what} by ${resolver(state, resolvedBy)} at ${clock(resolvedAt ?? state.createdAt)}${reopenable(state)}`;
  }
  if (state.merging !== null) return `being merged into ${state.merging.into.incident}`;
  if (state.status === 'acknowledged') {
    const acks = state.acknowledgements.map(({ user, at }) => `${nameOf(state, user)} at ${clock(at)}`);
    const { snoozedUntil } = state;
    const until = snoozedUntil === null ? '' : `; snoozed until ${dayAndClock(snoozedUntil)}`;
    return `acknowledged by ${acks.join(' and ')}${until}${flappingNote(state)}`;
  }
  if (state.suspension !== null)
    return `suspended, and nobody is told yet; ${describeSuspension(state, state.suspension)}`;
  return `triggered; ${triggeredSentence(state)}${flappingNote(state)}`;
}

function flappingNote({ flapping }: IncidentState): string {
  if (flapping === null) return '';
  const now = flapping.fires ? 'it fires' : 'nothing fires';
  return `; flapping since ${dayAndClock(flapping.since)}, ${flapping.transitions} changes since, and now ${now}`;
}

function resolver(state: IncidentState, by: Actor | null): string {
  if (by?.kind === 'user') return by.name ?? nameOf(state, by.id ?? '');
  return by?.kind === 'timer' ? (by.via ?? 'auto-resolve') : 'its monitoring source';
}

function triggeredSentence(state: IncidentState): string {
  const { exhausted, nobodyOnCall, direct, level, pass, asking } = state.escalation;
  if (exhausted) return 'the escalation policy is exhausted and nobody has acknowledged it';
  if (nobodyOnCall) return 'nobody is on call';
  if (direct) return 'assigned directly, and nobody has acknowledged it';
  if (asking !== null) return 'who is on call is being looked up';
  return `${describeLevel(level, pass)}, and nobody has acknowledged it`;
}

const reopenable = ({ reopenableUntil }: IncidentState): string =>
  reopenableUntil === null ? '' : `; it can be reopened until ${dayAndClock(reopenableUntil)}`;

/** How an incident came out, for the result of its workflow: "resolved by Ana Wei at … after 3m". */
export const outcomeOf = (state: IncidentState): string => sentence(state).replace('already ', '');
