/** A command after which it is asked who is on call is answered once that is known: who gave it sees where it led. */
import { condition } from '@temporalio/workflow';
import type { PersonsCommand } from '../domain/commands.ts';
import type { IncidentState } from '../domain/incident.ts';
import type { CommandAnswer, IncidentReport } from './messages.ts';

type Obey = (incidentId: string, command: PersonsCommand) => CommandAnswer | null;

/** Those it is asked after, whoever is told. Reassigned to users, they are named by the command. */
const asks = (command: PersonsCommand): boolean =>
  command.type === 'escalate' ||
  command.type === 'trigger' ||
  command.type === 'reopen' ||
  (command.type === 'reassign' && !('users' in command));

/** The handler of every command; one that comes too late, or asks nobody, is answered at once. */
export const obeyAndLook =
  (obey: Obey, find: (incidentId: string) => IncidentState | null, report: (state: IncidentState) => IncidentReport) =>
  async (incidentId: string, command: PersonsCommand): Promise<CommandAnswer | null> => {
    const answer = obey(incidentId, command);
    const isLookedUp = (): boolean => (find(incidentId)?.escalation.asking ?? null) === null;
    if (answer === null || answer.outcome.refused !== null || !asks(command) || isLookedUp()) return answer;
    await condition(isLookedUp);
    const state = find(incidentId);
    return state === null ? answer : { ...answer, report: report(state) };
  };
