/** A drill: an incident that nobody has, to see who is told of one (docs/guides/drill.md). */
import type { Configuration, EscalationPolicy } from './configuration.ts';
import { minutes } from './duration.ts';

/** The configuration in which the service's incidents go to that user alone, and to nobody after them: once, by their rules. */
export function drillConfiguration(configuration: Configuration, serviceId: string, user: string): Configuration {
  const service = configuration.services.get(serviceId);
  if (service === undefined) return configuration;
  const policy: EscalationPolicy = {
    id: `drill/${user}`,
    name: `Drill for ${user}`,
    repeat: 0,
    levels: [
      {
        targets: [{ kind: 'user', id: user }],
        escalateAfter: minutes(60),
        ifEmpty: 'skip',
        onEscalate: 'replace',
        multiAck: false,
        massNotification: false,
        assign: 'all',
      },
    ],
    lastResort: [],
  };
  return {
    ...configuration,
    services: new Map([...configuration.services, [serviceId, { ...service, escalationPolicy: policy.id }]]),
    escalationPolicies: new Map([...configuration.escalationPolicies, [policy.id, policy]]),
  };
}
