/** POST /integrations/{source}/{routing key}, and PUT where a source's sender may: every source that has no API of its own to be compatible with (interfaces §4). */
import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { TocsinError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import { jsonReader } from '../jsonBody.ts';
import { findIntegration } from '../routingKeys.ts';
import { acceptedEvents, problem } from '../schemas/answers.ts';
import { documentedOnly, sourceBody } from '../schemas/events.ts';
import type { ApiServer } from '../server.ts';
import { receivedBy } from '../sources/reading.ts';
import { SOURCES } from '../sources/registry.ts';

const BODY_LIMIT = 8 * 1024 * 1024;
const address = z.object({
  source: z.string().describe(`One of: ${[...SOURCES.keys()].join(', ')}`),
  key: z.string().describe('The routing key of an integration of that source; a secret'),
});

/** In a scope of its own: what a body is, its source says, and what is signed is kept as it came. */
export function integrations(app: ApiServer, deps: ApiDeps): void {
  const read = jsonReader(app);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => body);
  const schema = {
    tags: ['events'],
    description:
      'The body is what the source sends. 202 once all events are safe; details beyond 32 KiB an event are cut, and marked `detailsTruncated`.',
    body: sourceBody,
    response: {
      202: acceptedEvents,
      400: problem,
      403: problem,
      404: problem,
      413: problem,
      415: problem,
      502: problem,
      503: problem,
    },
  };
  const options = { bodyLimit: BODY_LIMIT, validatorCompiler: documentedOnly };

  const take = async (
    named: string,
    key: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    // Looked up before the source is judged: a wrong key and an unknown source take the same time.
    const integration = findIntegration(deps.configuration(), named, key);
    const source = SOURCES.get(named);
    if (source === undefined) {
      const known = [...SOURCES.keys()].join(', ');
      throw new TocsinError('UNKNOWN_INTEGRATION', `there is no source '${named.slice(0, 64)}'; there are: ${known}`);
    }
    if (integration === undefined) {
      throw new TocsinError('UNKNOWN_INTEGRATION', `no integration of source ${source.name} has this routing key`);
    }
    const received = await receivedBy(source, integration, request, read);
    await source.verify?.(received);
    const translated = await source.translate(received, randomUUID);
    const events = await deps.intake.accept(translated.map((event) => ({ integration, event })));
    return reply.code(202).send({ status: 'accepted', events: events.map(({ opened: _opened, ...answer }) => answer) });
  };

  app.post(
    '/integrations/:source/:key',
    { ...options, schema: { ...schema, summary: 'Events of any other source', params: address } },
    (request, reply) => take(request.params.source, request.params.key, request, reply),
  );
  for (const { name } of [...SOURCES.values()].filter(({ alsoPut }) => alsoPut)) {
    app.put(
      `/integrations/${name}/:key`,
      {
        ...options,
        schema: { ...schema, summary: `Events of ${name}, whose sender may PUT`, params: address.pick({ key: true }) },
      },
      (request, reply) => take(name, request.params.key, request, reply),
    );
  }
}
