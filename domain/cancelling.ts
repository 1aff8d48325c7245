/** Notifications are cancelled at once by what makes them void, so that the ledger never shows as coming what is not. */
import type { Decision } from './decision.ts';
import { SYSTEM } from './decision.ts';
import type { Notification } from './incident.ts';
import type { Reason } from './reasons.ts';

/** Cancels what is pending. An attempt in flight is asked back; what comes of it stands in the ledger either way. */
export function cancelPending(
  decision: Decision,
  reason: Reason,
  where: (notification: Notification) => boolean,
): void {
  for (const { id } of decision.pending((notification) => notification.reason === null && where(notification))) {
    decision.record(SYSTEM, { type: 'notificationCancelled', notification: id, reason });
  }
}

/** Nothing is owed to a user whose own act came first (lifecycle §5.2). */
export function cancelOwn(decision: Decision, user: string): void {
  cancelPending(decision, 'ownAction', (notification) => notification.user === user);
}
