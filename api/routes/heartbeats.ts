/** /v1/heartbeats: what is watched, and how it is. Whoever reads may read it; managers and admins end what nobody configured. */
import { z } from 'zod';
import { TocsinError } from '../../domain/errors.ts';
import type { HeartbeatView } from '../../domain/heartbeatTelling.ts';
import { heartbeatDedupKey } from '../../domain/heartbeatTelling.ts';
import { callerOf, guardedBy } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { guarded, problem } from '../schemas/answers.ts';
import { heartbeat, heartbeatAddress, heartbeatList, heartbeatQuery } from '../schemas/heartbeats.ts';
import { type ApiServer, SECURED } from '../server.ts';

export function heartbeats(app: ApiServer, deps: ApiDeps): void {
  const route = { tags: ['heartbeats'], security: SECURED };

  app.get(
    '/v1/heartbeats',
    {
      ...guardedBy(deps, 'read'),
      schema: {
        ...route,
        summary: 'Lists heartbeats',
        description:
          'Those that are watched. A list is a second behind, and up to half a minute in what moves with each beat; the heartbeat itself is not.',
        querystring: heartbeatQuery,
        response: { 200: heartbeatList, 400: problem, ...guarded },
      },
    },
    async ({ query: { integration, limit, cursor } }) => {
      const page = await deps.heartbeats.list({
        limit,
        ...(integration !== undefined && { integration }),
        ...(cursor !== undefined && { cursor }),
      });
      return { heartbeats: page.heartbeats.map(heartbeatJson), nextCursor: page.nextCursor };
    },
  );
  app.get(
    '/v1/heartbeats/:integration/:id',
    {
      ...guardedBy(deps, 'read'),
      schema: {
        ...route,
        summary: 'One heartbeat',
        params: heartbeatAddress,
        response: { 200: heartbeat, 400: problem, 404: problem, ...guarded },
      },
    },
    async ({ params: { integration, id } }) => heartbeatJson(await watched(deps, integration, id)),
  );
  app.delete(
    '/v1/heartbeats/:integration/:id',
    {
      ...guardedBy(deps, 'heartbeats'),
      schema: {
        ...route,
        summary: 'Ends a heartbeat',
        description:
          'One that beats by an address of its own, or that Opsgenie’s API made; its incident is resolved. What the configuration names is taken out there.',
        params: heartbeatAddress,
        response: { 204: z.null().describe('It is not watched any more'), 400: problem, 404: problem, ...guarded },
      },
    },
    async (request, reply) => {
      const { integration, id: name } = request.params;
      const { token } = callerOf(request, deps, 'heartbeats');
      const { origin } = await watched(deps, integration, name);
      if (origin === 'configuration') {
        throw new TocsinError(
          'BAD_REQUEST',
          `heartbeat '${name}' is in the configuration: take it out of integration '${integration}' there`,
        );
      }
      await deps.heartbeats.tell({ integration, name }, { kind: 'end', why: `token ${token} ended it`, origin });
      return reply.code(204).send();
    },
  );
}

async function watched({ heartbeats }: ApiDeps, integration: string, name: string): Promise<HeartbeatView> {
  const found = await heartbeats.read({ integration, name });
  if (found !== undefined) return found;
  throw new TocsinError(
    'NOT_FOUND',
    `there is no heartbeat '${name}' of integration '${integration}'; GET /v1/heartbeats lists them`,
  );
}

function heartbeatJson({ name, written: _written, ...view }: HeartbeatView) {
  return { ...view, id: name, dedupKey: heartbeatDedupKey(name) };
}
