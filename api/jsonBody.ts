/** How bodies are read: JSON alone, and an empty one is `{}` (clients send that, wire-formats §0.2). */
import type { FastifyInstance, FastifyRequest } from 'fastify';
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

/** What is read of a request, whoever made it. */
export type Incoming = Pick<FastifyRequest, 'headers' | 'query' | 'body'>;

/** Reads JSON of at most 20 levels. Throws what Fastify's own parser throws, and BAD_REQUEST for deeper ones. */
export type JsonReader = (request: Incoming, text: string) => Promise<unknown>;

/**
 * `__proto__`, and a `constructor` that would pollute, are taken out: a label of that name must not lose an alert
 * (design §2.13). An empty text is `{}`.
 */
export function jsonReader(app: FastifyInstance): JsonReader {
  const parse = app.getDefaultJsonParser('remove', 'remove');
  return (request, text) =>
    new Promise((resolve, reject) => {
      if (text.length === 0) {
        resolve({});
        return;
      }
      // Fastify's own parser looks at the text alone.
      void parse(request as FastifyRequest, text, (error, value: unknown) => {
        if (error !== null) reject(error);
        else if (deeperThan(value, MAX_DEPTH))
          reject(new TocsinError('BAD_REQUEST', `the body is nested more than ${MAX_DEPTH} levels deep`));
        else resolve(value);
      });
    });
}

/** One content type, by exact string, for four rounds of CVEs came of anything cleverer (design §2.13). */
export function acceptJsonOnly(app: FastifyInstance): void {
  const read = jsonReader(app);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (request: FastifyRequest, body: string) =>
    read(request, body),
  );
}
