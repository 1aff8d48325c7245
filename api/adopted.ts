/** What an open incident takes of today's configuration, which its workflow cannot look up (lifecycle §4.5, §7). */
import type { Adopted, PolicyLevel } from '../domain/commands.ts';
import type { EscalationPolicy } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import { hoursAt } from '../domain/supportHours.ts';
import type { ApiDeps } from './deps.ts';
import { notFound } from './notFound.ts';
import type { FoundIncident } from './ports.ts';

/**
 * The level to start at, 1 where none is named, of the policy that is named or else of the incident's own, in today's version.
 * Throws UNKNOWN_POLICY and UNKNOWN_LEVEL with what there is; where no policy is named also NOT_FOUND, and NO_WORKER: without
 * a worker nobody knows which policy that is.
 */
export async function startAt(
  {
    escalationPolicy,
    level = 1,
  }: { readonly escalationPolicy?: string | undefined; readonly level?: number | undefined },
  incident: string,
  deps: ApiDeps,
): Promise<PolicyLevel> {
  const id = escalationPolicy ?? (await found(incident, deps)).policy.id;
  const { escalationPolicies, version } = deps.configuration();
  const policy = escalationPolicies.get(id);
  if (policy === undefined) {
    const known = [...escalationPolicies.keys()].join(', ');
    throw new TocsinError(
      'UNKNOWN_POLICY',
      `there is no escalation policy '${id}' in the configuration; there are: ${known}`,
    );
  }
  assertLevel(policy, level);
  return { policy, configuration: version, level };
}

function assertLevel({ id, levels }: EscalationPolicy, level: number): void {
  if (level <= levels.length) return;
  const there = levels.length === 1 ? 'level 1 alone' : `levels 1 to ${levels.length}`;
  throw new TocsinError('UNKNOWN_LEVEL', `the escalation policy '${id}' has no level ${level}; it has ${there}`);
}

/**
 * The incident's service as it is configured now, and its policy: the service's, unless a person reassigned it to another.
 * Throws SERVICE_GONE where the configuration no longer has either, NOT_FOUND and NO_WORKER.
 */
export async function adoptedBy(incident: string, deps: ApiDeps): Promise<Adopted> {
  const { incident: view, policy: present } = await found(incident, deps);
  const { services, escalationPolicies, version } = deps.configuration();
  const service = services.get(view.service);
  const policy = service && escalationPolicies.get(present.ofService ? service.escalationPolicy : present.id);
  if (service === undefined || policy === undefined) {
    const gone = service === undefined ? `service '${view.service}'` : `escalation policy '${present.id}'`;
    throw new TocsinError(
      'SERVICE_GONE',
      `the ${gone} of the incident is no longer in the configuration; reassign it instead`,
    );
  }
  return { service, policy, configuration: version, hours: hoursAt(service.urgency, Date.now()) };
}

async function found(id: string, { incidents }: ApiDeps): Promise<FoundIncident> {
  const incident = await incidents.read(id);
  if (incident === undefined) throw notFound(id);
  return incident;
}
