/** An escalation policy, as PagerDuty shows it. Its last resort has no place there. */
import type { EscalationPolicy, Level, Target } from '../../../domain/configuration.ts';
import { minutes } from '../../../domain/duration.ts';
import type { Visit } from '../door.ts';
import { headOf, referenceTo } from '../references.ts';

export function escalationPolicyJson(visit: Visit, policy: EscalationPolicy) {
  const services = [...visit.deps.configuration().services.values()].filter(
    ({ escalationPolicy }) => escalationPolicy === policy.id,
  );
  const teams = new Set(services.flatMap(({ team }) => team ?? []));
  return {
    ...headOf(visit, 'escalation_policy', policy.id, policy.name),
    name: policy.name,
    description: null,
    num_loops: policy.repeat,
    on_call_handoff_notifications: 'if_has_services',
    escalation_rules: policy.levels.map((level, index) => ruleJson(visit, policy, level, index)),
    services: services.map(({ id, name }) => referenceTo(visit, 'service', id, name)),
    teams: [...teams].map((id) => referenceTo(visit, 'team', id, visit.deps.configuration().teams.get(id)?.name ?? id)),
  };
}

/** Rules have no ids of their own: `payments-1` is the first of the policy `payments`. */
const ruleJson = (visit: Visit, { id }: EscalationPolicy, level: Level, index: number) => ({
  id: `${id}-${index + 1}`,
  // PagerDuty counts whole minutes.
  escalation_delay_in_minutes: Math.ceil(level.escalateAfter / minutes(1)),
  escalation_rule_assignment_strategy: {
    type: level.assign === 'round-robin' ? 'round_robin' : 'assign_to_everyone',
  },
  targets: level.targets.map((target) => targetJson(visit, target)),
});

export function targetJson(visit: Visit, { kind, id }: Target) {
  const { users, teams, schedules } = visit.deps.configuration();
  const things = { user: users, team: teams, schedule: schedules }[kind];
  return referenceTo(visit, kind, id, things.get(id)?.name ?? id);
}
