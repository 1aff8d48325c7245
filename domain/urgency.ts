/** How urgent an incident is (lifecycle §8). */
import type { Urgency, UrgencyRule } from './configuration.ts';
import type { Severity } from './event.ts';
import type { IncidentState } from './incident.ts';
import type { Opening } from './opening.ts';

/** By severity: critical, error and none are high; warning and info low. */
export function urgencyBy(rule: UrgencyRule, severity: Severity | null | undefined): Urgency {
  if (rule !== 'bySeverity') return rule;
  return severity === 'warning' || severity === 'info' ? 'low' : 'high';
}

/** At the trigger: what routing set, or else by the service's rule. */
export const openingUrgency = ({ route, service }: Opening, severity: Severity | undefined): Urgency =>
  route.urgency ?? urgencyBy(service.urgency, route.severity ?? severity);

/** What its alerts make it: what routing set stays, or else by the service's rule. */
export const urgencyByAlerts = ({ route, service, severity }: IncidentState): Urgency =>
  route.urgency ?? urgencyBy(service.urgency, severity);
