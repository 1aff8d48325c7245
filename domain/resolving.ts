/** Resolving, by a person or because all alerts are (lifecycle §3, §7 row "resolve"). */
import { cancelOwn, cancelPending } from './cancelling.ts';
import type { Decision } from './decision.ts';
import type { Actor } from './incident.ts';
import type { Reason } from './reasons.ts';

/** Ends the incident. What others are owed at minute zero is still sent. */
export function resolve(
  decision: Decision,
  actor: Actor,
  {
    reason,
    resolution,
    note,
    lateBy,
  }: { reason: Reason; resolution: string | null; note?: string | undefined; lateBy?: number | undefined },
): void {
  decision.record(actor, {
    type: 'resolved',
    reason,
    resolution,
    ...(note === undefined ? {} : { note }),
    ...(lateBy === undefined ? {} : { lateBy }),
  });
  if (actor.kind === 'user' && actor.id !== undefined) cancelOwn(decision, actor.id);
  cancelPending(decision, 'resolved', ({ owed }) => !owed);
}
