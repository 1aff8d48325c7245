/** What a workflow takes along when it continues as new (lifecycle §9), and when it has nothing left to do. */
import type { Instant } from './duration.ts';
import { SYSTEM } from './decision.ts';
import { evolve } from './evolve.ts';
import type { IncidentState, Notification } from './incident.ts';
import type { PackedState } from './packing.ts';
import { packed } from './packing.ts';
import { isWithoutLetters } from './merging.ts';
import { forgettable, wantsNumber } from './recording.ts';
import { bytesOf } from './text.ts';

/**
 * How many log entries, and settled ledger entries, are taken along at most: with no store, and while the store is away
 * and cannot take them. Where it is there, a few more than 200 are left (recording.ts).
 */
export const CARRIED_ALONE = { entries: 500, notifications: 500 };
export const CARRIED_AT_MOST = { entries: 2_000, notifications: 1_000 };

/**
 * Bytes of JSON that all incidents of a run take along. Temporal refuses 2 MiB, and the events that wait come beside them.
 * Most of it may be given up to fit: at about 400 bytes an entry and 700 a settled notification the bounds above are
 * 0.8 + 0.7 MB. What may not: the policy, up to 1,000 alerts, 512 KiB of waiting notices (noticing.ts), and what is still
 * to be sent, 70 bytes each (packing.ts).
 */
export const ROOM = 1.5 * 1_024 * 1_024;
/** Incidents in one run: the present one, and those before it that still wait for something. */
export const INCIDENTS_CARRIED = 50;

/** Nothing of it is coming any more: a resolved incident's workflow may end. */
export const isSettled = (state: IncidentState): boolean =>
  state.status === 'resolved' &&
  state.reopenableUntil === null &&
  state.notices.length === 0 &&
  !wantsNumber(state) &&
  !owesPages(state) &&
  isWithoutLetters(state);

const owesPages = ({ escalation, invited, ledger }: IncidentState): boolean =>
  escalation.asking !== null || invited.length > 0 || ledger.some(({ phase }) => phase !== 'done');

/**
 * The incidents of a run for the next one, the latest last, as many as fit. Beyond that the oldest that have been resolved
 * are left without their number and the last of their notices, never one that owes a page: `leftBehind` has their ids.
 * `most`: bytes.
 */
export function carryAll(
  states: readonly IncidentState[],
  now: Instant,
  most: number = ROOM,
): { readonly carried: readonly PackedState[]; readonly leftBehind: readonly string[] } {
  const carried: PackedState[] = [];
  const leftBehind: string[] = [];
  let room = most;
  for (const state of states.toReversed()) {
    const mayWait =
      state !== states.at(-1) && state.status === 'resolved' && !owesPages(state) && isWithoutLetters(state);
    const next = packed(carryOver(state, now, room));
    const bytes = sizeOf(next);
    if (mayWait && (bytes > room || carried.length >= INCIDENTS_CARRIED)) {
      leftBehind.push(state.id);
    } else {
      carried.unshift(next);
      room -= bytes;
    }
  }
  return { carried, leftBehind };
}

const sizeOf = (state: PackedState): number => bytesOf(JSON.stringify(state));

/** The state for the next run, within `room` bytes. What is in flight is carried as `unknown`: its outcome cannot be heard any more. */
export function carryOver(state: IncidentState, now: Instant, room: number = ROOM): IncidentState {
  const lost = {
    ...state,
    ledger: state.ledger.map((each) => (each.phase === 'inFlight' ? lostSight(each, now) : each)),
    notices: state.notices.map((each) =>
      each.phase === 'inFlight'
        ? { unknownSince: each.nextAt, ...each, phase: 'waiting' as const, attempts: each.attempts + 1, nextAt: now }
        : each,
    ),
  };
  const most = state.storeless ? CARRIED_ALONE : CARRIED_AT_MOST;
  for (let part = 1; ; part /= 2) {
    const entries = Math.floor(most.entries * part);
    const carried = trimmed(lost, { entries, notifications: Math.floor(most.notifications * part) }, now);
    if (entries === 0 || sizeOf(packed(carried)) <= room) return carried;
  }
}

/** Without the oldest, which are counted, and said in the timeline. */
function trimmed(
  state: IncidentState,
  most: { readonly entries: number; readonly notifications: number },
  now: Instant,
): IncidentState {
  const settled = state.ledger.filter(({ phase }) => phase === 'done').length;
  const dropped = new Set(forgettable(state).slice(0, Math.max(0, settled - most.notifications)));
  const ledger = state.ledger.filter((notification) => !dropped.has(notification));
  const named = new Set([state.escalation.assignment, ...ledger.map(({ assignment }) => assignment)]);
  const assignments = state.assignments.filter(({ seq }) => named.has(seq));
  // The line that says so has a place among them.
  const over = state.log.length - most.entries;
  const entries = over > 0 ? Math.min(state.log.length, over + 1) : 0;
  const rest = { ...state, ledger, assignments, log: state.log.slice(entries) };
  if (entries + dropped.size === 0) return rest;
  const change = { type: 'recordLeftBehind', entries, notifications: dropped.size } as const;
  return evolve(rest, { ...change, at: now, actor: SYSTEM });
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
  const { nextAt: unknownSince } = notification;
  return { unknownSince, ...notification, status: 'unknown', phase: over ? 'done' : 'waiting', nextAt: now, attempts };
}
