/** What a workflow takes along when it continues as new (lifecycle §9), and when it has nothing left to do. */
import type { Instant } from './duration.ts';
import type { IncidentState, Notification } from './incident.ts';

/** How many settled ledger entries, and log entries, are taken along; older ones stay readable in the histories of the runs before. */
export const ENTRIES_CARRIED = 500;

/** Nothing of it is coming any more: a resolved incident's workflow may end. */
export const isSettled = (state: IncidentState): boolean =>
  state.status === 'resolved' &&
  state.escalation.asking === null &&
  state.ledger.every(({ phase }) => phase === 'done');

/** The state for the next run. What is in flight is carried as `unknown`: its outcome cannot be heard any more. */
export function carryOver(state: IncidentState, now: Instant): IncidentState {
  const settled = state.ledger.filter(({ phase }) => phase === 'done');
  const latest = new Set(settled.slice(-ENTRIES_CARRIED));
  // Who was told in this episode is asked again at each assignment (lifecycle §5.3).
  const told = ({ episode, sentAt }: Notification): boolean => episode === state.episode && sentAt !== null;
  const ledger = state.ledger
    .filter((notification) => notification.phase !== 'done' || latest.has(notification) || told(notification))
    .map((notification) => (notification.phase === 'inFlight' ? lostSight(notification, now) : notification));
  const named = new Set([state.counters.assignment, ...ledger.map(({ assignment }) => assignment)]);
  return {
    ...state,
    ledger,
    log: state.log.slice(-ENTRIES_CARRIED),
    assignments: state.assignments.filter(({ seq }) => named.has(seq)),
    counters: {
      ...state.counters,
      entriesLeftBehind: state.counters.entriesLeftBehind + Math.max(0, state.log.length - ENTRIES_CARRIED),
      notificationsLeftBehind: state.counters.notificationsLeftBehind + state.ledger.length - ledger.length,
    },
  };
}

function lostSight(notification: Notification, now: Instant): Notification {
  const attempt = {
    at: now,
    outcome: 'unknown',
    code: 'WORKER_LOST',
    detail: 'the workflow continued as new',
  } as const;
  const attempts = [...notification.attempts, attempt];
  const over = notification.reason !== null;
  return { ...notification, status: 'unknown', phase: over ? 'done' : 'waiting', nextAt: now, attempts };
}
