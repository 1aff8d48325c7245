/** Attempts and what comes of them: again, by another way, too late, or nobody left to reach (lifecycle §5.3, §5.5). */
import { queue } from './assigning.ts';
import { attemptOf, gapAfter, LONGEST_GAP } from './attempts.ts';
import { cancelPending } from './cancelling.ts';
import type { AttemptResult } from './commands.ts';
import { addressOf, converse } from './conversing.ts';
import type { Decision } from './decision.ts';
import { SYSTEM, TIMER } from './decision.ts';
import { minutes } from './duration.ts';
import { endLevel } from './escalating.ts';
import type { IncidentState, Notification, NotificationStatus } from './incident.ts';
import { oweLate } from './noticing.ts';
import { leavesNobody, otherWay } from './otherWay.ts';
import { isResponders } from './responders.ts';

/** How long retryable failures of a contact method are waited for before they count as terminal. */
export const RETRY_FOR = minutes(2);

const find = (state: IncidentState, id: string): Notification | undefined =>
  state.ledger.find((notification) => notification.id === id);

export function beginAttempt(decision: Decision, notification: string): void {
  decision.record(TIMER, { type: 'attemptBegun', notification });
}

/** Takes the outcome of an attempt. One that nobody waits for any more says nothing but where its conversation is. */
export function attempted(decision: Decision, id: string, result: AttemptResult): void {
  const notification = find(decision.state, id);
  if (notification !== undefined) converse(decision, addressOf(notification), result);
  if (notification?.phase !== 'inFlight') return;
  const attempt = attemptOf(result);
  const againAt = attemptAgainAt(decision, notification, result);
  const retrying = againAt !== null && result.outcome === 'retryable' && !notification.givenUp;
  decision.record(SYSTEM, {
    type: 'attemptEnded',
    notification: id,
    attempt,
    status: statusAfter(notification, result, againAt),
    againAt,
    giveUpAt: retrying ? (notification.giveUpAt ?? giveUpAt(decision, notification)) : null,
  });
  if (result.outcome === 'sent') arrived(decision, notification);
  if (result.outcome === 'terminal' && notification.reason === null) tryAnotherWay(decision, notification);
}

/** Its user is told by it. */
export function arrived(decision: Decision, notification: Notification): void {
  if (!isResponders(decision.state, notification)) stopPersisting(decision);
  oweLate(decision, notification);
}

/** One was sent: what went on because nobody was reached ends, but for what is still owed at minute zero (lifecycle §5.2, §5.5). */
function stopPersisting(decision: Decision): void {
  const { now, state } = decision;
  if (!state.ledger.some(({ persistent }) => persistent)) return;
  const binds = ({ owed, dueAt }: Notification): boolean => owed && now < dueAt + state.service.minuteZeroMaxAge;
  cancelPending(decision, 'otherReached', (notification) => notification.persistent && !binds(notification));
  for (const { id } of decision.pending(({ persistent }) => persistent)) {
    decision.record(SYSTEM, { type: 'notificationPersists', notification: id, persists: false });
  }
}

/** When it is attempted again under the same key; null for never. What was asked back while in flight is not. */
function attemptAgainAt(decision: Decision, notification: Notification, result: AttemptResult): number | null {
  if (result.outcome === 'sent' || result.outcome === 'terminal' || notification.reason !== null) return null;
  // A worker that stopped in good order before it began: at once. One that was lost waited out its time already.
  if (result.outcome === 'cancelled') return decision.now;
  const asked = result.outcome === 'retryable' ? (result.after ?? 0) : 0;
  return decision.now + Math.min(LONGEST_GAP, Math.max(gapAfter(notification.attempts.length + 1), asked));
}

/** `RETRY_FOR` after its first attempt, and never beyond the level timer. */
function giveUpAt({ state, now }: Decision, { startedAt }: Notification): number {
  return Math.min((startedAt ?? now) + RETRY_FOR, state.escalation.levelEndsAt ?? Infinity);
}

function statusAfter(notification: Notification, result: AttemptResult, againAt: number | null): NotificationStatus {
  if (result.outcome === 'sent') return 'sent';
  if (result.outcome === 'unknown') return 'unknown';
  if (againAt !== null) return notification.status;
  return notification.reason === null ? 'failed' : 'cancelled';
}

/** Retryable failures have lasted long enough to count as a terminal one. They go on being attempted all the same. */
export function contactGivenUp(decision: Decision, id: string): void {
  const notification = find(decision.state, id);
  if (notification === undefined) return;
  decision.record(TIMER, { type: 'contactGivenUp', notification: id });
  tryAnotherWay(decision, notification);
}

/** The user's next unfired rule fires at once in place of the failed one, and inherits being owed; none left: unreachable. */
export function tryAnotherWay(decision: Decision, failed: Notification): void {
  const way = otherWay(decision.state, failed);
  switch (way.kind) {
    case 'sooner': {
      const { id, owed } = way.notification;
      decision.record(SYSTEM, { type: 'ruleAdvanced', notification: id, owed: owed || failed.owed });
      return;
    }
    case 'anew': {
      const { user, contact, channel, rule, assignment } = way.notification;
      const place = { user, contact, channel, rule, cause: 'fallback' } as const;
      queue(decision, { ...way.notification, seq: assignment }, place, decision.now, true);
      return;
    }
    case 'underWay':
      return;
    case 'none':
      return unreachable(decision, failed);
    default:
      return way satisfies never;
  }
}

function unreachable(decision: Decision, failed: Notification): void {
  const { user, assignment } = failed;
  const { escalation } = decision.state;
  if (assignment !== escalation.assignment || escalation.unreachable.includes(user)) return;
  decision.record(SYSTEM, { type: 'userUnreachable', user });
  if (leavesNobody(decision.state, failed)) endLevel(decision, 'levelUnreachable');
}

/** It was owed for longer than `minuteZeroMaxAge`: from here on it goes by the present state (lifecycle §5.3). */
export function outlived(decision: Decision, id: string): void {
  const notification = find(decision.state, id);
  if (notification === undefined) return;
  const { status, assignees, responders } = decision.state;
  if (status === 'triggered' && [...assignees, ...responders].includes(notification.user)) {
    decision.record(TIMER, { type: 'notificationLate', notification: id });
  } else {
    decision.record(TIMER, { type: 'notificationExpired', notification: id, reason: 'tooOld' });
  }
}
