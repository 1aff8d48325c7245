/** Everything under /v1/incidents. */
import type { ApiDeps } from '../deps.ts';
import { commandGiver } from '../givingCommands.ts';
import { manyGiver } from '../givingMany.ts';
import { incidentNumbers } from '../incidentNumbers.ts';
import type { AllowedMethods } from '../knownPaths.ts';
import type { ApiServer } from '../server.ts';
import { bulkCommands } from './bulkCommands.ts';
import { incidentCommands } from './incidentCommands.ts';
import { incidentReads } from './incidentReads.ts';
import { mergeIncidents } from './mergeIncidents.ts';
import { openIncident } from './openIncident.ts';

export function incidents(app: ApiServer, deps: ApiDeps, allowed: AllowedMethods): void {
  const idOf = incidentNumbers(deps.store);
  // Once for all routes, so that each of them knows ids alone. It comes after `onRequest`: who may not read learns no number.
  app.addHook('preHandler', async ({ routeOptions: { url, config }, params }) => {
    const given = params as { id: string };
    const asksWhoCalls = (config as { catchAll?: boolean }).catchAll !== true;
    if (asksWhoCalls && url?.startsWith('/v1/incidents/:id') === true) given.id = await idOf(given.id);
  });
  incidentReads(app, deps);
  openIncident(app, deps);
  const give = commandGiver(deps);
  incidentCommands(app, deps, give, allowed);
  const giveMany = manyGiver(give, idOf);
  mergeIncidents(app, deps, giveMany, idOf);
  bulkCommands(app, deps, giveMany);
}
