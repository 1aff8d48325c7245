/** Everything under /v1/incidents. */
import type { ApiDeps } from '../deps.ts';
import type { AllowedMethods } from '../knownPaths.ts';
import type { ApiServer } from '../server.ts';
import { incidentCommands } from './incidentCommands.ts';
import { incidentReads } from './incidentReads.ts';
import { openIncident } from './openIncident.ts';

export function incidents(app: ApiServer, deps: ApiDeps, allowed: AllowedMethods): void {
  incidentReads(app, deps);
  openIncident(app, deps);
  incidentCommands(app, deps, allowed);
}
