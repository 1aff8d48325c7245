/** How heartbeats are told something: their workflow is found by name, or started with what it is told (domain/heartbeat.ts). */
import { type Client, WorkflowExecutionAlreadyStartedError, type WorkflowStartOptions } from '@temporalio/client';
import {
  type HeartbeatMessage,
  type HeartbeatName,
  type Watch,
  afterMessage,
  beginWatch,
} from '../domain/heartbeat.ts';
import { heartbeatDedupKey, heartbeatView } from '../domain/heartbeatTelling.ts';
import { formatDuration } from '../domain/duration.ts';
import { type HeartbeatInput, type HeartbeatMemo, heartbeatSignal } from '../workflows/heartbeatMessages.ts';
import { HEARTBEAT_WORKFLOW, INCIDENTS_QUEUE } from '../workflows/messages.ts';
import { SEARCH_ATTRIBUTES, cutToBytes } from '../workflows/searchAttributes.ts';
import { keyHash } from './hashes.ts';
import { staticSummaryOf } from './staticSummary.ts';
import { bounded, isNotFound } from './temporalErrors.ts';

/** Milliseconds for one call to Temporal. */
const DEADLINE = 4_000;

/** `heartbeat/<integration>/<first 32 hex digits of the SHA-256 of its name>`: as an incident's, of its dedup key. */
export const heartbeatWorkflowId = ({ integration, name }: HeartbeatName): string =>
  `${heartbeatsOf(integration)}${keyHash(name)}`;

/** What the workflow ids of an integration's heartbeats begin with. */
export const heartbeatsOf = (integration: string): string => `heartbeat/${integration}/`;

/** The memo and the rest are what is shown of it until its first task has run. */
function options(watch: Watch, message: HeartbeatMessage | undefined) {
  const { name, settings } = watch;
  const now = Date.now();
  const begun = beginWatch(watch, now);
  const input: HeartbeatInput = { watch };
  const memo: HeartbeatMemo = { heartbeat: heartbeatView(message ? afterMessage(begun, message, now) : begun) };
  return {
    workflowId: heartbeatWorkflowId(watch),
    taskQueue: INCIDENTS_QUEUE,
    args: [input],
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: staticSummaryOf(`${name}, every ${formatDuration(settings.every)}`),
    memo,
    // Its incident has the same, so that one search finds both.
    typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.DedupKey, value: cutToBytes(heartbeatDedupKey(name)) }],
  } as const satisfies WorkflowStartOptions;
}

/** Tells it, and begins to watch it where it is not watched. Throws what Temporal answers. */
export async function tellOrWatch(client: Client, watch: Watch, message: HeartbeatMessage): Promise<void> {
  await bounded(client, DEADLINE, () =>
    client.workflow.signalWithStart(HEARTBEAT_WORKFLOW, {
      ...options(watch, message),
      signal: heartbeatSignal,
      signalArgs: [message],
    }),
  );
}

/** Begins to watch it; false where it is watched already. Throws what Temporal answers. */
export async function watchNew(client: Client, watch: Watch): Promise<boolean> {
  try {
    const started = { ...options(watch, undefined), workflowIdConflictPolicy: 'FAIL' } as const;
    await bounded(client, DEADLINE, () => client.workflow.start(HEARTBEAT_WORKFLOW, started));
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** False where it is not watched. Throws what Temporal answers. */
export async function tellWatched(
  client: Client,
  heartbeat: HeartbeatName,
  message: HeartbeatMessage,
): Promise<boolean> {
  try {
    const handle = client.workflow.getHandle(heartbeatWorkflowId(heartbeat));
    await bounded(client, DEADLINE, () => handle.signal(heartbeatSignal, message));
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
