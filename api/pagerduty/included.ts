/** What is referred to, as a reference or whole (PagerDuty/developer-docs, docs/REST-API/13-Includes.md). */
import type { Visit } from './door.ts';
import { escalationPolicyJson } from './json/escalationPolicyJson.ts';
import { scheduleJson } from './json/scheduleJson.ts';
import { serviceJson } from './json/serviceJson.ts';
import { teamJson } from './json/teamJson.ts';
import { userJson } from './json/userJson.ts';
import { type Kind, referenceTo } from './references.ts';

/** By id; one that is no longer in the configuration is a reference all the same. */
const refer =
  <Thing extends { readonly id: string; readonly name: string }, Whole extends object>(
    kind: Kind,
    thingsOf: (visit: Visit) => ReadonlyMap<string, Thing>,
    wholeOf: (visit: Visit, thing: Thing) => Whole,
  ) =>
  (visit: Visit, id: string, whole: boolean) => {
    const thing = thingsOf(visit).get(id);
    return whole && thing !== undefined ? wholeOf(visit, thing) : referenceTo(visit, kind, id, thing?.name ?? id);
  };

export const userIn = refer('user', ({ deps }) => deps.configuration().users, userJson);
export const teamIn = refer('team', ({ deps }) => deps.configuration().teams, teamJson);
export const serviceIn = refer('service', ({ deps }) => deps.configuration().services, serviceJson);
export const scheduleIn = refer('schedule', ({ deps }) => deps.configuration().schedules, scheduleJson);
export const escalationPolicyIn = refer(
  'escalation_policy',
  ({ deps }) => deps.configuration().escalationPolicies,
  escalationPolicyJson,
);
