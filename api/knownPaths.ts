/** 405 with `Allow` for an address that exists under another method (RFC 9110 §15.5.6); Fastify itself answers 404. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TocsinError } from '../domain/errors.ts';

/** Finds the methods of a path. */
export type AllowedMethods = (path: string) => readonly string[];

/** Collects every route as it is registered, but those with `config: { catchAll: true }`. Call before the first of them. */
export function collectMethods(app: FastifyInstance): AllowedMethods {
  const routes: { readonly pattern: RegExp; readonly methods: readonly string[] }[] = [];
  app.addHook('onRoute', ({ url, method, config }) => {
    if ((config as { catchAll?: boolean } | undefined)?.catchAll === true) return;
    const pattern = url
      .split('/')
      .map((part) =>
        part === '*' ? '.*' : part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'),
      )
      .join('/');
    routes.push({ pattern: new RegExp(`^${pattern}/?$`), methods: [method].flat() });
  });
  return (path) =>
    [...new Set(routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods))].toSorted();
}

/** The error for an address without a route for this method: METHOD_NOT_ALLOWED with what is allowed, else NOT_FOUND. */
export function missing(
  request: FastifyRequest,
  allowed: AllowedMethods,
  detail = 'there is nothing at this address; /openapi.json lists what there is',
): { readonly error: TocsinError; readonly allow: string | null } {
  const methods = allowed(request.url.split('?', 1)[0] ?? '');
  // A route of that method that found nothing behind its wildcard: another method would not either.
  if (methods.length === 0 || methods.includes(request.method))
    return { error: new TocsinError('NOT_FOUND', detail), allow: null };
  const allow = methods.join(', ');
  return { error: new TocsinError('METHOD_NOT_ALLOWED', `${request.method} is not; allowed are: ${allow}`), allow };
}
