/** GET /services, one of them, and one of its integrations. */
import { z } from 'zod';
import type { Service } from '../../domain/configuration.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { guardedBy } from './acting.ts';
import { ids, included, matches, paging, query } from './asked.ts';
import { type Door, type Visit, visitOf } from './door.ts';
import { escalationPolicyIn, teamIn } from './included.ts';
import { integrationJson, integrationsOf, serviceJson } from './json/serviceJson.ts';
import { pageOf, pageSchema } from './pages.ts';
import type { Included } from './references.ts';
import { failure, guarded, idParam, reference } from './schemas.ts';
import { oneOfThem, there } from './there.ts';

const service = reference.extend({
  name: z.string(),
  description: z.string().nullable(),
  auto_resolve_timeout: z.int().nullable().describe('Seconds; null: off'),
  acknowledgement_timeout: z.int().nullable().describe('Seconds; null: off'),
  status: z
    .enum(['maintenance'])
    .nullable()
    .describe('Null: in no maintenance; how its incidents are is in their list'),
  escalation_policy: reference,
  teams: z.array(reference),
  integrations: z.array(reference).describe('Without their keys'),
  incident_urgency_rule: z.looseObject({ type: z.string() }),
});
const integration = reference.extend({ name: z.string(), service: reference });

export function services(app: ApiServer, door: Door): void {
  const { deps } = door;
  const shared = { tags: ['pagerduty'], security: SECURED };
  const guard = guardedBy(deps, 'read');
  const found = (id: string): Service => there(deps.configuration().services, id, 'services');

  app.get(
    '/services',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'listServices',
        summary: 'Lists services',
        querystring: z.object({ query, 'team_ids[]': ids('Of these teams'), 'include[]': included, ...paging }),
        response: { 200: pageSchema('services', service), ...guarded },
      },
    },
    async ({ query: asked, headers }) => {
      const visit = visitOf(door, headers);
      const teams = asked['team_ids[]'];
      const all = [...deps.configuration().services.values()].filter(
        ({ name, team }) =>
          matches(asked.query, name) && (teams === undefined || (team !== undefined && teams.includes(team))),
      );
      return pageOf('services', all, asked, (each) => whole(visit, each, asked['include[]']));
    },
  );
  app.get(
    '/services/:id',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getService',
        summary: 'One service',
        params: idParam,
        querystring: z.object({ 'include[]': included }),
        response: { 200: z.looseObject({ service }), ...guarded, 404: failure },
      },
    },
    async ({ params: { id }, query: asked, headers }) => ({
      service: whole(visitOf(door, headers), found(id), asked['include[]']),
    }),
  );
  app.get(
    '/services/:id/integrations/:integration_id',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getServiceIntegration',
        summary: 'One integration of a service, without its key',
        params: idParam.extend({ integration_id: z.string().min(1) }),
        response: { 200: z.looseObject({ integration }), ...guarded, 404: failure },
      },
    },
    async ({ params, headers }) => {
      const visit = visitOf(door, headers);
      const one = found(params.id);
      const which = oneOfThem(integrationsOf(visit, one), params.integration_id, 'integrations');
      return { integration: integrationJson(visit, one, which) };
    },
  );
}

function whole(visit: Visit, one: Service, include: Included) {
  return {
    ...serviceJson(visit, one),
    ...(include.has('escalation_policies') && {
      escalation_policy: escalationPolicyIn(visit, one.escalationPolicy, true),
    }),
    ...(include.has('teams') && one.team !== undefined && { teams: [teamIn(visit, one.team, true)] }),
    ...(include.has('integrations') && {
      integrations: integrationsOf(visit, one).map((each) => integrationJson(visit, one, each)),
    }),
  };
}
