/** Heartbeats by name, and the list of them, from Temporal. */
import type { Client } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import type { HeartbeatMessage, HeartbeatName, Watch } from '../domain/heartbeat.ts';
import type { HeartbeatView } from '../domain/heartbeatTelling.ts';
import { BoundedMap } from '../intake/boundedMap.ts';
import { heartbeatWorkflowId, heartbeatsOf, tellOrWatch, tellWatched, watchNew } from '../intake/heartbeats.ts';
import { oneAtATime } from '../intake/oneAtATime.ts';
import { asUnavailable, bounded, isNoWorker, isNotFound } from '../intake/temporalErrors.ts';
import { type HeartbeatMemo, heartbeatQuery } from '../workflows/heartbeatMessages.ts';
import { HEARTBEAT_WORKFLOW } from '../workflows/messages.ts';
import { cursorOf, pageTokenOf } from './cursor.ts';
import type { HeartbeatFilter, HeartbeatGateway, HeartbeatPage } from './ports.ts';

/** Milliseconds between two signals of one heartbeat: as many a second as of an incident's key (intake/coalescer.ts). */
const GAP = 250;
/** Milliseconds. */
const READ_DEADLINE = 3_000;
const LIST_DEADLINE = 4_000;
/** Milliseconds for which a list answers everybody: a stock server takes 10 list calls a second in a namespace. */
const LIST_FOR = 1_000;
const MAX_LISTS = 200;

interface Beat {
  readonly heartbeat: HeartbeatName;
  readonly message: HeartbeatMessage;
  readonly watch: Watch | undefined;
}

export function heartbeatGateway(client: Client): HeartbeatGateway {
  const lists = new BoundedMap<string, Promise<HeartbeatPage>>(MAX_LISTS, LIST_FOR);

  const send = oneAtATime<Beat, boolean>(async (_key, { heartbeat, message, watch }) => {
    if (watch === undefined) return tellWatched(client, heartbeat, message);
    await tellOrWatch(client, watch, message);
    return true;
  }, GAP);

  async function view({ integration, name }: HeartbeatName): Promise<HeartbeatView | undefined> {
    const handle = client.workflow.getHandle(heartbeatWorkflowId({ integration, name }));
    const { closeTime, memo } = await bounded(client, READ_DEADLINE, () => handle.describe());
    if (closeTime !== undefined) return undefined;
    try {
      return await bounded(client, READ_DEADLINE, () => handle.query(heartbeatQuery));
    } catch (error) {
      // As it was when a worker last wrote it down.
      if (isNoWorker(error)) return (memo as HeartbeatMemo | undefined)?.heartbeat;
      throw error;
    }
  }

  async function page(query: string, { limit, cursor }: HeartbeatFilter): Promise<HeartbeatPage> {
    const { namespace, loadedDataConverter } = client.options;
    const request = { namespace, query, pageSize: limit, nextPageToken: pageTokenOf(cursor, query) };
    const response = await unavailable(
      bounded(client, LIST_DEADLINE, () => client.workflow.workflowService.listWorkflowExecutions(request)),
    );
    const infos = await Promise.all(
      response.executions.map((raw) => executionInfoFromRaw(raw, loadedDataConverter, raw, namespace)),
    );
    const heartbeats = infos.flatMap(({ memo }) => (memo as HeartbeatMemo | undefined)?.heartbeat ?? []);
    return { heartbeats, nextCursor: cursorOf(response.nextPageToken, query) };
  }

  return {
    // What comes of one that is not watched yet depends on what its address says.
    beat: ({ integration, name }, at, watch) => {
      const settings = watch?.origin === 'beat' ? watch.settings : undefined;
      const message: HeartbeatMessage = { kind: 'beat', at, ...(settings === undefined ? {} : { settings }) };
      const key = JSON.stringify([integration, name, settings]);
      return unavailable(send(key, { heartbeat: { integration, name }, message, watch }));
    },
    watch: (watch) => unavailable(watchNew(client, watch)),
    tell: (heartbeat, message) => unavailable(tellWatched(client, heartbeat, message)),
    read: (heartbeat) =>
      unavailable(view(heartbeat)).catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      }),
    list: (filter) => {
      const { integration, limit, cursor } = filter;
      const query = [
        `WorkflowType = '${HEARTBEAT_WORKFLOW}' AND ExecutionStatus = 'Running'`,
        ...(integration === undefined ? [] : [`WorkflowId STARTS_WITH '${heartbeatsOf(integration)}'`]),
      ].join(' AND ');
      const key = JSON.stringify([query, limit, cursor]);
      const known = lists.get(key);
      if (known !== undefined) return known;
      const listed = page(query, filter);
      lists.set(key, listed);
      listed.catch(() => lists.delete(key));
      return listed;
    },
  };
}

const unavailable = async <T>(asked: Promise<T>): Promise<T> => {
  try {
    return await asked;
  } catch (error) {
    throw asUnavailable(error);
  }
};
