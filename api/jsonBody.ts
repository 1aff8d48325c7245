/** How bodies are read: JSON alone, and an empty one is `{}` (clients send that, wire-formats §0.2). */
import type { FastifyInstance } from 'fastify';
import { TocsinError } from '../domain/errors.ts';

/** Nothing that monitors send comes near; deeper ones only try the stack (reliability-security §6). */
export const MAX_DEPTH = 20;

function deeperThan(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
    level = level.filter((item) => typeof item === 'object' && item !== null);
    if (depth >= limit && level.length > 0) return true;
  }
  return false;
}

/**
 * One content type, by exact string, for four rounds of CVEs came of anything cleverer (design §2.13). `__proto__`, and a
 * `constructor` that would pollute, are taken out: a label of that name must not lose an alert.
 */
export function acceptJsonOnly(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('remove', 'remove');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) {
      done(null, {});
      return;
    }
    void parse(request, body as string, (error, value: unknown) => {
      if (error !== null) done(error);
      else if (deeperThan(value, MAX_DEPTH))
        done(new TocsinError('BAD_REQUEST', `the body is nested more than ${MAX_DEPTH} levels deep`));
      else done(null, value);
    });
  });
}
