/** Incidents that continue as new after a few events already, started as the API starts them. */
import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { keyHash } from '../../intake/hashes.ts';
import { startOptions } from '../../intake/startOptions.ts';
import type { Configuration } from '../../domain/configuration.ts';
import { incidentIdOf, incidentWorkflowId } from '../../domain/identity.ts';
import { openingFor } from '../../domain/opening.ts';
import { INCIDENT_WORKFLOW } from '../../workflows/messages.ts';
import { ownRoute } from './configurations.ts';

export interface Opened {
  /** The incident's. */
  readonly id: string;
  readonly workflowId: string;
  readonly runId: string;
}

/** Opens an incident by the integration of that id. It continues as new when its history is longer than `maxHistoryLength`. */
export async function openShort(
  client: Client,
  configuration: Configuration,
  { integration: id, dedupKey, maxHistoryLength }: { integration: string; dedupKey: string; maxHistoryLength: number },
): Promise<Opened> {
  const integration = configuration.integrations.get(id);
  if (integration === undefined) throw new Error(`no integration ${id}`);
  const workflowId = incidentWorkflowId(id, keyHash(dedupKey));
  const event = { action: 'trigger', dedupKey, summary: `summary of ${dedupKey}`, source: 'test' } as const;
  const options = startOptions({
    workflowId,
    owner: id,
    opening: openingFor(configuration, ownRoute(integration), Date.now()),
    arrivals: [{ id: randomUUID(), count: 1, event: { ...event, severity: 'critical' } }],
    previous: null,
  });
  const args = (options.args ?? []).map((input: object) => ({ ...input, maxHistoryLength }));
  const { firstExecutionRunId: runId } = await client.workflow.start(INCIDENT_WORKFLOW, { ...options, args });
  return { id: incidentIdOf(workflowId, runId), workflowId, runId };
}

/** The run that is the latest now. */
export const runOf = async (client: Client, { workflowId }: Pick<Opened, 'workflowId'>): Promise<string> =>
  (await client.workflow.getHandle(workflowId).describe()).runId;
