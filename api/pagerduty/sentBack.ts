/** A whole incident that a client sends back with a member of it changed, as pdpyras shows it (README: list_all, rput). */
import type { Configuration } from '../../domain/configuration.ts';
import type { FoundIncident } from '../ports.ts';
import type { IncidentChange } from './incidentSchemas.ts';

/** Who writes down only what is to change does not say when it was created. */
export const isWhole = ({ created_at: createdAt }: IncidentChange): boolean => typeof createdAt === 'string';

/**
 * What a whole incident asks for: without the members that are as they were shown. The status is held against what the
 * same body says of it, for `triggered` may be shown of one that is held; all else against the incident as it is now. Its
 * service's policy counts as shown, too: lists show that.
 */
export function changedIn(
  sent: IncidentChange,
  { incident: now, policy }: FoundIncident,
  { services }: Pick<Configuration, 'services'>,
): IncidentChange {
  const assigned = (sent.assignments ?? []).map(({ assignee }) => assignee.id);
  const policies = [policy.id, services.get(now.service)?.escalationPolicy];
  return {
    ...sent,
    status: sent.status === statusIn(sent) ? undefined : sent.status,
    title: sent.title === now.summary.trim() ? undefined : sent.title,
    urgency: sent.urgency === now.urgency ? undefined : sent.urgency,
    priority: (sent.priority?.id ?? null) === now.priority ? undefined : sent.priority,
    assignments: sameUsers(assigned, now.assignees) ? undefined : sent.assignments,
    escalation_policy: policies.includes(sent.escalation_policy?.id) ? undefined : sent.escalation_policy,
  };
}

const sameUsers = (some: readonly string[], others: readonly string[]): boolean =>
  new Set(some).size === new Set(others).size && some.every((user) => others.includes(user));

/** The status with which it was shown (json/incidentJson.ts). */
function statusIn({ resolved_at: resolvedAt, acknowledgements }: IncidentChange): IncidentChange['status'] {
  if (typeof resolvedAt === 'string') return 'resolved';
  return Array.isArray(acknowledgements) && acknowledgements.length > 0 ? 'acknowledged' : 'triggered';
}
