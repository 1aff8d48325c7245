/** `adopt-policy`: an open incident goes on by today's version of its service's settings and its policy (lifecycle §4.5). */
import type { EscalationPolicy, Service } from './configuration.ts';
import type { PersonsCommand } from './commands.ts';
import type { Decision } from './decision.ts';
import type { Instant } from './duration.ts';
import { ask, endLevel } from './escalating.ts';
import type { IncidentState } from './incident.ts';
import { SOURCE } from './acknowledging.ts';
import { reassign } from './reassigning.ts';
import { changeUrgency } from './urging.ts';
import { urgencyByRule } from './urgency.ts';

/**
 * What runs goes on by the new settings, counted from when it began: the ack timeout from the last human ack, the level from
 * its entry. Another policy than before begins with level 1, as one that it is reassigned to.
 */
export function adoptPolicy(
  decision: Decision,
  command: Extract<PersonsCommand, { readonly type: 'adopt-policy' }>,
): void {
  const { actor, service, policy, configuration, hours, note } = command;
  const { state: before, now } = decision;
  decision.record(actor, {
    type: 'policyAdopted',
    service,
    policy,
    configuration,
    hours,
    ackTimeoutAt: ackTimeoutUnder(before, service, now),
    levelEndsAt: levelEndUnder(before, policy, now),
    ...(note === undefined ? {} : { note }),
  });
  const another = policy.id !== before.policy.id;
  if (!another) followPolicy(decision);
  const urgency = urgencyByRule(decision.state);
  if (decision.state.urgencyBy === 'rule' && urgency !== decision.state.urgency) {
    changeUrgency(decision, actor, urgency, 'policyAdopted');
  }
  // A suspended one begins with the policy that it has when it is released.
  if (another && before.status !== 'suspended') reassign(decision, actor, { policy, configuration, level: 1 });
}

/** Null while no ack of a person is to time out. One that is over now times out now. */
function ackTimeoutUnder(state: IncidentState, { ackTimeout }: Service, now: Instant): Instant | null {
  const acks = state.acknowledgements.filter(({ user }) => user !== SOURCE).map(({ at }) => at);
  if (ackTimeout.after === null || acks.length === 0 || state.snoozedUntil !== null) return null;
  return Math.max(now, Math.max(...acks) + ackTimeout.after);
}

/** Null while no level's timer runs. One that is over now ends now. */
function levelEndUnder(
  { escalation, assignments }: IncidentState,
  policy: EscalationPolicy,
  now: Instant,
): Instant | null {
  if (escalation.levelEndsAt === null) return null;
  const enteredAt = assignments.find(({ seq }) => seq === escalation.assignment)?.at ?? now;
  return Math.max(now, enteredAt + (policy.levels[escalation.level - 1]?.escalateAfter ?? 0));
}

/** A level that is gone ends now; who is being looked up, and where nobody was on call, is looked up by the new version. */
function followPolicy(decision: Decision): void {
  const { status, policy, escalation } = decision.state;
  const { asking, level, levelEndsAt, nobodyOnCall, pass } = escalation;
  if (asking !== null) {
    const byPolicy = asking.question.kind === 'level' || asking.question.kind === 'lastResort';
    if (byPolicy) ask(decision, asking.question, asking.pass, asking.reason);
  } else if (levelEndsAt !== null && level > policy.levels.length) {
    endLevel(decision, 'levelGone');
  } else if (nobodyOnCall && status === 'triggered') {
    ask(decision, { kind: 'level', level: 1, also: [] }, pass, 'policyAdopted');
  }
}
