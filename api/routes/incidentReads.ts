/** GET /v1/incidents and what is read of one (interfaces §5). Needs the right to read. */
import { guardedBy } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { notFound } from '../notFound.ts';
import { incidentJson } from '../incidentJson.ts';
import { recordPage, withTexts } from '../incidentRecord.ts';
import { guarded, problem } from '../schemas/answers.ts';
import { incident, incidentPage, nextList, notificationPage, timelinePage } from '../schemas/incident.ts';
import { incidentId, listQuery, recordQuery } from '../schemas/requests.ts';
import { type ApiServer, SECURED } from '../server.ts';

/** What is there, or NOT_FOUND that names the id. */
export function found<T>(value: T | undefined, id: string): T {
  if (value !== undefined) return value;
  throw notFound(id);
}

export function incidentReads(app: ApiServer, deps: ApiDeps): void {
  const { incidents, store } = deps;
  const one = { params: incidentId, tags: ['incidents'], security: SECURED };
  const guard = guardedBy(deps, 'read');

  app.get(
    '/v1/incidents',
    {
      ...guard,
      schema: {
        tags: ['incidents'],
        security: SECURED,
        summary: 'Lists incidents, open and resolved ones',
        description:
          'May lag by 2 s. Each page is newest first; over several pages, open incidents come before resolved ones, which come last resolved first.',
        querystring: listQuery,
        response: { 200: incidentPage, 400: problem, ...guarded },
      },
    },
    async ({ query }) => {
      const { query: _query, ...asked } = query;
      const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
      const page = await incidents.list({ ...given, limit: asked.limit });
      return { ...page, incidents: page.incidents.map((item) => incidentJson(item, deps)) };
    },
  );
  app.get(
    '/v1/incidents/:id',
    {
      ...guard,
      schema: { ...one, summary: 'One incident, as it is now', response: { 200: incident, 404: problem, ...guarded } },
    },
    async ({ params: { id } }) => incidentJson(found(await incidents.read(id), id), deps),
  );
  app.get(
    '/v1/incidents/:id/timeline',
    {
      ...guard,
      schema: {
        ...one,
        summary: 'What happened, and why',
        querystring: recordQuery,
        response: { 200: timelinePage, 400: problem, 404: problem, ...guarded },
      },
    },
    async ({ params: { id }, query }) => {
      const carried = found(await incidents.timeline(id), id);
      const { items: entries, ...rest } = await recordPage(carried, query, (page) => store.entries(id, page));
      return { entries, ...rest };
    },
  );
  app.get(
    '/v1/incidents/:id/notifications',
    {
      ...guard,
      schema: {
        ...one,
        summary: 'The ledger: who was told, and how that went',
        querystring: recordQuery,
        response: { 200: notificationPage, 400: problem, 404: problem, ...guarded },
      },
    },
    async ({ params: { id }, query }) => {
      const carried = found(await incidents.notifications(id), id);
      const { items, ...rest } = await recordPage(carried, query, (page) => store.notifications(id, page));
      return { notifications: await withTexts(id, items, store), ...rest };
    },
  );
  app.get(
    '/v1/incidents/:id/next',
    {
      ...guard,
      schema: {
        ...one,
        summary: 'What comes next, unless somebody acts',
        response: { 200: nextList, 404: problem, ...guarded },
      },
    },
    async ({ params: { id } }) => ({ next: found(await incidents.next(id), id) }),
  );
}
