/** POST /v1/incidents/{id}/{command}: what people do with an incident (interfaces §5, Commands). */
import { PEOPLES_COMMANDS } from '../../domain/commands.ts';
import { guardedBy } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { type GiveCommand, askedOf } from '../givingCommands.ts';
import { type AllowedMethods, missing } from '../knownPaths.ts';
import { type PlainCommand, PLAIN_COMMANDS } from '../personsCommand.ts';
import { sendProblem } from '../problems.ts';
import { guarded, problem, recorded, refused } from '../schemas/answers.ts';
import { incident } from '../schemas/incident.ts';
import { COMMAND_BODIES, commandHeaders, incidentId } from '../schemas/requests.ts';
import { type ApiServer, SECURED } from '../server.ts';

export const SUMMARIES: Readonly<Record<PlainCommand, string>> = {
  acknowledge: 'Says "I am on it"; again, or by another user, re-arms the ack timeout',
  unacknowledge: 'Takes one’s acknowledgement back',
  'start-work': 'Acknowledges, and keeps when work on it first started',
  trigger: 'Assigns a suspended incident at once',
  resolve: 'Ends the incident',
  reopen: 'Triggers a resolved incident again, inside the reopen window of its service',
  snooze: 'Acknowledges, and triggers again when the duration is over; snoozed anew, the last end wins',
  escalate: 'Moves it on from what was shown: to the next level, the next pass, or the last resort',
  reassign: 'Assigns it to these users, with no more escalation; or starts a level of a policy',
  'adopt-policy': 'Goes on by today’s version of the settings of its service and of its policy',
  responders: 'Asks for the help of these users, who are told beside the assignees',
  priority: 'Sets how much it matters',
  urgency: 'Sets the urgency, which then stays, whatever its alerts say',
  amend: 'Corrects its summary, details and tags, which then stay, whatever later events say',
  notes: 'Leaves a note in the timeline',
  'status-updates':
    'Leaves a status update in the timeline, and tells subscribers and those told of it who want status updates',
};

/** A command without a body has no more to say. */
export const preValidation = async (request: { body: unknown }): Promise<void> => void (request.body ??= {});

export function incidentCommands(app: ApiServer, deps: ApiDeps, give: GiveCommand, allowed: AllowedMethods): void {
  for (const type of PLAIN_COMMANDS) {
    app.post(
      `/v1/incidents/:id/${type}`,
      {
        ...guardedBy(deps, 'command'),
        preValidation,
        schema: {
          tags: ['incidents'],
          security: SECURED,
          summary: SUMMARIES[type],
          description: 'Too late for the state: 409, with the sentence that says why and the incident as it is.',
          params: incidentId,
          headers: commandHeaders,
          body: COMMAND_BODIES[type],
          response: {
            200: incident,
            202: recorded,
            400: problem,
            404: problem,
            409: refused,
            422: problem,
            ...guarded,
          },
        },
      },
      async (request, reply) => {
        const given = await give(askedOf(request, type, request.body, deps), request.params.id);
        switch (given.kind) {
          case 'recorded':
            return reply.code(202).send({ status: 'recorded' });
          case 'refused':
            sendProblem(given.error, request, reply, { incident: given.incident });
            return reply;
          case 'done':
            return given.incident;
          default:
            return given satisfies never;
        }
      },
    );
  }
  app.post('/v1/incidents/:id/:command', { config: { catchAll: true }, schema: { hide: true } }, (request, reply) => {
    const { command } = request.params as { readonly command: string };
    const known = PEOPLES_COMMANDS.join(', ');
    const { error, allow } = missing(
      request,
      allowed,
      `'${command.slice(0, 64)}' is no command; the commands are: ${known}`,
    );
    if (allow !== null) void reply.header('Allow', allow);
    sendProblem(error, request, reply);
  });
}
