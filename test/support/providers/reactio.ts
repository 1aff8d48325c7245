/**
 * An organization of Reactio as its pages and its client know it, on loopback: https://reactio.jp/development/api and the specs of
 * github.com/gaiax/reactio-ruby-client (fixtures `created_incident`, `incident_list`, `notification`; error_handling_spec,
 * list_incidents_spec). Its one client is that gem, whose address is fixed to https://<organization>.reactio.jp, so that none can be pointed here.
 */
import type { HttpReaction, HttpServer, ReceivedRequest } from '../httpServer.ts';
import { startHttpServer } from '../httpServer.ts';
import type { Faults } from './faults.ts';
import { withFaults } from './faults.ts';
import { json, parsed } from './robot.ts';

export interface TheirIncident {
  readonly id: number;
  readonly name: string;
  readonly detection: string | undefined;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  /** Each told everybody; `call`: and rang every phone. */
  readonly notifications: { readonly text: string; readonly call: boolean }[];
  /** HTML. */
  readonly messages: string[];
}

export interface Reactio {
  readonly url: string;
  readonly server: HttpServer;
  readonly incidents: readonly TheirIncident[];
  /** How often phones rang. */
  readonly calls: () => number;
  /** For the next requests, one each; `meant` as `Reads` and `Writes` are. */
  readonly nextWrites: Faults['next'];
  readonly nextReads: Faults['next'];
  /** Opens one that is not ours. */
  open(name: string, createdAt: number): void;
  stop(): Promise<void>;
}

export const REACTIO_KEY = '1234567890abcdefghtjklmnopqrstuvwkyz';
const DETECTIONS = ['msp', 'system', 'client', 'internal', 'null'];
const MOST_A_PAGE = 100;

export async function startReactio(): Promise<Reactio> {
  const server = await startHttpServer();
  const incidents: TheirIncident[] = [];
  const open = (name: string, createdAt: number, detection?: string): TheirIncident => {
    const incident = { id: incidents.length + 1, name, detection, createdAt, notifications: [], messages: [] };
    incidents.push(incident);
    return incident;
  };
  const writes = withFaults((request) => write(request, incidents, open));
  const reads = withFaults((request) => read(request, incidents));
  server.answer('/', (request) => {
    if (request.headers['x-api-key'] !== REACTIO_KEY) {
      return json({ type: 'authentication_error', message: 'invalid api key' }, 401);
    }
    return request.method === 'GET' ? reads.answering(request) : writes.answering(request);
  });
  return {
    url: server.url,
    server,
    incidents,
    calls: () => incidents.flatMap(({ notifications }) => notifications.filter(({ call }) => call)).length,
    nextWrites: writes.next,
    nextReads: reads.next,
    open: (name, createdAt) => void open(name, createdAt),
    stop: () => server.stop(),
  };
}

function read({ path }: ReceivedRequest, incidents: readonly TheirIncident[]): HttpReaction {
  const { pathname, searchParams } = new URL(path, 'http://reactio');
  if (pathname !== '/api/v1/incidents') return json({ type: 'not_found', message: 'not found' }, 404);
  const number = (name: string, otherwise: number): number => Number(searchParams.get(name) ?? otherwise);
  const size = Math.min(MOST_A_PAGE, number('per_page', 20));
  const first = (number('page', 1) - 1) * size;
  const asked = incidents.filter(({ createdAt }) => createdAt >= number('from', 0));
  return json(asked.slice(first, first + size).map(shown));
}

const shown = ({ id, name, detection, createdAt }: TheirIncident): object => ({
  id,
  name,
  manager: null,
  status: 'open',
  detection,
  created_by: 0,
  created_at: createdAt,
  updated_by: 0,
  updated_at: createdAt,
});

interface Sent {
  readonly name?: unknown;
  readonly status?: unknown;
  readonly detection?: unknown;
  readonly notification_text?: unknown;
  readonly notification_call?: unknown;
  readonly message?: unknown;
  readonly incident_id?: unknown;
}

function write(
  { path, headers, body }: ReceivedRequest,
  incidents: readonly TheirIncident[],
  open: (name: string, createdAt: number, detection: string) => TheirIncident,
): HttpReaction {
  if (headers['content-type'] !== 'application/json' || headers.accept !== 'application/json') return missing('body');
  const sent = (parsed(body) ?? {}) as Sent;
  const { notification_text: text, notification_call: call = false, message } = sent;
  const there = incidents.find(({ id }) => id === sent.incident_id);
  switch (path) {
    case '/api/v1/incidents': {
      const { name, status = 'open', detection = 'null' } = sent;
      if (typeof name !== 'string' || name === '') return missing('name');
      if (!['open', 'pend', 'close'].includes(String(status))) return missing('status', 'invalid');
      if (!DETECTIONS.includes(String(detection))) return missing('detection', 'invalid');
      const incident = open(name, Math.floor(Date.now() / 1_000), String(detection));
      if (typeof message === 'string') incident.messages.push(message);
      if (typeof text !== 'string') return json(shown(incident), 201);
      return json({ ...shown(incident), topics: [], notifications: notified(incident, text, call === true) }, 201);
    }
    case '/api/v1/notifications':
      if (there === undefined) return missing('incident_id', 'invalid');
      if (typeof text !== 'string' || text === '') return missing('notification_text');
      return json(notified(there, text, call === true), 201);
    case '/api/v1/messages':
      if (there === undefined) return missing('incident_id', 'invalid');
      if (typeof message !== 'string' || message === '') return missing('message');
      there.messages.push(message);
      return json({}, 201);
    default:
      return json({ type: 'not_found', message: 'not found' }, 404);
  }
}

function notified(incident: TheirIncident, text: string, call: boolean): object {
  incident.notifications.push({ text, call });
  return {
    id: 32 + incident.notifications.length,
    notification_text: text,
    notification_call: call,
    notificated_for: { phone: call ? ['1', '3'] : [], email1: ['1', '2', '3'], email2: [], imkayac: [] },
    created_at: Math.floor(Date.now() / 1_000),
  };
}

const missing = (field: string, code = 'missing_field'): HttpReaction =>
  json({ type: 'validation_error', message: 'validation error', errors: [{ field, code }] }, 400);
