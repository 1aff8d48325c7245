/** What a callback in JSON that is verified over its raw body has in common, whoever sends it. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyError, FastifyInstance } from 'fastify';
import type { Instant, Milliseconds } from '../../domain/duration.ts';
import { minutes } from '../../domain/duration.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { asTocsinError, sendProblem } from '../problems.ts';
import { type Members, membersOf } from '../../intake/members.ts';
import type { Acted } from './acting.ts';

export interface CallbackDeps extends Pick<ApiDeps, 'incidents' | 'configuration'> {
  /** Milliseconds since the epoch; the present where absent. */
  readonly now?: () => Instant;
}

const BODY_LIMIT = 64 * 1_024;
/** How far ahead a provider's clock may be. */
const AHEAD = minutes(5);

/** Makes a scope whose requests have a JSON body, kept as it came: `request.body` is a Buffer. What is refused is logged. */
export function takesRawJson(scope: FastifyInstance, provider: string): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
    done(null, body),
  );
  scope.setErrorHandler<FastifyError>((error, request, reply) => {
    const known = asTocsinError(error);
    if (known.code === 'CALLBACK_REFUSED') {
      request.log.warn({ code: known.code, why: known.message }, `a callback of ${provider} is refused`);
    }
    sendProblem(known, request, reply);
  });
}

/** `why`, in words that hold no secret. */
export const refused = (why: string): TocsinError => new TocsinError('CALLBACK_REFUSED', why);

/** The members of the body. Throws MALFORMED_JSON, and BAD_REQUEST for what is no object. */
export function readMembers(body: unknown): Members {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '');
  } catch {
    throw new TocsinError('MALFORMED_JSON', 'the body could not be parsed; JSON (RFC 8259) was expected');
  }
  const members = membersOf(value);
  if (members === undefined) throw new TocsinError('BAD_REQUEST', 'the body is no JSON object');
  return members;
}

/** In a time that tells nothing of where they differ, nor of how long they are. */
export const isSame = (given: string, expected: string): boolean => timingSafeEqual(digest(given), digest(expected));

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The id of the command that comes of an act: the same for the same parts, whenever they are delivered. */
export const commandIdOf = (provider: string, ...parts: readonly string[]): string =>
  `${provider}.${digest(JSON.stringify(parts)).toString('hex').slice(0, 32)}`;

/** Throws CALLBACK_REFUSED for what happened longer ago than its sender goes on trying, or has yet to happen. */
export function checkWindow(at: Instant, now: Instant, triedFor: Milliseconds): void {
  if (Number.isNaN(at)) throw refused('it does not say when it happened');
  if (at < now - triedFor) throw refused('it is too old');
  if (at > now + AHEAD) throw refused('it is of the future');
}

/** What a provider is answered: it is a program, and reads no more of it than the status. */
export interface Heard {
  readonly outcome: Acted['kind'] | 'ignored';
  readonly detail: string;
}

export const ignored = (detail: string): Heard => ({ outcome: 'ignored', detail });
export const heard = ({ kind, sentence }: Acted): Heard => ({ outcome: kind, detail: sentence });
