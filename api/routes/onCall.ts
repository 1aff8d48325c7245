/** GET /v1/oncall and /v1/schedules: who is on call, as paging sees it (lifecycle §10, interfaces §5). Needs the right to read. */
import type { Configuration, Schedule } from '../../domain/configuration.ts';
import { days } from '../../domain/duration.ts';
import type { Instant } from '../../domain/duration.ts';
import { TocsinError } from '../../domain/errors.ts';
import { shiftAt, shifts } from '../../domain/onCall.ts';
import { guardedBy } from '../auth.ts';
import { configured } from '../configured.ts';
import type { ApiDeps } from '../deps.ts';
import { guarded, problem } from '../schemas/answers.ts';
import { onCallList, onCallQuery, rangeQuery, scheduleId, scheduleList, scheduleRange } from '../schemas/onCall.ts';
import { type ApiServer, SECURED } from '../server.ts';

const SHOWN = days(14);
const LONGEST = days(366);

const iso = (at: Instant): string => new Date(at).toISOString();
const isoOrNull = (at: Instant): string | null => (Number.isFinite(at) ? iso(at) : null);
const personOf = ({ users }: Configuration, id: string) => ({ id, name: users.get(id)?.name ?? id });
const named = ({ id, name, timezone }: Schedule) => ({ id, name, timezone });

export function onCall(app: ApiServer, deps: ApiDeps): void {
  const route = { tags: ['people'], security: SECURED };
  const guard = guardedBy(deps, 'read');

  app.get(
    '/v1/oncall',
    {
      ...guard,
      schema: {
        ...route,
        summary: 'Who is on call',
        description: 'One entry a schedule, with the whole of the shift or gap that the instant is in.',
        querystring: onCallQuery,
        response: { 200: onCallList, 400: problem, 404: problem, ...guarded },
      },
    },
    async ({ query: { at = Date.now(), schedule, user } }) => {
      const configuration = deps.configuration();
      if (user !== undefined) configured(configuration.users, user, 'user');
      const asked =
        schedule === undefined
          ? [...configuration.schedules.values()]
          : [configured(configuration.schedules, schedule, 'schedule')];
      const found = asked.map((one) => ({ schedule: one.id, ...shiftAt(one, configuration.users, at) }));
      return {
        onCall: found
          .filter((shift) => user === undefined || shift.user === user)
          .map((shift) => ({
            schedule: shift.schedule,
            users: shift.user === null ? [] : [personOf(configuration, shift.user)],
            start: isoOrNull(shift.start),
            end: isoOrNull(shift.end),
            override: false,
          })),
      };
    },
  );
  app.get(
    '/v1/schedules',
    { ...guard, schema: { ...route, summary: 'Lists schedules', response: { 200: scheduleList, ...guarded } } },
    async () => ({ schedules: [...deps.configuration().schedules.values()].map(named), nextCursor: null }),
  );
  app.get(
    '/v1/schedules/:id',
    {
      ...guard,
      schema: {
        ...route,
        summary: 'The shifts and gaps of a schedule',
        params: scheduleId,
        querystring: rangeQuery,
        response: { 200: scheduleRange, 400: problem, 404: problem, ...guarded },
      },
    },
    async ({ params: { id }, query: { from = Date.now(), to = from + SHOWN } }) => {
      const configuration = deps.configuration();
      const schedule = configured(configuration.schedules, id, 'schedule');
      checkRange(from, to);
      const all = shifts(schedule, configuration.users, from, to).map((shift) => ({
        ...shift,
        within: { start: iso(Math.max(shift.start, from)), end: iso(Math.min(shift.end, to)) },
      }));
      return {
        ...named(schedule),
        from: iso(from),
        to: iso(to),
        shifts: all.flatMap(({ user, layer, within }) =>
          user === null ? [] : [{ user: personOf(configuration, user), layer, ...within }],
        ),
        gaps: all.flatMap(({ user, within }) => (user === null ? [within] : [])),
      };
    },
  );
}

/** Throws BAD_REQUEST for a range that is empty or too long. */
function checkRange(from: Instant, to: Instant): void {
  if (to <= from) {
    throw new TocsinError('BAD_REQUEST', `\`to\` must be after \`from\`: ${iso(to)} is not after ${iso(from)}`);
  }
  if (to - from > LONGEST) {
    throw new TocsinError('BAD_REQUEST', 'ask for at most 366 days at once: `to` is farther than that from `from`');
  }
}
