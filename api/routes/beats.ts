/**
 * /heartbeats/{routing key}/{id}: a beat, by whatever a cron job has at hand (interfaces §4). What is sent along is not looked
 * at: a job may pipe its log there.
 */
import type { FastifyRequest } from 'fastify';
import { TocsinError } from '../../domain/errors.ts';
import { heartbeatSettings } from '../../domain/heartbeatSettings.ts';
import { heartbeatDedupKey } from '../../domain/heartbeatTelling.ts';
import type { ApiDeps } from '../deps.ts';
import { findIntegration } from '../routingKeys.ts';
import { acceptedEvents, problem } from '../schemas/answers.ts';
import { beatAddress, beatQuery } from '../schemas/heartbeats.ts';
import type { ApiServer } from '../server.ts';

const BODY_LIMIT = 1024 * 1024;

/** In a scope of its own: whatever a body is, it is taken and dropped. */
export function beats(app: ApiServer, { configuration, heartbeats }: ApiDeps): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: FastifyRequest, _body: Buffer) => null);
  // HEAD comes with GET.
  for (const method of ['GET', 'POST', 'PUT'] as const) {
    app.route({
      method,
      url: '/heartbeats/:key/:id',
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: ['events'],
        summary: 'A beat of a heartbeat',
        description:
          'Silence beyond its interval and grace is an incident, and the next beat resolves it. 202 once the beat is safe. Takes any body, and looks at none.',
        params: beatAddress,
        querystring: beatQuery,
        response: { 202: acceptedEvents, 400: problem, 404: problem, 413: problem, 503: problem },
      },
      handler: async ({ params: { key, id: name }, query }, reply) => {
        const at = Date.now();
        const integration = findIntegration(configuration(), 'heartbeat', key);
        if (integration === undefined)
          throw new TocsinError('UNKNOWN_INTEGRATION', 'no integration of source heartbeat has this routing key');
        const heartbeat = { integration: integration.id, name };
        const set = heartbeatSettings(integration, name, query);
        const watch = set === undefined ? undefined : { ...heartbeat, ...set, enabled: true };
        if (!(await heartbeats.beat(heartbeat, at, watch))) {
          throw new TocsinError(
            'BAD_REQUEST',
            `nobody says how often '${name}' beats: add ?every=5m to the address, or heartbeats: { ${name}: { every: 5m } } to the integration`,
          );
        }
        const event = { dedupKey: heartbeatDedupKey(name), outcome: 'accepted' };
        return reply.code(202).send({ status: 'accepted', events: [event] });
      },
    });
  }
}
