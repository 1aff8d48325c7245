/** The API, without listening: `main.ts` makes a process of it, tests inject into it. */
import type { ApiDeps } from './deps.ts';
import { collectMethods, missing } from './knownPaths.ts';
import { collectOpenApi, openApi } from './openapi.ts';
import { sendProblem } from './problems.ts';
import { ackPage } from './routes/ackPage.ts';
import { health } from './routes/health.ts';
import { incidents } from './routes/incidents.ts';
import { integrations } from './routes/integrations.ts';
import { pagerdutyEvents } from './routes/pagerdutyEvents.ts';
import { type ApiServer, createServer } from './server.ts';

export async function buildApp(deps: ApiDeps): Promise<ApiServer> {
  const app = createServer(deps.logger);
  const allowed = collectMethods(app);
  await collectOpenApi(app, deps.publicUrl);
  app.setNotFoundHandler((request, reply) => {
    const { error, allow } = missing(request, allowed);
    if (allow !== null) void reply.header('Allow', allow);
    sendProblem(error, request, reply);
  });
  health(app, deps);
  await openApi(app);
  pagerdutyEvents(app, deps);
  integrations(app, deps);
  incidents(app, deps, allowed);
  // Its own scope: the page takes forms, and nothing else does.
  await app.register(async (scope) => {
    await ackPage(scope, { secret: deps.secret, incidents: deps.incidents, configuration: deps.configuration });
  });
  return app;
}
