/** The visibility query for a filter of incidents (docs.temporal.io/list-filter). */
import type { Configuration } from '../domain/configuration.ts';
import { groupOwner, incidentWorkflowId } from '../domain/identity.ts';
import { INCIDENT_WORKFLOW } from '../workflows/messages.ts';
import { cutToBytes } from '../workflows/searchAttributes.ts';
import { sha256Hex } from '../intake/hashes.ts';
import type { IncidentFilter } from './ports.ts';
import { literal } from './visibilityText.ts';

/**
 * By the indexed value, which finds the incidents of integrations that are gone, too. A key that no query can match is
 * found by the workflow ids that it has in the present integrations and services.
 */
function ofDedupKey(dedupKey: string, owners: readonly string[], groups: readonly string[]): string | undefined {
  // A longer one, of a group, is indexed cut.
  const indexed = cutToBytes(dedupKey) === dedupKey ? literal(dedupKey) : undefined;
  const hash = sha256Hex(dedupKey).slice(0, 32);
  const own = indexed === undefined ? owners.map((owner) => incidentWorkflowId(owner, hash)) : [];
  const ids = [...own, ...groups].map((id) => `'${id}'`);
  const ways = [
    ...(indexed === undefined ? [] : [`DedupKey = ${indexed}`]),
    ...(ids.length === 0 ? [] : [`WorkflowId IN (${ids.join(', ')})`]),
  ];
  return ways.length > 1 ? `(${ways.join(' OR ')})` : ways[0];
}

/** By the services that are the team's now: no search attribute has the team (interfaces §6). */
function ofTeam(team: string, services: Configuration['services']): string | undefined {
  const ids = [...services.values()].filter((service) => service.team === team).map(({ id }) => `'${id}'`);
  return ids.length === 0 ? undefined : `ServiceId IN (${ids.join(', ')})`;
}

/**
 * Undefined where no incident can match. A run that was continued as new is only listed where its own incident ended in
 * it: the next incident of the key then has the next run. `groups`: workflow ids where alerts of the dedup key are, too.
 */
export function visibilityQuery(
  filter: IncidentFilter,
  { integrations, services }: Pick<Configuration, 'integrations' | 'services'>,
  groups: readonly string[] = [],
): string | undefined {
  const { status, service, team, assignee, urgency, dedupKey, number, since } = filter;
  const terms: (string | undefined)[] = [
    `WorkflowType = '${INCIDENT_WORKFLOW}'`,
    "(ExecutionStatus != 'ContinuedAsNew' OR IncidentStatus = 'resolved')",
  ];
  const equal = (name: string, value: string): void => {
    const text = literal(value);
    terms.push(text && `${name} = ${text}`);
  };
  if (status === 'resolved') equal('IncidentStatus', status);
  else if (status !== undefined) terms.push("ExecutionStatus = 'Running'", "IncidentStatus != 'resolved'");
  if (status === 'suspended' || status === 'triggered' || status === 'acknowledged') equal('IncidentStatus', status);
  if (service !== undefined) equal('ServiceId', service);
  if (team !== undefined) terms.push(ofTeam(team, services));
  if (assignee !== undefined) equal('Assignees', assignee);
  if (urgency !== undefined) equal('Urgency', urgency);
  if (dedupKey !== undefined) {
    terms.push(ofDedupKey(dedupKey, [...integrations.keys(), ...[...services.keys()].map(groupOwner)], groups));
  }
  if (number !== undefined) terms.push(`IncidentNumber = ${number}`);
  if (since !== undefined) terms.push(`StartTime >= '${new Date(since).toISOString()}'`);
  return terms.includes(undefined) ? undefined : terms.join(' AND ');
}
