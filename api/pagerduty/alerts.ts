/** GET /incidents/{id}/alerts, and one of them. */
import { z } from 'zod';
import type { AlertView } from '../../domain/view.ts';
import { sha256Hex } from '../../intake/hashes.ts';
import { notFound } from '../notFound.ts';
import type { FoundIncident } from '../ports.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { guardedBy } from './acting.ts';
import { oneOf, paging } from './asked.ts';
import { type Door, type Visit, visitOf } from './door.ts';
import { serviceIn } from './included.ts';
import { incidentReference } from './json/incidentJson.ts';
import { pageOf, pageSchema } from './pages.ts';
import { placeAt } from './references.ts';
import { failure, guarded, idParam, instantText, reference } from './schemas.ts';
import { oneOfThem } from './there.ts';

const alert = reference.extend({
  created_at: instantText,
  updated_at: instantText,
  status: z.enum(['triggered', 'resolved']),
  alert_key: z.string(),
  severity: z.string().nullable(),
  service: reference,
  incident: reference,
  suppressed: z.boolean(),
});

export function alerts(app: ApiServer, door: Door): void {
  const { deps } = door;
  const shared = { tags: ['pagerduty'], security: SECURED };
  const guard = guardedBy(deps, 'read');
  const read = async (idOrNumber: string): Promise<FoundIncident> => {
    const id = await door.idOf(idOrNumber);
    const found = await deps.incidents.read(id);
    if (found === undefined) throw notFound(id);
    return found;
  };
  app.get(
    '/incidents/:id/alerts',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'listIncidentAlerts',
        summary: 'The alerts of an incident',
        params: idParam,
        querystring: z.object({
          'statuses[]': oneOf(['triggered', 'resolved'], 'Of these statuses'),
          alert_key: z.string().max(10_000).optional().describe('With this key'),
          ...paging,
        }),
        response: { 200: pageSchema('alerts', alert), ...guarded, 404: failure },
      },
    },
    async ({ params: { id }, query, headers }) => {
      const visit = visitOf(door, headers);
      const found = await read(id);
      const statuses = query['statuses[]'];
      const all = found.incident.alerts.filter(
        ({ status, dedupKey }) =>
          (statuses === undefined || statuses.includes(status)) &&
          (query.alert_key === undefined || query.alert_key === dedupKey),
      );
      return pageOf('alerts', all, query, (each) => alertJson(visit, found, each));
    },
  );
  app.get(
    '/incidents/:id/alerts/:alert_id',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getIncidentAlert',
        summary: 'One alert of an incident',
        params: idParam.extend({ alert_id: z.string().min(1) }),
        response: { 200: z.looseObject({ alert }), ...guarded, 404: failure },
      },
    },
    async ({ params: { id, alert_id }, headers }) => {
      const visit = visitOf(door, headers);
      const found = await read(id);
      const all = found.incident.alerts.map((each) => alertJson(visit, found, each));
      return { alert: oneOfThem(all, alert_id, 'alerts') };
    },
  );
}

/** Named by what it is identified by, for it has no id of its own. */
const idOf = ({ integration, dedupKey }: AlertView): string =>
  sha256Hex(JSON.stringify([integration, dedupKey])).slice(0, 16);

function alertJson(visit: Visit, { incident }: FoundIncident, each: AlertView) {
  const id = idOf(each);
  const service = serviceIn(visit, incident.service, false);
  return {
    id,
    type: 'alert',
    summary: each.summary,
    ...placeAt(visit, 'incidents', incident.id, 'alerts', id),
    created_at: each.firstAt,
    updated_at: each.lastAt,
    status: each.status,
    alert_key: each.dedupKey,
    severity: each.severity,
    service,
    incident: incidentReference(visit, incident),
    suppressed: false,
    body: { type: 'alert_body', details: incident.dedupKey === each.dedupKey ? incident.details : {} },
  };
}
