/** The visibility query for a filter of incidents (docs.temporal.io/list-filter). */
import type { Configuration } from '../domain/configuration.ts';
import { groupOwner, incidentWorkflowId } from '../domain/identity.ts';
import { INCIDENT_WORKFLOW } from '../workflows/messages.ts';
import { cutToBytes } from '../workflows/searchAttributes.ts';
import { keyHash } from '../intake/hashes.ts';
import type { IncidentFilter, OneOrMore } from './ports.ts';
import { literal } from './visibilityText.ts';

/**
 * By the indexed value, which finds the incidents of integrations that are gone, too. A key that no query can match is
 * found by the workflow ids that it has in the present integrations and services.
 */
function ofDedupKey(dedupKey: string, owners: readonly string[], groups: readonly string[]): string | undefined {
  // A longer one, of a group, is indexed cut.
  const indexed = cutToBytes(dedupKey) === dedupKey ? literal(dedupKey) : undefined;
  const hash = keyHash(dedupKey);
  const own = indexed === undefined ? owners.map((owner) => incidentWorkflowId(owner, hash)) : [];
  const ids = [...own, ...groups].map((id) => `'${id}'`);
  const ways = [
    ...(indexed === undefined ? [] : [`DedupKey = ${indexed}`]),
    ...(ids.length === 0 ? [] : [`WorkflowId IN (${ids.join(', ')})`]),
  ];
  return ways.length > 1 ? `(${ways.join(' OR ')})` : ways[0];
}

/** By the workflow's id; a group's alerts are of any integration. An integration's id needs no escaping. */
const ofIntegration = (id: string): string =>
  `(WorkflowId STARTS_WITH 'incident/${id}/' OR WorkflowId STARTS_WITH 'incident/${groupOwner('')}')`;

/** By the services that are the teams' now: no search attribute has the team (interfaces §6). */
function ofTeams(teams: readonly string[], services: Configuration['services']): string | undefined {
  const owned = [...services.values()].filter(({ team }) => team !== undefined && teams.includes(team));
  const ids = owned.map(({ id }) => `'${id}'`);
  return ids.length === 0 ? undefined : `ServiceId IN (${ids.join(', ')})`;
}

export const allOf = <T>(given: OneOrMore<T>): readonly T[] => ([] as T[]).concat(given);

/** Undefined where no query can match any of them. */
function anyOf(name: string, values: OneOrMore<string>): string | undefined {
  const texts = allOf(values).flatMap((value) => literal(value) ?? []);
  if (texts.length <= 1) return texts[0] && `${name} = ${texts[0]}`;
  return `${name} IN (${texts.join(', ')})`;
}

type Statuses = Exclude<IncidentFilter['status'], undefined>;

/** One that is resolved may have its execution open still, and one that was carried on has it closed. */
function ofStatus(given: Statuses): string | undefined {
  const statuses = new Set(allOf(given));
  const wanted = statuses.has('open') ? (['open'] as const) : [...statuses].filter((status) => status !== 'resolved');
  const open =
    wanted[0] === 'open'
      ? "ExecutionStatus = 'Running' AND IncidentStatus != 'resolved'"
      : wanted.length > 0
        ? `ExecutionStatus = 'Running' AND ${anyOf('IncidentStatus', wanted) ?? ''}`
        : undefined;
  const resolved = statuses.has('resolved') ? "IncidentStatus = 'resolved'" : undefined;
  return open !== undefined && resolved !== undefined ? `(${resolved} OR (${open}))` : (open ?? resolved);
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
  const { status, integration, service, team, assignee, urgency, dedupKey, number, since } = filter;
  const terms: (string | undefined)[] = [
    `WorkflowType = '${INCIDENT_WORKFLOW}'`,
    "(ExecutionStatus != 'ContinuedAsNew' OR IncidentStatus = 'resolved')",
  ];
  if (status !== undefined) terms.push(ofStatus(status));
  if (integration !== undefined) terms.push(ofIntegration(integration));
  if (service !== undefined) terms.push(anyOf('ServiceId', service));
  if (team !== undefined) terms.push(ofTeams(allOf(team), services));
  if (assignee !== undefined) terms.push(anyOf('Assignees', assignee));
  if (urgency !== undefined) terms.push(anyOf('Urgency', urgency));
  if (dedupKey !== undefined) {
    terms.push(ofDedupKey(dedupKey, [...integrations.keys(), ...[...services.keys()].map(groupOwner)], groups));
  }
  if (number !== undefined) terms.push(`IncidentNumber = ${number}`);
  if (since !== undefined) terms.push(`StartTime >= '${new Date(since).toISOString()}'`);
  return terms.includes(undefined) ? undefined : terms.join(' AND ');
}
