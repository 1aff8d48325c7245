/**
 * Opsgenie as it is known, on loopback: its Alert API v2 (https://docs.opsgenie.com/docs/alert-api, wire-formats §1c), and the webhooks of
 * what people do there (https://docs.opsgenie.com/v1.0/docs/sample-alert-action-data). Every write is answered with 202 before it is done; here it is done at once.
 */
import { randomUUID } from 'node:crypto';
import type { HttpReaction, HttpServer, ReceivedRequest } from '../httpServer.ts';
import { startHttpServer } from '../httpServer.ts';
import type { Fault } from './faults.ts';
import { withFaults } from './faults.ts';

export const GENIE_KEY = '37c8f316-17c6-49d7-899b-9c7e540c048d';

export interface SentAlert {
  readonly message: string;
  readonly alias: string;
  readonly description?: string;
  readonly details?: Readonly<Record<string, string>>;
  readonly priority?: string;
  readonly source?: string;
  readonly entity?: string;
  readonly tags?: readonly string[];
  readonly user?: string;
}

export interface TheirAlert {
  readonly id: string;
  readonly tinyId: string;
  readonly first: SentAlert;
  status: 'open' | 'closed';
  acknowledged: boolean;
  count: number;
  readonly notes: string[];
}

export interface Opsgenie {
  readonly url: string;
  readonly server: HttpServer;
  readonly alerts: readonly TheirAlert[];
  /** What was asked and taken, in order: `create`, `acknowledge`, `notes`, … */
  readonly actions: readonly string[];
  /** For the next writes. */
  fail(...faults: readonly Fault[]): void;
  /** For the next reads. */
  failReads(...faults: readonly Fault[]): void;
  stop(): Promise<void>;
}

/** Characters; of `details` all names and values together. */
const LIMITS: Readonly<Record<string, number>> = {
  message: 130,
  alias: 512,
  description: 15_000,
  entity: 512,
  source: 100,
  user: 100,
  note: 25_000,
};
const ACTIONS: readonly string[] = ['acknowledge', 'unacknowledge', 'close', 'notes'];

export async function startOpsgenie(): Promise<Opsgenie> {
  const server = await startHttpServer();
  const alerts: TheirAlert[] = [];
  const actions: string[] = [];
  const requests = new Map<string, object>();
  const openOf = (alias: string) => alerts.find(({ first, status }) => first.alias === alias && status === 'open');

  const taken = (action: string, alert: TheirAlert | undefined): HttpReaction => {
    actions.push(action);
    const requestId = randomUUID();
    const status = alert === undefined ? 'Alert does not exist' : `Done: ${action}`;
    requests.set(requestId, { success: alert !== undefined, isSuccess: alert !== undefined, action, status });
    return json(202, { result: 'Request will be processed', took: 0.302, requestId });
  };

  const create = (body: SentAlert): HttpReaction => {
    const open = openOf(body.alias);
    if (open !== undefined) open.count += 1;
    const alert: TheirAlert = open ?? {
      id: randomUUID(),
      tinyId: String(alerts.length + 1),
      first: body,
      status: 'open',
      acknowledged: false,
      count: 1,
      notes: [],
    };
    if (open === undefined) alerts.push(alert);
    return taken('create', alert);
  };

  const act = (action: string, alias: string, note: unknown): HttpReaction => {
    const alert = openOf(alias);
    if (alert !== undefined) {
      if (action === 'acknowledge') alert.acknowledged = true;
      if (action === 'unacknowledge') alert.acknowledged = false;
      if (action === 'close') alert.status = 'closed';
      if (typeof note === 'string') alert.notes.push(note);
    }
    return taken(action, alert);
  };

  const handle = (request: ReceivedRequest): HttpReaction => {
    const { pathname, searchParams } = new URL(request.path, 'http://opsgenie');
    const { authorization } = request.headers;
    if (authorization === undefined || !authorization.startsWith('GenieKey ')) {
      return json(401, { message: 'Could not authenticate', took: 0.001, requestId: randomUUID() });
    }
    if (authorization !== `GenieKey ${GENIE_KEY}`) {
      const message = 'To perform this action, use an API key from an API integration.';
      return json(403, { code: 40301, message, took: 0.001, requestId: randomUUID() });
    }
    const [, , , identifier, action] = pathname.replace(/\/$/, '').split('/');
    if (request.method === 'GET') {
      if (identifier === 'requests')
        return json(200, { data: requests.get(action ?? ''), took: 0.02, requestId: action });
      const alert = openOf(decodeURIComponent(identifier ?? ''));
      if (alert === undefined)
        return json(404, { message: 'Alert does not exist', took: 0.001, requestId: randomUUID() });
      const { id, tinyId, first, status, acknowledged, count } = alert;
      return json(200, {
        data: { id, tinyId, ...first, status, acknowledged, count },
        took: 0.01,
        requestId: randomUUID(),
      });
    }
    const body = (request.body === '' ? {} : JSON.parse(request.body)) as Record<string, unknown>;
    const errors = complaints(body, action === undefined);
    if (Object.keys(errors).length > 0) {
      const message = 'Request body is not processable. Please check the errors.';
      return json(422, { message, errors, took: 0.005, requestId: randomUUID() });
    }
    if (action === undefined) return create(body as unknown as SentAlert);
    if (!ACTIONS.includes(action) || searchParams.get('identifierType') !== 'alias')
      return json(404, { message: 'no' });
    return act(action, decodeURIComponent(identifier ?? ''), body['note']);
  };

  const writes = withFaults(handle, ({ method }) => method === 'POST');
  const reads = withFaults(writes.answering, ({ method }) => method === 'GET');
  server.answer('/v2/alerts', reads.answering);
  return {
    url: server.url,
    server,
    alerts,
    actions,
    fail: writes.next,
    failReads: reads.next,
    stop: () => server.stop(),
  };
}

/** By member. Whether Opsgenie cuts or refuses what is too long is not known: here it is refused. */
function complaints(body: Readonly<Record<string, unknown>>, creates: boolean): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const { message, priority, tags = [], details = {} } = body;
  if (creates && (typeof message !== 'string' || message.trim() === '')) found['message'] = 'Message can not be empty.';
  for (const [member, limit] of Object.entries(LIMITS)) {
    if (body[member] !== undefined && !isTextOf(body[member], limit)) found[member] = `at most ${limit}`;
  }
  if (priority !== undefined && !(typeof priority === 'string' && /^P[1-5]$/.test(priority))) {
    found['priority'] = 'should be one of [ P1, P2, P3, P4, P5 ]';
  }
  const tagged: readonly unknown[] = Array.isArray(tags) ? tags : [undefined];
  if (tagged.length > 20 || !tagged.every((tag) => isTextOf(tag, 50))) found['tags'] = 'at most 20 × 50';
  const texts: readonly unknown[] = Object.entries(details ?? {}).flat();
  if (!texts.every((text) => typeof text === 'string')) found['details'] = 'should be texts';
  else if (!isTextOf(texts.join(''), 8_000)) found['details'] = 'at most 8000';
  return found;
}

/** Characters are code points, as Alertmanager counts for Opsgenie. */
const isTextOf = (value: unknown, limit: number): boolean =>
  typeof value === 'string' && Array.from(value).length <= limit;

const json = (status: number, body: unknown): HttpReaction => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** A webhook as it is sent; `at` in ms, which Opsgenie gives in ns. */
export interface Happening {
  readonly action: string;
  readonly alias: string;
  readonly username: string;
  readonly at?: number;
  readonly note?: string;
  readonly priority?: string;
  readonly sourceType?: string;
}

export function webhookOf({ action, alias, username, at = Date.now(), note, priority, sourceType = 'web' }: Happening) {
  const alert = {
    updatedAt: 0,
    tags: ['critical'],
    message: 'disk of db1 is full',
    username,
    alertId: '052652ac-5d1c-464a-812a-7dd18bbfba8c',
    source: username,
    alias,
    tinyId: '23',
    createdAt: at,
    userId: 'daed1180-0ce8-438b-8f8e-57e1a5920a2d',
    entity: '',
    ...(note === undefined ? {} : { note }),
    ...(priority === undefined ? {} : { priority }),
  };
  const body = {
    source: { name: '', type: sourceType },
    alert,
    action,
    integrationId: GENIE_KEY,
    integrationName: 'x',
  };
  // A number beyond 2^53: it is written as text.
  return JSON.stringify(body).replace('"updatedAt":0', `"updatedAt":${at}002246`);
}
