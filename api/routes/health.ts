/** Is the process alive, and can it work (interfaces §5, operations). Open to all, so they say only ok or what is not. */
import { z } from 'zod';
import type { ApiDeps } from '../deps.ts';
import type { ApiServer } from '../server.ts';

const ok = z.object({ status: z.literal('ok') });
const notReady = z.object({ status: z.literal('not ready'), reason: z.string() });

export function health(app: ApiServer, { incidents }: ApiDeps): void {
  app.get(
    '/healthz',
    { schema: { tags: ['operations'], summary: 'The process is alive', response: { 200: ok } } },
    () => ({ status: 'ok' as const }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        tags: ['operations'],
        summary: 'Temporal is reachable and a worker polls',
        response: { 200: ok, 503: notReady },
      },
    },
    async (_request, reply) => {
      const reason = await incidents.trouble();
      if (reason === null) return { status: 'ok' as const };
      return reply
        .code(503)
        .header('Retry-After', '5')
        .send({ status: 'not ready' as const, reason });
    },
  );
}
