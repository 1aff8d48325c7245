/** What can be shown of an incident before its workflow has said anything: what it was opened with. */
import type { Urgency } from '../domain/configuration.ts';
import type { Severity } from '../domain/event.ts';
import type { Status } from '../domain/incident.ts';
import type { IncidentView } from '../domain/view.ts';

export interface Opened {
  readonly id: string;
  readonly service: string;
  readonly summary: string;
  readonly dedupKey: string;
  readonly urgency: Urgency;
  readonly severity: Severity | null;
  readonly assignees: readonly string[];
  readonly details: Readonly<Record<string, unknown>>;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly status?: Status;
  readonly drill?: boolean;
}

export function provisionalView({ status = 'triggered', drill = false, ...opened }: Opened): IncidentView {
  return {
    ...opened,
    status,
    number: null,
    priority: null,
    team: null,
    alerts: [],
    alertsTruncated: false,
    responders: [],
    acknowledgements: [],
    level: null,
    pass: 1,
    episode: 1,
    alertCount: 1,
    eventCount: 1,
    acknowledgedAt: null,
    workStartedAt: null,
    resolvedAt: null,
    snoozedUntil: null,
    heldBy: null,
    mergedInto: null,
    exhausted: false,
    nobodyOnCall: false,
    flapping: false,
    drill,
    transient: false,
    links: [],
    changes: [],
    previous: null,
  };
}
