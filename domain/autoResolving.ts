/** Resolving by itself what nobody resolves (lifecycle §8, Auto-resolve). */
import type { Decision } from './decision.ts';
import { TIMER } from './decision.ts';
import type { Instant } from './duration.ts';
import type { IncidentState } from './incident.ts';
import { resolve } from './resolving.ts';

/** When it is resolved, unless something happens; null for never, as it is now. */
export function autoResolveAt(state: IncidentState): Instant | null {
  const { service, status, merging, createdAt, lastEventAt, acknowledgedFor, autoResolveNotBefore } = state;
  if (service.autoResolve === null || merging !== null) return null;
  const { after, from, includeAcknowledged } = service.autoResolve;
  if (status !== 'triggered' && !(status === 'acknowledged' && includeAcknowledged)) return null;
  const [since, acknowledged] =
    from === 'created' ? [createdAt, acknowledgedFor.inAll] : [lastEventAt, acknowledgedFor.sinceLastEvent];
  return Math.max(since + after + (includeAcknowledged ? 0 : acknowledged), autoResolveNotBefore ?? 0);
}

export function autoResolve(decision: Decision): void {
  const lateBy = decision.now - (autoResolveAt(decision.state) ?? decision.now);
  resolve(decision, TIMER, { reason: 'autoResolved', resolution: null, lateBy });
}
