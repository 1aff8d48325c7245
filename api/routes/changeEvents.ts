/**
 * PagerDuty's change events (wire-formats §1a′), by the key of an integration of source `events-v2`, also under
 * /pagerduty.com. Answered as there: 202 once the store has it, 400 with `errors`; 503 with Retry-After where the store is away.
 */
import { randomUUID } from 'node:crypto';
import { membersOf, textOf } from '../../intake/members.ts';
import type { ApiDeps } from '../deps.ts';
import { findIntegration } from '../routingKeys.ts';
import { changeTaken } from '../schemas/answers.ts';
import { changeEventBody, documentedOnly } from '../schemas/events.ts';
import type { ApiServer } from '../server.ts';
import { changeIn } from '../sources/changeEvents.ts';
import { eventsV2 } from '../sources/eventsV2.ts';
import { BODY_LIMIT, invalid, PREFIXES, REFUSALS, sendInPagerDutysShape, unrecognized } from '../pagerdutyShapes.ts';

const TAKEN = 'Change event processed';
const OF_NO_SERVICE = `${TAKEN}; its integration is of no service, so no incident shows it`;

export function changeEvents(app: ApiServer, { store, changes, configuration }: ApiDeps): void {
  for (const prefix of PREFIXES) {
    app.post(
      `${prefix}/v2/change/enqueue`,
      {
        bodyLimit: BODY_LIMIT,
        errorHandler: sendInPagerDutysShape,
        validatorCompiler: documentedOnly,
        schema: {
          tags: ['events'],
          summary: "PagerDuty's change events",
          description: `What was changed of a service: incidents of it that open in the next 30 minutes show it. \`routing_key\` is the key of an integration of source \`${eventsV2.name}\`.`,
          body: changeEventBody,
          response: { 202: changeTaken, ...REFUSALS },
        },
      },
      async (request, reply) => {
        const body = membersOf(request.body);
        if (body === undefined) return reply.code(400).send(unrecognized('the body is not a JSON object'));
        const change = changeIn(body, { id: randomUUID(), receivedAt: Date.now() });
        const integration = findIntegration(configuration(), eventsV2.name, textOf(body['routing_key']) ?? '');
        if (integration === undefined) {
          const error = `'routing_key' is invalid (no integration of source ${eventsV2.name} has it)`;
          return reply.code(400).send(invalid([error]));
        }
        const { id, service } = integration;
        await store.recordChange({ ...change, integration: id, service, source: change.source ?? id });
        await changes.read();
        return reply.code(202).send({ status: 'success', message: service === null ? OF_NO_SERVICE : TAKEN });
      },
    );
  }
}
