/** What is tried where a contact method fails for good (lifecycle §5.5): one rule for what is done and for what is foretold. */
import type { IncidentState, Notification } from './incident.ts';
import { levelRuns } from './passes.ts';

export type OtherWay =
  /** The user's next unfired rule, which waits. */
  | { readonly kind: 'sooner'; readonly notification: Notification }
  /** One that ended with another's ack: the guarantee does not, and takes each rule once. */
  | { readonly kind: 'anew'; readonly notification: Notification }
  /** Something else may still reach them, or did. */
  | { readonly kind: 'underWay' }
  | { readonly kind: 'none' };

/** In place of `failed`, for its user and under its assignment. */
export function otherWay({ ledger }: Pick<IncidentState, 'ledger'>, failed: Notification): OtherWay {
  const ofUser = ledger.filter(({ user, assignment }) => user === failed.user && assignment === failed.assignment);
  const unfired = ofUser
    .filter(({ startedAt }) => startedAt === null)
    .toSorted((a, b) => a.dueAt - b.dueAt || a.rule - b.rule);
  const waiting = unfired.find(({ phase }) => phase === 'waiting');
  if (waiting !== undefined) return { kind: 'sooner', notification: waiting };
  const untaken = unfired.filter(({ id, rule }) => !ofUser.some((other) => other.rule === rule && other.id !== id));
  const ended = untaken.find(({ status, reason }) => status === 'cancelled' && reason !== 'ownAction');
  if (failed.owed && ended !== undefined) return { kind: 'anew', notification: ended };
  const mayReach = ofUser.some(
    ({ id, status, phase, givenUp }) =>
      id !== failed.id && (status === 'sent' || status === 'delivered' || (phase !== 'done' && !givenUp)),
  );
  return { kind: mayReach ? 'underWay' : 'none' };
}

/** Whether a level runs of which nobody can be reached any more, once `user` cannot be either. */
export function leavesNobody(state: IncidentState, { user, assignment }: Notification): boolean {
  const { escalation, assignments } = state;
  const everybody = assignments.find(({ seq }) => seq === assignment)?.users ?? [];
  const unreachable = [...escalation.unreachable, user];
  const isPresent = assignment === escalation.assignment;
  return isPresent && levelRuns(state) && everybody.every((each) => unreachable.includes(each));
}
