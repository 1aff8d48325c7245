/** GET /incidents/{id}/log_entries, /log_entries, and one of them. */
import { z } from 'zod';
import { TocsinError } from '../../domain/errors.ts';
import type { LogEntryView } from '../../domain/view.ts';
import { inLanes } from '../inLanes.ts';
import { notFound } from '../notFound.ts';
import type { ListedIncident } from '../ports.ts';
import { asTocsinError } from '../problems.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { wholeTimeline } from '../wholeTimeline.ts';
import { guardedBy } from './acting.ts';
import { ids, included, instant, paging, yesOrNo } from './asked.ts';
import { type Door, visitOf } from './door.ts';
import { isOverview, logEntryJson } from './json/logEntryJson.ts';
import { pageOf, pageSchema } from './pages.ts';
import { failure, guarded, idParam, instantText, reference } from './schemas.ts';
import { oneOfThem } from './there.ts';

/** Incidents whose entries are read for the list of all: each is asked of its workflow. */
const INCIDENTS_READ = 50;

const logEntry = reference.extend({
  created_at: instantText,
  agent: reference,
  channel: z.looseObject({ type: z.string() }),
  incident: reference,
  service: reference,
  teams: z.array(reference),
});

const filters = {
  since: instant('Then or later'),
  until: instant('Before then'),
  is_overview: yesOrNo('Only what changed its state, and who it is assigned to'),
  'include[]': included,
  ...paging,
};
type Asked = z.output<z.ZodObject<typeof filters>>;

export function logEntries(app: ApiServer, door: Door): void {
  const { deps } = door;
  const shared = { tags: ['pagerduty'], security: SECURED };
  const guard = guardedBy(deps, 'read');
  const read = async (id: string) => {
    const found = await deps.incidents.read(id);
    if (found === undefined) throw notFound(id);
    return found;
  };

  app.get(
    '/incidents/:id/log_entries',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'listIncidentLogEntries',
        summary: 'The timeline of an incident, newest first',
        params: idParam,
        querystring: z.object(filters),
        response: { 200: pageSchema('log_entries', logEntry), ...guarded, 404: failure },
      },
    },
    async ({ params, query, headers }) => {
      const visit = visitOf(door, headers);
      const id = await door.idOf(params.id);
      const [found, entries] = await Promise.all([read(id), wholeTimeline(deps, id)]);
      const all = newestFirst(entries.filter(wanted(query)).map((entry) => ({ item: found, entry })));
      return pageOf('log_entries', all, query, ({ item, entry }) =>
        logEntryJson(visit, item, entry, query['include[]']),
      );
    },
  );
  app.get(
    '/log_entries',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'listLogEntries',
        summary: 'The timelines of incidents, newest first',
        description: `Of the ${INCIDENTS_READ} incidents that come first in the list: those that are open, and then those resolved last.`,
        querystring: z.object({ 'team_ids[]': ids('Of the services that are of these teams now'), ...filters }),
        response: { 200: pageSchema('log_entries', logEntry), ...guarded },
      },
    },
    async ({ query, headers }) => {
      const visit = visitOf(door, headers);
      const teams = query['team_ids[]'];
      const { incidents } = await deps.incidents.list({
        limit: INCIDENTS_READ,
        ...(teams !== undefined && { team: teams }),
      });
      const { since = -Infinity, until = Infinity } = query;
      const concerned = incidents.filter(
        ({ incident: { createdAt, resolvedAt } }) =>
          Date.parse(createdAt) < until && (resolvedAt === null || Date.parse(resolvedAt) >= since - LATE),
      );
      const results = await inLanes(concerned, async (item) => {
        try {
          const entries = await wholeTimeline(deps, item.incident.id).catch(unlessGone);
          return { lines: entries.filter(wanted(query)).map((entry) => ({ item, entry })) };
        } catch (error) {
          return { lines: [], error: asTocsinError(error) };
        }
      });
      const failed = results.find(({ error }) => error !== undefined);
      if (failed?.error !== undefined) throw failed.error;
      return pageOf('log_entries', newestFirst(results.flatMap(({ lines }) => lines)), query, ({ item, entry }) =>
        logEntryJson(visit, item, entry, query['include[]']),
      );
    },
  );
  app.get(
    '/log_entries/:id',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getLogEntry',
        summary: 'One log entry',
        params: idParam,
        querystring: z.object({ 'include[]': included }),
        response: { 200: z.looseObject({ log_entry: logEntry }), ...guarded, 404: failure },
      },
    },
    async ({ params: { id }, query, headers }) => {
      const visit = visitOf(door, headers);
      const [, incident = id, line = ''] = /^(.+)\.(e\d+)$/.exec(id) ?? [];
      const [found, entries] = await Promise.all([read(incident), wholeTimeline(deps, incident)]);
      const entry = oneOfThem(entries, line, 'log entries');
      return { log_entry: logEntryJson(visit, found, entry, query['include[]']) };
    },
  );
}

/** Milliseconds: a resolved incident's last notifications, and notes on it, come after its end. */
const LATE = 86_400_000;

const wanted =
  ({ since = -Infinity, until = Infinity, is_overview: overview }: Asked) =>
  (entry: LogEntryView): boolean => {
    const at = Date.parse(entry.at);
    return at >= since && at < until && (!overview || isOverview(entry));
  };

interface Line {
  readonly item: ListedIncident;
  readonly entry: LogEntryView;
}

/** Of one instant, the later line first. */
const newestFirst = (lines: readonly Line[]): readonly Line[] =>
  lines.toReversed().toSorted((one, other) => other.entry.at.localeCompare(one.entry.at));

/** One that the list had and nobody keeps any more. */
function unlessGone(error: unknown): readonly LogEntryView[] {
  if (error instanceof TocsinError && error.code === 'NOT_FOUND') return [];
  throw error;
}
