/**
 * Which notices are owed, and what comes of each (lifecycle §5.6): a subscriber hears of every change, in order; a person
 * who wants status updates hears that an incident they were told of is acknowledged or resolved; and where a page stays to be
 * seen, it is kept up to date in silence. Notices are no pages: nothing is owed at minute zero, and none of them is tried
 * another way.
 */
import { attemptOf, gapAfter } from './attempts.ts';
import { KEPT_UP_TO_DATE } from './channels.ts';
import type { AttemptResult } from './commands.ts';
import { addressOf, converse, conversationWith } from './conversing.ts';
import type { Decision } from './decision.ts';
import { SYSTEM, TIMER } from './decision.ts';
import { days } from './duration.ts';
import type { Instant } from './duration.ts';
import { lineOf } from './foremost.ts';
import { idempotencyKeyOf } from './identity.ts';
import type { IncidentState, LogEntry, Notice, Notification, Recipient, Word } from './incident.ts';
import { ESCALATED } from './reasons.ts';
import type { Reason } from './reasons.ts';
import type { NoticeRequest, NoticeType } from './notice.ts';
import { originFor } from './origin.ts';
import { bytesOf } from './text.ts';
import type { IncidentView } from './view.ts';
import { incidentView, isoOrNull, logEntryView } from './view.ts';

/** How old a notice may be and still be attempted again. */
export const NOTICE_RETRY_FOR = days(1);
/** Notices that wait for one recipient; beyond it the oldest are dropped. */
export const NOTICES_WAITING = 200;
/** Silent notices that wait in all: a message is as it is in the last of them, and 500 people may have been told. Beyond it the oldest are dropped. */
export const SILENT_WAITING = 1_000;
/** Bytes of all that waiting notices say, so that the incident fits when it continues as new; beyond it the oldest are dropped. */
export const WORDS_ROOM = 512 * 1_024;
/** Bytes of details, as JSON, that every notice carries; beyond it only those that are about them do. */
const DETAILS_CARRIED = 2_048;
const DETAILED: ReadonlySet<NoticeType> = new Set<NoticeType>(['incident.triggered', 'incident.amended']);
/** Alerts that a notice lists; `alertCount` says how many there are. */
const ALERTS_LISTED = 10;

/** What everybody who is told of one change is told: fixed when it is decided. */
export type Said = Pick<NoticeRequest, 'type' | 'at' | 'text' | 'incident' | 'entry'>;

/** By the type of the line that tells it. */
const TOLD: Readonly<Partial<Record<string, NoticeType>>> = {
  acknowledged: 'incident.acknowledged',
  unacknowledged: 'incident.unacknowledged',
  ackTimedOut: 'incident.unacknowledged',
  ackerRemoved: 'incident.unacknowledged',
  snoozed: 'incident.snoozed',
  snoozeEnded: 'incident.unacknowledged',
  reassigned: 'incident.reassigned',
  policyAdopted: 'incident.policyAdopted',
  exhausted: 'incident.exhausted',
  nobodyOnCall: 'incident.nobodyOnCall',
  urgencyChanged: 'incident.urgencyChanged',
  prioritySet: 'incident.priorityChanged',
  amended: 'incident.amended',
  respondersAdded: 'incident.respondersAdded',
  workStarted: 'incident.workStarted',
  noted: 'incident.noted',
  statusUpdated: 'incident.statusUpdated',
  resolved: 'incident.resolved',
  flappingBegan: 'incident.flapping',
  flappingDigest: 'incident.flapping',
  flappingEnded: 'incident.flapping',
  merged: 'incident.merged',
  alertsMerged: 'incident.alertsMerged',
};

/** Why a level is entered that none before it led to. */
const ENTERED: ReadonlySet<Reason> = new Set<Reason>(['handOff', 'reassignedToLevel', 'policyAdopted']);

/** What a line of the timeline is told as; null for one that nobody is told of. */
function typeOf({ type, reason }: LogEntry): NoticeType | null {
  if (type === 'resolved' && (reason === 'transient' || reason === 'belowThreshold')) return null;
  const escalated = type === 'assigned' && reason !== null && (ESCALATED.has(reason) || ENTERED.has(reason));
  return escalated ? 'incident.escalated' : (TOLD[type] ?? null);
}

/**
 * Owes what the decision changed since it was last asked to those who are told of it, with the incident as it is now. Each
 * of several events that are decided together is heard of by itself.
 */
export function oweNotices(decision: Decision): void {
  const { state, heard: before } = decision;
  decision.heard = state;
  const lines = tellable(before, state);
  if (lines.length === 0) return;
  if (state.announcing !== null) decision.record(SYSTEM, { type: 'announced' });
  for (const line of lines) owe(decision, line, [...subscribers(state), ...followers(before, state, line)]);
  dropBeyondBounds(decision);
}

/**
 * A page that arrives after somebody acted was written before: where it stays to be seen, it is kept up to date from there.
 * Whoever was asked for after that is told nothing new by it.
 */
export function oweLate(decision: Decision, page: Notification): void {
  const { state } = decision;
  const isOver = state.status === 'acknowledged' || state.status === 'resolved';
  if (!isOver || !KEPT_UP_TO_DATE.has(page.channel)) return;
  const entry = state.log.findLast((line) => typeOf(line) !== null);
  const type = entry && typeOf(entry);
  const assigned = state.assignments.find(({ seq }) => seq === page.assignment);
  if (!entry || !type || assigned === undefined || entry.at <= assigned.at) return;
  owe(decision, { type, entry }, [{ ...addressOf(page), silent: true }]);
  dropBeyondBounds(decision);
}

/** With the incident as it is now. */
function owe(decision: Decision, { type, entry }: Told, recipients: Recipients): void {
  if (recipients.length === 0) return;
  const first = decision.state.counters.notice + 1;
  const notices = recipients.map((recipient, index): Notice => ({
    id: `s${first + index}`,
    ...recipient,
    word: entry.id,
    phase: 'waiting',
    attempts: 0,
    nextAt: decision.now,
  }));
  decision.record(SYSTEM, { type: 'noticesOwed', word: wordOf(type, entry, incidentView(decision.state)), notices });
}

/**
 * The lines that are told, in order; of a suspended incident none, and of one that ends as such. That it is open is told
 * first, once it is known who is assigned, and then in the same task, or with the first other line that is told.
 */
function tellable(before: IncidentState, state: IncidentState): readonly Told[] {
  if (state.status === 'suspended' || state.transient || endedUnheard(before, state)) return [];
  const added = state.log.slice(state.log.length - (state.counters.entry - before.counters.entry));
  // What came before its release is of the time when nobody was to hear.
  const heard = added.slice(added.findLastIndex(({ type }) => type === 'released') + 1);
  const lines = heard.flatMap((entry) => {
    const type = typeOf(entry);
    return type === null ? [] : [{ type, entry } as const];
  });
  const { announcing } = state;
  if (announcing === null || (lines.length === 0 && isLookedUp(state))) return lines;
  const entry = state.log.findLast(({ type }) => OPENING.has(type));
  return [...(entry === undefined ? [] : [{ type: `incident.${announcing}`, entry } as const]), ...lines];
}

/** Suspended until it was merged into another: nobody was told that it began. */
const endedUnheard = (before: IncidentState, { status, announcing }: IncidentState): boolean =>
  before.status === 'suspended' && status === 'resolved' && announcing === null;

/** Who is told first is being asked. */
const isLookedUp = ({ escalation }: IncidentState): boolean =>
  escalation.asking?.reason === 'trigger' || escalation.asking?.reason === 'reopened';

/** The lines that tell of its beginning. */
const OPENING: ReadonlySet<string> = new Set(['triggered', 'released', 'reopened']);

/** A line of the timeline, and what it is told as. */
interface Told {
  readonly type: NoticeType;
  readonly entry: LogEntry;
}
type Recipients = readonly Pick<Notice, 'channel' | 'to' | 'silent'>[];

const recipientOf = ({ channel, user, contact }: IncidentState['told'][number]): Recipients[number] => ({
  channel,
  to: { kind: 'contact', user, contact },
});

const subscribers = ({ service }: IncidentState): Recipients =>
  service.subscribers.map(({ channel, endpoint }) => ({ channel, to: { kind: 'subscriber', endpoint } }));

/** People where they were told of the incident: those who want status updates, but of what they did themselves; and in silence wherever what was said stays to be seen. */
function followers(before: IncidentState, state: IncidentState, { type, entry: { actor } }: Told): Recipients {
  const begun = type === 'incident.acknowledged' && before.status !== 'acknowledged';
  const isUpdate = begun || type === 'incident.resolved' || type === 'incident.statusUpdated';
  const asking = new Set(state.statusUpdates.filter((user) => !(actor.kind === 'user' && actor.id === user)));
  return state.told.flatMap((told): Recipients => {
    if (isUpdate && asking.has(told.user)) return [recipientOf(told)];
    return KEPT_UP_TO_DATE.has(told.channel) ? [{ ...recipientOf(told), silent: true }] : [];
  });
}

function wordOf(type: NoticeType, line: LogEntry, incident: IncidentView): Word {
  const whole = DETAILED.has(type) || bytesOf(JSON.stringify(incident.details)) <= DETAILS_CARRIED;
  const entry = logEntryView(line);
  const said: Said = {
    type,
    at: entry.at,
    text: entry.text,
    incident: { ...incident, details: whole ? incident.details : {}, alerts: incident.alerts.slice(0, ALERTS_LISTED) },
    entry,
  };
  const json = JSON.stringify(said);
  return { entry: line.id, type, at: line.at, json, bytes: bytesOf(json) };
}

/** A recipient that is away for long loses the oldest of what it was to be told, and so do all together of what is silent; the timeline says how many. */
function dropBeyondBounds(decision: Decision): void {
  dropSilent(decision);
  const { notices, words } = decision.state;
  let room = WORDS_ROOM;
  const tooOld = new Set(words.toReversed().flatMap(({ entry, bytes }) => ((room -= bytes) < 0 ? [entry] : [])));
  const waiting = notices.filter(({ phase }) => phase === 'waiting');
  for (const line of new Set(waiting.map(lineOf))) {
    const inLine = waiting.filter((notice) => lineOf(notice) === line);
    const beyond = inLine.length - NOTICES_WAITING;
    const [first, ...others] = inLine.filter(({ word }, index) => index < beyond || tooOld.has(word));
    if (first === undefined) continue;
    const { channel, to } = first;
    decision.record(SYSTEM, { type: 'noticesDropped', channel, to, notices: [first, ...others].map(({ id }) => id) });
  }
}

function dropSilent(decision: Decision): void {
  const silent = decision.state.notices.filter((notice) => notice.phase === 'waiting' && notice.silent === true);
  const oldest = silent.slice(0, Math.max(0, silent.length - SILENT_WAITING));
  if (oldest.length > 0) decision.record(SYSTEM, { type: 'silentDropped', notices: oldest.map(({ id }) => id) });
}

export function beginNotice(decision: Decision, notice: string): void {
  decision.record(TIMER, { type: 'noticeBegun', notice });
}

/** Takes the outcome of an attempt. One that nobody waits for any more changes nothing. */
export function noticeAttempted(decision: Decision, id: string, result: AttemptResult): void {
  const { state } = decision;
  const notice = state.notices.find((each) => each.id === id);
  const word = state.words.find(({ entry }) => entry === notice?.word);
  if (notice?.phase !== 'inFlight' || word === undefined) return;
  converse(decision, notice, result);
  decision.record(SYSTEM, {
    type: 'noticeEnded',
    notice,
    what: word.type,
    attempt: attemptOf(result),
    againAt: attemptAgainAt(decision, notice, word, result),
  });
}

/** Null for never: it was sent, never will be, or is too old by then. What a provider asks for is waited for. */
function attemptAgainAt({ now }: Decision, notice: Notice, word: Word, result: AttemptResult): Instant | null {
  if (result.outcome === 'sent' || result.outcome === 'terminal') return null;
  if (result.outcome === 'cancelled') return now;
  const asked = result.outcome === 'retryable' ? (result.after ?? 0) : 0;
  const againAt = now + Math.max(gapAfter(notice.attempts + 1), asked);
  return againAt < word.at + NOTICE_RETRY_FOR ? againAt : null;
}

/** What the channel is asked to tell. */
export function noticeRequestOf(state: IncidentState, notice: Notice, word: Word): NoticeRequest {
  const { service } = state;
  const said = JSON.parse(word.json) as Said;
  return {
    idempotencyKey: idempotencyKeyOf(state.id, notice.id),
    channel: notice.channel,
    to: addressee(state, notice.to),
    ...said,
    silent: notice.silent === true,
    mayHaveBeenSent: isoOrNull(notice.unknownSince),
    conversation: conversationWith(state, notice),
    ...originFor(notice.channel, state),
    standing: state.status,
    service: {
      id: service.id,
      name: service.name,
      ...(service.runbook === undefined ? {} : { runbook: service.runbook }),
    },
  };
}

const addressee = ({ names }: IncidentState, to: Recipient): NoticeRequest['to'] =>
  to.kind === 'subscriber' ? to : { ...to, userName: names[to.user] ?? to.user };
