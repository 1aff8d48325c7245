/** `evolve(state, change)`: what a decided change does to the state. Decides nothing. */
import { foldAmended } from './amending.ts';
import type { Change, ChangeOf } from './changes.ts';
import { countEvent, resolveAll } from './foldAlerts.ts';
import { foldLedger } from './foldLedger.ts';
import { foldMerging } from './foldMerging.ts';
import { foldNotices } from './foldNotices.ts';
import { foldSuspension } from './foldSuspension.ts';
import { foldTime } from './foldTime.ts';
import type { Escalation, IncidentState } from './incident.ts';
import { appendEntry } from './log.ts';
import { turnKey } from './question.ts';

/** How many command ids, and apart from them arrival ids, are remembered (lifecycle §9). */
export const IDS_REMEMBERED = 200;
/** Lines of different callers who were turned away, and as many of their last ids (turningAway.ts). */
export const TURNED_AWAY_KEPT = 50;

const remember = <T>(list: readonly T[], item: T): readonly T[] => [...list, item].slice(-IDS_REMEMBERED);

export function evolve(state: IncidentState, change: Change): IncidentState {
  return appendEntry(foldTime(state, fold(state, change), change), change);
}

function fold(state: IncidentState, change: Change): IncidentState {
  switch (change.type) {
    case 'triggered':
      return state;
    case 'changesSeen':
      return { ...state, changes: change.changes };
    case 'eventCounted':
    case 'alertAdded':
    case 'alertResolved':
      return countEvent(state, change);
    case 'groupResolved':
      return resolveAll(state, change.group);
    case 'alertsTruncated':
      return { ...state, alertsTruncated: true };
    case 'eventIgnored':
      return { ...state, eventCount: state.eventCount + change.count };
    case 'arrivalSeen':
      return { ...state, arrivals: remember(state.arrivals, change.id) };
    case 'suspended':
    case 'thresholdCounted':
    case 'holdAnswered':
    case 'released':
    case 'reopened':
    case 'closed':
    case 'transitioned':
    case 'flappingBegan':
    case 'flapped':
    case 'flappingDigest':
    case 'flappingEnded':
      return foldSuspension(state, change);
    case 'acknowledged':
      return acknowledged(state, change);
    case 'unacknowledged':
    case 'ackerRemoved':
      return {
        ...state,
        acknowledgements: state.acknowledgements.filter((acknowledgement) => acknowledgement.user !== change.user),
      };
    case 'reassigned':
      return reassigned(state, change);
    case 'escalated':
      return state;
    case 'policyAdopted': {
      const { service, policy, configuration, hours, ackTimeoutAt, levelEndsAt } = change;
      return { ...withEscalation(state, { levelEndsAt }), service, policy, configuration, hours, ackTimeoutAt };
    }
    case 'resolved':
      return stopEscalation({
        ...state,
        status: 'resolved',
        reopenableUntil: change.reopenableUntil,
        flapping: null,
        // Its source may go on and off across a reopening; a person's word, or a quiet period, ends that.
        transitions: change.actor.kind === 'source' ? state.transitions : [],
        suspension: null,
        transient: state.status === 'suspended' && state.assignments.length === 0 && state.mergedInto === null,
        resolvedAt: change.at,
        resolvedBy: change.actor,
        resolution: change.resolution,
        ackTimeoutAt: null,
        snoozedUntil: null,
      });
    case 'snoozed':
      return stopEscalation({ ...state, snoozedUntil: change.until, ackTimeoutAt: null });
    case 'commandDone': {
      const { id, refused, body, said } = change;
      const told = { ...(body === undefined ? {} : { body }), ...(said === undefined ? {} : { said }) };
      const done = { id, refused, ...told };
      return { ...state, commands: remember(state.commands, done) };
    }
    case 'workStarted':
      return { ...state, workStartedAt: change.at };
    case 'noted':
    case 'statusUpdated':
    case 'refused':
      return state;
    case 'turnedAway': {
      const { ids, lines } = state.turnedAway;
      const latest = [...ids, change.id].slice(-TURNED_AWAY_KEPT);
      return { ...state, turnedAway: { ids: latest, lines: lines + Number(change.isNew) } };
    }
    case 'linkUsed':
      return { ...state, linksUsed: [...state.linksUsed, change.link] };
    case 'urgencyChanged':
      return { ...withEscalation(state, { levelEndsAt: null }), ...urgencyChanged(state, change) };
    case 'urgencyKept':
      return { ...state, urgencyBy: 'person' };
    case 'prioritySet':
      return { ...state, priority: change.priority };
    case 'amended':
      return foldAmended(state, change);
    case 'respondersAdded':
      return respondersAdded(state, change);
    case 'respondersFound':
      return { ...state, invited: state.invited.filter(({ seq }) => seq !== change.seq) };
    case 'ackTimedOut':
    case 'snoozeEnded':
    case 'retriggered':
      return {
        ...state,
        status: 'triggered',
        acknowledgements: [],
        ackTimeoutAt: null,
        snoozedUntil: null,
        episode: state.episode + 1,
      };
    case 'asked':
      return asked(state, change);
    case 'levelSkipped':
      return state;
    case 'assigned':
      return assigned(state, change);
    case 'levelEnded':
      return withEscalation(state, { levelEndsAt: null });
    case 'exhausted':
      return withEscalation(state, { exhausted: true, levelEndsAt: null, asking: null });
    case 'nobodyOnCall':
      return withEscalation(state, { nobodyOnCall: true, recheckAt: change.recheckAt, asking: null });
    case 'nobodyToTell':
      return withEscalation(state, { asking: null });
    case 'userUnreachable':
      return withEscalation(state, { unreachable: [...state.escalation.unreachable, change.user] });
    case 'notificationQueued':
    case 'attemptBegun':
    case 'attemptEnded':
    case 'notificationCancelled':
    case 'notificationExpired':
    case 'notificationLate':
    case 'notificationPersists':
    case 'contactGivenUp':
    case 'ruleAdvanced':
    case 'receiptTaken':
    case 'conversationBegun':
      return foldLedger(state, change);
    case 'mergeBegun':
    case 'mergeRefused':
    case 'offerRepeated':
    case 'merged':
    case 'alertsMerged':
    case 'eventQueued':
    case 'batchBegun':
    case 'batchTaken':
    case 'batchHeldBack':
    case 'targetMoved':
    case 'targetClosed':
    case 'eventsTakenBack':
    case 'forwardersTold':
    case 'letterWritten':
    case 'letterSent':
      return foldMerging(state, change);
    case 'announced':
    case 'noticesOwed':
    case 'noticesDropped':
    case 'silentDropped':
    case 'noticeBegun':
    case 'noticeEnded':
      return foldNotices(state, change);
    case 'numbered':
      return { ...state, number: change.number };
    case 'storeAbsent':
      return { ...state, storeless: true };
    case 'recordMoved':
      return recordMoved(state, change);
    case 'recordLeftBehind':
      return {
        ...state,
        counters: {
          ...state.counters,
          entriesLeftBehind: state.counters.entriesLeftBehind + change.entries,
          notificationsLeftBehind: state.counters.notificationsLeftBehind + change.notifications,
        },
      };
    default:
      return change satisfies never;
  }
}

/** What support hours raised stays so when later events come: they have turned, and turn it no more. */
function urgencyChanged(state: IncidentState, { urgency, reason }: ChangeOf<'urgencyChanged'>) {
  const turned = reason === 'hoursBegan' || reason === 'hoursEnded';
  const urgencyBy: IncidentState['urgencyBy'] = reason === 'person' ? 'person' : state.urgencyBy;
  return { urgency, urgencyBy, hours: turned ? { urgency, raiseAt: null } : state.hours };
}

function withEscalation(state: IncidentState, escalation: Partial<Escalation>): IncidentState {
  return { ...state, escalation: { ...state.escalation, ...escalation } };
}

/** Nobody is told next, but those to whom a person reassigned it: they are owed it, although the answer is still out. */
function stopEscalation(state: IncidentState): IncidentState {
  const { asking } = state.escalation;
  const stands = asking?.reason === 'reassigned' ? asking : null;
  return withEscalation(state, { asking: stands, levelEndsAt: null, recheckAt: null });
}

function acknowledged(state: IncidentState, change: ChangeOf<'acknowledged'>): IncidentState {
  const others = state.acknowledgements.filter(({ user }) => user !== change.user);
  const name = change.actor.name;
  return stopEscalation({
    ...state,
    status: 'acknowledged',
    acknowledgedAt: state.acknowledgedAt ?? change.at,
    acknowledgements: [...others, { user: change.user, at: change.at }],
    ackTimeoutAt: change.timeoutAt,
    // The source's word neither ends a snooze nor arms a timeout.
    snoozedUntil: change.actor.kind === 'source' ? state.snoozedUntil : null,
    names: name === undefined ? state.names : { ...state.names, [change.user]: name },
  });
}

function reassigned(state: IncidentState, change: ChangeOf<'reassigned'>): IncidentState {
  const afresh = { exhausted: false, nobodyOnCall: false, recheckAt: null };
  if ('users' in change) {
    const names = { ...state.names, ...change.names };
    return { ...withEscalation(state, { ...afresh, direct: true }), assignees: change.users, names };
  }
  const { policy, level } = change;
  // It stands at that level from here on: an ack before anybody is found leaves it there.
  const start = { ...afresh, direct: false, reached: false, pass: 1, level };
  return { ...withEscalation(state, start), policy, assignees: [] };
}

function asked(state: IncidentState, change: ChangeOf<'asked'>): IncidentState {
  const seq = state.counters.question + 1;
  const { question, pass, reason } = change;
  return {
    // Told again by other rules, people are not on call yet: it still is looked at again.
    ...withEscalation(state, {
      asking: { seq, question, pass, reason },
      levelEndsAt: null,
      recheckAt: reason === 'urgencyLowered' ? state.escalation.recheckAt : null,
    }),
    counters: { ...state.counters, question: seq },
  };
}

function respondersAdded(before: IncidentState, change: ChangeOf<'respondersAdded'>): IncidentState {
  const { users, asked } = change;
  const state = { ...before, names: { ...before.names, ...change.names } };
  const responders = [...new Set([...state.responders, ...users])];
  if (asked.length === 0) return { ...state, responders };
  const seq = state.counters.question + 1;
  const invited = [...state.invited, { seq, users: asked }];
  return { ...state, responders, invited, counters: { ...state.counters, question: seq } };
}

function assigned(state: IncidentState, change: ChangeOf<'assigned'>): IncidentState {
  const { assignment } = change;
  const { pass, level, reached } = state.escalation;
  const known = {
    ...state,
    names: { ...state.names, ...change.names },
    statusUpdates: [...state.statusUpdates.filter((user) => !assignment.users.includes(user)), ...change.statusUpdates],
    assignments: [...state.assignments, assignment],
    counters: { ...state.counters, assignment: assignment.seq },
  };
  // Who helps does not change who is to act.
  if (assignment.kind === 'responders') return known;
  const entered = assignment.kind === 'level';
  return {
    ...withEscalation(known, {
      asking: null,
      assignment: assignment.seq,
      pass: assignment.pass,
      level: assignment.level ?? level,
      levelEndsAt: change.levelEndsAt,
      reached: assignment.pass === pass && reached,
      unreachable: [],
      ...(entered ? { exhausted: false, nobodyOnCall: false } : {}),
    }),
    turns: withTurn(state, change),
    assignees: change.assignees,
  };
}

/** An incident keeps its turn for later passes (lifecycle §4.8). */
function withTurn(
  { turns, policy }: IncidentState,
  { turn, assignment }: ChangeOf<'assigned'>,
): IncidentState['turns'] {
  if (turn === undefined || assignment.level === null) return turns;
  return { ...turns, [turnKey(policy, assignment.level)]: turn };
}

/** What the store has need not be carried. */
function recordMoved(state: IncidentState, change: ChangeOf<'recordMoved'>): IncidentState {
  const entries = new Set(change.entries);
  const notifications = new Set(change.notifications);
  const log = state.log.filter(({ id }) => !entries.has(id));
  const ledger = state.ledger.filter(({ id }) => !notifications.has(id));
  return {
    ...state,
    log,
    ledger,
    counters: {
      ...state.counters,
      moved: state.counters.moved + 1,
      entriesMoved: state.counters.entriesMoved + state.log.length - log.length,
      notificationsMoved: state.counters.notificationsMoved + state.ledger.length - ledger.length,
    },
  };
}
