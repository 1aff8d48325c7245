/** What the source's events do to an incident's alerts, its severity and what it shows of them. Decides nothing. */
import type { ChangeOf } from './changes.ts';
import type { Instant } from './duration.ts';
import { namesAlert, SEVERITIES } from './event.ts';
import type { Severity, SourceEvent } from './event.ts';
import type { Alert, IncidentState } from './incident.ts';
import type { Offer } from './letter.ts';
import { cut } from './text.ts';

/** Characters that an alert keeps of its summary, so that 1,000 of them can be carried over; the incident has its own whole. */
const SUMMARY_KEPT = 200;

/** An alert of which no event is counted yet. */
export const newAlert = (integration: string, event: SourceEvent, at: number, group?: string): Alert => ({
  integration,
  dedupKey: event.dedupKey,
  ...(group === undefined ? {} : { group }),
  status: 'triggered',
  severity: event.severity ?? null,
  summary: cut(event.summary, SUMMARY_KEPT),
  eventCount: 0,
  firstAt: at,
  lastAt: at,
  lastTriggerBySource: null,
  lastResolveBySource: null,
});

/** One more event of the source: of an alert that is known, of one that is added, or of one that is only counted. */
export function countEvent(
  state: IncidentState,
  change: ChangeOf<'eventCounted'> | ChangeOf<'alertAdded'> | ChangeOf<'alertResolved'>,
): IncidentState {
  const { event, count, at } = change;
  const eventCount = state.eventCount + count;
  if (change.type === 'alertAdded') {
    const alert = countInto(
      newAlert(event.integration ?? state.integration, event, at, event.mergedFrom),
      event,
      count,
      at,
    );
    return withAlerts({ ...state, eventCount }, [...state.alerts, alert]);
  }
  const index = state.alerts.findIndex((each) => namesAlert(event, state.integration, each));
  const alert = state.alerts[index];
  if (alert === undefined) return { ...state, eventCount };
  const counted = withAlerts({ ...state, eventCount }, state.alerts.with(index, countInto(alert, event, count, at)));
  // What is shown beside the summary is of the alert that the summary is of.
  if (event.action !== 'trigger' || index > 0) return counted;
  return { ...counted, latest: latest(state, event), links: event.links ?? state.links };
}

/** The source says that nothing of the group fires any more; of its own group, where none is named. */
export const resolveAll = (state: IncidentState, group: ChangeOf<'groupResolved'>['group']): IncidentState =>
  withAlerts(
    state,
    state.alerts.map((alert) => (isOfGroup(alert, group) ? { ...alert, status: 'resolved' } : alert)),
  );

export const isOfGroup = (alert: Alert, group: ChangeOf<'groupResolved'>['group']): boolean =>
  group === undefined
    ? alert.group === undefined
    : alert.group === group.key && alert.integration === group.integration;

/** What was merged in: its alerts beside those that are here, and its events counted. */
export const mergeAlerts = (state: IncidentState, offer: Offer): IncidentState =>
  withAlerts({ ...state, eventCount: state.eventCount + offer.eventCount }, combined(state.alerts, offer));

/** The alerts of both: one that both have fires where it does in either. */
export function combined(alerts: readonly Alert[], offer: Pick<Offer, 'alerts' | 'dedupKey'>): readonly Alert[] {
  const nameOf = ({ integration, dedupKey }: Alert): string => JSON.stringify([integration, dedupKey]);
  const offered = new Map(offer.alerts.map((alert) => [nameOf(alert), alert]));
  const here = new Set(alerts.map(nameOf));
  return [
    ...alerts.map((alert) => withOther(alert, offered.get(nameOf(alert)))),
    ...offer.alerts.filter((alert) => !here.has(nameOf(alert))).map((alert) => ({ group: offer.dedupKey, ...alert })),
  ];
}

function withOther(alert: Alert, other: Alert | undefined): Alert {
  if (other === undefined) return alert;
  const { summary, severity } = other.lastAt > alert.lastAt ? other : alert;
  return {
    ...alert,
    status: other.status === 'triggered' ? other.status : alert.status,
    severity,
    summary,
    eventCount: alert.eventCount + other.eventCount,
    firstAt: Math.min(alert.firstAt, other.firstAt),
    lastAt: Math.max(alert.lastAt, other.lastAt),
    lastTriggerBySource: latestOf(alert.lastTriggerBySource, other.lastTriggerBySource),
    lastResolveBySource: latestOf(alert.lastResolveBySource, other.lastResolveBySource),
  };
}

const latestOf = (one: Instant | null, other: Instant | null): Instant | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other);

/** An incident whose last alert resolves keeps the severity it had; one that routing set stays. */
function withAlerts(state: IncidentState, alerts: readonly Alert[]): IncidentState {
  const severity = state.route.severity ?? severityOf(alerts);
  return { ...state, alerts, ...(severity === undefined ? {} : { severity }) };
}

/**
 * The highest of the alerts that fire; null where none of those has one, undefined where none fires. Looks and makes
 * nothing, for it is asked at each event of 1,000 alerts.
 */
function severityOf(alerts: readonly Alert[]): Severity | null | undefined {
  const has = (wanted: Severity) =>
    alerts.some(({ status, severity }) => severity === wanted && status === 'triggered');
  const none = alerts.some(({ status }) => status === 'triggered') ? null : undefined;
  return SEVERITIES.find(has) ?? none;
}

/** The latest trigger; one that brings no details leaves those that are known. */
function latest({ latest: { details } }: IncidentState, event: SourceEvent): SourceEvent {
  return event.details === undefined && details !== undefined ? { ...event, details } : event;
}

function countInto(alert: Alert, event: SourceEvent, count: number, at: number): Alert {
  const counted = { ...alert, eventCount: alert.eventCount + count, lastAt: at };
  switch (event.action) {
    case 'acknowledge':
      return counted;
    case 'resolve':
      return { ...counted, status: 'resolved', lastResolveBySource: event.at ?? alert.lastResolveBySource };
    case 'trigger':
      return {
        ...counted,
        status: 'triggered',
        severity: event.severity ?? alert.severity,
        summary: cut(event.summary, SUMMARY_KEPT),
        lastTriggerBySource: event.at ?? alert.lastTriggerBySource,
      };
    default:
      return event.action satisfies never;
  }
}
