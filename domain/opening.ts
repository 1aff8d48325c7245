/** What an incident starts with (design §2.7): everything the first workflow task needs to send, so that it asks nobody. */
import type { Configuration, EscalationPolicy, Service } from './configuration.ts';
import type { Instant } from './duration.ts';
import type { Held, Hours } from './incident.ts';
import { answer } from './lookup.ts';
import type { Answer } from './question.ts';
import type { Route } from './route.ts';
import { hoursAt } from './supportHours.ts';

export interface Opening {
  readonly route: Route;
  readonly service: Service;
  readonly policy: EscalationPolicy;
  readonly configuration: string;
  /** By support hours, at the trigger; null where the service's urgency does not go by them. */
  readonly hours: Hours | null;
  /** A maintenance window holds it. */
  readonly held: Held | null;
  /** Level 1's on-call answer at the trigger. */
  readonly answer: Answer;
}

/** The service that `route` names and its policy as they are now, pinned, and who is on call for level 1 at `at`. */
export function openingFor(configuration: Configuration, route: Route, at: Instant, held: Held | null = null): Opening {
  const service = configuration.services.get(route.service);
  const policy = service && configuration.escalationPolicies.get(service.escalationPolicy);
  if (service === undefined || policy === undefined) {
    throw new Error(`service ${route.service}: the configuration lacks it, or its policy`);
  }
  return {
    route,
    service,
    policy,
    configuration: configuration.version,
    hours: hoursAt(service.urgency, at),
    held,
    answer: answer(configuration, policy, { kind: 'level', level: 1, also: [] }, at),
  };
}
