/** How urgent an incident is (lifecycle §8). */
import type { Urgency, UrgencyRule } from './configuration.ts';
import type { Severity } from './event.ts';
import type { Hours, IncidentState } from './incident.ts';
import type { Opening } from './opening.ts';

/**
 * By severity: critical, error and none are high; warning and info low. By support hours: as `hours` say, which are looked
 * up outside of the workflow; where nobody looked, high.
 */
export function urgencyBy(rule: UrgencyRule, severity: Severity | null | undefined, hours: Hours | null): Urgency {
  if (typeof rule === 'object') return hours?.urgency ?? 'high';
  if (rule !== 'bySeverity') return rule;
  return severity === 'warning' || severity === 'info' ? 'low' : 'high';
}

/** At the trigger: what routing set, or else by the service's rule. */
export const openingUrgency = ({ route, service, hours }: Opening, severity: Severity | undefined): Urgency =>
  route.urgency ?? urgencyBy(service.urgency, route.severity ?? severity, hours);

/** What its alerts and its service's hours make it: what routing set stays, or else by the service's rule. */
export const urgencyByRule = ({ route, service, severity, hours }: IncidentState): Urgency =>
  route.urgency ?? urgencyBy(service.urgency, severity, hours);
