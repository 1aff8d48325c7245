/**
 * Who calls, and in whose name: Tocsin's own tokens in PagerDuty's header, and the user whose e-mail address `From` has
 * (PagerDuty/developer-docs, docs/REST-API/02-Authentication.md and 15-Incident-Creation-API.md).
 */
import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { CommandName } from '../../domain/commands.ts';
import type { Configuration, User } from '../../domain/configuration.ts';
import { TocsinError } from '../../domain/errors.ts';
import { type ActingUser, type Caller, type Right, actorFor, callerWith } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import type { Asked } from '../givingCommands.ts';
import type { CommandBody } from '../personsCommand.ts';
import { hasEmail, userWithEmail } from '../userNamed.ts';
import { PagerDutyError } from './errors.ts';

const SECRET = /^(?:Token +token=|Bearer +)("?)([^\s"]+)\1 *$/i;

/** Throws UNAUTHORIZED without a valid token, FORBIDDEN where its role lacks the right. */
export function callerOf(headers: IncomingHttpHeaders, deps: ApiDeps, right: Right): Caller {
  const [, , secret] = SECRET.exec(headers.authorization ?? '') ?? [];
  if (secret === undefined) throw new TocsinError('UNAUTHORIZED', 'send a token: `Authorization: Token token=<token>`');
  return callerWith(secret, deps, right);
}

/** What keeps a route for callers who have this right, before the body is read. */
export const guardedBy = (deps: ApiDeps, right: Right) => ({
  onRequest: async ({ headers }: FastifyRequest): Promise<void> => void callerOf(headers, deps, right),
});

/** A token, and the user in whose name it acts. */
export interface Requester {
  readonly caller: Caller;
  readonly actor: ActingUser;
}

/**
 * The user of the `From` header; where there is none, the token's own. Throws AS_REQUIRED where there is neither, PagerDuty's
 * 1008 for an address of nobody or of several others, and FORBIDDEN where the token may not act as that user.
 */
export function requesterOf(headers: IncomingHttpHeaders, deps: ApiDeps): Requester {
  const caller = callerOf(headers, deps, 'command');
  const configuration = deps.configuration();
  const address = headers.from?.trim() ?? '';
  if (address === '' && caller.user === undefined) {
    throw new TocsinError('AS_REQUIRED', `token ${caller.token} belongs to no user; name one in the From header`);
  }
  const user = address === '' ? undefined : userAt(address, caller, configuration);
  const actor = actorFor(caller, user?.id, configuration);
  return { caller, actor: { ...actor, via: `pagerduty api, ${actor.via}` } };
}

/** A command in the requester's name. */
export const asking = ({ caller, actor }: Requester, type: CommandName, body: CommandBody = {}): Asked => ({
  type,
  token: caller.token,
  actor,
  key: undefined,
  body,
});

/** Of several who have the address it is the caller; of others nobody can tell who is meant. */
function userAt(address: string, { user: own }: Caller, configuration: Configuration): User {
  const caller = own === undefined ? undefined : configuration.users.get(own);
  const user = caller !== undefined && hasEmail(caller, address) ? caller : userWithEmail(address, configuration);
  if (user !== undefined) return user;
  throw new PagerDutyError(1008, 'UNKNOWN_USER', 'not one user alone has the e-mail address of the From header');
}
