/**
 * PagerDuty's Events APIs by which alerts come (wire-formats §1a, §1a″), also under /pagerduty.com, which one real client
 * needs. They answer as PagerDuty does: once the event is safe, 202 (v2) or 200 (v1); 400 with `errors`, strings, for an
 * invalid event, a wrong key, and JSON that is none. 403 is PagerDuty's for a rate limit alone, and never comes here.
 * PagerDuty documents no body for 413, 415 and 503; they have the same members here.
 */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { SourceEvent } from '../../domain/event.ts';
import { membersOf, textOf } from '../../intake/members.ts';
import type { ApiDeps } from '../deps.ts';
import { BODY_LIMIT, invalid, PREFIXES, REFUSALS, sendInPagerDutysShape, unrecognized } from '../pagerdutyShapes.ts';
import { findIntegration } from '../routingKeys.ts';
import { created, enqueued } from '../schemas/answers.ts';
import { documentedOnly, eventsV1Body, eventsV2Body } from '../schemas/events.ts';
import type { ApiServer } from '../server.ts';
import { eventsV1 } from '../sources/eventsV1.ts';
import { eventsV2 } from '../sources/eventsV2.ts';

/** Where the two differ. */
interface EventsApi {
  readonly path: string;
  readonly summary: string;
  readonly body: z.ZodType;
  readonly response: Readonly<Record<number, z.ZodType>>;
  readonly source: {
    readonly name: string;
    translate(body: unknown, newKey: () => string): readonly [SourceEvent];
  };
  /** The member that holds the routing key, and what it is called where it is wrong. */
  readonly key: { readonly member: string; readonly called: string };
  readonly status: number;
  readonly answer: (dedupKey: string) => object;
}

const APIS: readonly EventsApi[] = [
  {
    path: '/v2/enqueue',
    summary: 'PagerDuty Events API v2',
    body: eventsV2Body,
    response: { 202: enqueued, ...REFUSALS },
    source: eventsV2,
    key: { member: 'routing_key', called: "'routing_key'" },
    status: 202,
    answer: (dedup_key) => ({ status: 'success', message: 'Event processed', dedup_key }),
  },
  {
    path: '/generic/2010-04-15/create_event.json',
    summary: 'PagerDuty Events API v1',
    body: eventsV1Body,
    response: { 200: created, ...REFUSALS },
    source: eventsV1,
    key: { member: 'service_key', called: 'Service key' },
    status: 200,
    answer: (incident_key) => ({ status: 'success', message: 'Event processed', incident_key }),
  },
];

export function pagerdutyEvents(app: ApiServer, deps: ApiDeps): void {
  for (const prefix of PREFIXES) for (const api of APIS) register(app, deps, prefix, api);
}

function register(app: ApiServer, deps: ApiDeps, prefix: string, api: EventsApi): void {
  const { path, summary, body, response, source, key, status, answer } = api;
  app.post(
    `${prefix}${path}`,
    {
      bodyLimit: BODY_LIMIT,
      errorHandler: sendInPagerDutysShape,
      validatorCompiler: documentedOnly,
      schema: {
        tags: ['events'],
        summary,
        description: `The body is an event of this API; its \`${key.member}\` is the key of an integration of source \`${source.name}\`.`,
        body,
        response,
      },
    },
    async (request, reply) => {
      const members = membersOf(request.body);
      if (members === undefined) return reply.code(400).send(unrecognized('the body is not a JSON object'));
      const [event] = source.translate(members, randomUUID);
      const integration = findIntegration(deps.configuration(), source.name, textOf(members[key.member]) ?? '');
      if (integration === undefined) {
        const error = `${key.called} is invalid (no integration of source ${source.name} has it)`;
        return reply.code(400).send(invalid([error]));
      }
      await deps.intake.accept([{ integration, event }]);
      return reply.code(status).send(answer(event.dedupKey));
    },
  );
}
