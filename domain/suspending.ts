/**
 * Suspended: nobody is assigned and nobody is told, until a hold, a threshold and maintenance, each counted beside the
 * others from the trigger, let it go, or a person does (lifecycle §3, §8 Threshold).
 */
import type { Decision } from './decision.ts';
import { SYSTEM, TIMER } from './decision.ts';
import { ask } from './escalating.ts';
import type { Arrival } from './event.ts';
import type { Actor, Held, IncidentState, Suspension } from './incident.ts';
import type { Answer } from './question.ts';
import type { Reason } from './reasons.ts';
import { resolve } from './resolving.ts';
import { endsBelowThreshold, isFree } from './suspension.ts';
import { urgencyByRule } from './urgency.ts';
import { changeUrgency } from './urging.ts';

/** A person's command that acts on a suspended incident triggers it first; its own effect voids the question that this asks. */
export function releaseByPerson(decision: Decision, actor: Actor, note?: string): void {
  release(decision, actor, 'person', note);
}

/** As a person's: acks and resolves always pass (lifecycle §7). */
export function releaseBySource(decision: Decision, actor: Actor): void {
  release(decision, actor, 'source');
}

/** Suspended → triggered: level 1, pass 1 is asked. Nothing where it is not suspended. */
function release(decision: Decision, actor: Actor, reason: Reason, note?: string): void {
  const { status, episode } = decision.state;
  if (status !== 'suspended') return;
  decision.record(actor, { type: 'released', reason, ...(note === undefined ? {} : { note }) });
  ask(decision, { kind: 'level', level: 1, also: [] }, 1, episode > 1 ? 'reopened' : 'trigger');
}

/** What kept it is over for one `reason`: released where nothing else keeps it, and nobody is asked whether something does. */
function keep(decision: Decision, suspension: Suspension, actor: Actor, reason: Reason): void {
  if (isFree(suspension) && decision.state.escalation.asking === null) release(decision, actor, reason);
  else decision.record(SYSTEM, { type: 'suspended', suspension });
}

/** The end of `holdFor`. */
export function holdOver(decision: Decision): void {
  const { suspension } = decision.state;
  if (suspension !== null) keep(decision, { ...suspension, until: null }, TIMER, 'heldEnough');
}

/** No new event came for the threshold's whole window: nobody is told of it any more. */
export function belowThreshold(decision: Decision): void {
  const { suspension } = decision.state;
  if (suspension !== null && !endsBelowThreshold(decision.state))
    return keep(decision, { ...suspension, threshold: null }, SYSTEM, 'notHeld');
  resolve(
    decision,
    { ...TIMER, via: 'its threshold, which it did not reach,' },
    { reason: 'belowThreshold', resolution: null },
  );
}

/** Triggers of the source count towards the threshold while they are younger than its window. */
export function countTowardsThreshold(decision: Decision, actor: Actor, { event, count }: Arrival): void {
  const { suspension, service } = decision.state;
  if (event.action !== 'trigger' || !suspension?.threshold || service.threshold === null) return;
  const { moreThan, within } = service.threshold;
  const young = suspension.threshold.events.filter(({ at }) => at > decision.now - within);
  const events = [...young, { at: decision.now, count }];
  if (events.reduce((sum, each) => sum + each.count, 0) > moreThan) {
    keep(decision, { ...suspension, threshold: null }, actor, 'thresholdReached');
  } else {
    decision.record(SYSTEM, { type: 'thresholdCounted', events });
  }
}

/** Neither hold nor threshold keeps it any longer, whatever they waited for; maintenance does. */
export function letGo(decision: Decision, actor: Actor, reason: Reason): void {
  const { suspension } = decision.state;
  if (suspension !== null) keep(decision, { ...suspension, until: null, threshold: null }, actor, reason);
}

/** Asks whether a maintenance window holds it, now. */
export function askWhetherHeld(decision: Decision): void {
  const { id, service, urgency, createdAt, episode, suspension } = decision.state;
  const held = suspension?.held ?? null;
  const question = { kind: 'hold', service: service.id, urgency, createdAt, incident: id, held } as const;
  ask(decision, question, 1, episode > 1 ? 'reopened' : 'trigger');
}

/** The time to look at its window again has come, or its turn to go on after one that ended. */
export function heldOver(decision: Decision): void {
  const { suspension } = decision.state;
  if (suspension?.held?.turn === true) keep(decision, { ...suspension, held: null }, TIMER, 'maintenanceOver');
  else askWhetherHeld(decision);
}

/** A maintenance window is taken away: whether another one holds it is to be asked. One that waits for its turn is held by none. */
export function windowTaken(decision: Decision, window: string): void {
  const { suspension, escalation } = decision.state;
  if (suspension === null) return;
  const { held } = suspension;
  if (escalation.asking?.question.kind === 'hold' || (held?.by === window && !held.turn)) askWhetherHeld(decision);
}

/** Is that the question which is open, and one about a hold? */
export const asksWhetherHeld = ({ escalation }: IncidentState, seq: number): boolean =>
  escalation.asking?.seq === seq && escalation.asking.question.kind === 'hold';

/** Takes the answer of `askWhetherHeld`. */
export function takeHold(decision: Decision, { hold }: Answer): void {
  const before = decision.state.suspension;
  const held = hold?.held ?? null;
  // Once an episode: what its hours do later they do by themselves.
  const begins = before?.held === null && decision.state.hours !== null;
  const hours = (begins ? hold?.hours : null) ?? decision.state.hours;
  decision.record(SYSTEM, { type: 'holdAnswered', held, hours });
  if (begins) followHours(decision);
  const { suspension } = decision.state;
  if (suspension === null) return;
  if (isFree(suspension)) release(decision, SYSTEM, before?.held ? 'maintenanceOver' : 'notHeld');
  else if (isNews(held, before?.held ?? null)) decision.record(SYSTEM, { type: 'suspended', suspension });
}

/** That it is to look again a second later, while the turns of its service are given, tells nobody anything. */
function isNews(held: Held | null, before: Held | null): boolean {
  if (held?.by !== before?.by) return true;
  return held?.turn === true && (before?.turn !== true || held.until !== before.until);
}

/** Reopened at another hour than it was triggered at. */
function followHours(decision: Decision): void {
  const { state } = decision;
  const urgency = urgencyByRule(state);
  if (state.urgencyBy === 'rule' && urgency !== state.urgency) changeUrgency(decision, SYSTEM, urgency, 'reopened');
}
