/** GET /v1/changes: what was changed of services, as change events told it. */
import { z } from 'zod';
import type { ChangeEvent } from '../../domain/changeEvent.ts';
import { guardedBy } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { guarded, problem } from '../schemas/answers.ts';
import { detailsSchema } from '../schemas/incident.ts';
import { limit, text } from '../schemas/requests.ts';
import { type ApiServer, SECURED } from '../server.ts';

const instant = (what: string) => z.iso.datetime({ offset: true }).optional().describe(`${what}; ISO 8601`);

const query = z.strictObject({
  service: text(255).optional(),
  since: instant('Of that instant or later'),
  until: instant('Before that instant'),
  limit: limit.default(100),
  cursor: text(10_000).optional().describe('`nextCursor` of the page before'),
});

const change = z.object({
  id: z.string(),
  service: z.string().nullable().describe('Null where its integration is of no service: no incident shows it'),
  integration: z.string(),
  at: z.iso.datetime().describe('When it happened, as its source says; ISO 8601, UTC'),
  receivedAt: z.iso.datetime(),
  summary: z.string(),
  source: z.string(),
  details: detailsSchema,
  links: z.array(z.object({ href: z.string(), text: z.string().optional() })),
});
export const changePage = z.object({ changes: z.array(change), nextCursor: z.string().nullable() });

export function changesList(app: ApiServer, deps: ApiDeps): void {
  app.get(
    '/v1/changes',
    {
      ...guardedBy(deps, 'read'),
      schema: {
        tags: ['events'],
        security: SECURED,
        summary: 'Lists change events of the last 90 days, newest first',
        querystring: query,
        response: { 200: changePage, 400: problem, ...guarded },
      },
    },
    async ({ query: { since, until, ...filter } }) => {
      const { changes, nextCursor } = await deps.store.changes(
        {
          ...filter,
          ...(since !== undefined && { since: Date.parse(since) }),
          ...(until !== undefined && { until: Date.parse(until) }),
        },
        Date.now(),
      );
      return { changes: changes.map(changeJson), nextCursor };
    },
  );
}

const changeJson = ({ at, receivedAt, ...rest }: ChangeEvent) => ({
  ...rest,
  at: new Date(at).toISOString(),
  receivedAt: new Date(receivedAt).toISOString(),
});
