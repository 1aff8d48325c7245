/** The present truth in English: for a command that came too late, and for the Temporal UI. */
import type { IncidentState } from './incident.ts';
import { clock, dayAndClock, describeLevel } from './naming.ts';
import type { Resolver, Truth } from './truth.ts';
import { truthOf } from './truth.ts';

/** "already resolved by Ana Wei at 10:02:11 UTC", "acknowledged by …", "triggered; nobody has acknowledged it". */
export const sentence = (state: IncidentState): string => sayTruth(truthOf(state));

/** In English. */
export function sayTruth(truth: Truth): string {
  switch (truth.state) {
    case 'resolved': {
      const what = truth.mergedInto === null ? 'resolved' : `merged into ${truth.mergedInto}`;
      const until =
        truth.reopenableUntil === null ? '' : `; it can be reopened until ${dayAndClock(truth.reopenableUntil)}`;
      return `already ${what} by ${resolver(truth.by)} at ${clock(truth.at)}${until}`;
    }
    case 'merging':
      return `being merged into ${truth.into}`;
    case 'acknowledged': {
      const { by, snoozedUntil, flapping } = truth;
      const acks = by.map(({ name, at }) => `${name} at ${clock(at)}`);
      const until = snoozedUntil === null ? '' : `; snoozed until ${dayAndClock(snoozedUntil)}`;
      return `acknowledged by ${acks.join(' and ')}${until}${flappingNote(flapping)}`;
    }
    case 'suspended':
      return `suspended, and nobody is told yet; ${truth.held}`;
    case 'triggered':
      return `triggered; ${triggered(truth)}${flappingNote(truth.flapping)}`;
    default:
      return truth satisfies never;
  }
}

function flappingNote(flapping: Extract<Truth, { state: 'triggered' }>['flapping']): string {
  if (flapping === null) return '';
  const now = flapping.fires ? 'it fires' : 'nothing fires';
  return `; flapping since ${dayAndClock(flapping.since)}, ${flapping.transitions} changes since, and now ${now}`;
}

function resolver(by: Resolver): string {
  if (by.kind === 'person') return by.name;
  return by.kind === 'timer' ? (by.name ?? 'auto-resolve') : 'its monitoring source';
}

function triggered({ how, level, pass }: Extract<Truth, { state: 'triggered' }>): string {
  switch (how) {
    case 'exhausted':
      return 'the escalation policy is exhausted and nobody has acknowledged it';
    case 'nobodyOnCall':
      return 'nobody is on call';
    case 'direct':
      return 'assigned directly, and nobody has acknowledged it';
    case 'asking':
      return 'who is on call is being looked up';
    case 'level':
      return `${describeLevel(level, pass)}, and nobody has acknowledged it`;
    default:
      return how satisfies never;
  }
}

/** How an incident came out, for the result of its workflow: "resolved by Ana Wei at … after 3m". */
export const outcomeOf = (state: IncidentState): string => sentence(state).replace('already ', '');
