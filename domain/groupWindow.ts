/** The window of a group of alerts (lifecycle §2.3): while new ones come, they are of one incident. */
import type { Instant, Milliseconds } from './duration.ts';

export interface GroupWindow {
  /** The first alert: names the window in the key of its incident. */
  readonly since: Instant;
  readonly lastNewAt: Instant;
}

/**
 * The window that a new alert at `at` is in: the present one, or one of its own where it comes later than `within` after
 * the last new one. A window that new alerts keep open has no end.
 */
export function windowWith(present: GroupWindow | undefined, at: Instant, within: Milliseconds): GroupWindow {
  if (present === undefined || at > present.lastNewAt + within) return { since: at, lastNewAt: at };
  return { since: present.since, lastNewAt: Math.max(present.lastNewAt, at) };
}
