/** POST /v1/incidents/{id}/merge: other incidents are merged into this one (lifecycle §7, Merge; interfaces §5, Commands). */
import { TocsinError } from '../../domain/errors.ts';
import { guardedBy } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { askedOf } from '../givingCommands.ts';
import type { GiveMany, Result } from '../givingMany.ts';
import { incidentJson } from '../incidentJson.ts';
import { notFound } from '../notFound.ts';
import { sendProblem } from '../problems.ts';
import { guarded, mergeRefused, problem, recorded } from '../schemas/answers.ts';
import { incident } from '../schemas/incident.ts';
import { commandHeaders, incidentId, mergeBody } from '../schemas/requests.ts';
import { type ApiServer, SECURED } from '../server.ts';

export function mergeIncidents(
  app: ApiServer,
  deps: ApiDeps,
  giveMany: GiveMany,
  idOf: (idOrNumber: string) => Promise<string>,
): void {
  app.post(
    '/v1/incidents/:id/merge',
    {
      ...guardedBy(deps, 'command'),
      schema: {
        tags: ['incidents'],
        security: SECURED,
        summary:
          'Merges other incidents into this one: it takes their alerts, they are resolved, and their events come here',
        description:
          'Each source is asked by itself; 409 where not all of them could be merged, with a result for each. A merge cannot be undone.',
        params: incidentId,
        headers: commandHeaders,
        body: mergeBody,
        response: {
          200: incident,
          202: recorded,
          400: problem,
          404: problem,
          409: mergeRefused,
          ...guarded,
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const sources = request.body.sources.map(String);
      for (const source of sources) {
        if ((await idOf(source).catch(() => source)) !== id) continue;
        throw new TocsinError('BAD_REQUEST', `body.sources: '${source}' is the incident itself; name others`);
      }
      const asked = askedOf(request, 'merge', { ...request.body, into: id }, deps);
      const results = await giveMany(asked, sources, request);
      const refused = results.filter(({ status }) => status >= 400);
      if (refused.length === 0 && results.some(({ status }) => status === 202)) {
        return reply.code(202).send({ status: 'recorded' });
      }
      const present = await deps.incidents.read(id);
      if (present === undefined) throw notFound(id);
      const target = incidentJson(present, deps);
      if (refused.length === 0) return target;
      const error = new TocsinError('MERGE_REFUSED', refused.map(reasonOf).join('; '));
      sendProblem(error, request, reply, { incident: target, results });
      return reply;
    },
  );
}

const reasonOf = ({ id, problem: why }: Result): string => `${id}: ${why?.detail ?? ''}`;
