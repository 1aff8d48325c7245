/**
 * What people did in Opsgenie, by its outgoing webhook (https://docs.opsgenie.com/v1.0/docs/webhook-integration). Opsgenie signs
 * nothing: the endpoint's `webhookSecret` comes as a bearer token, in a header that is set there.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { OpsgenieEndpoint } from '../../domain/channels.ts';
import { PRIORITIES } from '../../domain/commands.ts';
import type { Instant } from '../../domain/duration.ts';
import { days } from '../../domain/duration.ts';
import { parseIncidentId } from '../../domain/identity.ts';
import { cut, harmless, oneLine } from '../../domain/text.ts';
import { type Members, membersOf, textOf } from '../../intake/members.ts';
import { userWithEmail } from '../userNamed.ts';
import type { Asked } from './acting.ts';
import { act, turnAway } from './acting.ts';
import { CALLBACK_ROUTE } from './callbackRoute.ts';
import type { CallbackDeps, Heard } from './jsonCallback.ts';
import { checkWindow, commandIdOf, heard, ignored, isSame } from './jsonCallback.ts';
import { readMembers, refused, takesRawJson } from './jsonCallback.ts';

/** Longer than Opsgenie goes on trying: its page names no time. */
const TRIED_FOR = days(1);
const NAME_LIMIT = 100;
const NOTE_LIMIT = 2_000;

/** `POST /callbacks/opsgenie/<endpoint>`; 404 where `channels.opsgenie` has no such endpoint, or none with a secret. */
export async function opsgenieCallbacks(scope: FastifyInstance, deps: CallbackDeps): Promise<void> {
  const { configuration, now = Date.now } = deps;
  const endpointOf = (request: FastifyRequest): Named | undefined => {
    const { endpoint: name } = request.params as { endpoint: string };
    const endpoints: Readonly<Record<string, OpsgenieEndpoint>> = configuration().channels.opsgenie ?? {};
    const secret = Object.hasOwn(endpoints, name) ? endpoints[name]?.webhookSecret : undefined;
    return secret === undefined ? undefined : { name, secret };
  };
  takesRawJson(scope, 'Opsgenie');
  scope.addHook('onRequest', async (request, reply) => {
    const named = endpointOf(request);
    if (named === undefined) return reply.callNotFound();
    const { authorization = '' } = request.headers;
    if (!isSame(authorization, `Bearer ${named.secret}`)) throw refused('its bearer token is not the webhookSecret');
    return undefined;
  });
  scope.post('/callbacks/opsgenie/:endpoint', CALLBACK_ROUTE, async (request, reply) => {
    const named = endpointOf(request);
    if (named === undefined) return reply.callNotFound();
    const members = readMembers(request.body);
    const alert = membersOf(members['alert']) ?? {};
    checkWindow(instantOf(alert['updatedAt']), now(), TRIED_FOR);
    return reply.code(202).send(await take(textOf(members['action']) ?? '', alert, named.name, deps));
  });
}

interface Named {
  readonly name: string;
  readonly secret: string;
}

/** Nanoseconds in what Opsgenie prints, milliseconds elsewhere in it: told apart by their size. NaN for what is no number. */
function instantOf(updatedAt: unknown): Instant {
  if (typeof updatedAt !== 'number') return NaN;
  return updatedAt > 1e17 ? updatedAt / 1e6 : updatedAt;
}

async function take(action: string, alert: Members, name: string, deps: CallbackDeps): Promise<Heard> {
  const wanted = actOf(action, alert);
  if (wanted === null) return ignored('nothing comes of this here');
  // A person's name there is an e-mail address; all others are integrations, its own policies, and us.
  const theirs = textOf(alert['username']) ?? '';
  if (!theirs.includes('@')) return ignored('it is no act of a person');
  const incident = textOf(alert['alias']) ?? '';
  if (parseIncidentId(incident) === undefined) return ignored('it is no incident of ours');
  const parts = [name, action, incident, String(alert['updatedAt']), wanted.text ?? ''];
  const common = { incident, action: wanted.action, commandId: commandIdOf('opsgenie', ...parts) };
  const user = userWithEmail(theirs, deps.configuration())?.id;
  if (user !== undefined) return heard(await act(deps, { ...common, ...wanted, user, via: `opsgenie ${name}` }));
  const via = `opsgenie ${name}: ${cut(oneLine(theirs), NAME_LIMIT)}`;
  return heard(await turnAway(deps, { ...common, via, code: 'UNKNOWN_USER' }));
}

/** What an action is here; null for one of which nothing comes. */
function actOf(action: string, alert: Members): Pick<Asked, 'action' | 'text' | 'priority'> | null {
  switch (action) {
    case 'Acknowledge':
      return { action: 'acknowledge' };
    case 'UnAcknowledge':
      return { action: 'unacknowledge' };
    case 'Close':
      return { action: 'resolve' };
    case 'AddNote': {
      const text = cut(harmless(textOf(alert['note']) ?? ''), NOTE_LIMIT);
      return text === '' ? null : { action: 'notes', text };
    }
    case 'UpdatePriority': {
      const priority = PRIORITIES.find((one) => one === alert['priority']);
      return priority === undefined ? null : { action: 'priority', priority };
    }
    default:
      return null;
  }
}
