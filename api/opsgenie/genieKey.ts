/**
 * Who calls Opsgenie's API: `Authorization: GenieKey <key>`, the routing key of an integration of source `opsgenie`
 * (interfaces §4). It is the key of a monitoring source, and sees and changes only what came by its own integration.
 */
import type { FastifyRequest } from 'fastify';
import type { Integration } from '../../domain/configuration.ts';
import { TocsinError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { integrationWithKey } from '../routingKeys.ts';

export const OPSGENIE = 'opsgenie';

/** Throws UNAUTHORIZED without a key that is known, FORBIDDEN for the key of an integration of another source. */
export function integrationOf(request: FastifyRequest, { configuration }: Pick<ApiDeps, 'configuration'>): Integration {
  const [, key] = /^GenieKey +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (key === undefined) {
    throw new TocsinError('UNAUTHORIZED', 'Could not authenticate: send `Authorization: GenieKey <routing key>`');
  }
  const integration = integrationWithKey(configuration(), key);
  if (integration === undefined) {
    throw new TocsinError('UNAUTHORIZED', 'Could not authenticate: no integration of source opsgenie has this key');
  }
  if (integration.source !== OPSGENIE) {
    throw new TocsinError(
      'FORBIDDEN',
      `To perform this action, use the key of an integration of source opsgenie; this one is of source ${integration.source}`,
    );
  }
  return integration;
}

/** What keeps a route for such keys; they are looked at before the body is read. */
export const guardedByKey = (
  deps: Pick<ApiDeps, 'configuration'>,
): { readonly onRequest: (request: FastifyRequest) => Promise<void> } => ({
  onRequest: async (request) => void integrationOf(request, deps),
});
