/** GET /v1/events: what made or found no open incident, and why (lifecycle §2.6, interfaces §4). */
import { z } from 'zod';
import { guardedBy } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import type { IgnoredEvents } from '../ignoredEvents.ts';
import { guarded, problem } from '../schemas/answers.ts';
import { limit, text } from '../schemas/requests.ts';
import { type ApiServer, SECURED } from '../server.ts';

const query = z.strictObject({
  outcome: z.enum(['ignored', 'suppressed']).optional().describe('Both where it is left out'),
  integration: text(255).optional().describe("An integration's id"),
  limit: limit.default(100),
  cursor: text(10_000).optional().describe('`nextCursor` of the page before'),
});

const event = z.object({
  id: z.string(),
  at: z.iso.datetime().describe('ISO 8601, UTC'),
  outcome: z.enum(['ignored', 'suppressed']),
  reason: z.string(),
  integration: z.string(),
  dedupKey: z.string(),
  action: z.string().describe('What the event, or a person’s command, asked for'),
  summary: z.string(),
  incident: z.string().optional().describe('The one that a command came too late for'),
  actor: z.string().optional().describe('Who gave the command'),
});
const eventPage = z.object({ events: z.array(event), nextCursor: z.string().nullable() });

export function ignoredEventsList(app: ApiServer, deps: ApiDeps, ignored: Pick<IgnoredEvents, 'settled'>): void {
  app.get(
    '/v1/events',
    {
      ...guardedBy(deps, 'read'),
      schema: {
        tags: ['events'],
        security: SECURED,
        summary: 'Lists events and commands that made or found no open incident, newest first',
        description:
          'May lag by 2 s. What came while the store was away is in it once the API that took it is asked, or takes the next.',
        querystring: query,
        response: { 200: eventPage, 400: problem, ...guarded },
      },
    },
    async ({ query: filter }) => {
      await ignored.settled();
      return deps.store.ignored(filter);
    },
  );
}
