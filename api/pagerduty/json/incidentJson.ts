/** An incident as PagerDuty's REST API shows it (wire-formats §1b). What Tocsin does not know is null, as PagerDuty's types allow. */
import type { NextView } from '../../../domain/view.ts';
import type { FoundIncident, ListedIncident } from '../../ports.ts';
import type { Visit } from '../door.ts';
import { escalationPolicyIn, serviceIn, teamIn, userIn } from '../included.ts';
import { type Included, NOTHING, headOf, placeAt } from '../references.ts';
import { priorityJson } from './priorityJson.ts';

type View = ListedIncident['incident'];
export type Shown = ListedIncident & Partial<Pick<FoundIncident, 'policy'>>;

/** Suspended, nobody is told yet; to PagerDuty's clients it is open and not acknowledged, for they know no such state. */
export const statusOf = ({ status }: Pick<View, 'status'>): 'triggered' | 'acknowledged' | 'resolved' =>
  status === 'suspended' ? 'triggered' : status;

/** `[#12] disk of db1 is full`; the title alone while it has no number. */
export const summaryOf = ({ number, summary }: Pick<View, 'number' | 'summary'>): string =>
  number === null ? summary : `[#${number}] ${summary}`;

export const incidentHead = (visit: Visit, incident: View) =>
  headOf(visit, 'incident', incident.id, summaryOf(incident));

export const incidentReference = (visit: Visit, incident: View) => ({
  ...incidentHead(visit, incident),
  type: 'incident_reference',
});

/** Of one that is known by its id alone. */
export const incidentNamed = (visit: Visit, id: string) => ({
  ...headOf(visit, 'incident', id, id),
  type: 'incident_reference',
  summary: null,
});

export function incidentJson(
  visit: Visit,
  { incident, policy }: Shown,
  include: Included = NOTHING,
  next: readonly NextView[] = [],
) {
  const configuration = visit.deps.configuration();
  const status = statusOf(incident);
  const service = configuration.services.get(incident.service);
  const policyId = policy?.id ?? service?.escalationPolicy;
  const changedAt = statusChangedAt(incident);
  return {
    ...incidentHead(visit, incident),
    incident_number: incident.number,
    title: incident.summary,
    description: incident.summary,
    created_at: incident.createdAt,
    updated_at: updatedAt(incident),
    status,
    incident_key: incident.dedupKey,
    service: serviceIn(visit, incident.service, include.has('services')),
    assignments:
      status === 'resolved'
        ? []
        : incident.assignees.map((user) => ({
            at: changedAt ?? incident.createdAt,
            assignee: userIn(visit, user, include.has('assignees') || include.has('users')),
          })),
    assigned_via: incident.level === null && incident.assignees.length > 0 ? 'direct_assignment' : 'escalation_policy',
    last_status_change_at: changedAt,
    last_status_change_by: lastChangeBy(visit, incident, include),
    resolved_at: incident.resolvedAt,
    first_trigger_log_entry: firstEntry(visit, incident),
    alert_counts: alertCounts(incident),
    is_mergeable: status !== 'resolved',
    escalation_policy:
      policyId === undefined ? null : escalationPolicyIn(visit, policyId, include.has('escalation_policies')),
    teams: incident.team === null ? [] : [teamIn(visit, incident.team, include.has('teams'))],
    pending_actions: pendingActions(incident, next),
    acknowledgements:
      status === 'acknowledged'
        ? incident.acknowledgements.map(({ user, at }) => ({
            at,
            acknowledger:
              user === 'source'
                ? serviceIn(visit, incident.service, false)
                : userIn(visit, user, include.has('acknowledgers') || include.has('users')),
          }))
        : [],
    alert_grouping: null,
    priority: incident.priority === null ? null : priorityJson(visit, incident.priority),
    resolve_reason:
      incident.mergedInto === null
        ? null
        : { type: 'merge_resolve_reason', incident: incidentNamed(visit, incident.mergedInto) },
    conference_bridge: null,
    incidents_responders: incident.responders.map((user) => ({
      state: 'pending',
      user: userIn(visit, user, false),
      incident: incidentReference(visit, incident),
    })),
    responder_requests: [],
    subscriber_requests: [],
    urgency: incident.urgency,
    body: { type: 'incident_body', details: bodyOf(incident) },
  };
}

/** What a client wrote into `body.details`; else all that the source gave, as JSON: it is a string, and go-pagerduty reads no other. */
function bodyOf({ details }: View): string {
  const { body, ...others } = details;
  return typeof body === 'string' && Object.keys(others).length === 0 ? body : JSON.stringify(details);
}

/** Null where it was triggered again: that is in the log entries. */
function statusChangedAt({ status, resolvedAt, acknowledgements, episode, createdAt }: View): string | null {
  if (status === 'resolved') return resolvedAt;
  if (status === 'acknowledged') return acknowledgements.map(({ at }) => at).toSorted()[0] ?? null;
  return episode === 1 ? createdAt : null;
}

/** Its latest instant that is known here. */
function updatedAt({ createdAt, resolvedAt, acknowledgements, alerts }: View): string {
  const known = [createdAt, resolvedAt, ...acknowledgements.map(({ at }) => at), ...alerts.map(({ lastAt }) => lastAt)];
  return (
    known
      .flatMap((at) => at ?? [])
      .toSorted()
      .at(-1) ?? createdAt
  );
}

function lastChangeBy(visit: Visit, incident: View, include: Included) {
  if (incident.status === 'resolved') return null;
  const [acker] = incident.acknowledgements.toSorted((one, other) => one.at.localeCompare(other.at));
  return acker === undefined || acker.user === 'source' || incident.status !== 'acknowledged'
    ? serviceIn(visit, incident.service, include.has('agents'))
    : userIn(visit, acker.user, include.has('agents'));
}

/** Lists hold an incident's first alerts alone: how many of the others fire is not known there. */
function alertCounts({ alerts, alertCount, status }: View) {
  if (status === 'resolved') return { all: alertCount, triggered: 0, resolved: alertCount };
  if (alerts.length < alertCount) return { all: alertCount, triggered: null, resolved: null };
  const triggered = alerts.filter((alert) => alert.status === 'triggered').length;
  return { all: alertCount, triggered, resolved: alertCount - triggered };
}

/** The first line of a timeline is always its trigger. */
function firstEntry(visit: Visit, { id }: View) {
  const entry = `${id}.e1`;
  return {
    id: entry,
    type: 'trigger_log_entry_reference',
    summary: 'Triggered',
    ...placeAt(visit, 'log_entries', entry),
  };
}

const ACTIONS: Partial<Record<NextView['kind'], string>> = {
  escalate: 'escalate',
  lastResort: 'escalate',
  ackTimeout: 'unacknowledge',
  snoozeEnd: 'unacknowledge',
  autoResolve: 'resolve',
};

/** What comes next, where that was asked; of an incident in a list, the end of its snooze. */
function pendingActions({ snoozedUntil }: View, next: readonly NextView[]) {
  const actions = next.flatMap(({ kind, at }) => (ACTIONS[kind] === undefined ? [] : [{ type: ACTIONS[kind], at }]));
  return actions.length > 0 || snoozedUntil === null ? actions : [{ type: 'unacknowledge', at: snoozedUntil }];
}
