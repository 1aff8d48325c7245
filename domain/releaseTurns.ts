/** In which order, and how far apart, the incidents that maintenance held go on when it is over (lifecycle §7). */
import type { Urgency } from './configuration.ts';
import { minutes, seconds } from './duration.ts';
import type { Instant } from './duration.ts';

/** An incident that nothing holds any more, and that has no turn yet. */
export interface Waiting {
  readonly incident: string;
  /** As it is now. */
  readonly urgency: Urgency;
  readonly createdAt: Instant;
  readonly joinedAt: Instant;
  /** When it asks again. */
  readonly backAt: Instant;
}

/** Turns of a service are at least this far apart, unless that takes longer than all of them may. */
const APART = seconds(1);
const ALL_WITHIN = minutes(5);
/** All of a service ask at the end of its window, each by itself: turns are given once nobody has come for so long, */
const QUIET = seconds(1);
/** and after this at the latest. */
const GATHERED_WITHIN = seconds(20);
/** The more have come, the more are on their way, and the later they ask again. */
const FOR_EACH = 30;
/** To ask, and to be answered, where many do at once. */
const TAKES = seconds(1);
/** Without a store: by chance, in the first half of this where the urgency is high, else in the second. */
const SPREAD = minutes(1);

const beginning = (waiting: readonly Waiting[]): Instant => Math.min(...waiting.map(({ joinedAt }) => joinedAt));

/** Whether all have come that are to be told apart. */
export function gathered(waiting: readonly Waiting[], now: Instant): boolean {
  const latest = Math.max(...waiting.map(({ joinedAt }) => joinedAt));
  return now >= latest + QUIET || now >= beginning(waiting) + GATHERED_WITHIN;
}

/** When one that waits asks again. */
export function askAgainAt(waiting: readonly Waiting[], now: Instant): Instant {
  const patience = Math.max(QUIET, waiting.length * FOR_EACH);
  return Math.max(now + QUIET, Math.min(now + patience, beginning(waiting) + GATHERED_WITHIN));
}

/**
 * When each of a service goes on: high before low, oldest first, at most one a second, all within five minutes of the
 * first that asked, closer together where they are too many for that. None before all of them know their turn.
 * `last`: the latest turn of the service that was given before.
 */
export function turnsOf(
  waiting: readonly Waiting[],
  now: Instant,
  last: Instant | null,
): readonly { readonly incident: string; readonly at: Instant }[] {
  const inOrder = waiting.toSorted(
    (one, other) =>
      Number(one.urgency === 'low') - Number(other.urgency === 'low') ||
      one.createdAt - other.createdAt ||
      (one.incident < other.incident ? -1 : 1),
  );
  const known = waiting.length === 1 ? now : Math.max(...waiting.map(({ backAt }) => backAt)) + TAKES;
  const first = Math.max(now, known, last === null ? 0 : last + APART);
  const room = Math.max(0, beginning(waiting) + ALL_WITHIN - first);
  const apart = Math.min(APART, room / Math.max(1, inOrder.length - 1));
  return inOrder.map(({ incident }, place) => ({ incident, at: Math.floor(first + place * apart) }));
}

/** A turn that needs no store: spread over a minute by `hash`, a whole number that goes by the incident's id. */
export function turnByChance(urgency: Urgency, hash: number, now: Instant): Instant {
  return now + (hash % (SPREAD / 2)) + (urgency === 'high' ? 0 : SPREAD / 2);
}
