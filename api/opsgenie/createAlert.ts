/** POST /opsgenie/v2/alerts: an alert, counted where its alias is open (https://docs.opsgenie.com/docs/alert-api#create-alert). */
import { randomUUID } from 'node:crypto';
import type { ApiDeps } from '../deps.ts';
import { accepted, failed, guardedByKeys, newAlert, takesBody } from '../schemas/opsgenie.ts';
import type { ApiServer } from '../server.ts';
import { opsgenie } from '../sources/opsgenie.ts';
import { accept } from './answers.ts';
import { leaveNote } from './asking.ts';
import { textOf } from '../../intake/members.ts';
import { guardedByKey, integrationOf } from './genieKey.ts';
import { BODY_LIMIT, GENIE_KEY, TAGS } from './describing.ts';
import { keyNameOf, signOutcome } from './outcome.ts';

export function createAlert(app: ApiServer, deps: ApiDeps): void {
  app.post(
    '/v2/alerts',
    {
      ...guardedByKey(deps),
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: TAGS,
        security: GENIE_KEY,
        summary: 'Creates an alert; one whose alias is open is counted',
        body: newAlert,
        response: { 202: accepted, ...guardedByKeys, ...takesBody, 404: failed },
      },
    },
    async (request, reply) => {
      const integration = integrationOf(request, deps);
      const event = opsgenie.translate(request.body, randomUUID);
      const [taken] = await deps.intake.accept([{ integration, event }]);
      const incident = taken?.outcome === 'accepted' ? taken.incident : undefined;
      // Without a note it is enough that the details name the user.
      if (incident !== undefined && textOf(request.body.note) !== undefined) {
        await leaveNote(deps, incident, request.body, ['create', event.dedupKey]);
      }
      const id = signOutcome(deps.secret, integration.id, {
        action: 'Create',
        result: taken?.outcome === 'suppressed' ? 'suppressed' : 'done',
        at: Date.now(),
        alertId: taken?.incident ?? '',
        alias: keyNameOf(event.dedupKey),
      });
      return accept(reply, id);
    },
  );
}
