/**
 * Identity (lifecycle §2.2, interfaces §5): a workflow id is derived from the incident's key alone, and *is* the dedup;
 * an incident's id names that workflow and the run in which it began, so that it is found without a look-up.
 */
const WORKFLOW_ID = /^incident\/((?:group\/)?[A-Za-z0-9_-]+)\/([0-9a-f]{32})$/;
const INCIDENT_ID = /^((?:group\.)?[A-Za-z0-9_-]+)\.([0-9a-f]{32})\.([0-9a-f]{32})$/;
const RUN_ID = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/** What the incidents of a service's groups have in the place of an integration's id, which has no slash. */
export const groupOwner = (service: string): string => `group/${service}`;

/**
 * `owner`: the incident's integration, or `groupOwner` of its service. `keyHash`: the first 32 hex digits of the SHA-256
 * of its dedup key (UTF-8).
 */
export const incidentWorkflowId = (owner: string, keyHash: string): string => `incident/${owner}/${keyHash}`;

/** The owner that a workflow's id names; the whole of what is no incident's workflow id. */
export const ownerIn = (workflowId: string): string => WORKFLOW_ID.exec(workflowId)?.[1] ?? workflowId;

/**
 * `<integration>.<key hash>.<run id without dashes>`, of a group `group.<service>.…`: one part more, for an integration may
 * be called `group`, too. `runId` is that of the run in which the incident began.
 */
export function incidentIdOf(workflowId: string, runId: string): string {
  const [, owner, hash] = WORKFLOW_ID.exec(workflowId) ?? [];
  return `${owner?.replace('/', '.') ?? workflowId}.${hash ?? ''}.${runId.replaceAll('-', '')}`;
}

/** The workflow and run that an incident's id names; undefined where it is no incident's id. */
export function parseIncidentId(id: string): { workflowId: string; runId: string } | undefined {
  const [, owner, hash, run] = INCIDENT_ID.exec(id) ?? [];
  if (owner === undefined || hash === undefined || run === undefined) return undefined;
  return {
    workflowId: incidentWorkflowId(owner.replace('.', '/'), hash),
    runId: run.replace(RUN_ID, '$1-$2-$3-$4-$5'),
  };
}

/**
 * The idempotency key of something that is sent about an incident, from the id it has there (`n3`). Without a dot, so that
 * it can stand in a `webhook-id` as it is; unique, for an incident's id ends with that of its run.
 */
export const idempotencyKeyOf = (incident: string, id: string): string => `${incident.replaceAll('.', '-')}-${id}`;

/** What a person is shown while an incident has no number: the last 8 characters of its id. */
export const shortId = (id: string): string => id.slice(-8);
