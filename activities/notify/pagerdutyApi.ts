/** PagerDuty over HTTP: an event to its Events API v2, and what its REST API says came of one. */
import type { PagerDutyEndpoint } from '../../domain/channels.ts';
import type { NotifyReceipt } from '../contract.ts';
import { retryable } from '../errors.ts';
import { bodyOf, objectIn, stranger } from './answer.ts';
import { call } from './http.ts';
import type { Answered } from './http.ts';
import type { PagerDutyEvent } from './pagerdutyEvent.ts';

export interface NamedPagerDuty {
  readonly name: string;
  readonly endpoint: PagerDutyEndpoint;
}

/** `timeout` in ms; `secrets` beside the endpoint's own. */
export interface Calling {
  readonly timeout: number;
  readonly secrets: readonly string[];
}

/**
 * `POST /v2/enqueue`. 202 has the event; 400 is for good, but for a routing key that is not one, which is mended while the
 * incident is open; 429 and 5xx are "later". Throws as `call` does, and PROVIDER_LOGIN_REFUSED, retryable.
 */
export async function enqueue(
  { name, endpoint }: NamedPagerDuty,
  event: PagerDutyEvent,
  { timeout, secrets }: Calling,
): Promise<NotifyReceipt> {
  const what = `PagerDuty ${name}`;
  const answer = await call({
    url: `${endpoint.url}/v2/enqueue`,
    headers: { 'content-type': 'application/json', 'user-agent': 'Tocsin' },
    body: JSON.stringify({ routing_key: endpoint.routingKey, ...event }),
    allowPrivate: true,
    what,
    secrets: [endpoint.routingKey, ...secrets],
    timeout,
    refusal: (refused) =>
      loginRefused(refused)
        ? retryable(
            'PROVIDER_LOGIN_REFUSED',
            `${what} answered ${refused.status}: ${refused.shown} (put right channels.pagerduty.${name}.routingKey)`,
          )
        : undefined,
  });
  const asked = { what, path: `channels.pagerduty.${name}` };
  const { status, dedup_key: key } = objectIn(bodyOf(answer, asked)) ?? {};
  if (typeof status !== 'string' || typeof key !== 'string') throw stranger(answer, 'PagerDuty', asked);
  return { providerId: key, detail: `${event.event_action}: ${answer.shown}` };
}

/** https://github.com/robusta-dev/robusta/issues/571 and https://github.com/blockpane/tenderduty/issues/10 have its words. */
function loginRefused({ status, body }: Answered): boolean {
  if (status === 401 || status === 403) return true;
  const { message, errors } = objectIn(body) ?? {};
  const said = [message, ...(Array.isArray(errors) ? errors : [])].join(' ');
  return status === 400 && /routing.key/i.test(said);
}

/** As `GET /incidents` tells of one. */
interface TheirIncident {
  readonly id: string;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  /** ms since the epoch. */
  readonly createdAt: number;
}

/**
 * The receipt of an event that PagerDuty has already, by `GET /incidents?incident_key=…`, which finds the incidents of alerts
 * of that key; null where it has not, or nobody may ask (no `apiKey`). Throws as `call` does.
 */
export async function findEvent(
  named: NamedPagerDuty,
  event: PagerDutyEvent,
  since: number,
  timeout: number,
): Promise<NotifyReceipt | null> {
  const { apiKey } = named.endpoint;
  if (apiKey === undefined) return null;
  const [newest] = await incidentsOf(named, apiKey, event.dedup_key, timeout);
  if (newest === undefined || !hasTaken(event.event_action, newest, since)) return null;
  const detail = `${event.event_action}: there already, as incident ${newest.id}, ${newest.status}`;
  return { providerId: event.dedup_key, detail };
}

/** An open incident takes a trigger as one more line of its log; one that was opened since and is over took it too. */
function hasTaken(
  action: PagerDutyEvent['event_action'],
  { status, createdAt }: TheirIncident,
  since: number,
): boolean {
  if (action === 'trigger') return status !== 'resolved' || createdAt >= since;
  return status === 'resolved' || (action === 'acknowledge' && status === 'acknowledged');
}

/** The newest first. */
async function incidentsOf(
  { name, endpoint }: NamedPagerDuty,
  apiKey: string,
  key: string,
  timeout: number,
): Promise<readonly TheirIncident[]> {
  const query = new URLSearchParams({ incident_key: key, date_range: 'all', sort_by: 'created_at:desc', limit: '1' });
  const { body } = await call({
    method: 'GET',
    url: `${endpoint.apiUrl}/incidents?${query.toString()}`,
    headers: {
      accept: 'application/vnd.pagerduty+json;version=2',
      authorization: `Token token=${apiKey}`,
      'user-agent': 'Tocsin',
    },
    allowPrivate: true,
    what: `PagerDuty ${name}`,
    secrets: [apiKey],
    timeout,
  });
  const { incidents } = objectIn(body) ?? {};
  if (!Array.isArray(incidents)) return [];
  return incidents.map((one: { id?: unknown; status?: unknown; created_at?: unknown } | null) => ({
    id: String(one?.id),
    status: one?.status as TheirIncident['status'],
    createdAt: Date.parse(String(one?.created_at)),
  }));
}
