/** How a person's command is answered: once it is known what came of it. */
import { condition } from '@temporalio/workflow';
import type { PersonsCommand } from '../domain/commands.ts';
import type { IncidentState } from '../domain/incident.ts';
import type { CommandAnswer, IncidentReport } from './messages.ts';

type Obey = (incidentId: string, command: PersonsCommand) => CommandAnswer | null;

/** Those after which it is asked who is on call. Reassigned to users, they are named by the command. */
const asks = (command: PersonsCommand): boolean =>
  command.type === 'escalate' ||
  command.type === 'trigger' ||
  command.type === 'reopen' ||
  (command.type === 'reassign' && !('users' in command));

/**
 * The handler of every command. Of a merge it is known what came of it when the other has answered, and then the same command
 * finds it; who gave one after which it is asked who is on call sees where it led; all others are answered at once.
 */
export const answering =
  (obey: Obey, find: (incidentId: string) => IncidentState | null, report: (state: IncidentState) => IncidentReport) =>
  async (incidentId: string, command: PersonsCommand): Promise<CommandAnswer | null> => {
    const answer = obey(incidentId, command);
    if (answer?.outcome.pending === true) {
      await condition(() => find(incidentId)?.merging?.command !== command.id);
      return obey(incidentId, command);
    }
    const isLookedUp = (): boolean => (find(incidentId)?.escalation.asking ?? null) === null;
    if (answer === null || answer.outcome.refused !== null || !asks(command) || isLookedUp()) return answer;
    await condition(isLookedUp);
    const state = find(incidentId);
    return state === null ? answer : { ...answer, report: report(state) };
  };
