/** GET /v1/users, /v1/teams, /v1/services and /v1/escalation-policies: what is configured (interfaces §5). Needs the right to read. */
import { callerOf, guardedBy } from '../auth.ts';
import { configured } from '../configured.ts';
import type { ApiDeps } from '../deps.ts';
import { escalationPolicyJson, serviceJson, teamJson, userJson } from '../peopleJson.ts';
import { guarded, problem } from '../schemas/answers.ts';
import { escalationPolicyList, serviceList, teamList, user, userId, userList } from '../schemas/people.ts';
import { type ApiServer, SECURED } from '../server.ts';

/** A list is whole: what one file holds needs no pages. */
const WHOLE = { nextCursor: null };

export function people(app: ApiServer, deps: ApiDeps): void {
  const route = { tags: ['people'], security: SECURED };
  const guard = guardedBy(deps, 'read');

  app.get(
    '/v1/users',
    { ...guard, schema: { ...route, summary: 'Lists users', response: { 200: userList, ...guarded } } },
    (request) => {
      const who = callerOf(request, deps, 'read');
      return { users: [...deps.configuration().users.values()].map((one) => userJson(one, who)), ...WHOLE };
    },
  );
  app.get(
    '/v1/users/:id',
    {
      ...guard,
      schema: { ...route, summary: 'One user', params: userId, response: { 200: user, 404: problem, ...guarded } },
    },
    (request) =>
      userJson(configured(deps.configuration().users, request.params.id, 'user'), callerOf(request, deps, 'read')),
  );
  app.get(
    '/v1/teams',
    { ...guard, schema: { ...route, summary: 'Lists teams', response: { 200: teamList, ...guarded } } },
    async () => ({ teams: [...deps.configuration().teams.values()].map(teamJson), ...WHOLE }),
  );
  app.get(
    '/v1/services',
    { ...guard, schema: { ...route, summary: 'Lists services', response: { 200: serviceList, ...guarded } } },
    async () => {
      const configuration = deps.configuration();
      return {
        services: [...configuration.services.values()].map((one) => serviceJson(one, configuration)),
        ...WHOLE,
      };
    },
  );
  app.get(
    '/v1/escalation-policies',
    {
      ...guard,
      schema: { ...route, summary: 'Lists escalation policies', response: { 200: escalationPolicyList, ...guarded } },
    },
    async () => ({
      escalationPolicies: [...deps.configuration().escalationPolicies.values()].map(escalationPolicyJson),
      ...WHOLE,
    }),
  );
}
