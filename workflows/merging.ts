/** Incidents that are merged tell one another so, by signals from workflow to workflow; the rules are in domain/. */
import { condition, getExternalWorkflowHandle, log } from '@temporalio/workflow';
import type { PersonsCommand } from '../domain/commands.ts';
import type { Elsewhere, IncidentState } from '../domain/incident.ts';
import type { Message } from '../domain/letter.ts';
import type { CommandAnswer } from './messages.ts';
import { mergeSignal } from './messages.ts';

/** Durable once it resolves. False where no execution of that key is open; never rejects. */
export async function say({ incident, workflowId }: Elsewhere, message: Message): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(mergeSignal, incident, message);
    return true;
  } catch (error) {
    log.info('another incident could not be told', { incident, kind: message.kind, error });
    return false;
  }
}

type Obey = (incidentId: string, command: PersonsCommand) => CommandAnswer | null;

/** The handler of a merge: what comes of it is known when the other has answered, and then the same command finds it. */
export const obeyMerge =
  (obey: Obey, find: (incidentId: string) => IncidentState | null) =>
  async (incidentId: string, command: PersonsCommand): Promise<CommandAnswer | null> => {
    const answer = obey(incidentId, command);
    if (answer?.outcome.pending !== true) return answer;
    await condition(() => find(incidentId)?.merging?.command !== command.id);
    return obey(incidentId, command);
  };
