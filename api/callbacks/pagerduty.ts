/**
 * What people did in PagerDuty, by its v3 webhooks (https://developer.pagerduty.com/docs/webhooks/v3-overview/): signed with an
 * HMAC-SHA256 over the raw body, answered within 5 s, and sent again on 429 and 5xx for up to 48 hours.
 */
import { createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PagerDutyEndpoint } from '../../domain/channels.ts';
import type { Priority } from '../../domain/commands.ts';
import { PRIORITIES } from '../../domain/commands.ts';
import { days, minutes } from '../../domain/duration.ts';
import type { Milliseconds } from '../../domain/duration.ts';
import { parseIncidentId } from '../../domain/identity.ts';
import { cut, harmless, oneLine } from '../../domain/text.ts';
import { type Members, membersOf, textOf } from '../../intake/members.ts';
import type { Asked } from './acting.ts';
import { act, turnAway } from './acting.ts';
import { CALLBACK_ROUTE } from './callbackRoute.ts';
import type { CallbackDeps, Heard } from './jsonCallback.ts';
import { checkWindow, commandIdOf, heard, ignored, isSame } from './jsonCallback.ts';
import { readMembers, refused, takesRawJson } from './jsonCallback.ts';
import { incidentKeyOf } from './pagerdutyAlerts.ts';

const TRIED_FOR = (days(2) + minutes(60)) as Milliseconds;
const NAME_LIMIT = 100;
const NOTE_LIMIT = 2_000;

type Act = Pick<Asked, 'action' | 'text' | 'priority'>;

/** `POST /callbacks/pagerduty/<endpoint>`; 404 where `channels.pagerduty` has no such endpoint, or none with a secret. */
export async function pagerdutyCallbacks(scope: FastifyInstance, deps: CallbackDeps): Promise<void> {
  const { configuration, now = Date.now } = deps;
  const endpointOf = (request: FastifyRequest): Named | undefined => {
    const { endpoint: name } = request.params as { endpoint: string };
    const endpoints = configuration().channels.pagerduty ?? {};
    const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined;
    return endpoint === undefined || endpoint.webhookSecrets.length === 0 ? undefined : { name, endpoint };
  };
  takesRawJson(scope, 'PagerDuty');
  scope.addHook('onRequest', async (request, reply) => {
    if (endpointOf(request) === undefined) return reply.callNotFound();
    return undefined;
  });
  scope.post('/callbacks/pagerduty/:endpoint', CALLBACK_ROUTE, async (request, reply) => {
    const named = endpointOf(request);
    if (named === undefined) return reply.callNotFound();
    checkSignature(request, named.endpoint.webhookSecrets);
    const event = membersOf(readMembers(request.body)['event']) ?? {};
    checkWindow(Date.parse(textOf(event['occurred_at']) ?? ''), now(), TRIED_FOR);
    return reply.code(202).send(await take(event, named, deps, request));
  });
}

interface Named {
  readonly name: string;
  readonly endpoint: PagerDutyEndpoint;
}

/** One of the signatures is of one of the secrets: both may be several while a secret is replaced. Throws CALLBACK_REFUSED. */
function checkSignature({ headers, body }: FastifyRequest, secrets: readonly string[]): void {
  const given = headers['x-pagerduty-signature'];
  if (typeof given !== 'string' || !Buffer.isBuffer(body)) throw refused('it has no signature');
  const signatures = given.split(',').map((signature) => signature.trim());
  const expected = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const matching = expected.flatMap((one) => signatures.filter((signature) => isSame(signature, one)));
  if (matching.length === 0) throw refused('its signature is of none of the webhookSecrets');
}

async function take(event: Members, named: Named, deps: CallbackDeps, request: FastifyRequest): Promise<Heard> {
  const { name, endpoint } = named;
  const [id, type = ''] = [textOf(event['id']), textOf(event['event_type'])];
  const data = membersOf(event['data']) ?? {};
  const wanted = actOf(type, data);
  if (id === undefined || wanted === null) return ignored('nothing comes of this here');
  const agent = membersOf(event['agent']) ?? {};
  // What our own events do there comes back as an act of the integration: it must not go round.
  if (agent['type'] !== 'user_reference') return ignored('it is no act of a person');
  const incident = await incidentKeyOf(data, named, request.log);
  if (incident === undefined || parseIncidentId(incident) === undefined) return ignored('it is no incident of ours');
  const theirs = textOf(agent['id']) ?? '';
  const user = Object.hasOwn(endpoint.users, theirs) ? endpoint.users[theirs] : undefined;
  const common = { incident, action: wanted.action, commandId: commandIdOf('pagerduty', name, id) };
  if (user !== undefined) return heard(await act(deps, { ...common, ...wanted, user, via: `pagerduty ${name}` }));
  const who = cut(oneLine(`${textOf(agent['summary']) ?? ''} (${theirs})`), NAME_LIMIT);
  return heard(await turnAway(deps, { ...common, via: `pagerduty ${name}: ${who}`, code: 'UNKNOWN_USER' }));
}

/** What an event is here; null for one of which nothing comes: escalating and assigning there is by that system's own policy. */
function actOf(type: string, data: Members): Act | null {
  switch (type) {
    case 'incident.acknowledged':
      return { action: 'acknowledge' };
    case 'incident.unacknowledged':
      return { action: 'unacknowledge' };
    case 'incident.resolved':
      return { action: 'resolve' };
    case 'incident.reopened':
      return { action: 'reopen' };
    case 'incident.annotated': {
      const text = cut(harmless(textOf(data['content']) ?? ''), NOTE_LIMIT);
      return text === '' ? null : { action: 'notes', text };
    }
    case 'incident.priority_updated':
      return priorityAct(data['priority']);
    default:
      return null;
  }
}

/** Their priorities have names of the account's own; those that are called as ours are, are ours. */
function priorityAct(given: unknown): Act | null {
  if (given === null) return { action: 'priority', priority: null };
  const name = textOf(membersOf(given)?.['summary']);
  const priority: Priority | undefined = PRIORITIES.find((one) => one === name);
  return priority === undefined ? null : { action: 'priority', priority };
}
