/** GET /priorities. */
import { z } from 'zod';
import { PRIORITIES } from '../../domain/commands.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { guardedBy } from './acting.ts';
import { paging } from './asked.ts';
import type { Door } from './door.ts';
import { priorityJson } from './json/priorityJson.ts';
import { pageOf, pageSchema } from './pages.ts';
import { guarded, reference } from './schemas.ts';

export function priorities(app: ApiServer, door: Door): void {
  app.get(
    '/priorities',
    {
      ...guardedBy(door.deps, 'read'),
      schema: {
        tags: ['pagerduty'],
        security: SECURED,
        operationId: 'listPriorities',
        summary: 'Lists priorities, the first matters most',
        querystring: z.object(paging),
        response: { 200: pageSchema('priorities', reference), ...guarded },
      },
    },
    async ({ query }) => pageOf('priorities', PRIORITIES, query, (priority) => priorityJson(door, priority)),
  );
}
