/** What an event of the source does (lifecycle §2.5, §2.6, §2.11, §3), alone or in a group of alerts. */
import { acknowledgeBySource } from './acknowledging.ts';
import type { Decision } from './decision.ts';
import { namesAlert, senderOf } from './event.ts';
import type { Arrival, SourceEvent } from './event.ts';
import { fires, wentOff, wentOn } from './flapping.ts';
import { isOfGroup } from './foldAlerts.ts';
import { keepEvent, keepsEvents } from './forwarding.ts';
import type { Actor, Alert, IncidentState } from './incident.ts';
import type { Reason } from './reasons.ts';
import { goOnReopened, isReopenable, reopenBySource } from './reopening.ts';
import { resolve } from './resolving.ts';
import { countTowardsThreshold, releaseBySource } from './suspending.ts';
import { followAlerts } from './urging.ts';

/** Alerts that an incident keeps (lifecycle §4, Limits). */
export const ALERTS_KEPT = 1_000;

export function arrive(decision: Decision, arrival: Arrival): void {
  if (decision.state.arrivals.includes(arrival.id)) return;
  if (keepsEvents(decision.state)) return keepEvent(decision, arrival);
  const { event, count } = arrival;
  const actor: Actor = senderOf(event, decision.state.integration);
  const { alerts, integration } = decision.state;
  const alert = alerts.find((each) => namesAlert(event, integration, each));
  const reopens = reopensBy(decision, alert, event);
  const cameBack = reopens && !fires(decision.state);
  if (reopens) reopenBySource(decision, actor, event);
  const reason = reopens ? null : ignoredBecause(decision, alert, event);
  if (reason === null && (event.leftOut ?? 0) > 0 && !event.groupResolved) truncate(decision, actor, 'leftOut');
  if (reason !== null) {
    decision.record(actor, { type: 'eventIgnored', event, count, reason });
  } else if (event.action === 'resolve') {
    alertResolved(decision, actor, arrival);
    followAlerts(decision, actor);
  } else {
    const added = alert === undefined && decision.state.alerts.length < ALERTS_KEPT;
    decision.record(actor, { type: added ? 'alertAdded' : 'eventCounted', event, count });
    if (alert === undefined && !added) truncate(decision, actor, 'tooManyAlerts');
    if (event.action === 'acknowledge') {
      releaseBySource(decision, actor);
      acknowledgeBySource(decision, actor);
    }
    followAlerts(decision, actor);
    if (reopens) goOnReopened(decision);
    if (event.action === 'trigger') wentOn(decision, cameBack);
    countTowardsThreshold(decision, actor, arrival);
  }
  decision.record(actor, { type: 'arrivalSeen', id: arrival.id });
}

/** One alert, or all of the group; with the last of them the incident, unless the source left some out. */
function alertResolved(decision: Decision, actor: Actor, { event, count }: Arrival): void {
  const { integration = decision.state.integration, mergedFrom } = event;
  const whole = ofGroup(decision.state, event) && event.groupResolved === true;
  const isOwn = mergedFrom === undefined;
  // All at once and before the one that is named: none outlives another, whose severity the incident would have then.
  if (whole)
    decision.record(actor, { type: 'groupResolved', ...(isOwn ? {} : { group: { integration, key: mergedFrom } }) });
  decision.record(actor, { type: 'alertResolved', event, count });
  if (whole) {
    if (isOwn && !othersFire(decision.state)) {
      nothingFires(decision, actor, 'groupResolved');
      return;
    }
  }
  const { alerts, alertsTruncated } = decision.state;
  if (alertsTruncated || alerts.some(({ status }) => status === 'triggered')) return;
  nothingFires(decision, actor, 'alertsResolved');
}

/** Inside its reopen window it is resolved already: only its alerts are kept as they are. Flapping, it stays open. */
function nothingFires(decision: Decision, actor: Actor, reason: Reason): void {
  if (decision.state.status === 'resolved' || wentOff(decision)) return;
  resolve(decision, actor, { reason, resolution: null });
}

/** Alerts that came with merged incidents: this source's word is not for them. */
const othersFire = ({ alerts }: IncidentState): boolean =>
  alerts.some((alert) => alert.status === 'triggered' && !isOfGroup(alert, undefined));

/** From then on it takes the source's word for the whole group, or a person, to resolve it. */
export function truncate(decision: Decision, actor: Actor, reason: Reason): void {
  if (!decision.state.alertsTruncated) decision.record(actor, { type: 'alertsTruncated', reason });
}

/** Any alert that comes over from a merged incident is of this one. */
const ofGroup = (state: IncidentState, { groupKey, mergedFrom }: SourceEvent): boolean =>
  groupKey === state.dedupKey || mergedFrom !== undefined;

/** Whenever it happened: that one overtakes another holds while the incident is open (lifecycle §2.7, §2.11). */
const reopensBy = ({ state, now }: Decision, alert: Alert | undefined, event: SourceEvent): boolean =>
  event.action === 'trigger' && isReopenable(state, now) && (alert !== undefined || ofGroup(state, event));

/** Why an event changes nothing but the count; null where it does not. */
function ignoredBecause({ state, now }: Decision, alert: Alert | undefined, event: SourceEvent): Reason | null {
  // Reopened, it must know which of its alerts still fire.
  const isKept = event.action === 'resolve' && alert !== undefined && isReopenable(state, now);
  if (state.status === 'resolved' && !isKept) return 'noOpenIncident';
  if (alert !== undefined) return overtaken(alert, event) ? 'overtaken' : null;
  if (!ofGroup(state, event)) return 'noOpenIncident';
  return event.action === 'trigger' || event.groupResolved ? null : 'unknownAlert';
}

/** Events carry a time where the source gives one; equal times count in order of arrival (lifecycle §2.11). */
function overtaken(alert: Alert, { action, at, lasting }: SourceEvent): boolean {
  if (at === undefined || lasting === true) return false;
  if (action === 'trigger') return alert.lastResolveBySource !== null && at < alert.lastResolveBySource;
  return action === 'resolve' && alert.lastTriggerBySource !== null && at < alert.lastTriggerBySource;
}
