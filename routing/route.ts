/** Which service an event that opens an incident goes to, or that it makes none (interfaces §3, routing). */
import type { Configuration, Integration } from '../domain/configuration.ts';
import type { SourceEvent } from '../domain/event.ts';
import type { Route, Suppression } from '../domain/route.ts';

/** Asked once, by the event that opens the incident; an integration of a service goes to that service (lifecycle §2.1). */
export function route(
  _configuration: Configuration,
  integration: Integration,
  _event: SourceEvent,
): Route | Suppression {
  const { service } = integration;
  if (service === null) throw new Error(`integration ${integration.id} is of no service`);
  const why = `integration ${integration.id} is of service ${service}`;
  return { service, rule: null, severity: null, priority: null, urgency: null, why, remarks: [] };
}
