/** What people and programs are shown of an incident (interfaces §5, Shapes); instants are ISO 8601 here. */
import { detailsOf } from './amending.ts';
import type { RecentChange } from './changeEvent.ts';
import type { Channel } from './channels.ts';
import type { Urgency } from './configuration.ts';
import type { ErrorCode } from './errors.ts';
import type { Link, Severity } from './event.ts';
import type {
  Actor,
  Alert,
  Attempt,
  IncidentState,
  LogEntry,
  Notification,
  NotificationStatus,
  Status,
} from './incident.ts';
import type { Coming } from './next.ts';
import { next } from './next.ts';
import type { Reason } from './reasons.ts';

export interface AlertView {
  readonly integration: string;
  readonly dedupKey: string;
  readonly status: 'triggered' | 'resolved';
  readonly severity: Severity | null;
  readonly summary: string;
  readonly eventCount: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface ChangeView {
  readonly id: string;
  readonly at: string;
  readonly summary: string;
  readonly source: string;
  readonly links: readonly Link[];
}

export interface IncidentView {
  readonly id: string;
  readonly number: number | null;
  readonly status: Status;
  readonly urgency: Urgency;
  readonly priority: string | null;
  readonly severity: Severity | null;
  readonly service: string;
  readonly team: string | null;
  readonly summary: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly dedupKey: string;
  readonly alerts: readonly AlertView[];
  readonly alertsTruncated: boolean;
  readonly assignees: readonly string[];
  readonly responders: readonly string[];
  readonly acknowledgements: readonly { readonly user: string; readonly at: string }[];
  readonly level: number | null;
  readonly pass: number;
  readonly episode: number;
  readonly alertCount: number;
  readonly eventCount: number;
  readonly createdAt: string;
  readonly acknowledgedAt: string | null;
  readonly workStartedAt: string | null;
  readonly resolvedAt: string | null;
  readonly snoozedUntil: string | null;
  readonly heldBy: string | null;
  readonly mergedInto: string | null;
  readonly exhausted: boolean;
  readonly nobodyOnCall: boolean;
  readonly flapping: boolean;
  /** Somebody tries out who is told. */
  readonly drill: boolean;
  /** Resolved by its source before anybody was told. */
  readonly transient: boolean;
  readonly links: readonly Link[];
  /** Change events of its service shortly before it opened, the newest first. */
  readonly changes: readonly ChangeView[];
  readonly previous: string | null;
}

export interface NotificationView {
  readonly id: string;
  readonly incident: string;
  readonly episode: number;
  readonly pass: number;
  readonly level: number | null;
  readonly user: string;
  readonly contact: string;
  readonly channel: Channel;
  readonly rule: number;
  readonly cause: Reason;
  readonly idempotencyKey: string;
  readonly status: NotificationStatus;
  readonly reason: Reason | null;
  readonly minuteZero: boolean;
  readonly dueAt: string;
  readonly sentAt: string | null;
  readonly text: string | null;
  readonly attempts: readonly {
    readonly at: string;
    readonly outcome: Attempt['outcome'];
    readonly code?: ErrorCode;
    readonly providerId?: string;
    readonly detail?: string;
    /** Of `unanswered`: the id of the provider's word. */
    readonly receipt?: string;
  }[];
}

export interface LogEntryView {
  readonly id: string;
  readonly at: string;
  readonly type: string;
  readonly actor: Actor;
  readonly reason: Reason | null;
  readonly text: string;
  readonly notification?: string;
}

export type NextView = Omit<Coming, 'at'> & { readonly at: string };

const iso = (at: number): string => new Date(at).toISOString();
export const isoOrNull = (at: number | null = null): string | null => (at === null ? null : iso(at));

export function incidentView(state: IncidentState): IncidentView {
  const { escalation } = state;
  return {
    id: state.id,
    number: state.number,
    status: state.status,
    urgency: state.urgency,
    priority: state.priority,
    severity: state.severity,
    service: state.service.id,
    team: state.service.team ?? null,
    summary: state.summary,
    details: detailsOf(state),
    dedupKey: state.dedupKey,
    alerts: state.alerts.map(alertView),
    alertsTruncated: state.alertsTruncated,
    assignees: state.assignees,
    responders: state.responders,
    acknowledgements: state.acknowledgements.map(({ user, at }) => ({ user, at: iso(at) })),
    level: escalation.level === 0 || escalation.direct ? null : escalation.level,
    pass: escalation.pass,
    episode: state.episode,
    alertCount: state.alerts.length,
    eventCount: state.eventCount,
    createdAt: iso(state.createdAt),
    acknowledgedAt: isoOrNull(state.acknowledgedAt),
    workStartedAt: isoOrNull(state.workStartedAt),
    resolvedAt: isoOrNull(state.resolvedAt),
    snoozedUntil: isoOrNull(state.snoozedUntil),
    heldBy: state.suspension?.held?.by ?? null,
    mergedInto: state.mergedInto?.incident ?? null,
    exhausted: escalation.exhausted,
    nobodyOnCall: escalation.nobodyOnCall,
    flapping: state.flapping !== null,
    drill: state.drill,
    transient: state.transient,
    links: state.links,
    changes: state.changes.map(changeView),
    previous: state.previous,
  };
}

export const changeView = ({ at, ...change }: RecentChange): ChangeView => ({ ...change, at: iso(at) });

const alertView = ({
  integration,
  dedupKey,
  status,
  severity,
  summary,
  eventCount,
  firstAt,
  lastAt,
}: Alert): AlertView => ({
  integration,
  dedupKey,
  status,
  severity,
  summary,
  eventCount,
  firstAt: iso(firstAt),
  lastAt: iso(lastAt),
});

export function notificationViews(state: IncidentState): readonly NotificationView[] {
  return state.ledger.map((notification) => notificationView(state.id, notification));
}

/** One entry of the ledger, of the incident with that id. */
export function notificationView(incident: string, notification: Notification): NotificationView {
  const { id, episode, pass, level, user, contact, channel, rule, cause, idempotencyKey } = notification;
  const { status, reason, minuteZero, dueAt, sentAt, attempts } = notification;
  return {
    id,
    incident,
    episode,
    pass,
    level,
    user,
    contact,
    channel,
    rule,
    cause,
    idempotencyKey,
    status,
    reason,
    minuteZero,
    dueAt: iso(dueAt),
    sentAt: isoOrNull(sentAt),
    // The text as it was sent is in the store alone.
    text: null,
    attempts: attempts.map((attempt) => ({ ...attempt, at: iso(attempt.at) })),
  };
}

export function timelineView(state: IncidentState): readonly LogEntryView[] {
  return state.log.map(logEntryView);
}

export const logEntryView = ({ id, at, type, actor, reason, text, notification }: LogEntry): LogEntryView => ({
  id,
  at: iso(at),
  type,
  actor,
  reason,
  text,
  ...(notification === undefined ? {} : { notification }),
});

export function nextView(state: IncidentState): readonly NextView[] {
  return next(state).map((coming) => ({ ...coming, at: iso(coming.at) }));
}
