/**
 * What a provider says later of a message that it took: a receipt is the last word on a notification, and idempotent by its
 * id. A message that the carrier could not deliver counts as refused for good (lifecycle §5.5); one that rang in vain does not.
 */
import type { ProviderWord, Receipt } from './commands.ts';
import type { Decision } from './decision.ts';
import { SYSTEM } from './decision.ts';
import { arrived, tryAnotherWay } from './delivering.ts';
import { isSent } from './incident.ts';
import type { Attempt, IncidentState, Notification, NotificationStatus } from './incident.ts';
import { cut, oneLine } from './text.ts';
import { turnAway } from './turningAway.ts';

/** Calls of one notification that rang in vain and have a line each; a provider that says so for ever is not listened to. */
const UNANSWERED_KEPT = 20;
/** Characters of what a provider says beside. */
const DETAIL_LIMIT = 200;

export function takeWord(decision: Decision, word: ProviderWord): void {
  if (word.kind === 'receipt') takeReceipt(decision, word.receipt);
  else turnAway(decision, word.turnedAway);
}

/** A word on what was never begun, or says nothing new, changes nothing. */
function takeReceipt(decision: Decision, receipt: Receipt): void {
  const before = decision.state.ledger.find(({ id }) => id === receipt.notification);
  if (before === undefined || before.startedAt === null) return;
  if (before.attempts.some((each) => each.receipt === receipt.id)) return;
  const status = statusAfter(before, receipt);
  if (status === null) return;
  const attempt = attemptOf(receipt, decision.now);
  decision.record(SYSTEM, { type: 'receiptTaken', notification: before.id, attempt, status });
  if (isSent({ status }) && !isSent(before)) arrived(decision, before);
  if (status === 'failed' && before.reason === null) undelivered(decision, before);
}

/** What the notification is from here on; null where the word changes nothing. */
function statusAfter(before: Notification, { outcome, providerId }: Receipt): NotificationStatus | null {
  const { status, phase, attempts } = before;
  // On its way, to be attempted again, or cancelled when nobody knew whether it was sent.
  const isOpen = phase !== 'done' || status === 'unknown';
  switch (outcome) {
    case 'delivered':
      return status === 'delivered' ? null : 'delivered';
    case 'sent':
      return isOpen ? 'sent' : null;
    case 'unanswered': {
      const inVain = attempts.filter((each) => each.outcome === 'unanswered').length;
      return isOpen || (status === 'sent' && inVain < UNANSWERED_KEPT) ? 'sent' : null;
    }
    case 'failed':
      return isOpen || (status === 'sent' && isOfThat(before, providerId)) ? 'failed' : null;
    default:
      return outcome satisfies never;
  }
}

/** Of two messages that were sent under one key, because nobody knew of the first, what becomes of the second counts. */
function isOfThat({ attempts }: Notification, providerId: string | undefined): boolean {
  const sent = attempts.findLast((each) => each.outcome === 'sent')?.providerId;
  return sent === undefined || providerId === undefined || sent === providerId;
}

/** The line that a receipt is in the ledger. Its time is another machine's, and never in the future here. */
const attemptOf = (
  { id, outcome, at, providerId, code, detail }: Receipt,
  now: number,
): Attempt & Pick<Receipt, 'outcome'> => ({
  at: Math.min(at, now),
  outcome,
  ...(code === undefined ? {} : { code }),
  ...(providerId === undefined ? {} : { providerId }),
  ...(detail === undefined ? {} : { detail: cut(oneLine(detail), DETAIL_LIMIT) }),
  // The others change what it is, so that the same one changes nothing.
  ...(outcome === 'unanswered' ? { receipt: id } : {}),
});

/**
 * As where it had been refused at once, by the present state: whoever acted meanwhile knows of it, and after a resolve only
 * the guarantee of minute zero still holds.
 */
function undelivered(decision: Decision, failed: Notification): void {
  const { state, now } = decision;
  const owed = failed.owed || isOwedAgain(state, failed, now);
  if (hasActed(state, failed) || (state.status === 'resolved' && !owed)) return;
  tryAnotherWay(decision, { ...failed, owed });
}

/** It was owed at minute zero, and turns out to be unpaid. */
function isOwedAgain(state: IncidentState, failed: Notification, now: number): boolean {
  const { assignees, responders, episode, service } = state;
  const isAsked = assignees.includes(failed.user) || responders.includes(failed.user);
  const binds = failed.minuteZero && !failed.late && now < failed.dueAt + service.minuteZeroMaxAge;
  return binds && isAsked && failed.episode === episode;
}

/** Holds it, resolved it, or did something else in that episode that ended what was on its way to them. */
function hasActed(
  { acknowledgements, resolvedBy, status, ledger }: IncidentState,
  { user, episode }: Notification,
): boolean {
  const holds = acknowledgements.some((each) => each.user === user);
  const ended = status === 'resolved' && resolvedBy?.kind === 'user' && resolvedBy.id === user;
  const isOwn = (each: Notification): boolean =>
    each.reason === 'ownAction' && each.user === user && each.episode === episode;
  return holds || ended || ledger.some(isOwn);
}
