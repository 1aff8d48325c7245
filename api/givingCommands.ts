/** A person's request for a command, given to each incident that it names: one path for one incident and for many. */
import type { FastifyRequest } from 'fastify';
import type { CommandName } from '../domain/commands.ts';
import { TocsinError } from '../domain/errors.ts';
import { type ActingUser, actorFor, callerOf } from './auth.ts';
import type { ApiDeps } from './deps.ts';
import { CommandIds } from './idempotency.ts';
import { type IncidentJson, incidentJson } from './incidentJson.ts';
import { notFound } from './notFound.ts';
import type { FoundIncident } from './ports.ts';
import { type CommandBody, commandOf } from './personsCommand.ts';

/** What is asked, by whom; of which incidents is said apart. */
export interface Asked {
  readonly type: CommandName;
  readonly token: string;
  readonly actor: ActingUser;
  /** The request's Idempotency-Key. */
  readonly key: string | undefined;
  readonly body: CommandBody;
}

/** What came of it for one incident. `refused`: too late for the state, and `incident` is the present truth. */
export type Given =
  | { readonly kind: 'done'; readonly incident: IncidentJson; readonly found: FoundIncident }
  | { readonly kind: 'recorded' }
  | { readonly kind: 'refused'; readonly error: TocsinError; readonly incident: IncidentJson };

/** Throws what `callerOf` and `actorFor` throw for one who may not ask. */
export function askedOf(request: FastifyRequest, type: CommandName, body: CommandBody, deps: ApiDeps): Asked {
  const caller = callerOf(request, deps, 'command');
  const key = request.headers['idempotency-key'] as string | undefined;
  return { type, token: caller.token, actor: actorFor(caller, body.as, deps.configuration()), key, body };
}

/** Gives what is asked to the incident of that id. Throws NOT_FOUND, IDEMPOTENCY_KEY_REUSED, and what `commandOf` and the gateway throw. */
export type GiveCommand = (asked: Asked, id: string) => Promise<Given>;

/** One for all routes, for it knows which keys came before. */
export function commandGiver(deps: ApiDeps): GiveCommand {
  const ids = new CommandIds();
  return async ({ type, token, actor, key, body }, id) => {
    const named = ids.named({ token, incident: id, command: type, key, body });
    const common = { ...named, actor, ...(body.note !== undefined && { note: body.note }) };
    const result = await deps.incidents.command(id, await commandOf(type, common, body, id, deps));
    switch (result.kind) {
      case 'recorded':
        return result;
      case 'notFound':
        throw notFound(id);
      case 'closed': {
        const { found } = result;
        return refused(new TocsinError('INCIDENT_CLOSED', found.sentence), incidentJson(found, deps));
      }
      case 'done': {
        const { outcome, found } = result;
        ids.learn(key, named, outcome.body);
        if (outcome.refused !== null) {
          const { code, sentence } = outcome.refused;
          return refused(new TocsinError(code, sentence), incidentJson(found, deps));
        }
        // A repeated key is answered from Temporal's record of the first time; what is answered here is the present.
        const present = key === undefined ? undefined : await deps.incidents.read(id).catch(() => undefined);
        return { kind: 'done', incident: incidentJson(present ?? found, deps), found: present ?? found };
      }
      default:
        return result satisfies never;
    }
  };
}

const refused = (error: TocsinError, incident: IncidentJson): Given => ({ kind: 'refused', error, incident });
