/** A line of an incident's timeline, as a log entry of PagerDuty. */
import type { LogEntryView } from '../../../domain/view.ts';
import type { ListedIncident } from '../../ports.ts';
import type { Visit } from '../door.ts';
import { serviceIn, teamIn, userIn } from '../included.ts';
import { type Included, placeAt } from '../references.ts';
import { incidentJson, incidentReference } from './incidentJson.ts';

/** By the type of the change that the line tells; what PagerDuty has no type for is an annotation. */
const TYPES: Readonly<Record<string, string>> = {
  triggered: 'trigger',
  eventCounted: 'trigger',
  alertAdded: 'trigger',
  reopened: 'trigger',
  released: 'trigger',
  acknowledged: 'acknowledge',
  workStarted: 'acknowledge',
  unacknowledged: 'unacknowledge',
  ackerRemoved: 'unacknowledge',
  ackTimedOut: 'unacknowledge',
  snoozeEnded: 'unacknowledge',
  resolved: 'resolve',
  snoozed: 'snooze',
  assigned: 'assign',
  reassigned: 'assign',
  escalated: 'escalate',
  levelEnded: 'escalate',
  levelSkipped: 'escalate',
  exhausted: 'exhaust_escalation_path',
  urgencyChanged: 'urgency_change',
  prioritySet: 'field_value_change',
  amended: 'field_value_change',
  attemptEnded: 'notify',
  receiptTaken: 'notify',
  noticeEnded: 'notify',
};

/** Those that `is_overview` leaves. */
const OVERVIEW: ReadonlySet<string> = new Set([
  'trigger',
  'acknowledge',
  'unacknowledge',
  'resolve',
  'snooze',
  'assign',
  'escalate',
  'exhaust_escalation_path',
  'urgency_change',
]);

const kindOf = ({ type }: LogEntryView): string => TYPES[type] ?? 'annotate';

export const isOverview = (entry: LogEntryView): boolean => OVERVIEW.has(kindOf(entry));

/** Names the incident, too, so that one is found by its id alone. */
export const logEntryId = (incident: string, { id }: LogEntryView): string => `${incident}.${id}`;

export function logEntryJson(visit: Visit, item: ListedIncident, entry: LogEntryView, include: Included) {
  const { incident } = item;
  const id = logEntryId(incident.id, entry);
  const service = serviceIn(visit, incident.service, include.has('services'));
  const { actor } = entry;
  return {
    id,
    type: `${kindOf(entry)}_log_entry`,
    summary: entry.text,
    ...placeAt(visit, 'log_entries', id),
    created_at: entry.at,
    agent: actor.kind === 'user' && actor.id !== undefined ? userIn(visit, actor.id, false) : service,
    channel: {
      type: actor.kind === 'timer' ? 'timeout' : actor.kind === 'source' ? 'api' : 'auto',
      summary: entry.text,
    },
    service,
    incident: include.has('incidents') ? incidentJson(visit, item) : incidentReference(visit, incident),
    teams: incident.team === null ? [] : [teamIn(visit, incident.team, include.has('teams'))],
    contexts: [],
    event_details: { description: entry.text },
  };
}
