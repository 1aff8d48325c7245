/** An incident as Opsgenie's clients read an alert (github.com/opsgenie/opsgenie-oas, definitions/alert.yaml; wire-formats §1c). */
import { tagsOf } from '../../domain/amending.ts';
import type { Integration } from '../../domain/configuration.ts';
import { ownerIn } from '../../domain/identity.ts';
import { type Members, membersOf, textOf } from '../../intake/members.ts';
import type { ListedIncident } from '../ports.ts';
import { OPSGENIE } from './genieKey.ts';

/** What is in the details for other ends than being one of them (api/sources/opsgenie.ts). */
const NOT_DETAILS: ReadonlySet<string> = new Set(['tags', 'description', OPSGENIE]);
/** Of one that says none; Opsgenie's own default. */
const DEFAULT_PRIORITY = 'P3';

export type WholeAlert = ReturnType<typeof wholeAlert>;

/** As one is listed: what `GET /v2/alerts/{id}` has beside it is `wholeAlert`'s. `alias`: as the integration's alerts have it. */
function alertJson(listed: ListedIncident, alias: string, integration: Integration) {
  const { incident } = listed;
  const { acknowledgements, assignees, createdAt, acknowledgedAt, resolvedAt, snoozedUntil } = incident;
  const details = detailsFor(integration, listed);
  const said = membersOf(details[OPSGENIE]) ?? {};
  const closed = incident.status === 'resolved';
  const mine = incident.alerts.filter((alert) => alert.integration === integration.id && alert.dedupKey === alias);
  const lastOccurredAt = latest(mine.map(({ lastAt }) => lastAt)) ?? createdAt;
  const [acker] = acknowledgements;
  const seen = acker !== undefined || closed;
  return {
    seen,
    id: incident.id,
    tinyId: incident.number === null ? '' : String(incident.number),
    alias,
    message: isShared(integration, listed) ? (mine[0]?.summary ?? alias) : incident.summary,
    status: closed ? 'closed' : 'open',
    acknowledged: acknowledgements.length > 0,
    isSeen: seen,
    tags: tagsOf(details),
    snoozed: snoozedUntil !== null,
    ...(snoozedUntil !== null && { snoozedUntil }),
    count: mine[0]?.eventCount ?? incident.eventCount,
    lastOccurredAt,
    createdAt,
    updatedAt: latest([createdAt, lastOccurredAt, acknowledgedAt ?? '', resolvedAt ?? '']) ?? createdAt,
    source: textOf(said['source']) ?? textOf(said['user']) ?? OPSGENIE,
    // Users by their ids: a source's key is not given their addresses.
    owner: acker?.user ?? (assignees.length === 1 ? (assignees[0] ?? '') : ''),
    priority: incident.priority ?? DEFAULT_PRIORITY,
    responders: [...new Set([...assignees, ...incident.responders])].map((id) => ({ type: 'user', id })),
    integration: { id: integration.id, name: integration.id, type: 'API' },
    report: {
      ...(acknowledgedAt !== null && { ackTime: since(createdAt, acknowledgedAt) }),
      ...(acker !== undefined && { acknowledgedBy: acker.user }),
      ...(resolvedAt !== null && { closeTime: since(createdAt, resolvedAt) }),
    },
  };
}

/** With what only the alert itself has. Values of details are texts there. */
export function wholeAlert(listed: ListedIncident, alias: string, integration: Integration) {
  const details = detailsFor(integration, listed);
  return {
    ...alertJson(listed, alias, integration),
    actions: textsIn(membersOf(details[OPSGENIE])?.['actions']),
    entity: textOf(membersOf(details[OPSGENIE])?.['entity']) ?? '',
    description: textOf(details['description']) ?? '',
    details: ownDetails(details),
  };
}

/** Has it alerts of others too, or may it have: of a group that is too long to list? */
function isShared({ id }: Integration, { incident, workflowId }: ListedIncident): boolean {
  if (incident.alertsTruncated && ownerIn(workflowId) !== id) return true;
  return incident.alerts.some(({ integration }) => integration !== id);
}

/** An incident's details are those of its latest alert, whosever that is. */
const detailsFor = (integration: Integration, listed: ListedIncident): Members =>
  isShared(integration, listed) ? {} : listed.incident.details;

export const ownDetails = (details: Members): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(details).flatMap(([name, value]) =>
      NOT_DETAILS.has(name) || value === null
        ? []
        : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
    ),
  );

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

/** Of instants in ISO 8601, which sort as they stand. */
const latest = (instants: readonly string[]): string | undefined => instants.toSorted().at(-1);

/** Milliseconds. */
const since = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from));
