/** GET /users, one of them, the caller's own, and their contact methods and notification rules. */
import { z } from 'zod';
import { type ApiServer, SECURED } from '../server.ts';
import { guardedBy } from './acting.ts';
import { ids, included, matches, paging, query } from './asked.ts';
import { type Door, type Visit, visitOf } from './door.ts';
import { invalid } from './errors.ts';
import { contactJson, ruleJson, rulesOf, userJson } from './json/userJson.ts';
import { pageOf, pageSchema } from './pages.ts';
import type { User } from '../../domain/configuration.ts';
import type { Included } from './references.ts';
import { failure, guarded, idParam, reference } from './schemas.ts';
import { oneOfThem, there } from './there.ts';
import { teamIn } from './included.ts';

const HIDDEN = 'Null but for a manager, an admin and the user themself';

const contactMethod = reference.extend({ label: z.string(), address: z.string().nullable().describe(HIDDEN) });
const rule = reference.extend({
  start_delay_in_minutes: z.int(),
  urgency: z.enum(['high', 'low']),
  contact_method: contactMethod.nullable(),
});
const user = reference.extend({
  name: z.string(),
  email: z.string().nullable().describe(HIDDEN),
  time_zone: z.string(),
  role: z.enum(['admin', 'user', 'limited_user', 'observer']),
  teams: z.array(reference),
  contact_methods: z.array(reference),
  notification_rules: z.array(reference),
});

const including = z.object({ 'include[]': included });

export function users(app: ApiServer, door: Door): void {
  const { deps } = door;
  const shared = { tags: ['pagerduty'], security: SECURED };
  const guard = guardedBy(deps, 'read');
  const found = (id: string): User => there(deps.configuration().users, id, 'users');

  app.get(
    '/users',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'listUsers',
        summary: 'Lists users',
        querystring: z.object({ query, 'team_ids[]': ids('Of these teams'), 'include[]': included, ...paging }),
        response: { 200: pageSchema('users', user), ...guarded },
      },
    },
    async ({ query: asked, headers }) => {
      const visit = visitOf(door, headers);
      const configuration = deps.configuration();
      const members = asked['team_ids[]']?.flatMap((team) => configuration.teams.get(team)?.members ?? []);
      const all = [...configuration.users.values()].filter(
        (each) =>
          (members === undefined || members.includes(each.id)) &&
          matches(asked.query, each.name, userJson(visit, each).email ?? undefined),
      );
      return pageOf('users', all, asked, (each) => whole(visit, each, asked['include[]']));
    },
  );
  app.get(
    '/users/me',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getCurrentUser',
        summary: 'The user whom the token belongs to',
        querystring: including,
        response: { 200: z.looseObject({ user }), ...guarded },
      },
    },
    async ({ query: asked, headers }) => {
      const visit = visitOf(door, headers);
      const { user: own, token } = visit.caller;
      if (own === undefined) throw invalid(`token ${token} belongs to no user`);
      return { user: whole(visit, found(own), asked['include[]']) };
    },
  );
  app.get(
    '/users/:id',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getUser',
        summary: 'One user',
        params: idParam,
        querystring: including,
        response: { 200: z.looseObject({ user }), ...guarded, 404: failure },
      },
    },
    async ({ params: { id }, query: asked, headers }) => ({
      user: whole(visitOf(door, headers), found(id), asked['include[]']),
    }),
  );
  app.get(
    '/users/:id/contact_methods',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getUserContactMethods',
        summary: "A user's contact methods",
        params: idParam,
        response: { 200: z.looseObject({ contact_methods: z.array(contactMethod) }), ...guarded, 404: failure },
      },
    },
    async ({ params: { id }, headers }) => {
      const visit = visitOf(door, headers);
      const one = found(id);
      return { contact_methods: one.contacts.map((each) => contactJson(visit, one, each)) };
    },
  );
  app.get(
    '/users/:id/contact_methods/:contact_method_id',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getUserContactMethod',
        summary: 'One contact method',
        params: idParam.extend({ contact_method_id: z.string().min(1) }),
        response: { 200: z.looseObject({ contact_method: contactMethod }), ...guarded, 404: failure },
      },
    },
    async ({ params, headers }) => {
      const one = found(params.id);
      const contact = oneOfThem(one.contacts, params.contact_method_id, 'contact methods');
      return { contact_method: contactJson(visitOf(door, headers), one, contact) };
    },
  );
  app.get(
    '/users/:id/notification_rules',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getUserNotificationRules',
        summary: "A user's notification rules",
        params: idParam,
        response: { 200: z.looseObject({ notification_rules: z.array(rule) }), ...guarded, 404: failure },
      },
    },
    async ({ params: { id }, headers }) => {
      const visit = visitOf(door, headers);
      const one = found(id);
      return { notification_rules: rulesOf(one).map((each) => ruleJson(visit, one, each)) };
    },
  );
  app.get(
    '/users/:id/notification_rules/:notification_rule_id',
    {
      ...guard,
      schema: {
        ...shared,
        operationId: 'getUserNotificationRule',
        summary: 'One notification rule',
        params: idParam.extend({ notification_rule_id: z.string().min(1) }),
        response: { 200: z.looseObject({ notification_rule: rule }), ...guarded, 404: failure },
      },
    },
    async ({ params, headers }) => {
      const one = found(params.id);
      const which = oneOfThem(rulesOf(one), params.notification_rule_id, 'notification rules');
      return { notification_rule: ruleJson(visitOf(door, headers), one, which) };
    },
  );
}

function whole(visit: Visit, one: User, include: Included) {
  const json = userJson(visit, one);
  return {
    ...json,
    ...(include.has('contact_methods') && {
      contact_methods: one.contacts.map((each) => contactJson(visit, one, each)),
    }),
    ...(include.has('notification_rules') && {
      notification_rules: rulesOf(one).map((each) => ruleJson(visit, one, each)),
    }),
    ...(include.has('teams') && { teams: json.teams.map(({ id }) => teamIn(visit, id, true)) }),
  };
}
