/**
 * Identity (lifecycle §2.2, interfaces §5): a workflow id is derived from the incident's key alone, and *is* the dedup;
 * an incident's id names that workflow and the run in which it began, so that it is found without a look-up.
 */
const WORKFLOW_ID = /^incident\/([A-Za-z0-9_-]+)\/([0-9a-f]{32})$/;
const INCIDENT_ID = /^([A-Za-z0-9_-]+)\.([0-9a-f]{32})\.([0-9a-f]{32})$/;
const RUN_ID = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** `keyHash`: the first 32 hex digits of the SHA-256 of the dedup key (UTF-8). */
export const incidentWorkflowId = (integration: string, keyHash: string): string =>
  `incident/${integration}/${keyHash}`;

/** `<integration>.<key hash>.<run id without dashes>`. `runId` is that of the run in which the incident began. */
export function incidentIdOf(workflowId: string, runId: string): string {
  const [, integration, hash] = WORKFLOW_ID.exec(workflowId) ?? [];
  return `${integration ?? workflowId}.${hash ?? ''}.${runId.replaceAll('-', '')}`;
}

/** The workflow and run that an incident's id names; undefined where it is no incident's id. */
export function parseIncidentId(id: string): { workflowId: string; runId: string } | undefined {
  const [, integration, hash, run] = INCIDENT_ID.exec(id) ?? [];
  if (integration === undefined || hash === undefined || run === undefined) return undefined;
  return { workflowId: incidentWorkflowId(integration, hash), runId: run.replace(RUN_ID, '$1-$2-$3-$4-$5') };
}

/**
 * The idempotency key of something that is sent about an incident, from the id it has there (`n3`). Without a dot, so that
 * it can stand in a `webhook-id` as it is; unique, for an incident's id ends with that of its run.
 */
export const idempotencyKeyOf = (incident: string, id: string): string => `${incident.replaceAll('.', '-')}-${id}`;

/** What a person is shown while an incident has no number: the last 8 characters of its id. */
export const shortId = (id: string): string => id.slice(-8);
