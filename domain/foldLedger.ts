/** What decided changes of the ledger do to the state (lifecycle §5); `evolve` hands them on to here. Decides nothing. */
import type { ChangeOf } from './changes.ts';
import { isSent } from './incident.ts';
import type { IncidentState, Notification, Told } from './incident.ts';
import { isResponders } from './responders.ts';

type LedgerChange = ChangeOf<
  | 'notificationQueued'
  | 'attemptBegun'
  | 'attemptEnded'
  | 'notificationCancelled'
  | 'notificationExpired'
  | 'notificationLate'
  | 'notificationPersists'
  | 'contactGivenUp'
  | 'ruleAdvanced'
  | 'receiptTaken'
  | 'conversationBegun'
>;

export function foldLedger(state: IncidentState, change: LedgerChange): IncidentState {
  switch (change.type) {
    case 'notificationQueued':
      return {
        ...state,
        ledger: [...state.ledger, change.notification],
        counters: { ...state.counters, notification: state.counters.notification + 1 },
      };
    case 'attemptBegun':
      return editNotification(state, change.notification, ({ startedAt }) => ({
        phase: 'inFlight',
        nextAt: change.at,
        startedAt: startedAt ?? change.at,
      }));
    case 'attemptEnded':
      return attemptEnded(state, change);
    case 'notificationCancelled':
      return editNotification(state, change.notification, (notification) =>
        notification.phase === 'inFlight'
          ? { reason: change.reason }
          : { phase: 'done', owed: false, status: endedStatus(notification), reason: change.reason },
      );
    case 'notificationExpired':
      return editNotification(state, change.notification, () => ({
        phase: 'done',
        owed: false,
        status: 'expired',
        reason: change.reason,
      }));
    case 'notificationLate':
      return editNotification(state, change.notification, () => ({ owed: false, late: true }));
    case 'notificationPersists':
      return editNotification(state, change.notification, () => ({ persistent: change.persists }));
    case 'contactGivenUp':
      return editNotification(state, change.notification, () => ({ giveUpAt: null, givenUp: true }));
    case 'ruleAdvanced':
      return editNotification(state, change.notification, ({ minuteZero }) => ({
        dueAt: change.at,
        nextAt: change.at,
        owed: change.owed,
        minuteZero: minuteZero || change.owed,
        cause: 'fallback',
      }));
    case 'receiptTaken':
      return receiptTaken(state, change);
    case 'conversationBegun':
      return { ...state, conversations: { ...state.conversations, [change.line]: change.conversation } };
    default:
      return change satisfies never;
  }
}

/** What a cancelled notification ends as: one that may have been sent stays `unknown`. */
const endedStatus = (notification: Notification): 'unknown' | 'cancelled' =>
  notification.status === 'unknown' ? 'unknown' : 'cancelled';

function editNotification(
  state: IncidentState,
  id: string,
  edit: (notification: Notification) => Partial<Notification>,
): IncidentState {
  // Thousands may be due at one instant: each is looked for, and none of the others made anew.
  const index = state.ledger.findIndex((notification) => notification.id === id);
  const notification = state.ledger[index];
  if (notification === undefined) return state;
  return { ...state, ledger: state.ledger.with(index, { ...notification, ...edit(notification) }) };
}

function attemptEnded(state: IncidentState, change: ChangeOf<'attemptEnded'>): IncidentState {
  const sent = change.attempt.outcome === 'sent';
  const next = editNotification(state, change.notification, ({ attempts, dueAt, nextAt, unknownSince = nextAt }) => ({
    status: change.status,
    attempts: [...attempts, change.attempt],
    giveUpAt: change.giveUpAt,
    ...(change.attempt.outcome === 'unknown' ? { unknownSince } : {}),
    ...(change.againAt === null
      ? { phase: 'done', nextAt: dueAt, owed: false, sentAt: sent ? change.attempt.at : null }
      : { phase: 'waiting', nextAt: change.againAt }),
  }));
  const notification = state.ledger.find(({ id }) => id === change.notification);
  return sent && notification !== undefined ? reached(next, notification) : next;
}

/** A provider's word is the end of it: whatever it says, nothing more is attempted. */
function receiptTaken(
  state: IncidentState,
  { notification: id, attempt, status }: ChangeOf<'receiptTaken'>,
): IncidentState {
  const before = state.ledger.find((each) => each.id === id);
  if (before === undefined) return state;
  const now = isSent({ status });
  const next = editNotification(state, id, ({ attempts, dueAt, sentAt }) => ({
    status,
    phase: 'done',
    nextAt: dueAt,
    owed: false,
    giveUpAt: null,
    sentAt: now ? (sentAt ?? attempt.at) : null,
    attempts: [...attempts, attempt],
  }));
  if (now === isSent(before)) return next;
  return now ? reached(next, before) : notReached(next, before);
}

/** Its user was told by it, and somebody in its pass. */
function reached(state: IncidentState, notification: Notification): IncidentState {
  const { pass } = state.escalation;
  const told = { ...state, told: withTold(state.told, notification) };
  return notification.pass === pass && !isResponders(state, notification)
    ? { ...told, escalation: { ...told.escalation, reached: true } }
    : told;
}

/** What was sent did not arrive: its user was not told by it, and nobody in its pass unless another page was sent in that. */
function notReached(state: IncidentState, failed: Notification): IncidentState {
  const sent = state.ledger.filter(isSent);
  const isSame = ({ user, contact }: Told | Notification): boolean =>
    user === failed.user && contact === failed.contact;
  const others = state.told.filter((told) => !isSame(told));
  const told = sent.filter(isSame).reduce(withTold, others);
  const { pass, reached: before } = state.escalation;
  const stands =
    failed.pass !== pass ||
    isResponders(state, failed) ||
    sent.some((other) => other.pass === pass && !isResponders(state, other));
  return { ...state, told, escalation: { ...state.escalation, reached: before && stands } };
}

/** Each contact method once. */
function withTold(all: readonly Told[], { user, contact, channel, episode }: Notification): readonly Told[] {
  const before = all.find((told) => told.user === user && told.contact === contact);
  const told = { user, contact, channel, episode: Math.max(episode, before?.episode ?? 0) };
  return [...all.filter((each) => each !== before), told];
}
