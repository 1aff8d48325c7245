/** GET /teams, one of them, and its members. */
import { z } from 'zod';
import { type ApiServer, SECURED } from '../server.ts';
import { guardedBy } from './acting.ts';
import { included, matches, paging, query } from './asked.ts';
import { type Door, visitOf } from './door.ts';
import { userIn } from './included.ts';
import { teamJson } from './json/teamJson.ts';
import { pageOf, pageSchema } from './pages.ts';
import { failure, guarded, idParam, reference } from './schemas.ts';
import { there } from './there.ts';

const team = reference.extend({ name: z.string(), description: z.string().nullable() });
const member = z.looseObject({ user: reference, role: z.string() });

export function teams(app: ApiServer, door: Door): void {
  const { deps } = door;
  const shared = { tags: ['pagerduty'], security: SECURED };
  const guard = guardedBy(deps, 'read');

  app.get(
    '/teams',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'listTeams',
        summary: 'Lists teams',
        querystring: z.object({ query, ...paging }),
        response: { 200: pageSchema('teams', team), ...guarded },
      },
    },
    async ({ query: asked, headers }) => {
      const visit = visitOf(door, headers);
      const all = [...deps.configuration().teams.values()].filter(({ name }) => matches(asked.query, name));
      return pageOf('teams', all, asked, (each) => teamJson(visit, each));
    },
  );
  app.get(
    '/teams/:id',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getTeam',
        summary: 'One team',
        params: idParam,
        response: { 200: z.looseObject({ team }), ...guarded, 404: failure },
      },
    },
    async ({ params: { id }, headers }) => ({
      team: teamJson(visitOf(door, headers), there(deps.configuration().teams, id, 'teams')),
    }),
  );
  app.get(
    '/teams/:id/members',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'listTeamMembers',
        summary: 'The members of a team',
        params: idParam,
        querystring: z.object({ 'include[]': included, ...paging }),
        response: { 200: pageSchema('members', member), ...guarded, 404: failure },
      },
    },
    async ({ params: { id }, query: asked, headers }) => {
      const visit = visitOf(door, headers);
      const { members } = there(deps.configuration().teams, id, 'teams');
      return pageOf('members', members, asked, (user) => ({
        user: userIn(visit, user, asked['include[]'].has('users')),
        role: 'responder',
      }));
    },
  );
}
