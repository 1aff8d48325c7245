/** GET /incidents and GET /incidents/{id}. */
import { z } from 'zod';
import { notFound } from '../notFound.ts';
import type { IncidentFilter, ListedIncident } from '../ports.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { guardedBy } from './acting.ts';
import { FARTHEST, ids, included, instant, oneOf, paging } from './asked.ts';
import { type Door, visitOf } from './door.ts';
import { invalid } from './errors.ts';
import { incident } from './incidentSchemas.ts';
import { incidentWalks } from './incidentWalk.ts';
import { incidentJson } from './json/incidentJson.ts';
import { pageOf, pageSchema } from './pages.ts';
import { failure, guarded, idParam } from './schemas.ts';

const listQuery = z.object({
  'statuses[]': oneOf(['triggered', 'acknowledged', 'resolved'], 'What is suspended counts as triggered'),
  'service_ids[]': ids('Of these services'),
  'team_ids[]': ids('Of the services that are of these teams now'),
  'user_ids[]': ids('Open, and assigned to one of these users: none where only resolved ones are asked for'),
  'urgencies[]': oneOf(['high', 'low'], 'Of these urgencies'),
  incident_key: z.string().max(10_000).optional().describe('Of the incident, or of an alert in a group'),
  since: instant('Created then or later'),
  until: instant('Created before then, and among the first 10,000 that all else leaves'),
  date_range: z.literal('all').optional().describe('`since` and `until` count for nothing'),
  sort_by: z
    .string()
    .max(100)
    .optional()
    .describe(
      'One or two of incident_number, created_at, resolved_at and urgency, each with :asc or :desc, a comma in between; else newest first, and resolved ones after open ones',
    )
    .meta({ examples: ['created_at:desc'] }),
  'include[]': included,
  ...paging,
});

type Asked = z.output<typeof listQuery>;
type View = ListedIncident['incident'];

export function incidentReads(app: ApiServer, door: Door): void {
  const { deps } = door;
  const walk = incidentWalks(deps.incidents);
  const route = { tags: ['pagerduty'], security: SECURED };
  app.get(
    '/incidents',
    {
      ...guardedBy(deps, 'read'),
      schema: {
        ...route,
        operationId: 'listIncidents',
        summary: 'Lists incidents',
        description:
          'May lag by 2 s. The first 10,000 that the filters but `until` leave are looked through, and counted; what comes after them is not found.',
        querystring: listQuery,
        response: { 200: pageSchema('incidents', incident), ...guarded },
      },
    },
    async ({ query, headers }) => {
      const visit = visitOf(door, headers);
      const order = orderOf(query.sort_by);
      const also = createdBefore(query);
      const filter = filterOf(query);
      // One more, to know whether there is more; what is sorted or counted has to be known whole.
      const first = order !== undefined || query.total ? FARTHEST : query.offset + query.limit + 1;
      const found =
        filter === undefined ? [] : await walk({ filter, also, first, from: query.offset, token: visit.caller.token });
      const sorted = order === undefined ? found : found.toSorted((one, other) => order(one.incident, other.incident));
      return pageOf('incidents', sorted, query, (item) => incidentJson(visit, item, query['include[]']));
    },
  );
  app.get(
    '/incidents/:id',
    {
      ...guardedBy(deps, 'read'),
      schema: {
        ...route,
        operationId: 'getIncident',
        summary: 'One incident, by its id or number',
        params: idParam,
        querystring: z.object({ 'include[]': included }),
        response: { 200: z.looseObject({ incident }), ...guarded, 404: failure },
      },
    },
    async ({ params, query, headers }) => {
      const id = await door.idOf(params.id);
      const [found, next] = await Promise.all([deps.incidents.read(id), deps.incidents.next(id)]);
      if (found === undefined) throw notFound(id);
      return { incident: incidentJson(visitOf(door, headers), found, query['include[]'], next) };
    },
  );
}

/** Resolved incidents are nobody's any more: of a user's there are only open ones. Undefined where none can be meant. */
function filterOf(asked: Asked): Omit<IncidentFilter, 'limit' | 'cursor'> | undefined {
  const users = asked['user_ids[]'];
  const meant =
    users === undefined ? asked['statuses[]'] : (asked['statuses[]'] ?? OPEN).filter((status) => status !== 'resolved');
  if (users !== undefined && meant?.length === 0) return undefined;
  const statuses = meant?.flatMap((status) =>
    status === 'triggered' ? (['triggered', 'suspended'] as const) : [status],
  );
  const { incident_key: dedupKey, since, date_range: range } = asked;
  const given = {
    status: statuses,
    service: asked['service_ids[]'],
    team: asked['team_ids[]'],
    assignee: users,
    urgency: asked['urgencies[]'],
  };
  return {
    ...Object.fromEntries(Object.entries(given).filter(([, values]) => values !== undefined && values.length > 0)),
    ...(dedupKey !== undefined && { dedupKey }),
    ...(since !== undefined && range === undefined && { since: new Date(since).toISOString() }),
  };
}

const OPEN = ['triggered', 'acknowledged'] as const;

/** The list itself knows no end. */
function createdBefore({ since, until, date_range: range }: Asked) {
  if (range === 'all' || until === undefined) return { name: '', holds: () => true };
  if (since !== undefined && since >= until) throw invalid('until must be after since', 2004);
  return { name: `before ${until}`, holds: ({ createdAt }: View) => Date.parse(createdAt) < until };
}

const FIELDS: Readonly<Record<string, (incident: View) => string | number>> = {
  incident_number: ({ number }) => number ?? Infinity,
  created_at: ({ createdAt }) => createdAt,
  resolved_at: ({ resolvedAt }) => resolvedAt ?? '',
  urgency: ({ urgency }) => (urgency === 'high' ? 1 : 0),
};

/** Undefined: as the list has them. Throws PagerDuty's 2001 for what cannot be sorted by. */
function orderOf(asked: string | undefined): ((one: View, other: View) => number) | undefined {
  if (asked === undefined || asked === '') return undefined;
  const keys = asked.split(',').map((each) => {
    const [name = '', direction = 'asc'] = each.trim().split(':');
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (field === undefined || !['asc', 'desc'].includes(direction)) {
      const known = Object.keys(FIELDS).join(', ');
      throw invalid(`sort_by: '${each}' is nothing to sort by. There are: ${known}, each with :asc or :desc`);
    }
    return { field, sign: direction === 'desc' ? -1 : 1 };
  });
  if (keys.length > 2) throw invalid('sort_by: at most two fields');
  return (one, other) => {
    for (const { field, sign } of keys) {
      const [a, b] = [field(one), field(other)];
      if (a !== b) return a < b ? -sign : sign;
    }
    return 0;
  };
}
