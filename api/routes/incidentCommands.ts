/** POST /v1/incidents/{id}/{command}: what people do with an incident (interfaces §5, Commands). */
import { type CommandName, PEOPLES_COMMANDS, type PersonsCommand } from '../../domain/commands.ts';
import { TocsinError } from '../../domain/errors.ts';
import { actorFor, callerOf, guardedBy } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { CommandIds } from '../idempotency.ts';
import { incidentJson } from '../incidentJson.ts';
import { type AllowedMethods, missing } from '../knownPaths.ts';
import { sendProblem } from '../problems.ts';
import { guarded, problem, recorded } from '../schemas/answers.ts';
import { incident } from '../schemas/incident.ts';
import { COMMAND_BODIES, commandHeaders, incidentId } from '../schemas/requests.ts';
import { type ApiServer, SECURED } from '../server.ts';
import { found } from './incidentReads.ts';

const SUMMARIES: Readonly<Record<CommandName, string>> = {
  acknowledge: 'Says "I am on it"; again, or by another user, re-arms the ack timeout',
  unacknowledge: 'Takes one’s acknowledgement back',
  'start-work': 'Acknowledges, and keeps when work on it first started',
  resolve: 'Ends the incident',
  reassign: 'Assigns it to these users, with no more escalation',
  notes: 'Leaves a note in the timeline',
  'status-updates':
    'Leaves a status update in the timeline, and tells subscribers and those told of it who want status updates',
};

interface CommandBody {
  readonly as?: string | undefined;
  readonly note?: string | undefined;
  readonly resolution?: string | undefined;
  readonly users?: readonly string[] | undefined;
  readonly text?: string | undefined;
}

function checkUsers(users: readonly string[], deps: ApiDeps): readonly string[] {
  const unknown = users.find((id) => !deps.configuration().users.has(id));
  if (unknown === undefined) return [...new Set(users)];
  throw new TocsinError('UNKNOWN_USER', `there is no user '${unknown}' in the configuration`);
}

type Common = Pick<PersonsCommand, 'id' | 'actor' | 'note'>;

function commandOf(type: CommandName, common: Common, body: CommandBody, deps: ApiDeps): PersonsCommand {
  switch (type) {
    case 'reassign':
      return { ...common, type, users: checkUsers(body.users ?? [], deps) };
    case 'notes':
    case 'status-updates':
      return { ...common, type, text: body.text ?? '' };
    case 'resolve':
      return { ...common, type, ...(body.resolution !== undefined && { resolution: body.resolution }) };
    case 'acknowledge':
    case 'unacknowledge':
    case 'start-work':
      return { ...common, type };
    default:
      return type satisfies never;
  }
}

export function incidentCommands(app: ApiServer, deps: ApiDeps, allowed: AllowedMethods): void {
  const ids = new CommandIds();
  for (const type of PEOPLES_COMMANDS) {
    app.post(
      `/v1/incidents/:id/${type}`,
      {
        ...guardedBy(deps, 'command'),
        // A command without a body has no more to say.
        preValidation: async (request) => void ((request as { body: unknown }).body ??= {}),
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
            409: problem,
            422: problem,
            ...guarded,
          },
        },
      },
      async (request, reply) => {
        const caller = callerOf(request, deps, 'command');
        const { id } = request.params;
        const body: CommandBody = request.body;
        const actor = actorFor(caller, body.as, deps.configuration());
        const key = request.headers['idempotency-key'];
        const named = ids.named({ token: caller.token, incident: id, command: type, key, body });
        const common = { ...named, actor, ...(body.note !== undefined && { note: body.note }) };
        const result = await deps.incidents.command(id, commandOf(type, common, body, deps));
        switch (result.kind) {
          case 'recorded':
            return reply.code(202).send({ status: 'recorded' });
          case 'notFound':
            return found(undefined, id);
          case 'closed':
            sendProblem(new TocsinError('INCIDENT_CLOSED', result.found.sentence), request, reply, {
              incident: incidentJson(result.found, deps),
            });
            return reply;
          case 'done': {
            const { refused } = result.outcome;
            ids.learn(key, named, result.outcome.body);
            // A repeated key is answered from Temporal's record of the first time; what is answered here is the present.
            const present = key === undefined ? undefined : await deps.incidents.read(id).catch(() => undefined);
            if (refused === null) return incidentJson(present ?? result.found, deps);
            sendProblem(new TocsinError(refused.code, refused.sentence), request, reply, {
              incident: incidentJson(result.found, deps),
            });
            return reply;
          }
          default:
            return result satisfies never;
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
