/** GET /schedules, one of them with who is on call, and the users of a stretch. */
import { z } from 'zod';
import { days } from '../../domain/duration.ts';
import { shifts } from '../../domain/onCall.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { guardedBy } from './acting.ts';
import { included, instant, matches, paging, query, yesOrNo } from './asked.ts';
import { type Door, visitOf } from './door.ts';
import { userIn } from './included.ts';
import { renderedScheduleJson, scheduleJson } from './json/scheduleJson.ts';
import { pageOf, pageSchema } from './pages.ts';
import { failure, guarded, idParam, instantText, reference } from './schemas.ts';
import { stretchOf } from './stretch.ts';
import { there } from './there.ts';

const entries = z.looseObject({
  name: z.string().optional(),
  rendered_schedule_entries: z.array(z.looseObject({ start: instantText, end: instantText, user: reference })),
  rendered_coverage_percentage: z.number(),
});
const schedule = reference.extend({
  name: z.string(),
  time_zone: z.string(),
  escalation_policies: z.array(reference),
  users: z.array(reference),
});
const rendered = schedule.extend({
  schedule_layers: z.array(
    entries.extend({
      id: z.string(),
      name: z.string(),
      start: instantText.nullable(),
      rotation_turn_length_seconds: z.int().nullable().describe('Null where turns are months'),
      users: z.array(z.looseObject({ user: reference })),
      restrictions: z.array(z.looseObject({ type: z.string(), duration_seconds: z.int() })),
    }),
  ),
  final_schedule: entries,
});

const between = {
  since: instant('Now where it is left out'),
  until: instant('14 days after `since` where it is left out; at most 366'),
};
const SHOWN = days(14);
const LONGEST = days(366);

export function schedules(app: ApiServer, door: Door): void {
  const { deps } = door;
  const shared = { tags: ['pagerduty'], security: SECURED };
  const guard = guardedBy(deps, 'read');

  app.get(
    '/schedules',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'listSchedules',
        summary: 'Lists schedules',
        querystring: z.object({ query, ...paging }),
        response: { 200: pageSchema('schedules', schedule), ...guarded },
      },
    },
    async ({ query: asked, headers }) => {
      const visit = visitOf(door, headers);
      const all = [...deps.configuration().schedules.values()].filter(({ name }) => matches(asked.query, name));
      return pageOf('schedules', all, asked, (each) => scheduleJson(visit, each));
    },
  );
  app.get(
    '/schedules/:id',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getSchedule',
        summary: 'One schedule, with who is on call',
        params: idParam,
        querystring: z.object({ ...between, overflow: yesOrNo('Entries are not cut at `since` and `until`') }),
        response: { 200: z.looseObject({ schedule: rendered }), ...guarded, 404: failure },
      },
    },
    async ({ params: { id }, query: asked, headers }) => {
      const one = there(deps.configuration().schedules, id, 'schedules');
      const stretch = stretchOf(asked, SHOWN, LONGEST);
      return { schedule: renderedScheduleJson(visitOf(door, headers), one, stretch, asked.overflow) };
    },
  );
  app.get(
    '/schedules/:id/users',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'listScheduleUsers',
        summary: 'Who is on call by a schedule, some time of a stretch',
        params: idParam,
        querystring: z.object({ ...between, 'include[]': included }),
        response: { 200: z.looseObject({ users: z.array(reference) }), ...guarded, 404: failure },
      },
    },
    async ({ params: { id }, query: asked, headers }) => {
      const visit = visitOf(door, headers);
      const configuration = deps.configuration();
      const one = there(configuration.schedules, id, 'schedules');
      const { since, until } = stretchOf(asked, SHOWN, LONGEST);
      const found = shifts(one, configuration.users, since, until).flatMap(({ user }) => user ?? []);
      return { users: [...new Set(found)].map((user) => userIn(visit, user, true)) };
    },
  );
}
