/**
 * A source that goes on and off (lifecycle §8): n transitions within w mark its incident. From then on it is one incident
 * that stays open until it is quiet, and its transitions are told in digests alone (docs/adr/0014).
 */
import { queue } from './assigning.ts';
import type { Decision } from './decision.ts';
import { SYSTEM, TIMER } from './decision.ts';
import type { IncidentState, Notification } from './incident.ts';
import { resolve } from './resolving.ts';
import { letGo } from './suspending.ts';

/** The source says that something of it fires. */
export const fires = ({ alerts }: IncidentState): boolean => alerts.some(({ status }) => status === 'triggered');

/** A trigger came. `cameBack`: nothing fired before it, and it reopened the incident. */
export function wentOn(decision: Decision, cameBack: boolean): void {
  const { flapping } = decision.state;
  if (flapping === null ? cameBack : !flapping.fires) transition(decision, true);
}

/** Nothing fires any more. True where it stays open all the same. */
export function wentOff(decision: Decision): boolean {
  if (decision.state.flapping?.fires !== false) transition(decision, false);
  return decision.state.flapping !== null;
}

function transition(decision: Decision, on: boolean): void {
  const { now, state } = decision;
  const { flapping: settings } = state.service;
  if (settings === null) {
    // Its service no longer asks for it, since its settings of today were adopted.
    if (state.flapping !== null) decision.record(SYSTEM, { type: 'flappingEnded' });
    return;
  }
  const quietAt = now + settings.quiet;
  if (state.flapping !== null) {
    decision.record(SYSTEM, { type: 'flapped', fires: on, quietAt });
    return;
  }
  const transitions = [...state.transitions.filter((at) => at > now - settings.within), now];
  decision.record(SYSTEM, { type: 'transitioned', transitions });
  if (transitions.length < settings.transitions) return;
  // One page there is to be: where none of its alerts fires for as long as it is held, there would be none ever.
  letGo(decision, SYSTEM, 'flapping');
  decision.record(SYSTEM, {
    type: 'flappingBegan',
    flapping: { since: now, transitions: 0, untold: 0, quietAt, digestAt: now + settings.digestEvery, fires: on },
  });
}

/** No transition came for its quiet period. */
export function quiet(decision: Decision): void {
  if (decision.state.flapping?.fires === true) decision.record(TIMER, { type: 'flappingEnded' });
  else resolve(decision, { ...TIMER, via: 'the end of its flapping' }, { reason: 'flappingQuiet', resolution: null });
}

/** What came since the last digest, if anything did: to subscribers, and while nobody holds it to those who are to act. */
export function digest(decision: Decision): void {
  const { now, state } = decision;
  const { flapping, service, escalation, assignees } = state;
  if (flapping === null) return;
  if (service.flapping === null) return quiet(decision);
  const { untold } = flapping;
  decision.record(TIMER, { type: 'flappingDigest', transitions: untold, digestAt: now + service.flapping.digestEvery });
  const assignment = state.assignments.find(({ seq }) => seq === escalation.assignment);
  if (untold === 0 || state.status !== 'triggered' || assignment === undefined) return;
  for (const user of assignees) {
    const by = contactOf(state, user);
    if (by !== undefined) queue(decision, assignment, { user, ...by, cause: 'flapping' }, now, false);
  }
}

/** Of a user's rules the first that told them, which is the gentlest; undefined where none has. */
function contactOf(
  { ledger, told }: IncidentState,
  user: string,
): Pick<Notification, 'contact' | 'channel' | 'rule'> | undefined {
  const [first] = ledger
    .filter((each) => each.user === user && each.sentAt !== null)
    .toSorted((a, b) => a.rule - b.rule);
  if (first !== undefined) return { contact: first.contact, channel: first.channel, rule: first.rule };
  // What told them is in the store by now.
  const before = told.find((each) => each.user === user);
  return before && { contact: before.contact, channel: before.channel, rule: 0 };
}
