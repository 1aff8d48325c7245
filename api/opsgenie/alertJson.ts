/** An incident as Opsgenie's clients read an alert (github.com/opsgenie/opsgenie-oas, definitions/alert.yaml; wire-formats §1c). */
import { tagsOf } from '../../domain/amending.ts';
import type { Configuration, Integration } from '../../domain/configuration.ts';
import { type Members, membersOf, textOf } from '../../intake/members.ts';
import type { ListedIncident } from '../ports.ts';
import { OPSGENIE } from './genieKey.ts';

/** What is in the details for other ends than being one of them (api/sources/opsgenie.ts). */
const NOT_DETAILS: ReadonlySet<string> = new Set(['tags', 'description', OPSGENIE]);
/** Of one that says none; Opsgenie's own default. */
const DEFAULT_PRIORITY = 'P3';

export type AlertJson = ReturnType<typeof alertJson>;
export type WholeAlert = ReturnType<typeof wholeAlert>;

/** As one is listed: what `GET /v2/alerts/{id}` has beside it is `wholeAlert`'s. `alias`: as the integration's alerts have it. */
export function alertJson(
  { incident }: ListedIncident,
  alias: string,
  integration: Integration,
  { users }: Pick<Configuration, 'users'>,
) {
  const { details, acknowledgements, assignees, createdAt, acknowledgedAt, resolvedAt, snoozedUntil } = incident;
  const said = membersOf(details[OPSGENIE]) ?? {};
  const closed = incident.status === 'resolved';
  const nameOf = (user: string): string => users.get(user)?.email ?? user;
  const mine = incident.alerts.filter((alert) => alert.integration === integration.id && alert.dedupKey === alias);
  const lastOccurredAt = latest(mine.map(({ lastAt }) => lastAt)) ?? createdAt;
  const [acker] = acknowledgements;
  const seen = acker !== undefined || closed;
  return {
    seen,
    id: incident.id,
    tinyId: incident.number === null ? '' : String(incident.number),
    alias,
    message: incident.summary,
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
    owner: nameOf(acker?.user ?? (assignees.length === 1 ? (assignees[0] ?? '') : '')),
    priority: incident.priority ?? DEFAULT_PRIORITY,
    responders: [...new Set([...assignees, ...incident.responders])].map((id) => ({ type: 'user', id })),
    integration: { id: integration.id, name: integration.id, type: 'API' },
    report: {
      ...(acknowledgedAt !== null && { ackTime: since(createdAt, acknowledgedAt) }),
      ...(acker !== undefined && { acknowledgedBy: nameOf(acker.user) }),
      ...(resolvedAt !== null && { closeTime: since(createdAt, resolvedAt) }),
    },
  };
}

/** With what only the alert itself has. Values of details are texts there. */
export const wholeAlert = (alert: AlertJson, { incident: { details } }: Pick<ListedIncident, 'incident'>) => ({
  ...alert,
  actions: textsIn(membersOf(details[OPSGENIE])?.['actions']),
  entity: textOf(membersOf(details[OPSGENIE])?.['entity']) ?? '',
  description: textOf(details['description']) ?? '',
  details: ownDetails(details),
});

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
