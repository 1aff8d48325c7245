/** Reassigning: to users, with no more escalation, or to a level of a policy, where it starts (lifecycle §7). */
import { cancelOwn, cancelPending } from './cancelling.ts';
import type { Reassigned } from './commands.ts';
import type { Decision } from './decision.ts';
import { ask } from './escalating.ts';
import type { Actor } from './incident.ts';
import { isResponders } from './responders.ts';

/**
 * The old users' rules end, but for what they are owed. An ack that comes before it is known who is told next does not undo
 * what users are owed; a level is then not entered.
 */
export function reassign(decision: Decision, actor: Actor, to: Reassigned, note?: string): void {
  const noted = note === undefined ? {} : { note };
  if ('users' in to) {
    const { users, names = {} } = to;
    decision.record(actor, { type: 'reassigned', users, names, ...noted });
    takeAway(decision, actor);
    ask(decision, { kind: 'users', users }, decision.state.escalation.pass, 'reassigned');
  } else {
    const { policy, configuration, level } = to;
    decision.record(actor, { type: 'reassigned', policy, configuration, level, ...noted });
    takeAway(decision, actor);
    ask(decision, { kind: 'level', level, also: [] }, 1, 'reassignedToLevel');
  }
}

/** From those to whom it was assigned; responders go on. */
function takeAway(decision: Decision, actor: Actor): void {
  if (decision.state.status === 'acknowledged') decision.record(actor, { type: 'retriggered', reason: 'reassigned' });
  cancelOwn(decision, actor.id ?? '');
  const { state } = decision;
  cancelPending(decision, 'reassigned', (each) => !each.owed && !isResponders(state, each));
}
