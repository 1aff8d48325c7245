/** What the server keeps of an execution, event by event, as a test reads it. */
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import proto, { type temporal } from '@temporalio/proto';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

const { EventType } = proto.temporal.api.enums.v1;

export async function eventsOf(client: Client, workflowId: string, runId?: string): Promise<readonly HistoryEvent[]> {
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  return events ?? [];
}

/** `WORKFLOW_EXECUTION_STARTED`, `TIMER_FIRED`, … */
export const typeOf = ({ eventType }: HistoryEvent): string =>
  (EventType[eventType ?? 0] ?? 'UNKNOWN').replace('EVENT_TYPE_', '');

/** The text beside an event in the Temporal UI; undefined where it has none. */
export function summaryOf({ userMetadata }: HistoryEvent): string | undefined {
  const payload = userMetadata?.summary;
  return payload ? defaultPayloadConverter.fromPayload<string>(payload) : undefined;
}

/** Why workflow tasks failed in this history: code that does not replay, or an error that nobody caught. */
export const brokenTasks = (events: readonly HistoryEvent[]): readonly string[] =>
  events.flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed?.failure?.message ?? []);
