/**
 * How many messages of one incident are under way at once. Temporal takes at most 2,000 activities that are pending in one
 * workflow, and refuses a task that asks for more, for ever: 500 people with six rules each would wedge it.
 */
import type { Instant } from './duration.ts';
import type { IncidentState, Notification } from './incident.ts';

/**
 * The server keeps at most 100 events for a workflow that has a task under way, and fails that task for the next; the end of
 * an activity is two of them. With 200 under way most tasks were failed and done anew.
 */
export const UNDER_WAY_AT_MOST = 40;
/** More than this many that are due are a crowd. */
const CROWD = 20;

/**
 * The notifications whose rules begin now, in the order in which they are taken; the others wait until some have ended. In
 * a history that is `long`, a crowd waits until all have: then the workflow continues as new, and loses sight of none.
 */
export function beginning(state: IncidentState, now: Instant, long: boolean): readonly Notification[] {
  const due = state.ledger.filter(({ phase, nextAt }) => phase === 'waiting' && nextAt <= now);
  return due.toSorted((one, other) => one.nextAt - other.nextAt).slice(0, roomFor(due.length, state, long));
}

function roomFor(due: number, { ledger }: IncidentState, long: boolean): number {
  const underWay = ledger.filter(({ phase }) => phase === 'inFlight').length;
  return long && due > CROWD && underWay > 0 ? 0 : Math.max(0, UNDER_WAY_AT_MOST - underWay);
}

/** Whether what is due waits for what is under way: no clock brings it on, but an outcome. */
export const isFull = (state: IncidentState, now: Instant, long: boolean): boolean =>
  state.ledger.some(({ phase, nextAt }) => phase === 'waiting' && nextAt <= now) &&
  beginning(state, now, long).length === 0;
