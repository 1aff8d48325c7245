/** The API, without listening: `main.ts` makes a process of it, tests inject into it. */
import { twilioVoice } from './callbacks/twilioVoice.ts';
import { opsgenieApi } from './opsgenie/index.ts';
import { opsgenieCallbacks } from './callbacks/opsgenie.ts';
import { pagerdutyCallbacks } from './callbacks/pagerduty.ts';
import { slackCallbacks } from './callbacks/slack.ts';
import { slackHandling } from './callbacks/slackHandling.ts';
import { slackSocket } from './callbacks/slackSocket.ts';
import type { ApiDeps } from './deps.ts';
import { ignoredEvents, recordingGateway, recordingIntake } from './ignoredEvents.ts';
import { twilioSms } from './callbacks/twilioSms.ts';
import { collectMethods, missing } from './knownPaths.ts';
import { collectOpenApi, openApi } from './openapi.ts';
import { countingIntake, timeRequests } from './observing.ts';
import { sendProblem } from './problems.ts';
import { ackPage } from './routes/ackPage.ts';
import { changeEvents } from './routes/changeEvents.ts';
import { changesList } from './routes/changes.ts';
import { drills } from './routes/drills.ts';
import { health } from './routes/health.ts';
import { beats } from './routes/beats.ts';
import { heartbeats } from './routes/heartbeats.ts';
import { ignoredEventsList } from './routes/ignoredEvents.ts';
import { incidents } from './routes/incidents.ts';
import { integrations } from './routes/integrations.ts';
import { maintenanceWindows } from './routes/maintenanceWindows.ts';
import { metricsRoute } from './routes/metrics.ts';
import { onCall } from './routes/onCall.ts';
import { pagerdutyRest } from './pagerduty/registry.ts';
import { pagerdutyEvents } from './routes/pagerdutyEvents.ts';
import { people } from './routes/people.ts';
import { sendTest } from './routes/sendTest.ts';
import { type ApiServer, createServer } from './server.ts';

export async function buildApp(given: ApiDeps): Promise<ApiServer> {
  const { metrics } = given;
  const app = createServer(given.logger);
  if (metrics !== undefined) timeRequests(app, metrics.meter);
  const ignored = ignoredEvents(given.store, app.log);
  app.addHook('onClose', () => ignored.settled());
  const intake = recordingIntake(given.intake, ignored);
  const deps = {
    ...given,
    intake: metrics === undefined ? intake : countingIntake(intake, metrics.meter),
    incidents: recordingGateway(given.incidents, ignored),
  };
  const allowed = collectMethods(app);
  await collectOpenApi(app, deps.publicUrl);
  app.setNotFoundHandler((request, reply) => {
    const { error, allow } = missing(request, allowed);
    if (allow !== null) void reply.header('Allow', allow);
    sendProblem(error, request, reply);
  });
  health(app, deps);
  if (metrics !== undefined) metricsRoute(app, { ...deps, metrics });
  await openApi(app);
  pagerdutyEvents(app, deps);
  changeEvents(app, deps);
  changesList(app, deps);
  await pagerdutyRest(app, deps, allowed);
  await app.register(async (scope) => integrations(scope, deps));
  await opsgenieApi(app, deps, allowed);
  // Its own scope: a beat has no body, or any.
  await app.register(async (scope) => beats(scope, deps));
  heartbeats(app, deps);
  incidents(app, deps, allowed);
  ignoredEventsList(app, deps, ignored);
  onCall(app, deps);
  maintenanceWindows(app, deps);
  people(app, deps);
  sendTest(app, deps);
  drills(app, deps);
  // Scopes of their own, each with the one content type that it takes.
  await app.register(async (scope) => pagerdutyCallbacks(scope, deps));
  await app.register(async (scope) => opsgenieCallbacks(scope, deps));
  // Its own scope: the page takes forms, and nothing else does.
  await app.register(async (scope) => {
    await ackPage(scope, { secret: deps.secret, incidents: deps.incidents, configuration: deps.configuration });
  });
  // Each provider's callbacks in a scope of their own: other content types, and other ways to prove who calls.
  await app.register(async (scope) => twilioVoice(scope, deps));
  await app.register(async (scope) => twilioSms(scope, deps));
  const slack = slackHandling(deps, app.log);
  await app.register(async (scope) => slackCallbacks(scope, deps, slack));
  const socket = slackSocket(deps, slack, app.log);
  app.addHook('onListen', async () => {
    socket.look();
    deps.onReload?.(() => socket.look());
  });
  app.addHook('onClose', () => socket.stop());
  return app;
}
