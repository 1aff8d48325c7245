/** Who calls, and what they may do: bearer tokens, roles, and acting as a user (interfaces §5, "Who may do what"). */
import type { FastifyRequest } from 'fastify';
import type { Configuration, Role } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import type { Actor } from '../domain/incident.ts';
import { findBySecret, sha256 } from '../intake/hashes.ts';

/** What the routes ask for. */
export type Right = 'read' | 'command' | 'windows' | 'tests' | 'heartbeats';

const RIGHTS: Readonly<Record<Role, readonly Right[]>> = {
  observer: ['read'],
  responder: ['read', 'command'],
  manager: ['read', 'command', 'windows', 'tests', 'heartbeats'],
  admin: ['read', 'command', 'windows', 'tests', 'heartbeats'],
};

/** Whether people of this role may act on incidents, whatever door they come by. */
export const mayCommand = (role: Role): boolean => RIGHTS[role].includes('command');

/** Of one whose role has not this right. */
const LACKS: Readonly<Record<Right, string>> = {
  read: 'may not read',
  command: 'may only read',
  windows: 'may not change maintenance windows: it needs the role manager',
  heartbeats: 'may end no heartbeats: it needs the role manager',
  tests: 'may send no tests and begin no drills: it needs the role manager',
};

/** The one who calls: a token, and the user it belongs to, if it does. */
export interface Caller {
  readonly token: string;
  readonly role: Role;
  readonly user?: string;
  readonly mayActAs: boolean;
}

/** The id that the log has for `TOCSIN_API_TOKEN`. */
export const START_TOKEN = 'TOCSIN_API_TOKEN';

interface Doors {
  readonly configuration: () => Configuration;
  readonly apiToken?: string;
}

/** The caller of a request. Throws UNAUTHORIZED without a valid bearer token, FORBIDDEN where its role lacks the right. */
export function callerOf(request: FastifyRequest, doors: Doors, right: Right): Caller {
  const [, secret] = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '') ?? [];
  if (secret === undefined) {
    throw new TocsinError('UNAUTHORIZED', 'send a token: `Authorization: Bearer <token>`');
  }
  return callerWith(secret, doors, right);
}

/** Whose token that is, however it came. Throws UNAUTHORIZED for nobody's, FORBIDDEN where its role lacks the right. */
export function callerWith(secret: string, doors: Doors, right: Right): Caller {
  const callers: (readonly [Buffer, Caller])[] = doors
    .configuration()
    .tokens.map(({ id, sha256: digest, role, user, mayActAs }) => [
      Buffer.from(digest, 'hex'),
      { token: id, role, mayActAs, ...(user !== undefined && { user }) },
    ]);
  if (doors.apiToken !== undefined && doors.apiToken !== '') {
    callers.push([sha256(doors.apiToken), { token: START_TOKEN, role: 'admin', mayActAs: true }]);
  }
  const caller = findBySecret(callers, secret);
  if (caller === undefined) throw new TocsinError('UNAUTHORIZED', 'this token is not known, or was revoked');
  if (!RIGHTS[caller.role].includes(right)) {
    throw new TocsinError('FORBIDDEN', `token ${caller.token} is ${articled(caller.role)}, and ${LACKS[right]}`);
  }
  return caller;
}

/** What keeps a route for callers who have this right; they are looked at before the body is read. */
export const guardedBy = (
  doors: Doors,
  right: Right,
): { readonly onRequest: (request: FastifyRequest) => Promise<void> } => ({
  onRequest: async (request) => void callerOf(request, doors, right),
});

/** A user who acts, and the door they came by. */
export interface ActingUser extends Actor {
  readonly kind: 'user';
  readonly id: string;
  readonly name: string;
  readonly via: string;
}

/**
 * The user in whose name a command is given: the token's own, or the one that `as` names. Throws AS_REQUIRED where
 * neither is there, FORBIDDEN where the token may not act as another, or that user may only read, UNKNOWN_USER for nobody's id.
 */
export function actorFor(caller: Caller, as: string | undefined, configuration: Configuration): ActingUser {
  const id = as ?? caller.user;
  if (id === undefined) {
    throw new TocsinError('AS_REQUIRED', `token ${caller.token} belongs to no user: name one, {"as": "<user id>"}`);
  }
  if (id !== caller.user && !caller.mayActAs && caller.role !== 'manager' && caller.role !== 'admin') {
    throw new TocsinError(
      'FORBIDDEN',
      `token ${caller.token} may not act as another: it needs mayActAs, or the role manager`,
    );
  }
  const user = configuration.users.get(id);
  if (user === undefined)
    throw new TocsinError('UNKNOWN_USER', `there is no user '${id.slice(0, 255)}' in the configuration`);
  if (!mayCommand(user.role)) {
    throw new TocsinError('FORBIDDEN', `user '${user.id}' is ${articled(user.role)}, and may only read`);
  }
  return { kind: 'user', id: user.id, name: user.name, via: `token ${caller.token}` };
}

const articled = (role: Role): string => `${/^[aeiou]/.test(role) ? 'an' : 'a'} ${role}`;
