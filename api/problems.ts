/** Errors over HTTP: problem details (RFC 9457) with a code of domain/errors.ts, and nothing of the inside. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, type ErrorCode, TocsinError } from '../domain/errors.ts';
import { loggedPath } from './logging.ts';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly instance: string;
}

/** How long a sender waits before it tries again, seconds (RFC 9110 §10.2.3). */
const RETRY_AFTER = '5';

/** What Fastify itself found wrong, as an error of ours; undefined for what it did not expect either. */
function translated(error: FastifyError): TocsinError | undefined {
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return new TocsinError('MALFORMED_JSON', 'the body could not be parsed; JSON (RFC 8259) was expected');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new TocsinError('BODY_TOO_LARGE', 'send less at once: the limit is in the OpenAPI document');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new TocsinError('UNSUPPORTED_MEDIA_TYPE', 'send JSON, with Content-Type: application/json');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new TocsinError('BAD_REQUEST', 'Content-Length is not the length of the body');
    default:
  }
  if (error.validation !== undefined) {
    const place = error.validationContext ?? 'request';
    const found = error.validation.map(
      ({ instancePath, message }) =>
        `${place}${instancePath === '/' ? '' : instancePath.replaceAll('/', '.')}: ${message ?? 'not valid'}`,
    );
    return new TocsinError('BAD_REQUEST', found.join('; '));
  }
  // What Fastify refuses by itself (a bad URL, a parameter too long) is the client's, and its text names no inside.
  return (error.statusCode ?? 500) < 500 ? new TocsinError('BAD_REQUEST', error.message) : undefined;
}

/** Any error as one of ours; what nobody expected is INTERNAL, and only the log has its text. */
export function asTocsinError(error: unknown): TocsinError {
  if (error instanceof TocsinError) return error;
  const known = error instanceof Error ? translated(error as FastifyError) : undefined;
  return known ?? new TocsinError('INTERNAL', 'not the request is at fault; the log has the reason', { cause: error });
}

/** The HTTP status of a code; 500 for those that are not answered over HTTP. */
export function statusOf(code: ErrorCode): number {
  const error: { readonly status?: number; readonly title: string } = ERRORS[code];
  return error.status ?? 500;
}

/** `path`: what was asked for when it occurred, without anything secret. */
export function problemAt(error: TocsinError, path: string): Problem {
  return {
    type: `urn:tocsin:error:${error.code}`,
    title: ERRORS[error.code].title,
    status: statusOf(error.code),
    detail: error.message,
    code: error.code,
    instance: path,
  };
}

/** Only what is not the request's own fault. */
export function logUnexpected(error: TocsinError, request: FastifyRequest): void {
  if (statusOf(error.code) >= 500) request.log.error({ err: error, code: error.code }, error.message);
}

/** The headers that a status demands (RFC 6750 §3, RFC 9110 §15.6.4); logs what was not expected. */
export function prepareReply(error: TocsinError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = statusOf(error.code);
  logUnexpected(error, request);
  if (status === 503) void reply.header('Retry-After', RETRY_AFTER);
  if (status === 401) void reply.header('WWW-Authenticate', 'Bearer realm="tocsin"');
  return reply.code(status);
}

/** Fastify's error handler. `extra` are further members of the problem, as RFC 9457 §3.2 allows. */
export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  extra: Readonly<Record<string, unknown>> = {},
): void {
  const known = asTocsinError(error);
  void prepareReply(known, request, reply)
    .type('application/problem+json')
    .send({ ...problemAt(known, loggedPath(request.url)), ...extra });
}
