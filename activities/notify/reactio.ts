/**
 * The channel `reactio`: an organization of Reactio, as `channels.reactio` says. A page opens an incident there, which tells
 * everybody of the project and rings their phones; later pages of the same incident ring again, and whatever else happens is
 * a message in its timeline. It cannot be closed from outside.
 */
import type { NoticeRequest } from '../../domain/notice.ts';
import type { NotifyReceipt } from '../contract.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn } from './channel.ts';
import { endpointOfContact, endpointOfNotice } from './endpoint.ts';
import { CALL_TIMEOUT } from './http.ts';
import { messageOf, noticeMessageOf } from './message.ts';
import type { Lookup, NamedReactio, Secretly } from './reactioApi.ts';
import { create, find, ring, say } from './reactioApi.ts';
import type { ReactioText } from './reactioText.ts';
import { reactioText } from './reactioText.ts';

/** Both throw as `endpointOfContact` and the API's calls do. `timeout` in milliseconds is for tests. */
export function reactioChannel(deps: Omit<ChannelDeps, 'print'> & { timeout?: number }): ChannelActivities {
  const { configuration, secret, publicUrl, timeout = CALL_TIMEOUT } = deps;
  return {
    async notify(request) {
      const destination = endpointOfContact(configuration(), 'reactio', request);
      const message = messageOf(request, { ...destination, secret, publicUrl });
      const { incident, userName } = request;
      const text = reactioText(message, { incident, service: incident.service.name, userName });
      const how: Secretly = { until: Date.now() + timeout, secrets: [message.ackUrl] };
      const receipt = await page(destination, request, text, { createdAt: incident.createdAt, ...how });
      keepText(deps, request, `${text.name}\n${text.spoken}\n${text.html}`, message.ackUrl);
      return receipt;
    },
    async tell(request) {
      const present = configuration();
      const destination = endpointOfNotice(present, 'reactio', request);
      const message = noticeMessageOf(request, { ...destination, nameOf: namesIn(present) });
      const { incident, service } = request;
      const text = reactioText(message, { incident, service: service.name });
      const until = Date.now() + timeout;
      return told(destination, request, text, { createdAt: incident.createdAt, until, secrets: [] });
    },
  };
}

type Asked = Pick<NoticeRequest, 'mayHaveBeenSent' | 'conversation'>;
type How = Secretly & Pick<Lookup, 'createdAt'>;

/** Asks first, for each incident and each notification there rings every phone of the project. */
async function page(to: NamedReactio, asked: Asked, text: ReactioText, how: How): Promise<NotifyReceipt> {
  const { conversation = null } = asked;
  if (conversation !== null) return ring(to, conversation, text, how);
  const found = await find(to, lookup(asked, text, how));
  if (found === null) return create(to, text, how);
  return found.sinceThen ? found.receipt : ring(to, found.id, text, how);
}

/** Of a subscriber the first word opens an incident there, and so does that it is open again; all else is a message. */
async function told(to: NamedReactio, request: NoticeRequest, text: ReactioText, how: How): Promise<NotifyReceipt> {
  const { conversation = null, incident, type, silent = false } = request;
  const calls = !silent && request.to.kind === 'subscriber' && incident.status === 'triggered';
  if (conversation !== null) {
    return calls && type === 'incident.reopened' ? ring(to, conversation, text, how) : say(to, conversation, text, how);
  }
  const found = await find(to, lookup(request, text, how));
  if (found === null) return calls ? create(to, text, how) : { detail: 'Reactio holds no incident of this one' };
  return found.sinceThen && calls ? found.receipt : say(to, found.id, text, how);
}

const lookup = ({ mayHaveBeenSent = null }: Asked, { name }: ReactioText, how: How): Lookup => ({
  ...how,
  name,
  mayHaveBeenSent,
});
