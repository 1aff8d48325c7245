/** The state an incident begins in (lifecycle §3: new → triggered, new → suspended). */
import { UNAMENDED } from './amending.ts';
import { SYSTEM } from './decision.ts';
import { milliseconds } from './duration.ts';
import type { Instant } from './duration.ts';
import { incidentKeyOf, senderOf } from './event.ts';
import type { SourceEvent } from './event.ts';
import { evolve } from './evolve.ts';
import { NOT_BEGUN } from './foldSuspension.ts';
import { newAlert } from './foldAlerts.ts';
import type { IncidentState } from './incident.ts';
import { appendEntry } from './log.ts';
import type { Opening } from './opening.ts';
import type { Question } from './question.ts';
import { openingSuspension } from './suspension.ts';
import { openingUrgency } from './urgency.ts';

/**
 * Opens an incident by its first trigger: everything else that arrived with it is decided afterwards, in order.
 * Unless something suspends it, it asks for level 1 at once; its opening usually brings that answer along. `createdAt` is when the workflow started,
 * `now` when its first task runs.
 */
export function openIncident(
  { id, integration, previous }: { id: string; integration: string; previous: string | null },
  opening: Opening,
  event: SourceEvent,
  createdAt: Instant,
): IncidentState {
  const { route } = opening;
  const suspension = openingSuspension(integration, opening, event, createdAt);
  const state: IncidentState = {
    id,
    number: null,
    storeless: false,
    integration,
    dedupKey: incidentKeyOf(event),
    status: 'triggered',
    ...unused(createdAt),
    drill: event.drill === true,
    announcing: suspension === null ? 'triggered' : null,
    hours: opening.hours,
    transitions: opening.service.flapping === null ? [] : [createdAt],
    urgency: openingUrgency(opening, event.severity),
    priority: route.priority ?? event.priority ?? null,
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
      ...NOT_BEGUN,
      direct: opening.users !== undefined,
      asking: suspension === null ? { seq: 1, question: firstQuestion(opening), pass: 1, reason: 'trigger' } : null,
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
      question: suspension === null ? 1 : 0,
      notice: 0,
      moved: 0,
      entriesMoved: 0,
      notificationsMoved: 0,
      entriesLeftBehind: 0,
      notificationsLeftBehind: 0,
    },
  };
  const opened = appendEntry(state, {
    type: 'triggered',
    at: createdAt,
    actor: senderOf(event, integration),
    event,
    previous,
    route: opening.route,
  });
  const { changes } = opening;
  const informed =
    changes.length === 0 ? opened : evolve(opened, { type: 'changesSeen', changes, at: createdAt, actor: SYSTEM });
  return suspension === null
    ? informed
    : evolve(informed, { type: 'suspended', suspension, at: createdAt, actor: SYSTEM });
}

const firstQuestion = ({ users }: Opening): Question =>
  users === undefined ? { kind: 'level', level: 1, also: [] } : { kind: 'users', users };

/** What nothing has come of yet. A state that was carried over from before these were known is completed by them (upgrading.ts). */
export const unused = (createdAt: Instant) =>
  ({
    suspension: null,
    transient: false,
    announcing: null,
    heardOf: false,
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
    letters: [],
    transitions: [],
    flapping: null,
    conversations: {},
    drill: false,
    turnedAway: { ids: [], lines: 0 },
    amended: UNAMENDED,
    changes: [],
  }) as const satisfies Partial<IncidentState>;
