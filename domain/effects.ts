/** What the world is to be asked for, read off the state: the shell starts what is new here, and asks back what must end. */
import { detailsOf } from './amending.ts';
import type { Channel } from './channels.ts';
import { addressOf, conversationWith } from './conversing.ts';
import { idempotencyKeyOf } from './identity.ts';
import type { Elsewhere, IncidentState, Notification } from './incident.ts';
import type { Message } from './letter.ts';
import { describeLevel, describeNotification, describeRecipient, nameOf } from './naming.ts';
import type { Question } from './question.ts';
import { REASONS } from './reasons.ts';
import type { Truth } from './truth.ts';
import { truthOf } from './truth.ts';
import type { Link, Severity } from './event.ts';
import type { NoticeRequest } from './notice.ts';
import { noticeRequestOf } from './noticing.ts';
import type { Origin } from './origin.ts';
import { originFor } from './origin.ts';
import { oldRecord, wantsNumber } from './recording.ts';
import type { ChangeView, IncidentView, LogEntryView, NotificationView } from './view.ts';
import { changeView, incidentView, isoOrNull, logEntryView, notificationView } from './view.ts';
import { messageOf, sendable } from './writing.ts';

/** The place in the policy, null where it is none; the reason; and whether it outlived `minuteZeroMaxAge`. */
export type WhyTold = Pick<Notification, 'level' | 'pass' | 'cause' | 'late'>;

/** In the place of a notification's id, where a message is a test and of no incident. */
export const TEST_NOTIFICATION = 'test';

/** One message to one contact method; the address, and every secret, is looked up where it is sent. */
export interface NotifyRequest {
  readonly notification: string;
  /** The same for every attempt of this notification, for ever. */
  readonly idempotencyKey: string;
  readonly user: string;
  readonly userName: string;
  readonly contact: string;
  readonly incident: {
    readonly id: string;
    readonly number: number | null;
    /** As it was at the assignment (lifecycle §5.2). */
    readonly summary: string;
    readonly severity: Severity | null;
    readonly dedupKey: string;
    readonly details: Readonly<Record<string, unknown>>;
    readonly links: readonly Link[];
    readonly service: {
      readonly id: string;
      readonly name: string;
      readonly description?: string;
      readonly runbook?: string;
    };
    /** ISO 8601. */
    readonly createdAt: string;
    /** Somebody tries out who is told: the message says so. */
    readonly drill?: boolean;
    /** Change events of its service shortly before it opened, the newest first; absent where there were none. */
    readonly changes?: readonly ChangeView[];
    /** Where several alerts fire: what the first of them say, and how many there are. */
    readonly firing?: { readonly summaries: readonly string[]; readonly count: number };
  };
  /** Why this user is told; a sentence where an earlier version asked. */
  readonly why: WhyTold | string;
  /** ISO 8601: when it was due; links are valid for 7 days from here. */
  readonly dueAt: string;
  /** The present state, where it is no longer the one of the assignment; a sentence where an earlier version asked. */
  readonly present: Truth | string | null;
  // An earlier version asks without what follows.
  /** Where the incident stands at this attempt: what *escalate* must name (lifecycle §4.7). */
  readonly shownAt?: { readonly level: number; readonly pass: number; readonly episode: number };
  /** ISO 8601: when the first attempt began of which nobody knows whether it was sent; null where there is none. */
  readonly mayHaveBeenSent?: string | null;
  /** What the channel said of its first message of this incident to this contact method, to go on from there; null where there is none. */
  readonly conversation?: string | null;
  /** On channels `pagerduty` and `opsgenie`. */
  readonly origin?: Origin;
  /** For a program, on channel `webhook`: the incident and the ledger's entry as they are at this attempt. */
  readonly whole?: { readonly incident: IncidentView; readonly notification: NotificationView };
}

/** Alerts whose summaries a page names. */
const ALERTS_NAMED = 10;
/** Alerts that go to a program with an incident; `alertCount` says how many there are. */
const ALERTS_GIVEN = 100;

export type Effect =
  | {
      readonly kind: 'ask';
      readonly key: string;
      readonly seq: number;
      readonly question: Question;
      readonly summary: string;
    }
  | {
      readonly kind: 'notify';
      readonly key: string;
      readonly notification: string;
      readonly channel: Channel;
      /** Made when it is first asked for: most of what is under way was sent before. */
      readonly request: () => NotifyRequest;
      readonly summary: string;
      /** It is in flight, and void: asked back. */
      readonly void: boolean;
    }
  | {
      readonly kind: 'tell';
      readonly key: string;
      readonly notice: string;
      readonly channel: Channel;
      readonly request: () => NoticeRequest;
      readonly summary: string;
    }
  | {
      readonly kind: 'say';
      readonly key: string;
      readonly letter: string;
      readonly to: Elsewhere;
      /** Null: nothing comes of it any more, and it is not sent. */
      readonly message: Message | null;
      readonly summary: string;
    }
  | { readonly kind: 'number'; readonly key: string; readonly summary: string }
  | {
      readonly kind: 'keep';
      readonly key: string;
      readonly entries: readonly LogEntryView[];
      readonly notifications: readonly NotificationView[];
      readonly summary: string;
    };

/** Everything that should be under way now. `key` names one effect once, also beside other incidents' effects. */
export function effects(state: IncidentState): readonly Effect[] {
  const { asking } = state.escalation;
  const wanted: Effect[] = [];
  if (asking !== null) {
    const { seq, question } = asking;
    wanted.push({
      kind: 'ask',
      key: `${state.id}.q${seq}`,
      seq,
      question,
      summary: askedOf(question),
    });
  }
  for (const { seq, users } of state.invited) {
    const question: Question = { kind: 'users', users };
    wanted.push({
      kind: 'ask',
      key: `${state.id}.q${seq}`,
      seq,
      question,
      summary: `responders: ${askedOf(question)}`,
    });
  }
  for (const notification of state.ledger) {
    if (notification.phase !== 'inFlight') continue;
    wanted.push({
      kind: 'notify',
      key: `${notification.idempotencyKey}#${notification.attempts.length + 1}`,
      notification: notification.id,
      channel: notification.channel,
      request: once(() => requestOf(state, notification)),
      summary: `${describeNotification(state, notification)}: ${placeOf(notification)}`,
      void: notification.reason !== null,
    });
  }
  // Beside the pages, and after them: nothing that pages waits for these.
  return [...wanted, ...letters(state), ...notices(state), ...forTheStore(state)];
}

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const letters = (state: IncidentState): readonly Effect[] =>
  sendable(state).map((letter) => ({
    kind: 'say',
    key: `${state.id}.${letter.id}`,
    letter: letter.id,
    to: letter.to,
    message: messageOf(state, letter),
    summary: `${letter.message.kind}, to ${letter.to.incident}`,
  }));

const notices = (state: IncidentState): readonly Effect[] =>
  state.notices.flatMap((notice): Effect[] => {
    const word = state.words.find(({ entry }) => entry === notice.word);
    if (notice.phase !== 'inFlight' || word === undefined) return [];
    const request = once(() => noticeRequestOf(state, notice, word));
    const key = `${idempotencyKeyOf(state.id, notice.id)}#${notice.attempts + 1}`;
    const summary = `notice, ${describeRecipient(state, notice)}: ${word.type}`;
    return [{ kind: 'tell', key, notice: notice.id, channel: notice.channel, request, summary }];
  });

function forTheStore(state: IncidentState): readonly Effect[] {
  const wanted: Effect[] = [];
  if (wantsNumber(state)) wanted.push({ kind: 'number', key: `${state.id}.number`, summary: "the incident's number" });
  const old = oldRecord(state);
  if (old !== null) {
    wanted.push({
      kind: 'keep',
      key: `${state.id}.r${state.counters.moved + 1}`,
      entries: old.entries.map(logEntryView),
      notifications: old.notifications.map((each) => notificationView(state.id, each)),
      summary: 'moves old entries to the store',
    });
  }
  return wanted;
}

function askedOf(question: Question): string {
  switch (question.kind) {
    case 'hold':
      return 'whether maintenance holds it';
    case 'level':
      return `who is on call: level ${question.level}`;
    case 'lastResort':
      return 'who is on call: last resort';
    case 'users':
      return `who is on call: ${question.users.join(', ')}`;
    default:
      return question satisfies never;
  }
}

const placeOf = ({ level, pass, cause }: Notification): string =>
  level === null ? REASONS[cause] : describeLevel(level, pass);

function requestOf(state: IncidentState, notification: Notification): NotifyRequest {
  const { service } = state;
  const assignment = state.assignments.find(({ seq }) => seq === notification.assignment);
  const { summary, severity } = assignment?.snapshot ?? state;
  const unchanged = state.status === 'triggered' && state.episode === notification.episode;
  return {
    notification: notification.id,
    idempotencyKey: notification.idempotencyKey,
    user: notification.user,
    userName: nameOf(state, notification.user),
    contact: notification.contact,
    incident: {
      id: state.id,
      number: state.number,
      // What is owed says what was so at the assignment (lifecycle §5.2); everything else as people corrected it since.
      summary: notification.owed ? summary : (state.amended.summary ?? summary),
      severity,
      dedupKey: state.dedupKey,
      details: detailsOf(state),
      links: state.links,
      ...(state.changes.length === 0 ? {} : { changes: state.changes.map(changeView) }),
      service: {
        id: service.id,
        name: service.name,
        ...(service.description === undefined ? {} : { description: service.description }),
        ...(service.runbook === undefined ? {} : { runbook: service.runbook }),
      },
      createdAt: new Date(state.createdAt).toISOString(),
      ...(state.drill ? { drill: true } : {}),
      ...firingIn(state),
    },
    why: whyTold(notification),
    dueAt: new Date(notification.dueAt).toISOString(),
    // A digest is about what came since.
    present: unchanged && notification.cause !== 'flapping' ? null : truthOf(state),
    shownAt: { level: state.escalation.level, pass: state.escalation.pass, episode: state.episode },
    mayHaveBeenSent: isoOrNull(unknownSince(notification)),
    conversation: conversationWith(state, addressOf(notification)),
    ...originFor(notification.channel, state),
    ...(notification.channel === 'webhook' ? { whole: wholeOf(state, notification) } : {}),
  };
}

function firingIn({ alerts }: IncidentState): Pick<NotifyRequest['incident'], 'firing'> {
  const firing = alerts.filter(({ status }) => status === 'triggered');
  if (firing.length < 2) return {};
  const summaries = firing.slice(0, ALERTS_NAMED).map(({ summary }) => summary);
  return { firing: { summaries, count: firing.length } };
}

function wholeOf(state: IncidentState, notification: Notification): NonNullable<NotifyRequest['whole']> {
  const incident = incidentView(state);
  return {
    incident: { ...incident, alerts: incident.alerts.slice(0, ALERTS_GIVEN) },
    notification: notificationView(state.id, notification),
  };
}

/** An earlier version did not keep when an attempt began, but when it ended. */
const unknownSince = ({ unknownSince: since, attempts }: Notification): number | undefined =>
  since ?? attempts.find(({ outcome }) => outcome === 'unknown')?.at;

const whyTold = ({ level, pass, cause, late }: Notification): WhyTold => ({ level, pass, cause, late });
