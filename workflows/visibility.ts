/** What Temporal's lists and UI show of an incident, kept up to date (interfaces §6). Written only when it changed. */
import { setCurrentDetails, upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { currentDetails } from '../domain/details.ts';
import type { IncidentState } from '../domain/incident.ts';
import { outcomeOf } from '../domain/report.ts';
import type { IncidentView } from '../domain/view.ts';
import { incidentView } from '../domain/view.ts';
import { cutToBytes, indexable, SEARCH_ATTRIBUTES } from './searchAttributes.ts';

/** Alerts that a list shows of an incident; all of them are in the incident itself. */
const ALERTS_LISTED = 10;

/** What lists are made of (a memo should stay below 2 KiB). */
export interface IncidentMemo extends Record<string, unknown> {
  readonly summary: string;
  /** Without large details and changes, and with the first alerts only. */
  readonly incident: IncidentView;
  /** Once resolved. */
  readonly outcome?: string;
  /** Resolved, and a trigger until then is of this incident still; ISO 8601. */
  readonly reopenableUntil?: string;
}

export function memoOf(state: IncidentState): IncidentMemo {
  const view = incidentView(state);
  return {
    summary: state.summary,
    incident: { ...view, details: small(view.details), changes: [], alerts: view.alerts.slice(0, ALERTS_LISTED) },
    ...(state.status === 'resolved' ? { outcome: outcomeOf(state) } : {}),
    ...(state.reopenableUntil === null ? {} : { reopenableUntil: new Date(state.reopenableUntil).toISOString() }),
  };
}

/** Details beyond this many characters are left out of lists. */
const DETAILS_LISTED = 1_000;
const small = (details: IncidentView['details']): IncidentView['details'] =>
  JSON.stringify(details).length <= DETAILS_LISTED ? details : {};

/**
 * Without what is empty: a run that began under a version whose memo lacks a field is not to write it anew, or it would not
 * replay (lifecycle §11). What a later version adds is empty until something comes of it.
 */
const comparable = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) => (isEmpty(part) ? undefined : part));
const isEmpty = (part: unknown): boolean =>
  part === null || part === false || (Array.isArray(part) && part.length === 0);

export class Visibility {
  /** Key by key: the order of a memo's keys differs between two replays of one history, and a comparison must not. */
  private readonly memo = new Map<string, string>();
  private readonly indexed = new Map<string, string>();

  constructor() {
    const { memo, typedSearchAttributes } = workflowInfo();
    for (const [key, value] of Object.entries(memo ?? {})) this.memo.set(key, comparable(value));
    for (const key of Object.values(SEARCH_ATTRIBUTES)) {
      this.indexed.set(key.name, JSON.stringify(typedSearchAttributes.get(key) ?? null));
    }
  }

  /**
   * Before a run is left whose incident may still be reopened: only the run that holds it is to be listed with its status,
   * and a run that was left is listed while it says `resolved` (api/visibilityQuery.ts).
   */
  withdraw({ reopenableUntil }: IncidentState): void {
    if (reopenableUntil !== null) upsertSearchAttributes([{ key: SEARCH_ATTRIBUTES.IncidentStatus, value: null }]);
  }

  publish(state: IncidentState): void {
    setCurrentDetails(currentDetails(state));
    // What a resolved one has and one that is reopened has not is taken away.
    const memo = Object.entries({ outcome: null, reopenableUntil: null, ...memoOf(state) }).filter(
      ([key, value]) => this.memo.get(key) !== comparable(value),
    );
    if (memo.length > 0) upsertMemo(Object.fromEntries(memo));
    for (const [key, value] of memo) this.memo.set(key, comparable(value));

    const { IncidentStatus, ServiceId, Severity, Urgency, Priority, DedupKey, Assignees, IncidentNumber } =
      SEARCH_ATTRIBUTES;
    const pairs = [
      { key: IncidentStatus, value: state.status },
      { key: ServiceId, value: state.service.id },
      { key: Severity, value: state.severity },
      { key: Urgency, value: state.urgency },
      { key: Priority, value: state.priority },
      { key: DedupKey, value: cutToBytes(state.dedupKey) },
      { key: Assignees, value: state.assignees.length > 0 ? indexable(state.assignees) : null },
      { key: IncidentNumber, value: state.number },
    ];
    const changed = pairs.filter(({ key, value }) => this.indexed.get(key.name) !== JSON.stringify(value));
    if (changed.length > 0) upsertSearchAttributes(changed);
    for (const { key, value } of changed) this.indexed.set(key.name, JSON.stringify(value));
  }
}
