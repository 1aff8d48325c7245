/**
 * Urgency by support hours (lifecycle §8), looked up outside of the workflow: zone data differ between Node versions
 * (design §2.7). The edges of the hours are those of a restriction, with its days of 23 and 25 hours (lifecycle §10).
 */
import type { SupportHours, UrgencyRule } from './configuration.ts';
import type { Instant } from './duration.ts';
import type { Hours } from './incident.ts';
import { applies } from './restriction.ts';
import { DAY } from './time.ts';

/** Hours that have not turned by then never do: they are always, or the only day of a week is one that the clock jumped over. */
const LOOKED_FOR = 16 * DAY;

/** By `rule` at `at` (UTC milliseconds); null where it does not go by hours. Throws nothing for a checked configuration. */
export function hoursAt(rule: UrgencyRule, at: Instant): Hours | null {
  if (typeof rule !== 'object') return null;
  const { supportHours: hours } = rule;
  const urgency = positionAt(hours, at).inside ? hours.inside : hours.outside;
  return { urgency, raiseAt: urgency === 'low' ? raiseAfter(hours, at) : null };
}

const positionAt = ({ days, from, to, timezone }: SupportHours, at: Instant) =>
  applies([{ kind: 'daily', days, from, to }], at, timezone);

/** When the hours next begin, or end, after `at`. Those of two days that meet at midnight neither end nor begin there. */
function raiseAfter(hours: SupportHours, at: Instant): Instant | null {
  if (hours.raise === null) return null;
  let before = positionAt(hours, at);
  while (before.end < at + LOOKED_FOR) {
    const turn = before.end;
    const after = positionAt(hours, turn);
    if (after.inside !== before.inside && after.inside === (hours.raise === 'start')) return turn;
    before = after;
  }
  return null;
}
