/** Incidents that are merged tell one another so, by signals from workflow to workflow; the rules are in domain/. */
import { getExternalWorkflowHandle, log } from '@temporalio/workflow';
import type { Elsewhere } from '../domain/incident.ts';
import type { Message } from '../domain/letter.ts';
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
