/** What an incident starts with (design §2.7): everything the first workflow task needs to send, so that it asks nobody. */
import type { Configuration, EscalationPolicy, Integration, Service } from './configuration.ts';
import type { Instant } from './duration.ts';
import { answer } from './lookup.ts';
import type { Answer } from './question.ts';

export interface Opening {
  readonly service: Service;
  readonly policy: EscalationPolicy;
  readonly configuration: string;
  /** Level 1's on-call answer at the trigger. */
  readonly answer: Answer;
}

/** The service and policy as they are now, pinned, and who is on call for level 1 at `at`. */
export function openingFor(configuration: Configuration, integration: Integration, at: Instant): Opening {
  const service = configuration.services.get(integration.service);
  const policy = service && configuration.escalationPolicies.get(service.escalationPolicy);
  if (service === undefined || policy === undefined) {
    throw new Error(`integration ${integration.id}: the configuration lacks its service or policy`);
  }
  return {
    service,
    policy,
    configuration: configuration.version,
    answer: answer(configuration, policy, { kind: 'level', level: 1, also: [] }, at),
  };
}
