/**
 * Answers in Opsgenie's shapes (github.com/opsgenie/opsgenie-oas, definitions/common.yaml; wire-formats §1c): every one has
 * `took`, seconds, and a `requestId` that is the header `X-Request-Id` too, for the Go SDK takes it from there.
 */
import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { TocsinError } from '../../domain/errors.ts';
import { asTocsinError, prepareReply } from '../problems.ts';

/** Seconds, to a thousandth. */
const tookOf = (reply: FastifyReply): number => Math.round(reply.elapsedTime) / 1000;

/** The members, and what every answer has beside them. `requestId`: of what was accepted; another is made up. */
export function answer(reply: FastifyReply, members: object, requestId: string = randomUUID()): FastifyReply {
  const took = tookOf(reply);
  return reply
    .headers({ 'X-Request-Id': requestId, 'X-Response-Time': String(took), 'X-RateLimit-State': 'OK' })
    .send({ ...members, took, requestId });
}

/** What Opsgenie says to every write: it is done soon, and asked for by the request's id. */
export const accept = (reply: FastifyReply, requestId: string): FastifyReply =>
  answer(reply.code(202), { result: 'Request will be processed' }, requestId);

const NOT_PROCESSABLE = 'Request body is not processable. Please check the errors.';

/** Its member by member: `details.host` of the body, or the name of a parameter. */
function faultsIn({ validation = [], validationContext }: FastifyError): Readonly<Record<string, string>> {
  const place = validationContext ?? 'body';
  return Object.fromEntries(
    validation.map(({ instancePath, message }) => [
      instancePath === '/' ? place : instancePath.slice(1).replaceAll('/', '.'),
      message ?? 'is not valid',
    ]),
  );
}

/** 422 for what lacks or has something wrong, with `errors` by member; else the status of the code. */
export function sendOpsgenieError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const fault = error as FastifyError;
  if (fault.validation !== undefined) {
    answer(reply.code(422), { message: NOT_PROCESSABLE, errors: faultsIn(fault) });
    return;
  }
  const known = asTocsinError(error);
  answer(prepareReply(known, request, reply), { message: known.message, ...codeOf(known) });
}

/** Opsgenie's own number of a key that may not do that (uptime-kuma#3613); others it gives none. */
const codeOf = ({ code }: TocsinError): object => (code === 'FORBIDDEN' ? { code: 40301 } : {});

/** For what is wrong with a single member, and only seen by its meaning. */
export function sendUnprocessable(reply: FastifyReply, errors: Readonly<Record<string, string>>): FastifyReply {
  return answer(reply.code(422), { message: NOT_PROCESSABLE, errors });
}
