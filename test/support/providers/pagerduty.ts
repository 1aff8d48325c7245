/**
 * PagerDuty as it is known, on loopback: Events API v2 (https://developer.pagerduty.com/docs/events-api-v2/overview/, wire-formats §1a),
 * of the REST API what finds an incident, and v3 webhooks (https://developer.pagerduty.com/docs/webhooks/v3-overview/) of what people do there.
 */
import { createHmac, randomUUID } from 'node:crypto';
import type { HttpReaction, HttpServer, ReceivedRequest } from '../httpServer.ts';
import { startHttpServer } from '../httpServer.ts';
import type { Fault } from './faults.ts';
import { withFaults } from './faults.ts';

export const ROUTING_KEY = '4f1c0a6e2b9d4d0f8a7b6c5d4e3f2a1b';
export const REST_KEY = 'y_NbAkKc66ryYTWUXYEu';
export const WEBHOOK_SECRET = 'kqg5Yr7TtYJ9qeWnHjDDTWlE3lHcTQDbFXyg6kVxrGmu';

export interface SentEvent {
  readonly routing_key: string;
  readonly event_action: string;
  readonly dedup_key: string;
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly client?: string;
  readonly client_url?: string;
  readonly links?: readonly { readonly href: string; readonly text?: string }[];
}

export interface TheirIncident {
  readonly id: string;
  readonly key: string;
  status: 'triggered' | 'acknowledged' | 'resolved';
  readonly created_at: string;
  /** Every event that was taken for it. */
  readonly events: SentEvent[];
}

/** A v3 webhook as it is sent. */
export interface SentWebhook {
  readonly headers: Record<string, string>;
  readonly body: string;
}

export interface Agent {
  readonly id: string;
  readonly summary: string;
  readonly type: string;
}

export interface PagerDuty {
  readonly url: string;
  readonly server: HttpServer;
  /** In the order in which they were opened. */
  readonly incidents: readonly TheirIncident[];
  /** Events that were taken with 202, in order. */
  readonly events: readonly SentEvent[];
  /** For the next events. */
  fail(...faults: readonly Fault[]): void;
  /** For the next questions to the REST API. */
  failRest(...faults: readonly Fault[]): void;
  stop(): Promise<void>;
}

const ACCEPTED = 202;
const MAX_BODY = 512 * 1_024;
const SEVERITIES: readonly unknown[] = ['critical', 'error', 'warning', 'info'];

export async function startPagerDuty(): Promise<PagerDuty> {
  const server = await startHttpServer();
  const incidents: TheirIncident[] = [];
  const events: SentEvent[] = [];

  const take = (event: SentEvent): void => {
    events.push(event);
    const open = incidents.find(({ key, status }) => key === event.dedup_key && status !== 'resolved');
    if (event.event_action === 'trigger' && open === undefined) {
      const id = `Q${String(incidents.length + 1).padStart(13, '0')}`;
      const created_at = new Date().toISOString().replace(/\.\d+/, '');
      incidents.push({ id, key: event.dedup_key, status: 'triggered', created_at, events: [event] });
    }
    open?.events.push(event);
    if (open !== undefined && event.event_action === 'acknowledge') open.status = 'acknowledged';
    if (open !== undefined && event.event_action === 'resolve') open.status = 'resolved';
  };

  const enqueue = ({ method, body }: ReceivedRequest): HttpReaction => {
    if (method !== 'POST') return json(405, {});
    if (Buffer.byteLength(body) > MAX_BODY) return json(413, { message: 'payload too large' });
    let event: Partial<SentEvent>;
    try {
      event = JSON.parse(body) as Partial<SentEvent>;
    } catch {
      const errors = ['JSON parse error'];
      return json(400, { status: 'Unrecognized object', message: 'Event object format is unrecognized', errors });
    }
    const errors = complaints(event);
    if (errors.length > 0) return json(400, { status: 'invalid event', message: 'Event object is invalid', errors });
    if (event.routing_key !== ROUTING_KEY) {
      return json(400, {
        status: 'invalid event',
        message: 'Event object is invalid',
        errors: ['Invalid routing key'],
      });
    }
    const dedup_key = event.dedup_key ?? randomUUID().replaceAll('-', '');
    take({ ...(event as SentEvent), dedup_key });
    return json(ACCEPTED, { status: 'success', message: 'Event processed', dedup_key });
  };

  const rest = ({ path, headers }: ReceivedRequest): HttpReaction => {
    if (headers.authorization !== `Token token=${REST_KEY}`) {
      return json(401, { error: { message: 'Unauthorized', code: 2006 } });
    }
    const { pathname, searchParams } = new URL(path, 'http://pagerduty');
    const [, , id, part] = pathname.split('/');
    if (id === undefined) {
      const key = searchParams.get('incident_key');
      const found = incidents.filter((one) => one.key === key).toReversed();
      return json(200, { incidents: found.map(restIncident), limit: 25, offset: 0, more: false, total: null });
    }
    const incident = incidents.find((one) => one.id === id);
    if (incident === undefined || part !== 'alerts') {
      return json(404, { error: { message: 'Not Found', code: 2100 } });
    }
    const alert = { id: `A${id}`, type: 'alert', alert_key: incident.key, status: 'triggered' };
    return json(200, { alerts: [alert], limit: 25, offset: 0, more: false, total: null });
  };

  const eventFaults = withFaults(enqueue);
  const restFaults = withFaults(rest);
  server.answer('/v2/enqueue', eventFaults.answering);
  server.answer('/incidents', restFaults.answering);
  return {
    url: server.url,
    server,
    incidents,
    events,
    fail: eventFaults.next,
    failRest: restFaults.next,
    stop: () => server.stop(),
  };
}

/** In PagerDuty's words: wire-formats §1a, and https://github.com/blockpane/tenderduty/issues/10. */
function complaints({ routing_key: key, event_action: action, dedup_key, payload = {}, links }: Partial<SentEvent>) {
  const found: string[] = [];
  const blank = (value: unknown): boolean => typeof value !== 'string' || value.trim() === '';
  const demand = (name: string, value: unknown): void => {
    if (blank(value)) found.push(`'${name}' is missing or blank`);
  };
  if (blank(key)) found.push("'routing_key' is missing or blank");
  else {
    if (key?.length !== 32) found.push("Length of 'routing_key' is incorrect (should be 32 characters)");
    if (!/^[A-Za-z0-9]*$/.test(key ?? '')) found.push("'routing_key' cannot contain non-alphanumeric characters.");
  }
  if (!['trigger', 'acknowledge', 'resolve'].includes(action ?? '')) found.push("'event_action' is invalid");
  if (dedup_key !== undefined && dedup_key.length > 255) found.push("'dedup_key' is too long");
  if (action !== 'trigger') {
    demand('dedup_key', dedup_key);
    return found;
  }
  demand('payload.summary', payload['summary']);
  const { summary, timestamp } = payload;
  if (typeof summary === 'string' && Array.from(summary).length > 1_024) found.push("'payload.summary' is too long");
  demand('payload.source', payload['source']);
  if (!SEVERITIES.includes(payload['severity'])) found.push("'payload.severity' is invalid");
  if (timestamp !== undefined && !(typeof timestamp === 'string' && Date.parse(timestamp) > 0)) {
    found.push("'payload.timestamp' is invalid");
  }
  for (const link of links ?? []) demand('links.href', link.href);
  return found;
}

const restIncident = ({ id, status, created_at }: TheirIncident) => ({
  id,
  type: 'incident',
  // An incident that has alerts has no key of its own.
  incident_key: null,
  status,
  created_at,
});

const json = (status: number, body: unknown): HttpReaction => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

export const person = (id = 'PLH1HKV', summary = 'Ana Wei'): Agent => ({ id, summary, type: 'user_reference' });
export const INTEGRATION: Agent = { id: 'PXMQRWJ', summary: 'Events API V2', type: 'inbound_integration_reference' };

/** What a webhook says; `incident_key` is null for an incident that has alerts, unless `withKey`. */
export interface Happening {
  readonly type: string;
  readonly incident: Pick<TheirIncident, 'id' | 'key'>;
  readonly agent: Agent | null;
  readonly withKey?: boolean;
  readonly at?: number;
  readonly id?: string;
  /** Of a note. */
  readonly content?: string;
  readonly priority?: string | null;
}

/** The webhook of what happened, signed with each of the secrets. */
export function webhookOf(happening: Happening, secrets: readonly string[] = [WEBHOOK_SECRET]): SentWebhook {
  const { type, incident, agent, withKey = false, at = Date.now(), id = randomUUID(), content, priority } = happening;
  const reference = { id: incident.id, type: 'incident_reference', summary: 'disk of db1 is full' };
  const note = { incident: reference, id: 'P2LA89X', content, trimmed: false, type: 'incident_note' };
  const data =
    content === undefined
      ? {
          id: incident.id,
          type: 'incident',
          number: 2,
          incident_key: withKey ? incident.key : null,
          title: 'disk of db1 is full',
          priority:
            priority === undefined || priority === null ? null : { summary: priority, type: 'priority_reference' },
          urgency: 'high',
        }
      : note;
  const event = {
    id,
    event_type: type,
    resource_type: 'incident',
    occurred_at: new Date(at).toISOString(),
    agent,
    client: { name: 'PagerDuty' },
    data,
  };
  return signed(JSON.stringify({ event }), secrets);
}

export function signed(body: string, secrets: readonly string[] = [WEBHOOK_SECRET]): SentWebhook {
  const signatures = secrets.map((secret) => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'PagerDuty-Webhook/V3.0',
    'x-webhook-id': randomUUID(),
    'x-pagerduty-signature': signatures.join(','),
  };
  return { headers, body };
}
