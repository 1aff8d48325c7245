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
  // Nobody was told that it began, so nobody is told that it ended (lifecycle §3).
  const unheard = decision.state.status === 'suspended' && actor.kind !== 'user';
  const why = unheard && reason !== 'belowThreshold' ? 'transient' : reason;
  const { service, mergedInto } = decision.state;
  const { reopenWindow } = service;
  const reopenableUntil = reopenWindow === null || mergedInto !== null ? null : decision.now + reopenWindow;
  decision.record(actor, {
    type: 'resolved',
    reason: why,
    resolution,
    reopenableUntil,
    ...(note === undefined ? {} : { note }),
    ...(lateBy === undefined ? {} : { lateBy }),
  });
  if (actor.kind === 'user' && actor.id !== undefined) cancelOwn(decision, actor.id);
  cancelPending(decision, 'resolved', ({ owed }) => !owed);
}
