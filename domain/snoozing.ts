/** Snoozing: acknowledged until an instant, and then triggered again (lifecycle §3, §6, §7). */
import { cancelOwn, cancelPending } from './cancelling.ts';
import type { PersonsCommand } from './commands.ts';
import type { Decision } from './decision.ts';
import { TIMER } from './decision.ts';
import { startAgain } from './escalating.ts';

/**
 * Until its end nobody is told, and no ack times out. A triggered incident is acknowledged by the snoozer; an acknowledged
 * one keeps those who hold it. Snoozed anew, the last end wins, sooner or later.
 */
export function snooze(
  decision: Decision,
  { actor, duration, note }: Extract<PersonsCommand, { readonly type: 'snooze' }>,
): void {
  const user = actor.id ?? '';
  if (decision.state.status === 'triggered') decision.record(actor, { type: 'acknowledged', user, timeoutAt: null });
  decision.record(actor, { type: 'snoozed', until: decision.now + duration, ...(note === undefined ? {} : { note }) });
  cancelOwn(decision, user);
  cancelPending(decision, 'snoozed', ({ owed }) => !owed);
}

/** All acks lapse, and whoever is on call now is told: nobody for having held it. */
export function snoozeEnded(decision: Decision): void {
  const lateBy = decision.now - (decision.state.snoozedUntil ?? decision.now);
  decision.record(TIMER, { type: 'snoozeEnded', lateBy });
  startAgain(decision, 'snoozeEnded', []);
}
