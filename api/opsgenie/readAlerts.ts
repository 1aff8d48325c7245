/** GET /opsgenie/v2/alerts, …/count and …/{identifier} (https://docs.opsgenie.com/docs/alert-api#alert-retrieval). */
import type { FastifyReply } from 'fastify';
import { TocsinError } from '../../domain/errors.ts';
import { userNamed } from '../userNamed.ts';
import type { ApiDeps } from '../deps.ts';
import {
  aCount,
  aFoundAlert,
  anAlert,
  countQuery,
  failed,
  foundAlerts,
  guardedByKeys,
  identified,
  listQuery,
} from '../schemas/opsgenie.ts';
import type { ApiServer } from '../server.ts';
import { type WholeAlert, wholeAlert } from './alertJson.ts';
import { readQuery } from './alertQuery.ts';
import { answer, sendUnprocessable } from './answers.ts';
import { describedRead } from './describing.ts';
import type { FindAlert } from './foundAlert.ts';
import { guardedByKey, integrationOf } from './genieKey.ts';
import { alertLister } from './listAlerts.ts';
import { sorted } from './sorting.ts';

export function readAlerts(app: ApiServer, deps: ApiDeps, find: FindAlert): void {
  const list = alertLister(deps);
  const read = (query = '') => readQuery(query, (name) => userNamed(name, deps.configuration())?.id ?? name);
  const guard = guardedByKey(deps);
  app.get(
    '/v2/alerts',
    {
      ...guard,
      schema: {
        ...describedRead,
        summary: 'Lists the alerts of the integration whose key is given',
        description: 'May lag by 4 s. Of more than 5,000 alerts, the last ones are looked through.',
        querystring: listQuery,
        response: { 200: foundAlerts, ...guardedByKeys, 422: failed },
      },
    },
    async (request, reply) => {
      const integration = integrationOf(request, deps);
      const { query, sort, order, offset, limit } = request.query;
      const asked = read(query);
      if (!asked.ok) return sendUnprocessable(reply, { query: asked.says });
      const found = sorted((await list(integration, asked.status)).filter(asked.matches), sort, order);
      const page = (from: number): string => {
        const given = {
          ...(query !== undefined && { query }),
          sort,
          order,
          limit: String(limit),
          offset: String(from),
        };
        return `${deps.publicUrl}/opsgenie/v2/alerts?${new URLSearchParams(given).toString()}`;
      };
      const last = Math.max(0, Math.floor((found.length - 1) / limit) * limit);
      return answer(reply, {
        data: found.slice(offset, offset + limit).map(listed),
        paging: {
          first: page(0),
          last: page(last),
          ...(offset > 0 && { prev: page(Math.max(0, offset - limit)) }),
          ...(offset + limit < found.length && { next: page(offset + limit) }),
        },
      });
    },
  );
  app.get(
    '/v2/alerts/count',
    {
      ...guard,
      schema: {
        ...describedRead,
        summary: 'How many alerts the integration has',
        querystring: countQuery,
        response: { 200: aCount, ...guardedByKeys, 422: failed },
      },
    },
    async (request, reply) => {
      const integration = integrationOf(request, deps);
      const asked = read(request.query.query);
      if (!asked.ok) return sendUnprocessable(reply, { query: asked.says });
      const found = (await list(integration, asked.status)).filter(asked.matches);
      return answer(reply, { data: { count: found.length } });
    },
  );
  app.get(
    '/v2/alerts/:identifier',
    {
      ...guard,
      schema: {
        ...describedRead,
        summary: 'One alert, as it is now',
        params: identified,
        querystring: anAlert,
        response: { 200: aFoundAlert, ...guardedByKeys, 404: failed, 422: failed },
      },
    },
    async (request, reply): Promise<FastifyReply> => {
      const integration = integrationOf(request, deps);
      const { identifier } = request.params;
      const found = await find(integration, identifier, request.query.identifierType);
      if (found === undefined) throw noSuchAlert(identifier);
      return answer(reply, { data: wholeAlert(found, found.alias, integration) });
    },
  );
}

export const noSuchAlert = (identifier: string): TocsinError =>
  new TocsinError('NOT_FOUND', `Alert does not exist: '${identifier.slice(0, 200)}'`);

/** What a list does not have. */
function listed({
  actions: _actions,
  entity: _entity,
  description: _description,
  details: _details,
  ...rest
}: WholeAlert) {
  return rest;
}
