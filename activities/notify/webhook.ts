/** The channel `webhook`: the incident as JSON to an endpoint of `channels.webhook`, signed as Standard Webhooks 1.0.0 says. */
import { Webhook } from 'standardwebhooks';
import type { IncidentView, LogEntryView, NotificationView } from '../../domain/view.ts';
import type { NotifyReceipt } from '../contract.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText } from './channel.ts';
import type { Destination } from './endpoint.ts';
import { endpointOfContact, endpointOfNotice } from './endpoint.ts';
import { call } from './http.ts';
import { ackUrlOf } from './message.ts';
import { webhookBody } from './webhookBody.ts';

/** What the body holds beside `type` and `timestamp` (interfaces §5). `ackUrl`: the phone page of the user who is paged. */
export interface WebhookData {
  readonly incident: IncidentView;
  readonly notification?: NotificationView;
  readonly entry?: LogEntryView;
  readonly ackUrl?: string;
}

/** Both throw as `endpointOfContact` and `call` do. `timeout` in milliseconds is for tests. */
export function webhookChannel(deps: Omit<ChannelDeps, 'print'> & { timeout?: number }): ChannelActivities {
  const { configuration, secret, publicUrl, timeout } = deps;
  const send = (destination: Destination<'webhook'>, call: Pick<Call, 'idempotencyKey' | 'body' | 'ackUrl'>) =>
    deliver(destination, { ...call, ...(timeout === undefined ? {} : { timeout }) });
  return {
    async notify(request) {
      const destination = endpointOfContact(configuration(), 'webhook', request);
      const { whole, dueAt, idempotencyKey } = request;
      if (whole === undefined) throw new Error('a page by webhook carries the whole incident');
      const ackUrl = ackUrlOf(request, { secret, publicUrl });
      const body = webhookBody('notification', dueAt, { ...whole, ackUrl });
      const receipt = await send(destination, { idempotencyKey, body, ackUrl });
      keepText(deps, request, body, ackUrl);
      return receipt;
    },
    async tell(request) {
      const destination = endpointOfNotice(configuration(), 'webhook', request);
      const { type, at, incident, entry, idempotencyKey } = request;
      const body = webhookBody(type, at, { incident, ...(entry === null ? {} : { entry }) });
      return send(destination, { idempotencyKey, body });
    },
  };
}

interface Call {
  readonly idempotencyKey: string;
  readonly body: string;
  /** Lets its holder act, so that a receiver which echoes it is not quoted. */
  readonly ackUrl?: string;
  readonly timeout?: number;
}

async function deliver(
  { name, endpoint }: Destination<'webhook'>,
  { idempotencyKey, body, ackUrl, timeout }: Call,
): Promise<NotifyReceipt> {
  const { url, secret, allowPrivate } = endpoint;
  const { status, shown } = await call({
    url,
    headers: { 'content-type': 'application/json', 'user-agent': 'Tocsin', ...signed(secret, idempotencyKey, body) },
    body,
    allowPrivate,
    what: `webhook ${name}`,
    secrets: [secret, secret.slice('whsec_'.length), ...(ackUrl === undefined ? [] : [ackUrl])],
    ...(timeout === undefined ? {} : { timeout }),
  });
  return { detail: `${status}${shown === '' ? '' : `: ${shown}`}` };
}

/** The id is the same for every attempt, the timestamp is the attempt's. What is signed is `id.timestamp.body`, so no id has a dot. */
function signed(secret: string, idempotencyKey: string, body: string): Record<string, string> {
  const now = new Date();
  return {
    'webhook-id': idempotencyKey,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign(idempotencyKey, now, body),
  };
}
