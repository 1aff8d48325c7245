/**
 * POST /pagerduty/v2/enqueue: PagerDuty Events v2 (wire-formats §1a), also under /pagerduty.com, which one real client needs.
 * Answers as PagerDuty does: 202 once the event is safe; 400 with `errors`, strings, for an invalid event, a wrong routing
 * key, and JSON that is none. PagerDuty documents no body for 413, 415 and 503; they have the same members here.
 */
import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TocsinError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { asTocsinError, prepareReply, statusOf } from '../problems.ts';
import { findIntegration } from '../routingKeys.ts';
import { enqueued, invalidEvent } from '../schemas/answers.ts';
import { documentedOnly, eventsV2Body } from '../schemas/events.ts';
import type { ApiServer } from '../server.ts';
import { eventsV2 } from '../sources/eventsV2.ts';
import { membersOf, textOf } from '../../intake/members.ts';

export const PREFIXES = ['/pagerduty', '/pagerduty.com'] as const;
/** PagerDuty's own limit (docs/events-API-v2/01-Overview): 512 KB. */
const BODY_LIMIT = 512 * 1024;

const invalid = (errors: readonly string[]) => ({
  status: 'invalid event',
  message: 'Event object is invalid',
  errors,
});
const unrecognized = (error: string) => ({
  status: 'Unrecognized object',
  message: 'Event object format is unrecognized',
  errors: [error],
});

function shapeOf(error: TocsinError): object {
  if (error.code === 'BAD_EVENT') return invalid(error.message.split('; '));
  if (error.code === 'MALFORMED_JSON') return unrecognized('JSON parse error');
  if (error.code === 'UNSUPPORTED_MEDIA_TYPE') return unrecognized(error.message);
  if (error.code === 'BODY_TOO_LARGE') return invalid(['the event is larger than 512 KB']);
  if (statusOf(error.code) < 500) return invalid([error.message]);
  return { status: 'error', message: 'Event not processed', errors: [error.message] };
}

function sendInPagerDutysShape(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = asTocsinError(error);
  void prepareReply(known, request, reply).send(shapeOf(known));
}

export function pagerdutyEvents(app: ApiServer, deps: ApiDeps): void {
  for (const prefix of PREFIXES) {
    app.post(
      `${prefix}/v2/enqueue`,
      {
        bodyLimit: BODY_LIMIT,
        errorHandler: sendInPagerDutysShape,
        validatorCompiler: documentedOnly,
        schema: {
          tags: ['events'],
          summary: 'PagerDuty Events API v2',
          description:
            'The body is an event of PagerDuty’s Events API v2; its `routing_key` is one of an integration of source `events-v2`.',
          body: eventsV2Body,
          response: { 202: enqueued, 400: invalidEvent, 413: invalidEvent, 415: invalidEvent, 503: invalidEvent },
        },
      },
      async (request, reply) => {
        const body = membersOf(request.body);
        if (body === undefined) return reply.code(400).send(unrecognized('the body is not a JSON object'));
        const [event] = eventsV2.translate(body, randomUUID);
        const integration = findIntegration(deps.configuration(), eventsV2.name, textOf(body['routing_key']) ?? '');
        if (integration === undefined) {
          return reply
            .code(400)
            .send(invalid(["'routing_key' is invalid (no integration of source events-v2 has it)"]));
        }
        await deps.intake.accept([{ integration, event }]);
        return reply.code(202).send({ status: 'success', message: 'Event processed', dedup_key: event.dedupKey });
      },
    );
  }
}
