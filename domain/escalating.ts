/** Levels, passes, the last resort, and who is told next (lifecycle §4, §6). */
import { assign } from './assigning.ts';
import { cancelOwn, cancelPending } from './cancelling.ts';
import type { Level } from './configuration.ts';
import type { Decision } from './decision.ts';
import { SYSTEM, TIMER } from './decision.ts';
import { minutes } from './duration.ts';
import type { Instant } from './duration.ts';
import type { IncidentState, Notification } from './incident.ts';
import { afterLastLevel, afterLevel, levelAgain } from './passes.ts';
import type { Following } from './passes.ts';
import type { Answer, LevelAnswer, Question } from './question.ts';
import { ACKNOWLEDGED_BEFORE } from './question.ts';
import type { Reason } from './reasons.ts';
import { isResponders } from './responders.ts';

/** Asks who is to be told. The answer comes as a command; whatever happens before makes the question void, unless a person reassigned. */
export function ask(decision: Decision, question: Question, pass: number, reason: Reason): void {
  decision.record(SYSTEM, { type: 'asked', question, pass, reason });
}

const levelOf = (state: IncidentState, level: number): Level | undefined => state.policy.levels[level - 1];

/** Takes the answer to the question that is open; one to an older question changes nothing. */
export function takeAnswer(decision: Decision, seq: number, answer: Answer): void {
  const { asking } = decision.state.escalation;
  if (asking === null || asking.seq !== seq) return;
  const { question, pass, reason } = asking;
  if (question.kind === 'hold') return;
  if (question.kind !== 'level') {
    const { assignment } = decision.state.counters;
    const place = placeOf(decision.state, question.kind, pass, reason);
    // Of the level where it stands there is nobody to tell, and no timer any more: the first level with somebody is told.
    if (place.kind === 'level' && answer.others.length === 0)
      return ask(decision, { kind: 'level', level: 1, also: [] }, pass, reason);
    assign(decision, place, answer.others, answer.remarks);
    catchUp(decision, assignment);
    return;
  }
  // Of a whole policy with nobody on call, there is nobody to wait for; low urgency has no timer that would wait.
  const nobody = question.level === 1 && answer.levels.every(({ people }) => people.length === 0);
  const mayWait = !nobody && decision.state.urgency === 'high';
  for (const level of answer.levels) {
    const somebody = level.people.some(({ via }) => via !== ACKNOWLEDGED_BEFORE);
    if (somebody || (mayWait && levelOf(decision.state, level.level)?.ifEmpty === 'wait')) {
      enterLevel(decision, level, pass, reason);
      return;
    }
    decision.record(SYSTEM, { type: 'levelSkipped', answer: level, pass });
  }
  noLevelLeft(decision, question, pass, reason, answer);
}

/** Told again at a lower urgency, people stay where they are. */
function placeOf(
  { assignments, escalation }: IncidentState,
  kind: 'users' | 'lastResort',
  pass: number,
  reason: Reason,
) {
  const told = assignments.find(({ seq }) => seq === escalation.assignment);
  const { direct, exhausted, nobodyOnCall } = escalation;
  const wasLeft = told?.kind === 'level' && (direct || exhausted || nobodyOnCall);
  if (reason !== 'urgencyLowered' || told === undefined || wasLeft) return { kind, level: null, pass, reason };
  return { kind: told.kind, level: told.level, pass, reason };
}

/**
 * An ack or a resolve may come between a reassignment and its answer. The new users are told all the same, at minute
 * zero, but for those who acted themselves; their later rules do not start (lifecycle §5.2, §7). `before`: the last
 * assignment that was made before, for what runs of it through an ack is not to be touched (§7, responders added).
 */
export function catchUp(decision: Decision, before: number): void {
  const { status, acknowledgements, resolvedBy } = decision.state;
  if (status === 'triggered') return;
  for (const { user } of acknowledgements) cancelOwn(decision, user);
  if (resolvedBy?.kind === 'user' && resolvedBy.id !== undefined) cancelOwn(decision, resolvedBy.id);
  cancelPending(decision, status, ({ owed, assignment }) => !owed && assignment > before);
}

function enterLevel(decision: Decision, answer: LevelAnswer, pass: number, reason: Reason): void {
  const { level, turn } = answer;
  const place = { kind: 'level', level, pass, reason, ...(turn === undefined ? {} : { turn }) } as const;
  assign(decision, place, answer.people, answer.remarks);
}

/** From the level asked for on, no level of this pass has anybody. */
function noLevelLeft(
  decision: Decision,
  { level: from, also }: Extract<Question, { kind: 'level' }>,
  pass: number,
  reason: Reason,
  answer: Answer,
): void {
  const { state } = decision;
  if (from === 1) {
    // The whole policy was looked at, at one instant: another pass would find the same.
    decision.record(SYSTEM, { type: 'nobodyOnCall', recheckAt: answer.nextHandOff, remarks: answer.remarks });
    const again = reason === 'escalated' && lastResortToldJustNow(state, decision.now);
    if (!again) tellLastResort(decision, pass, 'nobodyOnCall', answer);
    return;
  }
  const following = afterLastLevel(state, pass, reason);
  if (following.level === null) {
    if (!state.escalation.reached) keepTrying(decision);
    decision.record(SYSTEM, { type: 'exhausted', reason: following.reason });
    tellLastResort(decision, pass, following.reason, answer);
  } else {
    ask(decision, { kind: 'level', level: following.level, also }, following.pass, following.reason);
  }
}

function tellLastResort(decision: Decision, pass: number, reason: Reason, answer: Answer): void {
  if (answer.others.length === 0) return;
  assign(decision, { kind: 'lastResort', level: null, pass, reason }, answer.others, answer.remarks);
}

/** The running level ends without an ack: the next level, the next pass, or the last resort. */
export function endLevel(decision: Decision, reason: 'levelTimeout' | 'levelUnreachable' | 'levelGone'): void {
  const { escalation } = decision.state;
  const following = afterLevel(decision.state, reason);
  // Ended before its time, unreachable, it is not late.
  const lateBy = Math.max(0, decision.now - (escalation.levelEndsAt ?? decision.now));
  decision.record(TIMER, { type: 'levelEnded', reason, lateBy });
  goOn(decision, following);
}

/** A person moves it on, from wherever it stands. Who was looked for in vain is looked for again, and a last resort that was told is told again. */
export function advance(decision: Decision): void {
  const { escalation } = decision.state;
  const { pass, exhausted, nobodyOnCall } = escalation;
  if (nobodyOnCall) ask(decision, { kind: 'level', level: 1, also: [] }, pass, 'escalated');
  else if (exhausted) ask(decision, { kind: 'lastResort', also: [] }, pass, 'escalated');
  else goOn(decision, afterLevel(decision.state, 'escalated'));
}

/** Told by a person's own press, it is told at most once in that time (lifecycle §4.7). */
const TOLD_AGAIN_AFTER = minutes(1);

export const lastResortToldJustNow = ({ assignments }: IncidentState, now: Instant): boolean =>
  assignments.some(({ kind, at }) => kind === 'lastResort' && now < at + TOLD_AGAIN_AFTER);

function goOn(decision: Decision, following: Following): void {
  const { pass, reached } = decision.state.escalation;
  if (following.level === null && !reached) keepTrying(decision);
  leaveLevel(decision);
  if (following.level === null) exhaust(decision, pass, following.reason);
  else ask(decision, { kind: 'level', level: following.level, also: [] }, following.pass, following.reason);
}

/** The rules of this level end with it, or run on where it accumulates; those of levels that accumulated before it do in any case. */
function leaveLevel(decision: Decision): void {
  const { state } = decision;
  if (levelOf(state, state.escalation.level)?.onEscalate === 'accumulate') return;
  const left = state.escalation.assignment;
  cancelPending(
    decision,
    'levelLeft',
    ({ owed, persistent, assignment }) => !owed && !persistent && assignment === left,
  );
}

/** Nobody was reached: what failed goes on being attempted until one is sent; what was never tried ends with its level (lifecycle §5.5). */
function keepTrying(decision: Decision): void {
  const wasTried = (notification: Notification): boolean =>
    notification.attempts.length > 0 && !isResponders(decision.state, notification);
  for (const { id } of decision.pending(wasTried)) {
    decision.record(SYSTEM, { type: 'notificationPersists', notification: id, persists: true });
  }
}

function exhaust(decision: Decision, pass: number, reason: Reason): void {
  decision.record(SYSTEM, { type: 'exhausted', reason });
  if (decision.state.policy.lastResort.length > 0) ask(decision, { kind: 'lastResort', also: [] }, pass, reason);
}

/** Nobody was on call and there is no last resort: a shift has begun since. */
export function lookAgain(decision: Decision): void {
  ask(decision, { kind: 'level', level: 1, also: [] }, 1, 'handOff');
}

/**
 * Back to triggered after an ack timeout, a snooze or an unack, or raised to high: the present level starts again with its full
 * delay; where no level runs, those who were told last are told again, with no level timer, and low urgency tells level 1
 * again (lifecycle §4.6, §6); where nobody was on call, all levels are looked at again. `also` are told with them.
 */
export function startAgain(
  decision: Decision,
  reason: 'ackTimeout' | 'snoozeEnded' | 'unacknowledged' | 'userRemoved' | 'urgencyRaised',
  also: readonly string[],
): void {
  const { escalation, assignees } = decision.state;
  const { pass } = escalation;
  const raised = reason === 'urgencyRaised';
  // Those to whom a person reassigned it, and who are not told yet, are owed it all the same.
  const stands = escalation.asking?.reason === 'reassigned';
  // What a multiAck level left running through the ack is of the episode that is over; raised, it still is the same one.
  cancelPending(
    decision,
    raised ? reason : 'startsAgain',
    (notification) =>
      !notification.owed && !(raised && notification.persistent) && !isResponders(decision.state, notification),
  );
  if (escalation.direct) {
    const users = [...new Set([...assignees, ...also])];
    ask(decision, { kind: 'users', users }, pass, stands ? 'reassigned' : reason);
  } else if (escalation.exhausted) {
    ask(decision, { kind: 'lastResort', also }, pass, reason);
  } else {
    ask(decision, { kind: 'level', level: levelAgain(decision.state, reason), also }, pass, reason);
  }
}
