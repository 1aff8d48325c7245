/** `decide(state, command, now)`: what comes of a command. The one door to every rule of lifecycle.md. */
import { ackTimedOut } from './acknowledging.ts';
import { arrive } from './arriving.ts';
import type { Change } from './changes.ts';
import type { Command, CommandOutcome, PersonsCommand } from './commands.ts';
import { overdue } from './deadlines.ts';
import { Decision } from './decision.ts';
import { attempted, beginAttempt, contactGivenUp, outlived } from './delivering.ts';
import type { Instant } from './duration.ts';
import { endLevel, lookAgain, takeAnswer } from './escalating.ts';
import type { IncidentState } from './incident.ts';
import { command as obey } from './obeying.ts';

export interface Decided {
  readonly state: IncidentState;
  readonly changes: readonly Change[];
}

/** Decides anything but a person's command. */
export function decide(state: IncidentState, command: Exclude<Command, PersonsCommand>, now: Instant): Decided {
  const decision = new Decision(state, now);
  switch (command.type) {
    case 'arrival':
      arrive(decision, command.arrival);
      break;
    case 'answer':
      takeAnswer(decision, command.seq, command.answer);
      break;
    case 'attempted':
      attempted(decision, command.notification, command.result);
      break;
    case 'deadline':
      takeDeadlines(decision);
      break;
    default:
      command satisfies never;
  }
  return decision;
}

/** Decides a person's command, and says what came of it. */
export function decideCommand(
  state: IncidentState,
  command: PersonsCommand,
  now: Instant,
): Decided & { readonly outcome: CommandOutcome } {
  const decision = new Decision(state, now);
  const outcome = obey(decision, command);
  return { state: decision.state, changes: decision.changes, outcome };
}

/** Takes every overdue deadline, each against the state that the one before left (lifecycle §7, Ties and overdue deadlines). */
function takeDeadlines(decision: Decision): void {
  for (let next = overdue(decision.state, decision.now); next; next = overdue(decision.state, decision.now)) {
    switch (next.kind) {
      case 'ackTimeout':
        ackTimedOut(decision);
        break;
      case 'levelEnd':
        endLevel(decision, 'levelTimeout');
        break;
      case 'handOff':
        lookAgain(decision);
        break;
      case 'minuteZeroAge':
        outlived(decision, next.notification);
        break;
      case 'giveUp':
        contactGivenUp(decision, next.notification);
        break;
      case 'rule':
        beginAttempt(decision, next.notification);
        break;
      default:
        next satisfies never;
    }
  }
}
