/** Responders: looked up beside the escalation, and told as their own rules say (lifecycle §7, row "responders added"). */
import { assign } from './assigning.ts';
import { cancelPending } from './cancelling.ts';
import type { PersonsCommand } from './commands.ts';
import type { Decision } from './decision.ts';
import { SYSTEM } from './decision.ts';
import { catchUp } from './escalating.ts';
import type { IncidentState } from './incident.ts';
import type { Answer } from './question.ts';
import { RESPONDERS_MOST } from './responders.ts';

type Invitation = Extract<PersonsCommand, { readonly type: 'responders' }>;

export const tooMany = ({ responders }: IncidentState, { users }: Invitation): boolean =>
  new Set([...responders, ...users]).size > RESPONDERS_MOST;

/** Asks for help. Who helps already is told anew, but not twice at once. */
export function invite(decision: Decision, { actor, users, names = {}, note }: Invitation): void {
  const invited = decision.state.invited.filter(({ reason }) => reason === undefined);
  const onTheWay = new Set(invited.flatMap((invitation) => invitation.users));
  const asked = users.filter((user) => !onTheWay.has(user));
  decision.record(actor, { type: 'respondersAdded', users, names, asked, ...(note === undefined ? {} : { note }) });
}

/** Whether that question was one about responders. */
export const isInvited = ({ invited }: IncidentState, seq: number): boolean => invited.some((each) => each.seq === seq);

/** They are known now: their rules start. While nobody is to act by themselves, only what is owed at minute zero is sent. */
export function takeResponders(decision: Decision, seq: number, { others, remarks }: Answer): void {
  const reason = decision.state.invited.find((each) => each.seq === seq)?.reason ?? 'responders';
  decision.record(SYSTEM, { type: 'respondersFound', seq, nobody: others.length === 0, remarks });
  if (others.length === 0) return;
  const { pass } = decision.state.escalation;
  const { assignment } = decision.state.counters;
  assign(decision, { kind: 'responders', level: null, pass, reason }, others, remarks);
  catchUp(decision, assignment);
  // Of what is over, they are told at minute zero alone.
  if (reason === 'reassigned') cancelPending(decision, reason, (each) => !each.owed && each.assignment > assignment);
}
