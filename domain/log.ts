/** The incident's own timeline: one line each, when, who or what, what, why (lifecycle §1). It *is* the list of changes. */
import type { Change } from './changes.ts';
import type { TurnedAway } from './commands.ts';
import { lineOf } from './foremost.ts';
import type { IncidentState, LogEntry, Notification } from './incident.ts';
import type { Reason } from './reasons.ts';
import type { Counted, EventChange } from './telling.ts';
import { countOf, countedText, sizeOf, tell, toldOfEvents } from './telling.ts';

/** The latest log entries, and ledger entries that are settled, that are not moved to the store (recording.ts). */
export const LATEST_KEPT = 200;

/** Adds the line that tells a change, where it has one: bookkeeping has none, and events of one kind in a row share theirs. */
export function appendEntry(state: IncidentState, change: Change): IncidentState {
  const text = tell(state, change);
  if (text === null) return state;
  const last = state.log.at(-1);
  if ('count' in change && last !== undefined && sharesLine(last, change)) {
    const count = (last.count ?? 0) + countOf(change);
    const entry = { ...last, at: change.at, count, text: toldOfEvents(change, count) };
    return { ...state, log: [...state.log.slice(0, -1), entry] };
  }
  if (isCounted(change)) {
    const before = countedLine(state.log, whoseIs(change));
    if (before !== undefined)
      return { ...state, log: state.log.map((each) => (each === before ? recounted(state, each, change) : each)) };
  }
  const number = state.counters.entry + 1;
  const entry: LogEntry = {
    id: `e${number}`,
    at: change.at,
    type: change.type,
    actor: change.actor,
    reason: reasonOf(change),
    text,
    ...('notification' in change ? { notification: idOf(change.notification) } : {}),
    ...('count' in change ? { count: countOf(change) } : {}),
    ...(isCounted(change) ? { count: sizeOf(change), recipient: whoseIs(change) } : {}),
  };
  return { ...state, log: [...state.log, entry], counters: { ...state.counters, entry: number } };
}

const isCounted = (change: Change): change is Counted =>
  change.type === 'noticesDropped' || change.type === 'silentDropped' || change.type === 'turnedAway';

/** The line that counts them so far. Only among those that are not about to be moved to the store. */
export const countedLine = (log: IncidentState['log'], whose: string): LogEntry | undefined =>
  log.slice(-LATEST_KEPT).findLast(({ recipient }) => recipient === whose);

function whoseIs(change: Counted): string {
  if (change.type === 'noticesDropped') return lineOf(change);
  if (change.type === 'silentDropped') return 'silent';
  const { command, code, actor } = change;
  return actor.via === undefined ? 'strangers' : strangerOf({ command, code, via: actor.via });
}

/** Who came by that door, for that. */
export const strangerOf = ({ via, command, code }: Pick<TurnedAway, 'via' | 'command' | 'code'>): string =>
  `stranger ${command} ${code} ${via}`;

function recounted(state: IncidentState, line: LogEntry, change: Counted): LogEntry {
  const count = (line.count ?? 0) + sizeOf(change);
  return { ...line, count, text: countedText(state, change, count) };
}

/** What comes of events at a later time has a line of its own, but for their count. */
function sharesLine(last: LogEntry, change: EventChange): boolean {
  if (last.type !== change.type) return false;
  return change.type === 'eventCounted' || (last.at === change.at && last.reason === reasonOf(change));
}

const idOf = (notification: string | Notification): string =>
  typeof notification === 'string' ? notification : notification.id;

function reasonOf(change: Change): Reason | null {
  if (change.type === 'assigned') return change.assignment.reason;
  if (change.type === 'acknowledged') return change.actor.kind === 'source' ? 'source' : 'person';
  if (change.type === 'eventCounted') return change.event.action === 'trigger' ? 'duplicate' : 'source';
  return 'reason' in change ? change.reason : null;
}
