/** Incidents that were open when a new version came (lifecycle §11): what they were pinned with lacks what is new. */
import type { EscalationPolicy, Service } from './configuration.ts';
import { milliseconds } from './duration.ts';
import type { IncidentState } from './incident.ts';
import { unused } from './open.ts';
import type { Opening } from './opening.ts';
import type { PackedState } from './packing.ts';
import { unpacked } from './packing.ts';

/** A state that was carried over, of an earlier version too: with what this version has beside, as where nothing was made of it. */
export function upgradedState(carried: PackedState): IncidentState {
  const state = unpacked(carried);
  const { escalation, route, service, policy } = state;
  const opens = escalation.asking?.reason === 'trigger';
  return {
    ...unused(state.createdAt),
    ...({ announcing: opens ? 'triggered' : null, heardOf: !opens } as const),
    ...state,
    route: { ...ROUTE, ...route },
    service: upgradedService(service),
    policy: upgradedPolicy(policy),
    escalation: { ...escalation, assignment: escalation.assignment ?? state.counters.assignment },
  };
}

/** What an execution of an earlier version was started with. */
export const upgradedOpening = (opening: Opening): Opening => ({
  ...OPENING,
  ...opening,
  route: { ...ROUTE, ...opening.route },
  service: upgradedService(opening.service),
  policy: upgradedPolicy(opening.policy),
});

const OPENING = { hours: null, held: null, changes: [] };
const ROUTE = { holdFor: null };

const SERVICE = {
  holdFor: milliseconds(0),
  threshold: null,
  reopenWindow: null,
  autoResolve: null,
  flapping: null,
  grouping: null,
};

const upgradedService = (service: Service): Service => ({ ...SERVICE, ...service });

const upgradedPolicy = (policy: EscalationPolicy): EscalationPolicy => ({
  ...policy,
  levels: policy.levels.map((level) => ({ ...LEVEL, ...level })),
});

const LEVEL = { assign: 'all' } as const;
