/** POST /incidents/{id}/snooze. */
import { z } from 'zod';
import { seconds } from '../../domain/duration.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { asking, guardedBy, requesterOf } from './acting.ts';
import type { Door } from './door.ts';
import { invalid } from './errors.ts';
import { IN_WHOSE_NAME, shown } from './incidentChanges.ts';
import { incident } from './incidentSchemas.ts';
import { failure, idParam, reference, withBody } from './schemas.ts';

/** Seconds: seven days. */
const LONGEST = 604_800;

export function snooze(app: ApiServer, door: Door): void {
  const { deps } = door;
  app.post(
    '/incidents/:id/snooze',
    {
      ...guardedBy(deps, 'command'),
      schema: {
        tags: ['pagerduty'],
        security: SECURED,
        operationId: 'createIncidentSnooze',
        summary: 'Acknowledges an incident, and triggers it again when the duration is over',
        description: IN_WHOSE_NAME,
        params: idParam,
        body: z
          .looseObject({
            duration: z.number().meta({ type: 'integer', minimum: 1, maximum: LONGEST }).describe('Seconds'),
          })
          .meta({ examples: [{ duration: 3_600 }] }),
        response: {
          201: z.looseObject({ incident }),
          202: z.looseObject({ incident: reference }),
          ...withBody,
          404: failure,
        },
      },
    },
    async ({ params, headers, body: { duration } }, reply) => {
      const requester = requesterOf(headers, deps);
      if (!Number.isInteger(duration) || duration < 1 || duration > LONGEST) {
        throw invalid(`duration: a whole number of seconds from 1 to ${LONGEST} was expected`, 1013);
      }
      const id = await door.idOf(params.id);
      const given = await door.give(asking(requester, 'snooze', { duration: seconds(duration) }), id);
      if (given.kind === 'refused') throw given.error;
      const visit = { ...door, caller: requester.caller };
      return given.kind === 'done'
        ? reply.code(201).send({ incident: shown(visit, id, given.found) })
        : reply.code(202).send({ incident: shown(visit, id, null) });
    },
  );
}
