/**
 * PagerDuty's REST API v2 (wire-formats §1b), so that its clients work with another address and a token of Tocsin's alone:
 * served under both prefixes, and documented under the first.
 */
import type { FastifyRequest } from 'fastify';
import type { ApiDeps } from '../deps.ts';
import { commandGiver } from '../givingCommands.ts';
import { incidentNumbers } from '../incidentNumbers.ts';
import { jsonReader } from '../jsonBody.ts';
import { type AllowedMethods, missing } from '../knownPaths.ts';
import { PREFIXES } from '../pagerdutyShapes.ts';
import type { ApiServer } from '../server.ts';
import { alerts } from './alerts.ts';
import { incidentCreation } from './creating.ts';
import type { Door } from './door.ts';
import { sendError } from './errors.ts';
import { escalationPolicies } from './escalationPolicies.ts';
import { incidentChanges } from './incidentChanges.ts';
import { incidentReads } from './incidents.ts';
import { logEntries } from './logEntries.ts';
import { merge } from './merge.ts';
import { notes } from './notes.ts';
import { oncalls } from './oncalls.ts';
import { priorities } from './priorities.ts';
import { schedules } from './schedules.ts';
import { services } from './services.ts';
import { snooze } from './snooze.ts';
import { teams } from './teams.ts';
import { users } from './users.ts';

const RESOURCES: readonly ((app: ApiServer, door: Door) => void)[] = [
  incidentReads,
  incidentChanges,
  incidentCreation,
  notes,
  snooze,
  merge,
  alerts,
  logEntries,
  priorities,
  users,
  teams,
  services,
  escalationPolicies,
  schedules,
  oncalls,
];

/** Its own media type, in which some clients say that they send JSON. */
const MEDIA_TYPE = 'application/vnd.pagerduty+json';

export async function pagerdutyRest(app: ApiServer, deps: ApiDeps, allowed: AllowedMethods): Promise<void> {
  const shared = { deps, idOf: incidentNumbers(deps.store), give: commandGiver(deps) };
  for (const prefix of PREFIXES) {
    const door = { ...shared, base: `${deps.publicUrl}${prefix}` };
    await app.register(async (scope) => resources(scope, door, allowed), { prefix });
  }
}

function resources(scope: ApiServer, door: Door, allowed: AllowedMethods): void {
  const read = jsonReader(scope);
  scope.addContentTypeParser<string>(MEDIA_TYPE, { parseAs: 'string' }, async (request: FastifyRequest, body: string) =>
    read(request, body),
  );
  scope.setErrorHandler(sendError);
  scope.setNotFoundHandler((request, reply) => {
    const { error, allow } = missing(request, allowed);
    if (allow !== null) void reply.header('Allow', allow);
    sendError(error, request, reply);
  });
  if (scope.prefix !== PREFIXES[0]) {
    scope.addHook('onRoute', (route) => void (route.schema = { ...route.schema, hide: true }));
  }
  for (const resource of RESOURCES) resource(scope, door);
}
