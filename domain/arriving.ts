/** What an event of the source does (lifecycle §2.5, §2.6, §2.11, §3). */
import { acknowledgeBySource } from './acknowledging.ts';
import type { Decision } from './decision.ts';
import { senderOf } from './event.ts';
import type { Arrival, SourceEvent } from './event.ts';
import type { Actor, Alert } from './incident.ts';
import type { Reason } from './reasons.ts';
import { resolve } from './resolving.ts';

export function arrive(decision: Decision, arrival: Arrival): void {
  if (decision.state.arrivals.includes(arrival.id)) return;
  const { event, count } = arrival;
  const actor: Actor = senderOf(event, decision.state.integration);
  const reason = ignoredBecause(decision, event);
  if (reason !== null) {
    decision.record(actor, { type: 'eventIgnored', event, count, reason });
  } else if (event.action === 'resolve') {
    decision.record(actor, { type: 'alertResolved', event, count });
    const firing = decision.state.alerts.some(({ status }) => status === 'triggered');
    if (!firing) resolve(decision, actor, { reason: 'alertsResolved', resolution: null });
  } else {
    decision.record(actor, { type: 'eventCounted', event, count });
    if (event.action === 'acknowledge') acknowledgeBySource(decision, actor);
  }
  decision.record(actor, { type: 'arrivalSeen', id: arrival.id });
}

/** Why an event changes nothing but the count; null where it does. */
function ignoredBecause({ state }: Decision, event: SourceEvent): Reason | null {
  if (state.status === 'resolved') return 'noOpenIncident';
  const alert = state.alerts.find(({ dedupKey }) => dedupKey === event.dedupKey);
  if (alert === undefined) return 'noOpenIncident';
  return overtaken(alert, event) ? 'overtaken' : null;
}

/** Events carry a time where the source gives one; equal times count in order of arrival (lifecycle §2.11). */
function overtaken(alert: Alert, { action, at }: SourceEvent): boolean {
  if (at === undefined) return false;
  if (action === 'trigger') return alert.lastResolveBySource !== null && at < alert.lastResolveBySource;
  return action === 'resolve' && alert.lastTriggerBySource !== null && at < alert.lastTriggerBySource;
}
