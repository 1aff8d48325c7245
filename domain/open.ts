/** The state an incident begins in (lifecycle §3: new → triggered). */
import { milliseconds } from './duration.ts';
import type { Instant } from './duration.ts';
import { incidentKeyOf, senderOf } from './event.ts';
import type { SourceEvent } from './event.ts';
import { newAlert } from './foldAlerts.ts';
import type { IncidentState } from './incident.ts';
import { appendEntry } from './log.ts';
import type { Opening } from './opening.ts';
import { openingUrgency } from './urgency.ts';

/**
 * Opens an incident by its first trigger: everything else that arrived with it is decided afterwards, in order.
 * It asks for level 1 at once; its opening usually brings that answer along. `createdAt` is when the workflow started,
 * `now` when its first task runs.
 */
export function openIncident(
  { id, integration, previous }: { id: string; integration: string; previous: string | null },
  opening: Opening,
  event: SourceEvent,
  createdAt: Instant,
): IncidentState {
  const { route } = opening;
  const state: IncidentState = {
    id,
    number: null,
    storeless: false,
    integration,
    dedupKey: incidentKeyOf(event),
    status: 'triggered',
    ...unused(createdAt),
    hours: opening.hours,
    urgency: openingUrgency(opening, event.severity),
    priority: route.priority,
    route,
    configuration: opening.configuration,
    service: opening.service,
    policy: opening.policy,
    previous,
    summary: event.summary,
    severity: route.severity ?? event.severity ?? null,
    latest: event,
    links: event.links ?? [],
    // The first arrival is counted by the decision that follows, like every other.
    alerts: [newAlert(event.integration ?? integration, event, createdAt)],
    alertsTruncated: false,
    eventCount: 0,
    createdAt,
    acknowledgedAt: null,
    workStartedAt: null,
    resolvedAt: null,
    resolvedBy: null,
    resolution: null,
    episode: 1,
    escalation: {
      pass: 1,
      level: 0,
      asking: { seq: 1, question: { kind: 'level', level: 1, also: [] }, pass: 1, reason: 'trigger' },
      levelEndsAt: null,
      reached: false,
      unreachable: [],
      exhausted: false,
      nobodyOnCall: false,
      recheckAt: null,
      direct: false,
      assignment: 0,
    },
    assignees: [],
    acknowledgements: [],
    ackTimeoutAt: null,
    names: {},
    assignments: [],
    ledger: [],
    told: [],
    statusUpdates: [],
    notices: [],
    words: [],
    log: [],
    commands: [],
    arrivals: [],
    linksUsed: [],
    counters: {
      notification: 0,
      assignment: 0,
      entry: 0,
      question: 1,
      notice: 0,
      moved: 0,
      entriesMoved: 0,
      notificationsMoved: 0,
      entriesLeftBehind: 0,
      notificationsLeftBehind: 0,
    },
  };
  return appendEntry(state, {
    type: 'triggered',
    at: createdAt,
    actor: senderOf(event, integration),
    event,
    previous,
    route: opening.route,
  });
}

/** What nothing has come of yet. A state that was carried over from before these were known is completed by them (upgrading.ts). */
export const unused = (createdAt: Instant) =>
  ({
    suspension: null,
    transient: false,
    snoozedUntil: null,
    reopenableUntil: null,
    urgencyBy: 'rule',
    hours: null,
    lastEventAt: createdAt,
    acknowledgedSince: null,
    acknowledgedFor: { inAll: milliseconds(0), sinceLastEvent: milliseconds(0) },
    autoResolveNotBefore: null,
    responders: [],
    invited: [],
    turns: {},
    merging: null,
    mergedInto: null,
    forwarders: [],
    forwarding: [],
    transitions: [],
    flapping: null,
  }) as const satisfies Partial<IncidentState>;
