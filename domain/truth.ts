/** The present truth about an incident, for whoever words it: in English (report.ts), and in the language of who is told (wording/). */
import type { Instant } from './duration.ts';
import type { Actor, IncidentState } from './incident.ts';
import { describeSuspension, nameOf } from './naming.ts';

interface Named {
  readonly name: string;
  readonly at: Instant;
}

/** While its source goes on and off. */
interface Flaps {
  readonly since: Instant;
  readonly transitions: number;
  readonly fires: boolean;
}

export type Truth =
  | {
      readonly state: 'resolved';
      readonly by: Resolver;
      readonly at: Instant;
      /** The id of the incident that it was merged into. */
      readonly mergedInto: string | null;
      readonly reopenableUntil: Instant | null;
    }
  | { readonly state: 'merging'; readonly into: string }
  | {
      readonly state: 'acknowledged';
      readonly by: readonly Named[];
      readonly snoozedUntil: Instant | null;
      readonly flapping: Flaps | null;
    }
  /** `held`: by what, in English. */
  | { readonly state: 'suspended'; readonly held: string }
  | {
      readonly state: 'triggered';
      readonly how: 'exhausted' | 'nobodyOnCall' | 'direct' | 'asking' | 'level';
      readonly level: number;
      readonly pass: number;
      readonly flapping: Flaps | null;
    };

/** A person by name; the monitoring source; or a deadline, by what it is called. */
export type Resolver =
  | { readonly kind: 'person'; readonly name: string }
  | { readonly kind: 'source' }
  | { readonly kind: 'timer'; readonly name: string | null };

export function truthOf(state: IncidentState): Truth {
  if (state.status === 'resolved') {
    const { resolvedBy, resolvedAt, mergedInto, createdAt, reopenableUntil } = state;
    return {
      state: 'resolved',
      by: resolver(state, resolvedBy),
      at: resolvedAt ?? createdAt,
      mergedInto: mergedInto?.incident ?? null,
      reopenableUntil,
    };
  }
  if (state.merging !== null) return { state: 'merging', into: state.merging.into.incident };
  if (state.status === 'acknowledged') {
    const by = state.acknowledgements.map(({ user, at }) => ({ name: nameOf(state, user), at }));
    return { state: 'acknowledged', by, snoozedUntil: state.snoozedUntil, flapping: flaps(state) };
  }
  if (state.suspension !== null) return { state: 'suspended', held: describeSuspension(state, state.suspension) };
  const { level, pass } = state.escalation;
  return { state: 'triggered', how: howTriggered(state), level, pass, flapping: flaps(state) };
}

function resolver(state: IncidentState, by: Actor | null): Resolver {
  if (by?.kind === 'user') return { kind: 'person', name: by.name ?? nameOf(state, by.id ?? '') };
  return by?.kind === 'timer' ? { kind: 'timer', name: by.via ?? null } : { kind: 'source' };
}

function howTriggered({ escalation }: IncidentState): Extract<Truth, { state: 'triggered' }>['how'] {
  if (escalation.exhausted) return 'exhausted';
  if (escalation.nobodyOnCall) return 'nobodyOnCall';
  if (escalation.direct) return 'direct';
  return escalation.asking === null ? 'level' : 'asking';
}

const flaps = ({ flapping }: IncidentState): Flaps | null =>
  flapping === null ? null : { since: flapping.since, transitions: flapping.transitions, fires: flapping.fires };
