/** An incident as the API answers it: the view, and where it lives in Temporal (interfaces §5, Shapes). */
import type { IncidentView } from '../domain/view.ts';
import type { ApiDeps } from './deps.ts';
import type { ListedIncident } from './ports.ts';

export interface IncidentJson extends IncidentView {
  readonly workflowId: string;
  readonly runId: string;
  /** Null where the Temporal UI's address is not known. */
  readonly temporalUrl: string | null;
}

type Place = Pick<ApiDeps, 'temporalUiUrl' | 'namespace'>;

export function incidentJson({ incident, workflowId, runId }: ListedIncident, place: Place): IncidentJson {
  const base = place.temporalUiUrl?.replace(/\/+$/, '');
  const path = `namespaces/${encodeURIComponent(place.namespace)}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
  return { ...incident, workflowId, runId, temporalUrl: base === undefined ? null : `${base}/${path}` };
}
