/** Everything under /opsgenie: Opsgenie's API, in a scope whose errors all have Opsgenie's shape. */
import type { ApiDeps } from '../deps.ts';
import { type AllowedMethods, missing } from '../knownPaths.ts';
import type { ApiServer } from '../server.ts';
import { alertLogs } from './alertLogs.ts';
import { sendOpsgenieError } from './answers.ts';
import { createAlert } from './createAlert.ts';
import { alertFinder } from './foundAlert.ts';
import { heartbeats } from './heartbeats.ts';
import { readAlerts } from './readAlerts.ts';
import { requestStatus } from './requestStatus.ts';
import { peopleActs } from './peopleActs.ts';
import { stateActs } from './stateActs.ts';
import { wordActs } from './wordActs.ts';

export async function opsgenieApi(app: ApiServer, deps: ApiDeps, allowed: AllowedMethods): Promise<void> {
  await app.register(
    async (scope) => {
      // The Go SDK sends an empty one where it has no body, and means none.
      scope.addHook('onRequest', async ({ headers }) => {
        if (headers['content-type'] === '') delete headers['content-type'];
      });
      scope.setErrorHandler(sendOpsgenieError);
      scope.setNotFoundHandler((request, reply) => {
        const { error, allow } = missing(request, allowed);
        if (allow !== null) void reply.header('Allow', allow);
        sendOpsgenieError(error, request, reply);
      });
      const find = alertFinder(deps);
      createAlert(scope, deps);
      stateActs(scope, deps, find);
      peopleActs(scope, deps, find);
      wordActs(scope, deps, find);
      readAlerts(scope, deps, find);
      alertLogs(scope, deps, find);
      requestStatus(scope, deps);
      heartbeats(scope, deps);
    },
    { prefix: '/opsgenie' },
  );
}
