/** `decide(state, command, now)`: what comes of a command. The one door to every rule of lifecycle.md. */
import { ackTimedOut } from './acknowledging.ts';
import { arrive } from './arriving.ts';
import { autoResolve } from './autoResolving.ts';
import type { Change } from './changes.ts';
import type { Command, CommandOutcome, PersonsCommand } from './commands.ts';
import { beginning } from './crowd.ts';
import type { Deadline } from './deadlines.ts';
import { overdue } from './deadlines.ts';
import { Decision, SYSTEM } from './decision.ts';
import { attempted, beginAttempt, contactGivenUp, outlived } from './delivering.ts';
import type { Instant } from './duration.ts';
import { endLevel, lookAgain, takeAnswer } from './escalating.ts';
import { digest, quiet } from './flapping.ts';
import { askAgain } from './forwarding.ts';
import { hear, letterSent } from './hearing.ts';
import type { IncidentState } from './incident.ts';
import { isInvited, takeResponders } from './inviting.ts';
import { offerAgain, releaseForwarders } from './merging.ts';
import { beginNotice, noticeAttempted, oweNotices } from './noticing.ts';
import { command as obey } from './obeying.ts';
import { takeWord } from './receiving.ts';
import { numbered, recordMoved } from './recording.ts';
import { snoozeEnded } from './snoozing.ts';
import { close } from './reopening.ts';
import { asksWhetherHeld, belowThreshold, heldOver, holdOver, takeHold, windowTaken } from './suspending.ts';
import { usersRemoved } from './usersRemoved.ts';
import { hoursTurned } from './urging.ts';
import { answerForAnother } from './takingOver.ts';

export interface Decided {
  readonly state: IncidentState;
  readonly changes: readonly Change[];
}

/** Decides anything but a person's command. */
export function decide(state: IncidentState, command: Exclude<Command, PersonsCommand>, now: Instant): Decided {
  const decision = new Decision(state, now);
  if (command.type === 'deadline') {
    takeDeadlines(decision, command.long ?? false);
  } else {
    take(decision, command);
    settle(decision);
  }
  return decision;
}

function take(decision: Decision, command: Exclude<Command, PersonsCommand | { type: 'deadline' }>): void {
  switch (command.type) {
    case 'arrival':
      return arrive(decision, command.arrival);
    case 'answer':
      if (isInvited(decision.state, command.seq)) return takeResponders(decision, command.seq, command.answer);
      return asksWhetherHeld(decision.state, command.seq)
        ? takeHold(decision, command.answer)
        : takeAnswer(decision, command.seq, command.answer);
    case 'attempted':
      return attempted(decision, command.notification, command.result);
    case 'noticeAttempted':
      return noticeAttempted(decision, command.notice, command.result);
    case 'provider':
      return takeWord(decision, command.word);
    case 'numbered':
      return numbered(decision, command.number);
    case 'heard':
      return command.to === decision.state.id
        ? hear(decision, command.message)
        : answerForAnother(decision, command.message);
    case 'letterSent':
      return letterSent(decision, command.letter, command.there);
    case 'eventsTakenBack':
      return decision.record(SYSTEM, { type: 'eventsTakenBack' });
    case 'recordMoved':
      return recordMoved(decision, command.record);
    case 'changed':
      return command.change.kind === 'maintenanceChanged'
        ? windowTaken(decision, command.change.id)
        : usersRemoved(decision, command.change);
    default:
      return command satisfies never;
  }
}

/** Decides a person's command, and says what came of it. */
export function decideCommand(
  state: IncidentState,
  command: PersonsCommand,
  now: Instant,
): Decided & { readonly outcome: CommandOutcome } {
  const decision = new Decision(state, now);
  const outcome = obey(decision, command);
  settle(decision);
  return { state: decision.state, changes: decision.changes, outcome };
}

/** Takes every overdue deadline, each against the state that the one before left (lifecycle §7, Ties and overdue deadlines). */
function takeDeadlines(decision: Decision, long: boolean): void {
  const { now } = decision;
  for (let next = overdue(decision.state, now, long); next; next = overdue(decision.state, now, long)) {
    // One that begins leaves the others as they are: all that are due, and have room, begin together.
    if (next.kind === 'rule') for (const { id } of beginning(decision.state, now, long)) beginAttempt(decision, id);
    else takeDeadline(decision, next);
    settle(decision);
  }
}

/** What others are owed for it, whatever was decided. */
function settle(decision: Decision): void {
  releaseForwarders(decision);
  oweNotices(decision);
}

function takeDeadline(decision: Decision, deadline: Exclude<Deadline, { kind: 'rule' }>): void {
  switch (deadline.kind) {
    case 'autoResolve':
      return autoResolve(decision);
    case 'ackTimeout':
      return ackTimedOut(decision);
    case 'snoozeEnd':
      return snoozeEnded(decision);
    case 'supportHours':
      return hoursTurned(decision);
    case 'holdEnd':
      return holdOver(decision);
    case 'thresholdEnd':
      return belowThreshold(decision);
    case 'held':
      return heldOver(decision);
    case 'askAgain':
      return decision.state.merging === null ? askAgain(decision) : offerAgain(decision);
    case 'levelEnd':
      return endLevel(decision, 'levelTimeout');
    case 'handOff':
      return lookAgain(decision);
    case 'minuteZeroAge':
      return outlived(decision, deadline.notification);
    case 'giveUp':
      return contactGivenUp(decision, deadline.notification);
    case 'notice':
      return beginNotice(decision, deadline.notice);
    case 'flappingQuiet':
      return quiet(decision);
    case 'flappingDigest':
      return digest(decision);
    case 'close':
      return close(decision);
    default:
      return deadline satisfies never;
  }
}
