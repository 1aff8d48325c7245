/** A service and its integrations, as PagerDuty shows them. Keys are not shown: one is all that a monitor needs to be believed. */
import { WEEKDAYS, type Integration, type Service, type SupportHours } from '../../../domain/configuration.ts';
import { heldAt } from '../../../domain/maintenance.ts';
import type { Visit } from '../door.ts';
import { asReference, headOf, placeAt, referenceTo } from '../references.ts';

export function serviceJson(visit: Visit, service: Service) {
  const { teams, escalationPolicies } = visit.deps.configuration();
  const { id, name, description = null, ackTimeout, autoResolve, escalationPolicy } = service;
  const team = service.team === undefined ? undefined : teams.get(service.team);
  return {
    ...headOf(visit, 'service', id, name),
    name,
    description,
    auto_resolve_timeout: autoResolve === null ? null : Math.round(autoResolve.after / 1_000),
    acknowledgement_timeout: ackTimeout.after === null ? null : Math.round(ackTimeout.after / 1_000),
    created_at: null,
    // How its incidents are is in their list.
    status: heldAt(visit.deps.windows.present(), id, Date.now()) === null ? null : 'maintenance',
    last_incident_timestamp: null,
    alert_creation: 'create_alerts_and_incidents',
    alert_grouping_parameters: null,
    escalation_policy: referenceTo(
      visit,
      'escalation_policy',
      escalationPolicy,
      escalationPolicies.get(escalationPolicy)?.name ?? escalationPolicy,
    ),
    teams: team === undefined ? [] : [referenceTo(visit, 'team', team.id, team.name)],
    integrations: integrationsOf(visit, service).map((each) => asReference(integrationJson(visit, service, each))),
    ...urgencyRule(service),
    scheduled_actions: [],
    addons: [],
  };
}

/** Those that a key stands for. */
export const integrationsOf = ({ deps }: Visit, { id }: Service): readonly Integration[] =>
  [...deps.configuration().integrations.values()].filter(({ service, key }) => service === id && key !== '');

const INTEGRATION_TYPES: Readonly<Record<string, string>> = {
  'events-v2': 'events_api_v2_inbound_integration',
  'events-v1': 'generic_events_api_inbound_integration',
  cloudwatch: 'aws_cloudwatch_inbound_integration',
  nagios: 'nagios_inbound_integration',
};

export const integrationJson = (visit: Visit, service: Service, { id, source }: Integration) => ({
  id,
  type: INTEGRATION_TYPES[source] ?? 'event_transformer_api_inbound_integration',
  summary: source,
  ...placeAt(visit, 'services', service.id, 'integrations', id),
  name: source,
  service: referenceTo(visit, 'service', service.id, service.name),
  created_at: null,
  vendor: null,
});

const constant = (urgency: string) => ({ type: 'constant', urgency });

function urgencyRule({ urgency }: Service) {
  if (typeof urgency === 'string') {
    const rule = constant(urgency === 'bySeverity' ? 'severity_based' : urgency);
    return { incident_urgency_rule: rule, support_hours: null };
  }
  const { inside, outside } = urgency.supportHours;
  return {
    incident_urgency_rule: {
      type: 'use_support_hours',
      during_support_hours: constant(inside),
      outside_support_hours: constant(outside),
    },
    support_hours: supportHours(urgency.supportHours),
  };
}

/** Days are counted from Monday, 1. */
const supportHours = ({ timezone, days, from, to }: SupportHours) => ({
  type: 'fixed_time_per_day',
  time_zone: timezone,
  start_time: `${from}:00`,
  end_time: `${to}:00`,
  days_of_week: days.map((day) => WEEKDAYS.indexOf(day) + 1),
});
