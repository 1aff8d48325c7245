/** A change of urgency while the incident is open, and whom it tells (lifecycle §2.5, §4.6). */
import { cancelPending } from './cancelling.ts';
import type { Urgency } from './configuration.ts';
import type { Decision } from './decision.ts';
import { TIMER } from './decision.ts';
import { ask, startAgain } from './escalating.ts';
import type { Actor } from './incident.ts';
import { levelRuns } from './passes.ts';
import type { Reason } from './reasons.ts';
import { isResponders } from './responders.ts';
import { urgencyByRule } from './urgency.ts';

/** After an event of the source: the urgency goes with the severity of the alerts that fire, unless routing or a person set it. */
export function followAlerts(decision: Decision, actor: Actor): void {
  const { status, urgencyBy } = decision.state;
  if (status === 'resolved' || urgencyBy === 'person') return;
  const urgency = urgencyByRule(decision.state);
  if (urgency !== decision.state.urgency) changeUrgency(decision, actor, urgency, 'severityChanged');
}

/** The support hours have begun, or ended, and raise what is open (lifecycle §8). */
export function hoursTurned(decision: Decision): void {
  const rule = decision.state.service.urgency;
  const atEnd = typeof rule === 'object' && rule.supportHours.raise === 'end';
  changeUrgency(decision, TIMER, 'high', atEnd ? 'hoursEnded' : 'hoursBegan');
}

/**
 * While acknowledged it is only logged and shown; while it is being asked who is told next, the answer goes by it. Else
 * rules count from now on: raised, the present level starts; lowered, its timer ends.
 */
export function changeUrgency(decision: Decision, actor: Actor, urgency: Urgency, reason: Reason, note?: string): void {
  decision.record(actor, { type: 'urgencyChanged', urgency, reason, ...(note === undefined ? {} : { note }) });
  const { status, escalation } = decision.state;
  const { asking } = escalation;
  if (status !== 'triggered' || (asking !== null && !CHANGES.has(asking.reason))) return;
  if (urgency === 'high') startAgain(decision, 'urgencyRaised', []);
  else if (asking !== null) ask(decision, asking.question, asking.pass, 'urgencyLowered');
  else lower(decision);
}

/** By a person: it stays, whatever its alerts say (lifecycle §2.5). */
export function setUrgency(decision: Decision, actor: Actor, urgency: Urgency, note?: string): void {
  if (urgency !== decision.state.urgency) changeUrgency(decision, actor, urgency, 'person', note);
  else decision.record(actor, { type: 'urgencyKept', ...(note === undefined ? {} : { note }) });
}

/** What is asked because of one change is asked anew because of the next. */
const CHANGES: ReadonlySet<Reason> = new Set<Reason>(['urgencyRaised', 'urgencyLowered']);

/** Those who were told last stay, and their rules for low urgency begin. */
function lower(decision: Decision): void {
  const { state } = decision;
  cancelPending(
    decision,
    'urgencyLowered',
    (notification) => !notification.owed && !notification.persistent && !isResponders(state, notification),
  );
  const told = state.assignments.find(({ seq }) => seq === state.escalation.assignment);
  // A level that was left for the end of the policy is told no more.
  if (told === undefined || (told.kind === 'level' && !levelRuns(state))) return;
  ask(decision, { kind: 'users', users: state.assignees }, state.escalation.pass, 'urgencyLowered');
}
