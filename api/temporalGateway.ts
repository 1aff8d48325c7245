/** Incidents by id, and the list of them, from Temporal: the only truth while they are open (design §2.8). */
import { type Client, WorkflowFailedError } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { AttemptResult, ProviderWord } from '../domain/commands.ts';
import type { Configuration } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import { incidentWorkflowId, parseIncidentId } from '../domain/identity.ts';
import type { MaintenanceWindow } from '../domain/maintenance.ts';
import {
  type IncidentReport,
  INCIDENTS_QUEUE,
  MAINTENANCE_OVER_WORKFLOW,
  SEND_TEST_WORKFLOW,
  incidentQuery,
  nextQuery,
  notificationsQuery,
  providerSignal,
  timelineQuery,
} from '../workflows/messages.ts';
import { BoundedMap } from '../intake/boundedMap.ts';
import { keyHash } from '../intake/hashes.ts';
import { type Delivered, UPDATE_DEADLINE, deliver, leave } from './incidentCommand.ts';
import { type Page, listPage } from './incidentList.ts';
import { type Held, askIncident, askPresent } from './incidentRuns.ts';
import type { CommandResult, FoundIncident, IncidentFilter, IncidentGateway } from './ports.ts';
import { TooSlow, asUnavailable, bounded, isNotFound, isUnavailable } from '../intake/temporalErrors.ts';
import { visibilityQuery } from './visibilityQuery.ts';

/** Milliseconds for which a list answers everybody: a stock server takes 10 list calls a second in a namespace. */
const LIST_FOR = 1_000;
const MAX_LISTS = 200;
const START_DEADLINE = 4_000;
const HEALTH_DEADLINE = 2_000;
/** Of a test message: no longer than one attempt may take in all (workflows/activities.ts). */
const TEST_DEADLINE = 60_000;
const WORKFLOW_QUEUE = proto.temporal.api.enums.v1.TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW;
/** A live worker's poll begins anew every minute; the server remembers a dead one's for five. */
const POLLED_WITHIN = 90_000;

interface TemporalGateway {
  readonly client: Client;
  readonly configuration: () => Configuration;
  /** The workflow ids of the groups that alerts of a dedup key are in; none where absent. */
  readonly groupsOfAlert?: (dedupKey: string) => Promise<readonly string[]>;
  /** Hears who works for the incidents, whenever that is looked at. */
  readonly workersSeen?: (identities: readonly string[]) => void;
}

export function temporalGateway({
  client,
  configuration,
  groupsOfAlert = async () => [],
  workersSeen,
}: TemporalGateway): IncidentGateway {
  const lists = new BoundedMap<string, Promise<Page>>(MAX_LISTS, LIST_FOR);

  const find = (id: string): Promise<Held<IncidentReport> | undefined> => askIncident(client, incidentQuery, id);
  async function read(id: string): Promise<FoundIncident | undefined> {
    const held = await find(id);
    return held && foundIn(held);
  }

  /** The alert's own, or the one of its group: of those that are there, the open one that has it. */
  async function openOf(integration: string, dedupKey: string): Promise<FoundIncident | undefined> {
    const own = incidentWorkflowId(integration, keyHash(dedupKey));
    for (const workflowId of [own, ...(await groupsOfAlert(dedupKey))]) {
      const held = await askPresent(client, incidentQuery, workflowId);
      const merged = held?.answer.incident.mergedInto;
      const found = typeof merged === 'string' ? await find(merged) : held;
      if (found === undefined || found.answer.incident.status === 'resolved') continue;
      const { alerts } = found.answer.incident;
      if (alerts.some((alert) => alert.integration === integration && alert.dedupKey === dedupKey))
        return foundIn(found);
    }
    return undefined;
  }

  async function list(filter: IncidentFilter): Promise<Page> {
    const groups = filter.dedupKey === undefined ? [] : await groupsOfAlert(filter.dedupKey);
    const query = visibilityQuery(filter, configuration(), groups);
    if (query === undefined) return { incidents: [], nextCursor: null };
    const key = JSON.stringify([query, filter.limit, filter.cursor, filter.dedupKey, filter.since]);
    const known = lists.get(key);
    if (known !== undefined) return known;
    const page = listPage(client, query, filter, groups);
    lists.set(key, page);
    page.catch(() => lists.delete(key));
    return page;
  }

  async function command(...[id, command]: Parameters<IncidentGateway['command']>): Promise<CommandResult> {
    const until = Date.now() + UPDATE_DEADLINE;
    const delivered = await deliver(client, id, command, UPDATE_DEADLINE);
    if (delivered !== 'elsewhere') return resultOf(delivered);
    const held = await find(id).catch(async (error: unknown): Promise<'recorded'> => {
      const noWorker = error instanceof TocsinError && error.code === 'NO_WORKER';
      const named = noWorker ? parseIncidentId(id) : undefined;
      // It is being opened: the command must not be lost for coming too early.
      if (named !== undefined && (await leave(client, named.workflowId, id, command)) === 'recorded') return 'recorded';
      throw error;
    });
    if (held === 'recorded') return { kind: 'recorded' };
    if (held === undefined) return { kind: 'notFound' };
    // Open after all: the update met the workflow before it held the incident, or as it continued as new.
    if (held.latest && held.answer.incident.status !== 'resolved') {
      const again = await deliver(client, id, command, Math.max(1, until - Date.now()));
      if (again !== 'elsewhere') return resultOf(again);
      // The command must not be lost for it.
      if ((await leave(client, held.workflowId, id, command)) === 'recorded') return { kind: 'recorded' };
    }
    return { kind: 'closed', found: foundIn(held) };
  }

  async function hear(id: string, word: ProviderWord): Promise<boolean> {
    const named = parseIncidentId(id);
    if (named === undefined) return false;
    try {
      const handle = client.workflow.getHandle(named.workflowId);
      await bounded(client, START_DEADLINE, () => handle.signal(providerSignal, id, word));
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw asUnavailable(error);
    }
  }

  async function tellHeld({ id, services }: Pick<MaintenanceWindow, 'id' | 'services'>): Promise<void> {
    try {
      await bounded(client, START_DEADLINE, () =>
        client.workflow.start(MAINTENANCE_OVER_WORKFLOW, {
          workflowId: `maintenance/${id}`,
          taskQueue: INCIDENTS_QUEUE,
          args: [{ id, services }],
          workflowIdConflictPolicy: 'USE_EXISTING',
          staticSummary: 'A maintenance window is taken away',
        }),
      );
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  async function sendTest(...[channel, request]: Parameters<IncidentGateway['sendTest']>): Promise<AttemptResult> {
    const given = [channel, request] as const;
    try {
      return await bounded(client, TEST_DEADLINE, () =>
        client.workflow.execute<(...args: typeof given) => Promise<AttemptResult>>(SEND_TEST_WORKFLOW, {
          workflowId: `test/${request.idempotencyKey}`,
          taskQueue: INCIDENTS_QUEUE,
          args: given,
          workflowExecutionTimeout: TEST_DEADLINE,
          staticSummary: `A test message by ${channel}`,
        }),
      );
    } catch (error) {
      if (!(error instanceof TooSlow) && !(error instanceof WorkflowFailedError)) throw asUnavailable(error);
      throw new TocsinError('NO_WORKER', 'no worker made the attempt within a minute', { cause: error });
    }
  }

  async function trouble(): Promise<string | null> {
    try {
      const { pollers } = await bounded(client, HEALTH_DEADLINE, () =>
        client.workflow.workflowService.describeTaskQueue({
          namespace: client.options.namespace,
          taskQueue: { name: INCIDENTS_QUEUE },
          taskQueueType: WORKFLOW_QUEUE,
        }),
      );
      const lately = Date.now() - POLLED_WITHIN;
      const working = pollers.filter(({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > lately);
      workersSeen?.(working.map(({ identity }) => identity ?? ''));
      return working.length > 0 ? null : `no worker polls the task queue '${INCIDENTS_QUEUE}'`;
    } catch (error) {
      return isUnavailable(error) ? 'Temporal does not answer' : 'Temporal refuses to say how the task queue is';
    }
  }

  return {
    read,
    openOf,
    list,
    command,
    hear,
    tellHeld,
    sendTest,
    trouble,
    timeline: (id) => answerOf(askIncident(client, timelineQuery, id)),
    notifications: (id) => answerOf(askIncident(client, notificationsQuery, id)),
    next: (id) => answerOf(askIncident(client, nextQuery, id)),
  };
}

function resultOf(delivered: Exclude<Delivered, 'elsewhere'>): CommandResult {
  if (delivered === 'recorded') return { kind: 'recorded' };
  const { answer, workflowId, runId } = delivered;
  return { kind: 'done', outcome: answer.outcome, found: { ...answer.report, workflowId, runId } };
}

const foundIn = ({ answer, workflowId, runId }: Held<IncidentReport>): FoundIncident => ({
  ...answer,
  workflowId,
  runId,
});

async function answerOf<T>(held: Promise<{ readonly answer: T } | undefined>): Promise<T | undefined> {
  return (await held)?.answer;
}
