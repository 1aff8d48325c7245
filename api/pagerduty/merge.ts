/** PUT /incidents/{id}/merge: other incidents are merged into this one (lifecycle §7, Merge). */
import { z } from 'zod';
import { inLanes } from '../inLanes.ts';
import { notFound } from '../notFound.ts';
import { asTocsinError } from '../problems.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { asking, guardedBy, requesterOf } from './acting.ts';
import type { Door } from './door.ts';
import { invalid } from './errors.ts';
import { IN_WHOSE_NAME, assertAllDone } from './incidentChanges.ts';
import { incidentNamed, incidentReference } from './json/incidentJson.ts';
import { failure, idParam, reference, withBody } from './schemas.ts';

const SOURCES_AT_ONCE = 100;

export function merge(app: ApiServer, door: Door): void {
  const { deps } = door;
  app.put(
    '/incidents/:id/merge',
    {
      ...guardedBy(deps, 'command'),
      schema: {
        tags: ['pagerduty'],
        security: SECURED,
        operationId: 'mergeIncidents',
        summary: 'Merges other incidents into this one',
        description: `${IN_WHOSE_NAME} Each source is asked by itself: where some cannot be merged, it is an error that names each of those.`,
        params: idParam,
        body: z.looseObject({
          source_incidents: z
            .array(z.looseObject({ id: z.union([z.string().min(1).max(600), z.int()]) }))
            .min(1)
            .max(SOURCES_AT_ONCE),
        }),
        response: {
          200: z.looseObject({ incident: reference }),
          202: z.looseObject({ incident: reference }),
          ...withBody,
          404: failure,
        },
      },
    },
    async ({ params, headers, body }, reply) => {
      const requester = requesterOf(headers, deps);
      const into = await door.idOf(params.id);
      const target = await deps.incidents.read(into);
      if (target === undefined) throw notFound(into);
      const results = await inLanes(body.source_incidents, async (source) => {
        const named = String(source.id);
        try {
          const id = await door.idOf(named);
          if (id === into) throw invalid('it is the incident itself: name others');
          const given = await door.give(asking(requester, 'merge', { into }), id);
          return given.kind === 'refused' ? { id, error: given.error } : { id, recorded: given.kind === 'recorded' };
        } catch (error) {
          return { id: named, error: asTocsinError(error) };
        }
      });
      assertAllDone(results);
      const visit = { ...door, caller: requester.caller };
      return results.some(({ recorded = false }) => recorded)
        ? reply.code(202).send({ incident: incidentNamed(visit, into) })
        : { incident: incidentReference(visit, target.incident) };
    },
  );
}
