/** What PagerDuty's Events APIs have in common, whatever comes by them: where they are, how much they take, how they refuse. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TocsinError } from '../domain/errors.ts';
import { asTocsinError, prepareReply, statusOf } from './problems.ts';
import { invalidEvent } from './schemas/answers.ts';

export const PREFIXES = ['/pagerduty', '/pagerduty.com'] as const;
/** PagerDuty's own limit (docs/events-API-v2/01-Overview): 512 KB. */
export const BODY_LIMIT = 512 * 1024;
/** Of errors, in both. */
export const REFUSALS = { 400: invalidEvent, 413: invalidEvent, 415: invalidEvent, 503: invalidEvent } as const;

export const invalid = (errors: readonly string[]) => ({
  status: 'invalid event',
  message: 'Event object is invalid',
  errors,
});
export const unrecognized = (error: string) => ({
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

export function sendInPagerDutysShape(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = asTocsinError(error);
  void prepareReply(known, request, reply).send(shapeOf(known));
}
