/** The line of the timeline that tells a change; none for what is bookkeeping. */
import { amendedText } from './amending.ts';
import type { Change, ChangeOf } from './changes.ts';
import { formatDuration } from './duration.ts';
import type { Instant } from './duration.ts';
import { ERRORS } from './errors.ts';
import type { ErrorCode } from './errors.ts';
import type { Actor, IncidentState, Notice, Suspension } from './incident.ts';
import {
  dayAndClock,
  describeChange,
  describeLevel,
  describeNotification,
  describeRecipient,
  describeSuspension,
  nameOf,
} from './naming.ts';
import type { LevelAnswer } from './question.ts';
import { REASONS } from './reasons.ts';
import type { Route } from './route.ts';

/** What has one line for each whose it is, that counts. */
export type Counted = ChangeOf<'noticesDropped' | 'silentDropped' | 'turnedAway'>;

export const sizeOf = (change: Counted): number => (change.type === 'turnedAway' ? 1 : change.notices.length);

export function countedText(state: IncidentState, change: Counted, count: number): string {
  if (change.type === 'noticesDropped') return droppedText(state, change, count);
  if (change.type === 'silentDropped')
    return `Many messages are behind: the oldest ${times(count, 'silent notice')} dropped`;
  const { actor, command, code } = change;
  const often = count === 1 ? '' : `, ${count} times`;
  return actor.via === undefined
    ? `Others were turned away${often}`
    : `${sentenceCase(actor.via)} was turned away${often}: may not ${command} (${code})`;
}

function whoIs(state: IncidentState, actor: Actor): string {
  if (actor.kind === 'source') return 'The monitoring source';
  if (actor.kind !== 'user') return 'Tocsin';
  const name = actor.name ?? nameOf(state, actor.id ?? '');
  return actor.via === undefined ? name : `${name}, by ${actor.via},`;
}

/** Refused not because something else came before, but because the incident is no such one. */
const OUT_OF_PLACE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'NOT_ACKNOWLEDGED',
  'DIRECTLY_ASSIGNED',
  'TOLD_JUST_NOW',
  'NOT_SUSPENDED',
  'PERSON_NEEDED',
  'NOT_RESOLVED',
  'TOO_MANY_RESPONDERS',
  'TOO_MANY_DETAILS',
  'TARGET_MERGED',
]);

const noted = (note: string | undefined): string => (note === undefined ? '' : `: ${note}`);

const remarked = (remarks: readonly string[]): string => (remarks.length === 0 ? '' : ` (${remarks.join('; ')})`);

/** An event of a service's own integration was not routed, and nothing is said of that. */
const routed = ({ rule, service, why, remarks }: Route): string =>
  rule === null ? remarked(remarks) : `; goes to ${service}: ${why}${remarked(remarks)}`;

export type EventChange = ChangeOf<'eventCounted' | 'eventIgnored' | 'alertAdded' | 'alertResolved'>;

/** Events, or where each was of another alert, alerts. */
export const countOf = (change: EventChange): number => (change.type === 'alertAdded' ? 1 : change.count);

export function toldOfEvents(change: EventChange, count: number): string {
  const { action, dedupKey, summary } = change.event;
  const many = count > 1;
  switch (change.type) {
    case 'eventCounted':
      return `${many ? `${count} events` : '1 event'} counted: ${action} of ${dedupKey}`;
    case 'eventIgnored':
      return `${sentenceCase(action)} ignored${many ? `, ${count} times` : ''}: ${REASONS[change.reason]}`;
    case 'alertAdded':
      return many ? `${count} alerts added, the last ${dedupKey}: ${summary}` : `Alert ${dedupKey} added: ${summary}`;
    case 'alertResolved':
      return many
        ? `${count} alerts are resolved by their source, the last ${dedupKey}`
        : `The alert ${dedupKey} is resolved by its source`;
    default:
      return change satisfies never;
  }
}

/** Alerts that the line of a merge names. */
const MERGED_NAMED = 5;

function alertsMergedText(state: IncidentState, { offer, actor }: ChangeOf<'alertsMerged'>): string {
  const { from, number, summary, alerts, note } = offer;
  const which = number === null ? from.incident : `#${number} (${from.incident})`;
  const named = alerts.slice(0, MERGED_NAMED).map((alert) => alert.summary);
  const more = alerts.length > named.length ? `; and ${alerts.length - named.length} more` : '';
  return `${whoIs(state, actor)} merged ${which} into this: ${summary}; ${times(alerts.length, 'alert')}: ${named.join('; ')}${more}${noted(note)}`;
}

const inSentence = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const sentenceCase = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function tell(state: IncidentState, change: Change): string | null {
  switch (change.type) {
    case 'triggered': {
      const after = change.previous === null ? '' : `; the one before it was ${change.previous}`;
      return `${change.event.drill === true ? 'Drill, triggered' : 'Triggered'} by ${change.event.source}: ${change.event.summary}${routed(change.route)}${after}`;
    }
    case 'changesSeen':
      return `${times(change.changes.length, 'change')} of ${state.service.name} shortly before: ${change.changes.map(describeChange).join('; ')}`;
    case 'eventCounted':
      // The first event of an incident is told by its "triggered".
      return state.eventCount > change.count ? toldOfEvents(change, change.count) : null;
    case 'alertAdded':
    case 'alertResolved':
    case 'eventIgnored':
      return toldOfEvents(change, countOf(change));
    case 'mergeRefused':
      return `${whoIs(state, change.actor)} could not merge this into ${change.into.incident}: ${change.sentence}`;
    case 'merged':
      return `${whoIs(state, change.actor)} merged this into ${change.into.incident}${noted(change.note)}`;
    case 'alertsMerged':
      return alertsMergedText(state, change);
    case 'targetMoved':
      return `${change.from} was merged further: events go to ${change.into.incident}`;
    case 'targetClosed':
      return `The incident that this was merged into is closed; a trigger opens a new one`;
    case 'groupResolved':
      return 'The source says that all alerts of the group are resolved';
    case 'alertsTruncated':
      return `Not all alerts are known: ${REASONS[change.reason]}; resolved when the source says so of the whole group, or by a person`;
    case 'suspended':
      return `Suspended, nobody is told yet: ${describeSuspension(state, change.suspension)}`;
    case 'released':
      return change.reason === 'person' || change.reason === 'source'
        ? `${whoIs(state, change.actor)} ended the suspension${noted(change.note)}`
        : `Triggered: ${REASONS[change.reason]}`;
    case 'acknowledged':
      return `${whoIs(state, change.actor)} acknowledged${timeoutNote(change)}${noted(change.note)}`;
    case 'unacknowledged':
      return `${whoIs(state, change.actor)} took the acknowledgement back${noted(change.note)}`;
    case 'ackerRemoved':
      return `${nameOf(state, change.user)} is no longer in the configuration, and holds it no longer`;
    case 'reassigned':
      return `${whoIs(state, change.actor)} reassigned to ${reassignedTo(state, change)}${noted(change.note)}`;
    case 'escalated':
      return `${whoIs(state, change.actor)} escalated${fromWhere(state)}${noted(change.note)}`;
    case 'policyAdopted':
      return `${whoIs(state, change.actor)} adopted the settings of ${change.service.name} and the policy ${change.policy.name} as they are in configuration ${change.configuration}${noted(change.note)}`;
    case 'resolved': {
      // Told by its merge.
      if (change.reason === 'merged') return null;
      const how = change.resolution === null ? '' : `: ${change.resolution}`;
      const who =
        change.reason === 'person' ? `${whoIs(state, change.actor)} resolved` : `Resolved, ${REASONS[change.reason]}`;
      return `${who}${how}${late({ lateBy: change.lateBy ?? 0 })}${noted(change.note)}`;
    }
    case 'snoozed':
      return `${whoIs(state, change.actor)} snoozed it for ${formatDuration(change.until - change.at)}${noted(change.note)}`;
    case 'reopened':
      return `${change.reason === 'person' ? whoIs(state, change.actor) : 'Its source'} reopened it${held(state, change.suspension)}${noted(change.note)}`;
    case 'closed':
      return 'Closed: it can be reopened no more';
    case 'flappingBegan':
      return flappingText(state);
    case 'flappingDigest':
      return change.transitions === 0
        ? null
        : `Flapping: its source went on or off ${times(change.transitions, 'more time')}`;
    case 'flappingEnded':
      return change.actor.kind === 'timer'
        ? 'No longer flapping: its source was quiet, and something still fires'
        : 'No longer flapping: its service does not ask for it any more';
    case 'workStarted':
      return `${whoIs(state, change.actor)} started work`;
    case 'noted':
      return `${whoIs(state, change.actor)} noted: ${change.text}${noted(change.note)}`;
    case 'statusUpdated':
      return `${whoIs(state, change.actor)} gave a status update: ${change.text}${noted(change.note)}`;
    case 'refused':
      return OUT_OF_PLACE.has(change.code)
        ? `${whoIs(state, change.actor)} could not ${change.command}: ${inSentence(ERRORS[change.code].title)} (${change.sentence})`
        : `${whoIs(state, change.actor)} came too late to ${change.command}: ${change.sentence}`;
    case 'respondersAdded':
      return `${whoIs(state, change.actor)} asked for the help of ${change.users.map((user) => nameOf(state, user)).join(', ')}${noted(change.note)}`;
    case 'respondersFound':
      return change.nobody ? `None of the responders can be told${remarked(change.remarks)}` : null;
    case 'prioritySet': {
      const what = change.priority === null ? 'took the priority away' : `set the priority to ${change.priority}`;
      return `${whoIs(state, change.actor)} ${what}${noted(change.note)}`;
    }
    case 'amended':
      return `${whoIs(state, change.actor)} ${amendedText(change)}${noted(change.note)}`;
    case 'urgencyKept':
      return `${whoIs(state, change.actor)} keeps the urgency at ${state.urgency}${noted(change.note)}`;
    case 'urgencyChanged':
      if (change.reason === 'person')
        return `${whoIs(state, change.actor)} set the urgency to ${change.urgency}${noted(change.note)}`;
      return `Urgency ${change.urgency === 'high' ? 'raised' : 'lowered'} to ${change.urgency}: ${REASONS[change.reason]}`;
    case 'ackTimedOut':
      return `The acknowledgement timed out${late(change)}; triggered again`;
    case 'snoozeEnded':
      return `The snooze ended${late(change)}; triggered again`;
    case 'retriggered':
      return `Triggered again: ${REASONS[change.reason]}`;
    case 'levelSkipped':
      return `${sentenceCase(describeLevel(change.answer.level, change.pass))} skipped: ${nobody(change.answer)}`;
    case 'assigned':
      return assignedText(state, change);
    case 'levelEnded':
      return `${sentenceCase(describeLevel(state.escalation.level, state.escalation.pass))} ended: ${REASONS[change.reason]}${late(change)}`;
    case 'exhausted':
      return `The escalation policy is exhausted: ${REASONS[change.reason]}`;
    case 'nobodyOnCall': {
      const when = change.recheckAt === null ? '' : `; looked at again at ${dayAndClock(change.recheckAt)}`;
      return `Nobody is on call at any level${remarked(change.remarks)}${when}`;
    }
    case 'nobodyToTell':
      return `There is nobody to tell${remarked(change.remarks)}`;
    case 'userUnreachable':
      return `${nameOf(state, change.user)} could not be reached`;
    case 'attemptEnded':
      return attemptText(state, change);
    case 'notificationCancelled':
      return `${toldOf(state, change.notification)} cancelled: ${REASONS[change.reason]}`;
    case 'notificationExpired':
      return `${toldOf(state, change.notification)} expired: ${REASONS[change.reason]}`;
    case 'notificationLate':
      return `${toldOf(state, change.notification)} is late; sent while it still applies`;
    case 'contactGivenUp':
      return `${toldOf(state, change.notification)} fails for too long; another way is tried beside it`;
    case 'ruleAdvanced':
      return `${toldOf(state, change.notification)} comes at once: ${REASONS.fallback}`;
    case 'noticeEnded':
      return noticeText(state, change);
    case 'noticesDropped':
    case 'silentDropped':
    case 'turnedAway':
      return countedText(state, change, sizeOf(change));
    case 'receiptTaken':
      return receiptText(state, change);
    case 'recordLeftBehind':
      return `Too long to be carried on: ${change.entries} older lines and ${change.notifications} older notifications stay in the history of an earlier run`;
    case 'transitioned':
    case 'flapped':
    case 'thresholdCounted':
    case 'holdAnswered':
    case 'mergeBegun':
    case 'offerRepeated':
    case 'eventQueued':
    case 'batchBegun':
    case 'batchTaken':
    case 'batchHeldBack':
    case 'eventsTakenBack':
    case 'forwardersTold':
    case 'letterWritten':
    case 'letterSent':
    case 'announced':
    case 'noticesOwed':
    case 'noticeBegun':
    case 'numbered':
    case 'storeAbsent':
    case 'recordMoved':
    case 'arrivalSeen':
    case 'commandDone':
    case 'linkUsed':
    case 'asked':
    case 'notificationQueued':
    case 'attemptBegun':
    case 'notificationPersists':
    case 'conversationBegun':
      return null;
    default:
      return change satisfies never;
  }
}

const reassignedTo = (state: IncidentState, change: ChangeOf<'reassigned'>): string =>
  'users' in change
    ? change.users.map((user) => nameOf(state, user)).join(', ')
    : `${describeLevel(change.level, 1)} of the policy ${change.policy.name} as it is in configuration ${change.configuration}`;

function fromWhere({ escalation: { exhausted, nobodyOnCall, level, pass } }: IncidentState): string {
  if (nobodyOnCall) return ': who is on call is looked up again';
  if (exhausted) return ': the last resort is told again';
  return level === 0 ? '' : ` from ${describeLevel(level, pass)}`;
}

/** Of an incident that its source brought back: what it meets again. Maintenance has a line of its own once it is known. */
const held = (state: IncidentState, suspension: Suspension | null): string =>
  suspension === null || (suspension.until === null && suspension.threshold === null)
    ? ''
    : `; suspended, nobody is told yet: ${describeSuspension(state, suspension)}`;

function flappingText({ service: { flapping } }: IncidentState): string {
  if (flapping === null) return 'Flapping';
  const { transitions, within, quiet } = flapping;
  const often = `its source went on or off ${transitions} times within ${formatDuration(within)}`;
  return `Flapping: ${often}; told in digests, and open until it is quiet for ${formatDuration(quiet)}`;
}

/** A worker that was away is told of; the milliseconds that every timer takes are not. */
const late = ({ lateBy }: { readonly lateBy: number }): string =>
  lateBy < 1_000 ? '' : ` (${formatDuration(lateBy)} late)`;

const nobody = ({ remarks }: LevelAnswer): string => `${REASONS.nobodyOnCall}${remarked(remarks)}`;

function toldOf(state: IncidentState, id: string): string {
  const notification = state.ledger.find((each) => each.id === id);
  return notification === undefined ? id : sentenceCase(describeNotification(state, notification));
}

function timeoutNote({ timeoutAt, at }: { timeoutAt: Instant | null; at: Instant }): string {
  return timeoutAt === null ? '' : ` (times out in ${formatDuration(timeoutAt - at)})`;
}

function assignedText(state: IncidentState, change: Extract<Change, { type: 'assigned' }>): string {
  const { kind, level, pass, users, reason } = change.assignment;
  const where = {
    level: level === null ? '' : describeLevel(level, pass),
    lastResort: 'last resort',
    users: 'directly',
    responders: reason === 'reassigned' ? 'owed it still' : 'responders',
  }[kind];
  const empty = users.length === 0;
  const who = empty ? REASONS.nobodyOnCall : users.map((user) => nameOf(state, user)).join(', ');
  const span = change.levelEndsAt === null ? null : formatDuration(change.levelEndsAt - change.at);
  const until = span === null ? '' : empty ? `; waits ${span} all the same` : ` for ${span}`;
  return `${sentenceCase(where)}: ${who}${until} (${REASONS[reason]})${remarked(change.remarks)}`;
}

function attemptText(state: IncidentState, change: ChangeOf<'attemptEnded'>): string {
  const told = toldOf(state, change.notification);
  const { attempt, againAt, at } = change;
  const detail = attempt.detail === undefined ? '' : `: ${attempt.detail}`;
  const again = againAt === null ? '' : `; again in ${formatDuration(againAt - at)}`;
  switch (attempt.outcome) {
    case 'sent':
      return `${told} sent`;
    case 'failed':
      return `${told} failed (${attempt.code ?? ''}${detail})${again}`;
    case 'unknown':
      return `${told}: outcome unknown (${attempt.code ?? ''}${detail})${again}`;
    case 'cancelled':
      return `${told} was not begun${again}`;
    default:
      return attempt.outcome satisfies never;
  }
}

function receiptText(state: IncidentState, { notification, attempt }: ChangeOf<'receiptTaken'>): string {
  const told = toldOf(state, notification);
  const why = [attempt.code, attempt.detail].filter((each) => each !== undefined).join(': ');
  const because = why === '' ? '' : ` (${why})`;
  switch (attempt.outcome) {
    case 'sent':
      return `${told} sent, as its provider says`;
    case 'delivered':
      return `${told} delivered`;
    case 'unanswered':
      return `${told} was not answered${because}`;
    case 'failed':
      return `${told} could not be delivered${because}`;
    default:
      return attempt.outcome satisfies never;
  }
}

/** The first failure of a notice, and its end where it had any. */
function noticeText(
  state: IncidentState,
  { notice, what, attempt, againAt, at }: ChangeOf<'noticeEnded'>,
): string | null {
  const told = `Notice of ${what}, ${describeRecipient(state, notice)}`;
  if (attempt.outcome === 'cancelled') return null;
  if (attempt.outcome === 'sent') {
    return notice.attempts === 0 ? null : `${told}: sent after ${times(notice.attempts, 'failed attempt')}`;
  }
  const why = `${attempt.code ?? ''}${attempt.detail === undefined ? '' : `: ${attempt.detail}`}`;
  const how = attempt.outcome === 'unknown' ? 'outcome unknown' : 'failed';
  if (againAt === null) return `${told}: ${how} (${why}); given up`;
  return notice.attempts === 0 ? `${told}: ${how} (${why}); again in ${formatDuration(againAt - at)}` : null;
}

const droppedText = (state: IncidentState, recipient: Pick<Notice, 'channel' | 'to'>, count: number): string =>
  `${sentenceCase(describeRecipient(state, recipient))} is behind: the oldest ${times(count, 'notice')} dropped`;

const times = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
