/** Acknowledging, taking it back, and its timeout (lifecycle §3, §6, §7). */
import { cancelOwn, cancelPending } from './cancelling.ts';
import type { Decision } from './decision.ts';
import { TIMER } from './decision.ts';
import { startAgain } from './escalating.ts';
import type { Actor, IncidentState } from './incident.ts';

/** The acker that stands for the monitoring source's own `acknowledge`. */
export const SOURCE = 'source';

/** The users who hold it, without the source. */
export const humanAckers = (state: IncidentState): readonly string[] =>
  state.acknowledgements.map(({ user }) => user).filter((user) => user !== SOURCE);

/** A user is on it. Every ack of a person, a repeated one too, arms the timeout anew. */
export function acknowledge(decision: Decision, actor: Actor, user: string, note?: string): void {
  const { after } = decision.state.service.ackTimeout;
  decision.record(actor, {
    type: 'acknowledged',
    user,
    timeoutAt: after === null ? null : decision.now + after,
    ...(note === undefined ? {} : { note }),
  });
  cancelOwn(decision, user);
  cancelDelayed(decision);
}

/** As an ack; when the first of them started is kept (lifecycle §7). */
export function startWork(decision: Decision, actor: Actor, user: string, note?: string): void {
  acknowledge(decision, actor, user, note);
  if (decision.state.workStartedAt === null) decision.record(actor, { type: 'workStarted' });
}

/** The source says that somebody is on it: it arms no timeout and re-arms none. */
export function acknowledgeBySource(decision: Decision, actor: Actor): void {
  if (decision.state.acknowledgements.some(({ user }) => user === SOURCE)) return;
  decision.record(actor, { type: 'acknowledged', user: SOURCE, timeoutAt: decision.state.ackTimeoutAt });
  cancelDelayed(decision);
}

/** At a `multiAck` level everybody is told until they ack themselves; elsewhere the first ack is enough. */
function cancelDelayed(decision: Decision): void {
  const multiAck = new Set(decision.state.assignments.filter(({ multiAck }) => multiAck).map(({ seq }) => seq));
  cancelPending(decision, 'acknowledged', ({ owed, assignment }) => !owed && !multiAck.has(assignment));
}

/** A user takes their ack back. With the last person's goes the source's, and the incident is triggered again. */
export function unacknowledge(decision: Decision, actor: Actor, user: string, note?: string): void {
  decision.record(actor, { type: 'unacknowledged', user, ...(note === undefined ? {} : { note }) });
  if (humanAckers(decision.state).length > 0) return;
  decision.record(actor, { type: 'retriggered', reason: 'unacknowledged' });
  startAgain(decision, 'unacknowledged', []);
}

/** All acks lapse; the former ackers and whoever is on call now are told, once each. */
export function ackTimedOut(decision: Decision): void {
  const ackers = humanAckers(decision.state);
  const lateBy = decision.now - (decision.state.ackTimeoutAt ?? decision.now);
  decision.record(TIMER, { type: 'ackTimedOut', lateBy });
  startAgain(decision, 'ackTimeout', ackers);
}
