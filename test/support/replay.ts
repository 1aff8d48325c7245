/** Replays histories against the workflow code as it is now. */
import type { Client } from '@temporalio/client';
import proto, { type temporal } from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { installTelemetry } from '../../worker/telemetry.ts';
import { cachedBundle } from '../../worker/bundleCache.ts';

type History = temporal.api.history.v1.IHistory;
const { History } = proto.temporal.api.history.v1;

/** A history as plain JSON. Not the SDK's own `historyToJSON`: that fails where npm installs protobufjs more than once. */
export const jsonOf = (history: History): object =>
  History.toObject(History.fromObject(history), { bytes: String, longs: String, enums: String });

/** What `jsonOf` wrote. */
export const historyFrom = (json: object): History => History.fromObject(json);

type Histories = Parameters<typeof Worker.runReplayHistories>[1];

/** What went wrong, a line a history: `<workflow id>: <why>`. None where all replay. */
export async function replay(histories: Histories): Promise<readonly string[]> {
  installTelemetry();
  const options = { workflowBundle: await cachedBundle() };
  const wrong: string[] = [];
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    if (error !== undefined) wrong.push(`${workflowId}: ${error.message}`);
  }
  return wrong;
}

/** A history with the workflow id it belongs to, which an incident's id is made of. */
export function withWorkflowId(history: History): { workflowId: string; history: History } {
  const workflowId = history.events?.[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  if (!workflowId) throw new Error('the history does not begin with the start of a workflow');
  return { workflowId, history };
}

/** Those of all incidents that the server knows, run by run. */
export const historiesOf = (client: Client): Histories => client.workflow.list().intoHistories();
