/** What the store does for an incident: it gives the number, and keeps what is old, so that the state stays small (lifecycle §9). */
import type { Moved } from './commands.ts';
import type { Decision } from './decision.ts';
import { SYSTEM } from './decision.ts';
import type { IncidentState, LogEntry, Notification } from './incident.ts';
import { LATEST_KEPT } from './log.ts';

/** How many more there may be before the oldest are moved, so that not each new one costs a call. */
const SLACK = 100;
/** The most that is moved at once of each. */
const BATCH = 100;

/** Takes the incident's number; null where there is no store to give one. */
export function numbered(decision: Decision, number: number | null): void {
  if (number === null) storeAbsent(decision);
  else if (decision.state.number === null) decision.record(SYSTEM, { type: 'numbered', number });
}

/** The store has these now; null where there is none. */
export function recordMoved(decision: Decision, record: Moved | null): void {
  if (record === null) storeAbsent(decision);
  else decision.record(SYSTEM, { type: 'recordMoved', ...record });
}

function storeAbsent(decision: Decision): void {
  if (!decision.state.storeless) decision.record(SYSTEM, { type: 'storeAbsent' });
}

/** It waits for its number: an incident that is resolved goes on until it has one. */
export const wantsNumber = ({ number, storeless }: IncidentState): boolean => number === null && !storeless;

/** The oldest that is to be moved to the store now; null where nothing is. */
export function oldRecord(state: IncidentState): { entries: LogEntry[]; notifications: Notification[] } | null {
  if (state.storeless) return null;
  const settled = state.ledger.filter(({ phase }) => phase === 'done').length;
  const entries = state.log.slice(0, excess(state.log.length));
  const notifications = forgettable(state).slice(0, excess(settled));
  return entries.length + notifications.length === 0 ? null : { entries, notifications };
}

const excess = (length: number): number => (length <= LATEST_KEPT + SLACK ? 0 : Math.min(BATCH, length - LATEST_KEPT));

/**
 * Settled ledger entries that no later decision looks at: an assignment's are looked at while it is the latest, or
 * anything of it is to come. Who was told stands apart, in `told`.
 */
export function forgettable({ ledger, escalation }: IncidentState): readonly Notification[] {
  const needed = new Set(ledger.filter(({ phase }) => phase !== 'done').map(({ assignment }) => assignment));
  needed.add(escalation.assignment);
  return ledger.filter(({ assignment }) => !needed.has(assignment));
}
