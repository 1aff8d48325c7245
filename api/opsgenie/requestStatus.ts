/** GET /opsgenie/v2/alerts/requests/{id}: what came of a request (https://docs.opsgenie.com/docs/alert-api#get-request-status). */
import { z } from 'zod';
import { type ErrorCode, ERRORS, TocsinError } from '../../domain/errors.ts';
import type { ApiDeps } from '../deps.ts';
import type { FoundIncident } from '../ports.ts';
import { failed, guardedByKeys, requestStatus as answered } from '../schemas/opsgenie.ts';
import type { ApiServer } from '../server.ts';
import { answer } from './answers.ts';
import { GENIE_KEY, TAGS } from './describing.ts';
import { guardedByKey, integrationOf } from './genieKey.ts';
import { type Action, type Outcome, type Result, keyNameOf, readOutcome } from './outcome.ts';

const params = z.object({ requestId: z.string().describe('`requestId` of an answer 202, for a week') });

export function requestStatus(app: ApiServer, deps: ApiDeps): void {
  app.get(
    '/v2/alerts/requests/:requestId',
    {
      ...guardedByKey(deps),
      schema: {
        tags: TAGS,
        security: GENIE_KEY,
        summary: 'What came of a request',
        params,
        response: { 200: answered, 404: failed, ...guardedByKeys },
      },
    },
    async (request, reply) => {
      const integration = integrationOf(request, deps);
      const { requestId } = request.params;
      const outcome = readOutcome(deps.secret, integration.id, requestId, Date.now());
      if (outcome === undefined) {
        throw new TocsinError(
          'NOT_FOUND',
          'Request is not found: no answer of the last 7 days to this key has this id',
        );
      }
      const found = await present(outcome, deps);
      if (found === 'notYet') {
        // By this header alone the Go SDK asks again (client.go, wire-formats §1c).
        void reply.code(404).header('X-Opsgenie-Errortype', 'RequestNotProcessed');
        return answer(reply, { message: 'Request not processed. Please wait and retry.' });
      }
      const { action, result, at } = outcome;
      const success = result === 'done' || result === 'recorded';
      return answer(reply, {
        data: {
          success,
          isSuccess: success,
          action,
          processedAt: new Date(at).toISOString(),
          integrationId: integration.id,
          status: statusOf(action, result),
          alertId: outcome.alertId,
          alias: found?.incident.alerts.find(({ dedupKey }) => keyNameOf(dedupKey) === outcome.alias)?.dedupKey ?? '',
        },
      });
    },
  );
}

/** A worker that answers has taken what was recorded before; with none, nobody knows yet. */
async function present(
  { alertId }: Outcome,
  { incidents }: Pick<ApiDeps, 'incidents'>,
): Promise<FoundIncident | undefined | 'notYet'> {
  try {
    return alertId === '' ? undefined : await incidents.read(alertId);
  } catch (error) {
    if (error instanceof TocsinError && error.code === 'NO_WORKER') return 'notYet';
    throw error;
  }
}

/** Opsgenie's own sentence where one is documented. */
function statusOf(action: Action, result: Result): string {
  if (result === 'done') return DONE[action];
  if (result === 'recorded') return `${DONE[action]}: recorded, and taken since; the alert's log says what came of it`;
  return result in WHY_NOT ? WHY_NOT[result as keyof typeof WHY_NOT] : ERRORS[result as ErrorCode].title;
}

const WHY_NOT = {
  NOT_FOUND: 'Alert does not exist',
  suppressed: 'Alert is suppressed by a routing rule',
  snoozeTooShort: 'The end of the snooze is not in the future',
  snoozeTooLong: 'A snooze ends within 7 days',
  nobodyFound: 'There is no such responder, or nobody is on call there',
} as const satisfies Partial<Record<Result, string>>;

const DONE: Readonly<Record<Action, string>> = {
  Create: 'Created alert',
  Acknowledge: 'Acknowledged alert',
  UnAcknowledge: 'UnAcknowledged alert',
  Close: 'Closed alert',
  Snooze: 'Snoozed alert',
  AddNote: 'Added note',
  AssignOwnership: 'Assigned ownership of alert',
  Escalate: 'Escalated alert',
  AddResponder: 'Added responder',
  AddTeam: 'Added team',
  AddTags: 'Added tags',
  RemoveTags: 'Removed tags',
  AddDetails: 'Added details',
  RemoveDetails: 'Removed details',
  UpdatePriority: 'Updated priority',
  UpdateMessage: 'Updated message',
  UpdateDescription: 'Updated description',
  ExecuteCustomAction: 'Executed custom action',
  Delete: 'Deleted alert',
};
