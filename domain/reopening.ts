/**
 * Resolved, and not yet closed: inside its service's `reopenWindow` a trigger of the source or a person brings an incident
 * back as its next episode (lifecycle §2.7, §3).
 */
import type { Decision } from './decision.ts';
import { TIMER } from './decision.ts';
import type { Instant } from './duration.ts';
import { ask } from './escalating.ts';
import type { SourceEvent } from './event.ts';
import { forwards } from './forwarding.ts';
import type { Actor, IncidentState } from './incident.ts';
import { askWhetherHeld } from './suspending.ts';
import { isByHand, suspensionFrom } from './suspension.ts';

export const isReopenable = ({ status, reopenableUntil }: IncidentState, now: Instant): boolean =>
  status === 'resolved' && reopenableUntil !== null && now < reopenableUntil;

/** Is an arrival this incident's? If not, a trigger opens the next one of its key (lifecycle §2.7). */
export const takesEvents = (state: IncidentState, now: Instant): boolean =>
  state.status !== 'resolved' || isReopenable(state, now) || forwards(state);

/** A person's word passes hold, threshold and maintenance. */
export function reopenByPerson(decision: Decision, actor: Actor, note?: string): void {
  decision.record(actor, {
    type: 'reopened',
    reason: 'person',
    suspension: null,
    ...(note === undefined ? {} : { note }),
  });
  ask(decision, { kind: 'level', level: 1, also: [] }, 1, 'reopened');
}

/** A trigger of the source meets hold, threshold and maintenance as a new one does; one that a person sent by hand does not. */
export function reopenBySource(decision: Decision, actor: Actor, event: SourceEvent): void {
  const { service, route, integration } = decision.state;
  const suspension = isByHand(integration, event) ? null : suspensionFrom(service, route, decision.now, null);
  decision.record(actor, { type: 'reopened', reason: 'source', suspension });
}

/** Once the trigger that reopened it is counted: whether a window holds it, or who is told. */
export function goOnReopened(decision: Decision): void {
  if (decision.state.status === 'suspended') askWhetherHeld(decision);
  else ask(decision, { kind: 'level', level: 1, also: [] }, 1, 'reopened');
}

/** The end of the window: the next trigger opens another incident. */
export function close(decision: Decision): void {
  decision.record(TIMER, { type: 'closed' });
}
