/** GET /escalation_policies, and one of them. */
import { z } from 'zod';
import type { EscalationPolicy } from '../../domain/configuration.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { guardedBy } from './acting.ts';
import { ids, included, matches, paging, query } from './asked.ts';
import { type Door, type Visit, visitOf } from './door.ts';
import { scheduleIn, serviceIn, teamIn, userIn } from './included.ts';
import { escalationPolicyJson } from './json/escalationPolicyJson.ts';
import { pageOf, pageSchema } from './pages.ts';
import type { Included } from './references.ts';
import { failure, guarded, idParam, reference } from './schemas.ts';
import { there } from './there.ts';

const escalationPolicy = reference.extend({
  name: z.string(),
  num_loops: z.int().describe('Passes after the first'),
  escalation_rules: z.array(
    z.looseObject({
      id: z.string(),
      escalation_delay_in_minutes: z.int(),
      targets: z.array(reference),
    }),
  ),
  services: z.array(reference),
  teams: z.array(reference),
});

export function escalationPolicies(app: ApiServer, door: Door): void {
  const { deps } = door;
  const shared = { tags: ['pagerduty'], security: SECURED };
  const guard = guardedBy(deps, 'read');

  app.get(
    '/escalation_policies',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'listEscalationPolicies',
        summary: 'Lists escalation policies',
        querystring: z.object({
          query,
          'user_ids[]': ids('That name one of these users'),
          'team_ids[]': ids('Of services of these teams'),
          'include[]': included,
          ...paging,
        }),
        response: { 200: pageSchema('escalation_policies', escalationPolicy), ...guarded },
      },
    },
    async ({ query: asked, headers }) => {
      const visit = visitOf(door, headers);
      const teams = asked['team_ids[]'];
      const all = [...deps.configuration().escalationPolicies.values()].filter(
        (policy) =>
          matches(asked.query, policy.name) &&
          names(policy, asked['user_ids[]']) &&
          (teams === undefined || escalationPolicyJson(visit, policy).teams.some(({ id }) => teams.includes(id))),
      );
      return pageOf('escalation_policies', all, asked, (each) => whole(visit, each, asked['include[]']));
    },
  );
  app.get(
    '/escalation_policies/:id',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getEscalationPolicy',
        summary: 'One escalation policy',
        params: idParam,
        querystring: z.object({ 'include[]': included }),
        response: { 200: z.looseObject({ escalation_policy: escalationPolicy }), ...guarded, 404: failure },
      },
    },
    async ({ params: { id }, query: asked, headers }) => {
      const policy = there(deps.configuration().escalationPolicies, id, 'escalation policies');
      return { escalation_policy: whole(visitOf(door, headers), policy, asked['include[]']) };
    },
  );
}

const names = ({ levels }: EscalationPolicy, users: readonly string[] | undefined): boolean =>
  users === undefined ||
  levels.some(({ targets }) => targets.some(({ kind, id }) => kind === 'user' && users.includes(id)));

const TARGETS = { user: userIn, team: teamIn, schedule: scheduleIn } as const;

function whole(visit: Visit, policy: EscalationPolicy, include: Included) {
  const json = escalationPolicyJson(visit, policy);
  return {
    ...json,
    ...(include.has('targets') && {
      escalation_rules: json.escalation_rules.map((rule, index) => ({
        ...rule,
        targets: policy.levels[index]?.targets.map(({ kind, id }) => TARGETS[kind](visit, id, true)) ?? [],
      })),
    }),
    ...(include.has('services') && { services: json.services.map(({ id }) => serviceIn(visit, id, true)) }),
    ...(include.has('teams') && { teams: json.teams.map(({ id }) => teamIn(visit, id, true)) }),
  };
}
