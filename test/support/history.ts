/** What the server keeps of an execution, event by event, as a test reads it. */
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import proto, { type temporal } from '@temporalio/proto';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const { EventType, WorkflowTaskFailedCause } = proto.temporal.api.enums.v1;
const OVERTAKEN = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND;

export async function eventsOf(client: Client, workflowId: string, runId?: string): Promise<readonly HistoryEvent[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return events ?? [];
}

/** All that stands in it, payloads as text: what whoever may look into Temporal can read. */
export async function textOf(client: Client, workflowId: string): Promise<string> {
  const history = JSON.stringify(await client.workflow.getHandle(workflowId).fetchHistory());
  const payloads = [...history.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
  return [history, ...payloads].join('\n');
}

/** `WORKFLOW_EXECUTION_STARTED`, `TIMER_FIRED`, … */
export const typeOf = ({ eventType }: HistoryEvent): string =>
  (EventType[eventType ?? 0] ?? 'UNKNOWN').replace('EVENT_TYPE_', '');

/** The text beside an event in the Temporal UI; undefined where it has none. */
export function summaryOf({ userMetadata }: HistoryEvent): string | undefined {
  const payload = userMetadata?.summary;
  return payload ? defaultPayloadConverter.fromPayload<string>(payload) : undefined;
}

/** What failed in workflow tasks: code that does not replay, or an error that nobody caught. Not that a task was overtaken by an event. */
export const brokenTasks = (events: readonly HistoryEvent[]): readonly string[] =>
  events.flatMap(({ workflowTaskFailedEventAttributes: failed }) =>
    failed && failed.cause !== OVERTAKEN ? [failed.failure?.message ?? 'for a reason unknown'] : [],
  );
