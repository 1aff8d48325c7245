/** A person's command to the workflow: an update, and behind it the durable signal with the same id (lifecycle §3). */
import { ApplicationFailure, type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PersonsCommand } from '../domain/commands.ts';
import { ERRORS, type ErrorCode, TocsinError } from '../domain/errors.ts';
import { parseIncidentId } from '../domain/identity.ts';
import { type CommandAnswer, commandSignal, commandUpdate } from '../workflows/messages.ts';
import { asUnavailable, bounded, isNotFound } from '../intake/temporalErrors.ts';

/** Milliseconds; lifecycle §3: "a command that no worker takes within 3 s is sent on as a durable signal". */
export const UPDATE_DEADLINE = 3_000;
/**
 * Milliseconds without an answer after which it is delivered once more, under the same id: an update that meets a
 * continue-as-new may hang with the run that is over, and the run after it takes the second one at once.
 */
const AGAIN_AFTER = 1_000;
const SIGNAL_DEADLINE = 3_000;
/** What the server fails an accepted update with when its workflow closes before it is done. */
const CLOSED_MEANWHILE = 'AcceptedUpdateCompletedWorkflow';

/** `elsewhere`: no open execution holds the incident; whether one ever did is to be looked up. */
export type Delivered =
  { readonly answer: CommandAnswer; readonly workflowId: string; readonly runId: string } | 'recorded' | 'elsewhere';

function refusedByValidator(error: WorkflowUpdateFailedError): unknown {
  const { cause } = error;
  if (!(cause instanceof ApplicationFailure)) return error;
  const code =
    cause.type !== undefined && cause.type !== null && cause.type in ERRORS ? (cause.type as ErrorCode) : 'BAD_REQUEST';
  return new TocsinError(code, cause.message, { cause: error });
}

/** Leaves the command with the open execution of that key, for when a worker is back. */
export async function leave(
  client: Client,
  workflowId: string,
  id: string,
  command: PersonsCommand,
): Promise<'recorded' | 'elsewhere'> {
  try {
    const handle = client.workflow.getHandle(workflowId);
    await bounded(client, SIGNAL_DEADLINE, () => handle.signal(commandSignal, id, command));
    return 'recorded';
  } catch (error) {
    if (isNotFound(error)) return 'elsewhere';
    throw asUnavailable(error);
  }
}

/** Makes the call, and once more where it is not answered in time; what answers first counts, and the other is called back. */
async function withSecondTry<T>(client: Client, call: () => Promise<T>): Promise<T> {
  const calling = new AbortController();
  const second = async (): Promise<T> => {
    await sleep(AGAIN_AFTER, undefined, { signal: calling.signal });
    return call();
  };
  try {
    return await client.withAbortSignal(calling.signal, () => Promise.race([call(), second()]));
  } finally {
    calling.abort();
  }
}

/**
 * Gives the command to the open execution of the incident's key, once more where its run ended meanwhile. `id` is an
 * incident's id; `within` milliseconds it is taken.
 */
export async function deliver(
  client: Client,
  id: string,
  command: PersonsCommand,
  within: number,
  again = true,
): Promise<Delivered> {
  const named = parseIncidentId(id);
  if (named === undefined) return 'elsewhere';
  const handle = client.workflow.getHandle(named.workflowId);
  // Started and then waited for, rather than executed: only so the run that took it is known.
  const update = async (): Promise<Delivered> => {
    const started = await handle.startUpdate(commandUpdate(command.type), {
      args: [id, command],
      updateId: command.id,
      waitForStage: 'ACCEPTED',
    });
    const answer = await started.result();
    const runId = started.workflowRunId ?? named.runId;
    return answer === null ? 'elsewhere' : { answer, workflowId: named.workflowId, runId };
  };
  try {
    return await bounded(client, within, () => withSecondTry(client, update));
  } catch (error) {
    if (isNotFound(error)) return 'elsewhere';
    if (error instanceof WorkflowUpdateFailedError) {
      const type = error.cause instanceof ApplicationFailure ? error.cause.type : undefined;
      // A run that went on knows the command's id, and says what came of it.
      if (type === CLOSED_MEANWHILE) return again ? deliver(client, id, command, within, false) : 'elsewhere';
      throw refusedByValidator(error);
    }
    // Whatever it was (no worker in time, one killed in the middle, a task that fails and is tried again): the command is
    // not known to be done, and what is known to be durable is the signal. Done twice it is not, for it has one id.
    return leave(client, named.workflowId, id, command);
  }
}
