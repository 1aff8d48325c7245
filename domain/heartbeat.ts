/**
 * A heartbeat: somebody promises a beat at least once an interval, and its silence is an incident (interfaces §4). Rules over
 * instants, without a clock. Its deadline is absolute: an interval and its grace after the last beat, by the clock of the API
 * that took that beat in.
 *
 * Silence counts only where a beat could have come. Two things follow from that:
 * - A beat that was taken in counts from when it was, however late a worker hears of it. Who looks back after a pause judges
 *   by the last beat alone: what was silent meanwhile and beats again is nobody's incident.
 * - Where a deadline is looked at too late, Tocsin itself was away as it passed (its workers, or Temporal, and then mostly the
 *   API too), and nobody can say whether a beat was sent in vain. It is given a whole interval and its grace anew, from when
 *   Tocsin is back: never a false alarm, at the price that what did stop is told of so much later. That is done so often and
 *   no more until the next beat, or a house that is always late would never tell; what comes then says when Tocsin was away.
 * Where only the API is away, the silence is told of: it is true that nothing reaches Tocsin, and nobody else says so.
 */
import type { Instant, Milliseconds } from './duration.ts';
import { milliseconds, seconds } from './duration.ts';
import type { Priority } from './commands.ts';
import type { Severity } from './event.ts';

export interface HeartbeatSettings {
  readonly every: Milliseconds;
  /** How late a beat may be. */
  readonly grace: Milliseconds;
  /** Of its incident. */
  readonly severity: Severity;
  readonly priority: Priority | null;
  /** Of its incident; null: it says what was to be heard and was not. */
  readonly summary: string | null;
  /** They stand in its incident, beside what is said of every heartbeat. */
  readonly details: Readonly<Record<string, unknown>>;
  /** What whoever made it by another API wrote, to be given back as it was. */
  readonly written: Readonly<Record<string, unknown>>;
}

/** Who says how it is set: the configuration, each beat by its address, or Opsgenie's API. */
export type HeartbeatOrigin = 'configuration' | 'beat' | 'opsgenie';

/** A name is of its integration. */
export interface HeartbeatName {
  readonly integration: string;
  readonly name: string;
}

/** What a heartbeat begins with. */
export interface Watch extends HeartbeatName {
  readonly origin: HeartbeatOrigin;
  readonly settings: HeartbeatSettings;
  readonly enabled: boolean;
}

export interface HeartbeatState extends Watch {
  /** What its deadline is counted from: its last beat, or when it was begun to be watched, or was to be watched anew. */
  readonly from: Instant;
  readonly watchedSince: Instant;
  readonly lastBeat: Instant | null;
  /** As many as were told of apart: those of one moment go together. */
  readonly beats: number;
  /** The deadline that passed; null while it is not silent. */
  readonly silentSince: Instant | null;
  /** When Tocsin was away at its deadline, since the last beat. */
  readonly away: readonly { readonly from: Instant; readonly to: Instant }[];
  /** Whether its incident was told of a silence, and of no end to it. */
  readonly fires: boolean;
  /** Why it is not watched any more. */
  readonly over: string | null;
}

export type HeartbeatMessage =
  /** `settings`: what its address says, where the configuration does not name it. */
  | { readonly kind: 'beat'; readonly at: Instant; readonly settings?: HeartbeatSettings }
  | {
      readonly kind: 'arrange';
      readonly origin: HeartbeatOrigin;
      readonly settings: HeartbeatSettings;
      /** As it was where absent. */
      readonly enabled?: boolean;
    }
  | { readonly kind: 'enable'; readonly enabled: boolean }
  /** `why`: as the end of a sentence: "it is no longer in the configuration". `origin`: only where it is still that one's. */
  | { readonly kind: 'end'; readonly why: string; readonly origin?: HeartbeatOrigin };

/** A beat that was taken in just before the deadline is heard of just after it: it goes through Temporal first. */
const ON_ITS_WAY = seconds(2);
/** Looked at so late, Tocsin was away at the deadline; a task that waits on a busy machine is sooner. */
const AWAY_AFTER = seconds(10);
/** So often since its last beat is it given an interval anew. */
const AWAY_AT_MOST = 3;

export const beginWatch = (watch: Watch, now: Instant): HeartbeatState => ({
  ...watch,
  from: now,
  watchedSince: now,
  lastBeat: null,
  beats: 0,
  silentSince: null,
  away: [],
  fires: false,
  over: null,
});

/** When its next beat is due at the latest; null while it is not watched. */
export const heartbeatDeadline = ({ enabled, over, from, settings }: HeartbeatState): Instant | null =>
  enabled && over === null ? from + allowed(settings) : null;

/** Between two beats. */
const allowed = ({ every, grace }: HeartbeatSettings): Milliseconds => milliseconds(every + grace);

/** When it is to be looked at, without a message; null for never. */
export function heartbeatLook(state: HeartbeatState): Instant | null {
  const deadline = heartbeatDeadline(state);
  return deadline === null || state.silentSince !== null ? null : deadline + ON_ITS_WAY;
}

/** What it is after a message; the same object where that changes nothing. */
export function afterMessage(state: HeartbeatState, message: HeartbeatMessage, now: Instant): HeartbeatState {
  switch (message.kind) {
    case 'beat':
      return afterBeat(state, message, now);
    case 'arrange':
      return enabled({ ...resettled(state, message, now), over: null }, message.enabled ?? state.enabled, now);
    case 'enable':
      return enabled(state, message.enabled, now);
    case 'end':
      if (message.origin !== undefined && message.origin !== state.origin) return state;
      return { ...state, over: message.why, silentSince: null };
    default:
      // Said by another version, or by hand: what it does not know must not end the watch.
      message satisfies never;
      return state;
  }
}

/** Whoever beats by an address that says an interval is watched by it; but what the configuration says holds. */
function afterBeat(
  state: HeartbeatState,
  { at, settings }: Extract<HeartbeatMessage, { kind: 'beat' }>,
  now: Instant,
): HeartbeatState {
  // An API whose clock is ahead would put the deadline off.
  const lastBeat = Math.max(state.lastBeat ?? 0, Math.min(at, now));
  const beaten = { ...state, lastBeat, beats: state.beats + 1, from: lastBeat, silentSince: null, away: [] };
  if (settings === undefined || (state.over === null && state.origin === 'configuration')) return beaten;
  return { ...resettled(beaten, { origin: 'beat', settings }, now), over: null };
}

/** From when it is enabled it has a whole interval. */
const enabled = (state: HeartbeatState, on: boolean, now: Instant): HeartbeatState =>
  state.enabled === on ? state : { ...state, enabled: on, from: now, silentSince: null, away: [] };

/** A shorter interval that would be over already counts from now, as does a watch that was over; a longer one may end a silence. */
function resettled(
  state: HeartbeatState,
  { origin, settings }: Pick<HeartbeatState, 'origin' | 'settings'>,
  now: Instant,
): HeartbeatState {
  const settled = { ...state, origin, settings };
  const isDue = settled.from + allowed(settings) <= now;
  if (state.silentSince !== null) return isDue ? settled : { ...settled, silentSince: null };
  const isNew = state.over !== null || allowed(settings) < allowed(state.settings);
  return isDue && isNew ? { ...settled, from: now } : settled;
}

/** What it is at `now`, without a message: silent, where its deadline has passed while Tocsin was there. */
export function lookedAt(state: HeartbeatState, now: Instant): HeartbeatState {
  const look = heartbeatLook(state);
  const deadline = heartbeatDeadline(state);
  if (look === null || deadline === null || now < look) return state;
  if (now - look <= AWAY_AFTER || state.away.length >= AWAY_AT_MOST) return { ...state, silentSince: deadline };
  return { ...state, from: now, away: [...state.away, { from: deadline, to: now }] };
}

/** What its incident is still to be told; null for nothing. */
export function owedWord({ silentSince, fires }: HeartbeatState): 'trigger' | 'resolve' | null {
  if (fires === (silentSince !== null)) return null;
  return fires ? 'resolve' : 'trigger';
}

export const afterTold = (state: HeartbeatState, word: 'trigger' | 'resolve'): HeartbeatState => ({
  ...state,
  fires: word === 'trigger',
});

/** Its integration is gone, and with that the door to its incident, which stays as it is. */
export const afterNobodyTold = (state: HeartbeatState): HeartbeatState => ({
  ...state,
  silentSince: null,
  fires: false,
  over: `its integration is no longer in the configuration${state.fires ? ', and its incident stays open' : ''}`,
});
