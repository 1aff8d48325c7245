/**
 * Finding an incident in its chain of runs. A run holds the incident from the one that its id names to the last that
 * carried it over; most are held by the latest run, and that one is asked first.
 */
import type { Client, QueryDefinition } from '@temporalio/client';
import proto from '@temporalio/proto';
import { TocsinError } from '../domain/errors.ts';
import { parseIncidentId } from '../domain/identity.ts';
import { asUnavailable, bounded, isNoWorker, isNotFound } from '../intake/temporalErrors.ts';
import type { Asking } from '../workflows/messages.ts';

/** Milliseconds: what a worker needs for an answer is a hundredth of it. */
const QUERY_DEADLINE = 3_000;
const READ_DEADLINE = 3_000;
const CLOSE_EVENT = proto.temporal.api.enums.v1.HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT;
/** A chain is this long only where somebody made it so: each run holds thousands of events. */
const MAX_RUNS = 200;

/** A query of workflows/messages.ts: null where that run does not hold that incident. */
export type IncidentQuery<T> = QueryDefinition<T | null, Asking>;

export interface Held<T> {
  readonly answer: T;
  readonly workflowId: string;
  /** The run that holds it now, or held it last. */
  readonly runId: string;
  /** Is that the latest run of its key? */
  readonly latest: boolean;
}

async function latestRunOf(
  client: Client,
  workflowId: string,
): Promise<{ readonly runId: string; readonly open: boolean } | undefined> {
  try {
    const handle = client.workflow.getHandle(workflowId);
    const { runId, closeTime } = await bounded(client, READ_DEADLINE, () => handle.describe());
    return { runId, open: closeTime === undefined };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw asUnavailable(error);
  }
}

/** The run that went on from this one by continue-as-new; undefined where none did. */
async function nextRunOf(client: Client, workflowId: string, runId: string): Promise<string | undefined> {
  try {
    const { history } = await bounded(client, READ_DEADLINE, () =>
      client.workflow.workflowService.getWorkflowExecutionHistory({
        namespace: client.options.namespace,
        execution: { workflowId, runId },
        historyEventFilterType: CLOSE_EVENT,
      }),
    );
    const next = history?.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    return next === null || next === undefined || next === '' ? undefined : next;
  } catch (error) {
    throw asUnavailable(error);
  }
}

/** Null where that run does not hold the incident, or is not kept any more. */
async function askRun<T>(
  client: Client,
  query: IncidentQuery<T>,
  run: { readonly workflowId: string; readonly runId: string; readonly ended: boolean },
  id?: string,
): Promise<T | null> {
  const handle = client.workflow.getHandle(run.workflowId, run.runId);
  try {
    return await bounded(client, QUERY_DEADLINE, () => handle.query(query, id, run.ended));
  } catch (error) {
    if (isNotFound(error)) return null;
    if (!isNoWorker(error)) throw asUnavailable(error);
    throw new TocsinError('NO_WORKER', 'no worker answered within 3 s; the incident itself goes on when one is back', {
      cause: error,
    });
  }
}

/** What the run that holds the incident answers; undefined where there is no such incident (any more). */
export async function askIncident<T>(
  client: Client,
  query: IncidentQuery<T>,
  id: string,
): Promise<Held<T> | undefined> {
  const named = parseIncidentId(id);
  if (named === undefined) return undefined;
  const { workflowId } = named;
  const latest = await latestRunOf(client, workflowId);
  if (latest === undefined) return undefined;
  const present = await askRun(client, query, { workflowId, runId: latest.runId, ended: !latest.open }, id);
  if (present !== null) return { answer: present, workflowId, runId: latest.runId, latest: true };
  // The next incident of a key is looked up before it is opened, while the one before it is still paid for.
  if (latest.open && latest.runId === named.runId) {
    throw new TocsinError('NO_WORKER', 'the incident is being opened; ask again in a moment');
  }

  let last: Held<T> | undefined;
  let runId: string | undefined = named.runId;
  for (let runs = 0; runId !== undefined && runId !== latest.runId && runs < MAX_RUNS; runs++) {
    const answer: T | null = await askRun(client, query, { workflowId, runId, ended: true }, id);
    if (answer === null) break;
    last = { answer, workflowId, runId, latest: false };
    runId = await nextRunOf(client, workflowId, runId);
  }
  return last;
}

/** What the latest run of a workflow answers about its present incident; undefined where there is no such run, or it has none yet. */
export async function askPresent<T>(
  client: Client,
  query: IncidentQuery<T>,
  workflowId: string,
): Promise<Held<T> | undefined> {
  const latest = await latestRunOf(client, workflowId);
  if (latest === undefined) return undefined;
  const { runId, open } = latest;
  const answer = await askRun(client, query, { workflowId, runId, ended: !open });
  return answer === null ? undefined : { answer, workflowId, runId, latest: true };
}
