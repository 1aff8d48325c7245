/** When something happens by itself. All deadlines are instants in the state, so that a reset is a new instant and nothing else. */
import { autoResolveAt } from './autoResolving.ts';
import { isFull } from './crowd.ts';
import type { Instant } from './duration.ts';
import { foremost } from './foremost.ts';
import type { IncidentState } from './incident.ts';

export type Deadline = { readonly at: Instant } & (
  | {
      readonly kind:
        | 'askAgain'
        | 'autoResolve'
        | 'ackTimeout'
        | 'snoozeEnd'
        | 'holdEnd'
        | 'thresholdEnd'
        | 'held'
        | 'supportHours'
        | 'levelEnd'
        | 'handOff';
    }
  | { readonly kind: 'minuteZeroAge' | 'giveUp'; readonly notification: string }
  | { readonly kind: 'rule'; readonly notification: string }
  | { readonly kind: 'notice'; readonly notice: string }
  | { readonly kind: 'close' | 'flappingQuiet' | 'flappingDigest' }
);

/** Of several that are due, the order in which they are taken (lifecycle §7, Ties and overdue deadlines). */
const ORDER: readonly Deadline['kind'][] = [
  'autoResolve',
  'ackTimeout',
  'snoozeEnd',
  'holdEnd',
  'thresholdEnd',
  'held',
  'supportHours',
  'levelEnd',
  'handOff',
  'minuteZeroAge',
  'giveUp',
  'rule',
  'notice',
  'close',
  'flappingQuiet',
  'flappingDigest',
  'askAgain',
];

/** What would end an incident waits for the end of its merge, as its events do. */
const ENDING: ReadonlySet<Deadline['kind']> = new Set<Deadline['kind']>(['thresholdEnd', 'flappingQuiet']);

/** Everything that happens by itself unless somebody acts, in no order. */
export function deadlines(state: IncidentState): readonly Deadline[] {
  const found: Deadline[] = [];
  const { levelEndsAt, recheckAt } = state.escalation;
  const resolvesAt = autoResolveAt(state);
  if (resolvesAt !== null) found.push({ kind: 'autoResolve', at: resolvesAt });
  if (state.ackTimeoutAt !== null) found.push({ kind: 'ackTimeout', at: state.ackTimeoutAt });
  if (state.snoozedUntil !== null) found.push({ kind: 'snoozeEnd', at: state.snoozedUntil });
  const raiseAt = raisedAt(state);
  if (raiseAt !== null) found.push({ kind: 'supportHours', at: raiseAt });
  found.push(...ofSuspension(state));
  if (levelEndsAt !== null) found.push({ kind: 'levelEnd', at: levelEndsAt });
  if (recheckAt !== null) found.push({ kind: 'handOff', at: recheckAt });
  for (const { id, phase, owed, persistent, dueAt, nextAt, giveUpAt } of state.ledger) {
    if (phase !== 'waiting') continue;
    found.push({ kind: 'rule', at: nextAt, notification: id });
    if (giveUpAt !== null) found.push({ kind: 'giveUp', at: giveUpAt, notification: id });
    if (owed && !(persistent && state.status === 'triggered')) {
      found.push({ kind: 'minuteZeroAge', at: dueAt + state.service.minuteZeroMaxAge, notification: id });
    }
  }
  for (const { id, phase, nextAt } of foremost(state)) {
    if (phase === 'waiting') found.push({ kind: 'notice', at: nextAt, notice: id });
  }
  if (state.reopenableUntil !== null) found.push({ kind: 'close', at: state.reopenableUntil });
  if (state.flapping !== null) {
    found.push({ kind: 'flappingQuiet', at: state.flapping.quietAt });
    found.push({ kind: 'flappingDigest', at: state.flapping.digestAt });
  }
  const askAgainAt = state.merging?.askAgainAt ?? state.mergedInto?.askAgainAt ?? null;
  if (askAgainAt !== null) found.push({ kind: 'askAgain', at: askAgainAt });
  return state.merging === null ? found : found.filter(({ kind }) => !ENDING.has(kind));
}

/** When support hours raise it, unless it is urgent already, or routing or a person said how urgent it is. */
function raisedAt({ status, urgency, urgencyBy, route, hours }: IncidentState): Instant | null {
  const follows = urgencyBy === 'rule' && route.urgency === null;
  return status !== 'resolved' && urgency === 'low' && follows ? (hours?.raiseAt ?? null) : null;
}

function ofSuspension({ suspension, service, escalation }: IncidentState): readonly Deadline[] {
  if (suspension === null) return [];
  const { until, threshold, held } = suspension;
  const last = threshold?.events.at(-1);
  return [
    ...(until === null ? [] : [{ kind: 'holdEnd', at: until } as const]),
    ...(last === undefined ? [] : [{ kind: 'thresholdEnd', at: last.at + (service.threshold?.within ?? 0) } as const]),
    // While it is asked, its answer says when to look again.
    ...(held === null || escalation.asking !== null ? [] : [{ kind: 'held', at: held.until } as const]),
  ];
}

/** The earliest deadline; undefined where nothing happens by itself any more. `now`: rules that are due then, and wait for room, are left out. */
export function nextDeadline(state: IncidentState, now: Instant, long = false): Deadline | undefined {
  const full = isFull(state, now, long);
  let earliest: Deadline | undefined;
  for (const deadline of deadlines(state)) {
    const waits = full && deadline.kind === 'rule' && deadline.at <= now;
    if (!waits && (earliest === undefined || deadline.at < earliest.at)) earliest = deadline;
  }
  return earliest;
}

const goesBefore = (one: Deadline, other: Deadline): boolean =>
  one.kind === other.kind ? one.at < other.at : ORDER.indexOf(one.kind) < ORDER.indexOf(other.kind);

/** The deadline to take now, if any is due and has room (crowd.ts). Never one that is early. */
export function overdue(state: IncidentState, now: Instant, long = false): Deadline | undefined {
  const full = isFull(state, now, long);
  let first: Deadline | undefined;
  for (const deadline of deadlines(state)) {
    if (deadline.at > now || (full && deadline.kind === 'rule')) continue;
    if (first === undefined || goesBefore(deadline, first)) first = deadline;
  }
  return first;
}
