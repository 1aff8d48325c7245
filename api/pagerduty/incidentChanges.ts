/** PUT /incidents/{id} and PUT /incidents: acknowledge, resolve, reassign and the rest, one incident or many. */
import { z } from 'zod';
import { TocsinError } from '../../domain/errors.ts';
import { inLanes } from '../inLanes.ts';
import { asTocsinError } from '../problems.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { guardedBy, requesterOf } from './acting.ts';
import { type Changed, changeIncident } from './changing.ts';
import type { Door, Visit } from './door.ts';
import { PagerDutyError, codeOf } from './errors.ts';
import { incident, incidentChange, incidentChangeInBulk } from './incidentSchemas.ts';
import { incidentJson, incidentNamed } from './json/incidentJson.ts';
import { failure, idParam, reference, withBody } from './schemas.ts';

/** PagerDuty's own limit (PUT /incidents), and Tocsin's (lifecycle §4, Limits). */
const AT_ONCE = 250;

/** One that no worker has confirmed yet is a reference. */
export const shown = (visit: Visit, id: string, changed: Changed) =>
  changed === null ? incidentNamed(visit, id) : incidentJson(visit, changed);

export const IN_WHOSE_NAME =
  '`From` has the e-mail address of the user who does it; where the token belongs to a user, it may be left out. 202, with a reference: no worker answered within 3 s, and it is noted durably.';

export function incidentChanges(app: ApiServer, door: Door): void {
  const { deps } = door;
  const route = { tags: ['pagerduty'], security: SECURED };
  app.put(
    '/incidents/:id',
    {
      ...guardedBy(deps, 'command'),
      schema: {
        ...route,
        operationId: 'updateIncident',
        summary: 'Changes an incident',
        description: IN_WHOSE_NAME,
        params: idParam,
        body: z.looseObject({ incident: incidentChange }).meta({
          examples: [{ incident: { type: 'incident_reference', status: 'acknowledged' } }],
        }),
        response: {
          200: z.looseObject({ incident }),
          202: z.looseObject({ incident: reference }),
          ...withBody,
          404: failure,
        },
      },
    },
    async ({ params, headers, body }, reply) => {
      const requester = requesterOf(headers, deps);
      const id = await door.idOf(params.id);
      const changed = await changeIncident(door, requester, id, body.incident);
      const visit = { ...door, caller: requester.caller };
      return reply.code(changed === null ? 202 : 200).send({ incident: shown(visit, id, changed) });
    },
  );
  app.put(
    '/incidents',
    {
      ...guardedBy(deps, 'command'),
      schema: {
        ...route,
        operationId: 'updateIncidents',
        summary: 'Changes up to 250 incidents',
        description: `${IN_WHOSE_NAME} Where some of them cannot be changed, it is an error that names each of those; the others are changed.`,
        body: z
          .looseObject({ incidents: z.array(incidentChangeInBulk) })
          .meta({ examples: [{ incidents: [{ id: '1', type: 'incident_reference', status: 'acknowledged' }] }] }),
        response: {
          200: z.looseObject({ incidents: z.array(incident) }),
          202: z.looseObject({ incidents: z.array(reference) }),
          ...withBody,
          404: failure,
        },
      },
    },
    async ({ headers, body }, reply) => {
      const requester = requesterOf(headers, deps);
      const { incidents } = body;
      if (incidents.length > AT_ONCE) {
        throw new TocsinError('BODY_TOO_LARGE', `at most ${AT_ONCE} incidents can be changed at once`);
      }
      const results = await inLanes(incidents, async (change) => {
        const named = String(change.id);
        try {
          const id = await door.idOf(named);
          return { id, changed: await changeIncident(door, requester, id, change) };
        } catch (error) {
          return { id: named, error: asTocsinError(error) };
        }
      });
      assertAllDone(results);
      const visit = { ...door, caller: requester.caller };
      return reply
        .code(results.some(({ changed }) => changed === null) ? 202 : 200)
        .send({ incidents: results.map(({ id, changed = null }) => shown(visit, id, changed)) });
    },
  );
}

/** Throws one error for all that failed, with the first one's code. */
export function assertAllDone(results: readonly { readonly id: string; readonly error?: TocsinError }[]): void {
  const failed = results.flatMap(({ id, error }) => (error === undefined ? [] : [{ id, error }]));
  const [first] = failed;
  if (first === undefined) return;
  const detail = failed.map(({ id, error }) => `${id}: ${error.message}`).join('; ');
  throw new PagerDutyError(codeOf(first.error), first.error.code, detail);
}
