/** All of Tocsin for an end-to-end test: Temporal server, SMTP server, worker, and API on sockets; nothing is mocked. */
import { Client, Connection } from '@temporalio/client';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApi } from '../../api/main.ts';
import { loadConfiguration } from '../../config/load.ts';
import type { Configuration } from '../../domain/configuration.ts';
import type { IncidentView, LogEntryView, NextView, NotificationView } from '../../domain/view.ts';
import type { Store } from '../../store/store.ts';
import { NO_STORE } from './noStore.ts';
import { eventually } from './eventually.ts';
import { freePort, startTemporalServer } from './temporalServer.ts';
import { startSmtpServer } from './smtpServer.ts';
import type { SmtpServer } from './smtpServer.ts';
import { SECRET, workerOn } from './worker.ts';
import type { TestWorker } from './worker.ts';

export { eventually, sleep } from './eventually.ts';

export const TOKEN = 'an-api-token-for-tests';

export interface Answer<Body = Record<string, unknown>> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
}

export interface Tocsin {
  readonly url: string;
  readonly client: Client;
  readonly address: string;
  readonly worker: TestWorker;
  readonly smtp: SmtpServer;
  readonly configuration: () => Configuration;
  /** From here on everything goes by this configuration, as after a reload. */
  reconfigure(yaml: string): void;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  get<Body = Record<string, unknown>>(path: string): Promise<Answer<Body>>;
  /** Posts a trigger, acknowledge or resolve by Events v2 to an integration's key. */
  event(
    key: string,
    dedupKey: string,
    action?: 'trigger' | 'acknowledge' | 'resolve',
    more?: Record<string, unknown>,
  ): Promise<Answer>;
  /** The latest incident of a dedup key, once there is one. */
  incident(dedupKey: string): Promise<IncidentView & { workflowId: string }>;
  read(id: string): Promise<IncidentView>;
  ledger(id: string): Promise<readonly NotificationView[]>;
  timeline(id: string): Promise<readonly LogEntryView[]>;
  next(id: string): Promise<readonly NextView[]>;
  command(
    id: string,
    command: string,
    body: Record<string, unknown>,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  stop(): Promise<void>;
}

/** Parses a configuration as an operator writes it. `${SMTP_URL}` is the test's SMTP server. */
export function configured(yaml: string, env: Record<string, string> = {}): Configuration {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-config-'));
  try {
    const file = join(folder, 'tocsin.yaml');
    writeFileSync(file, yaml);
    return loadConfiguration(file, env).configuration;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** `store`: none where absent. `env`: what the configuration names as `${NAME}`, beside `SMTP_URL`. `works`: whether its worker is started. */
export async function startTocsin(
  yaml: string,
  { store = NO_STORE, env = {}, works = true }: { store?: Store; env?: Record<string, string>; works?: boolean } = {},
): Promise<Tocsin> {
  const [server, smtp, port] = await Promise.all([startTemporalServer(), startSmtpServer(), freePort()]);
  let configuration = configured(yaml, { ...env, SMTP_URL: smtp.url });
  const publicUrl = `http://127.0.0.1:${port}`;
  const worker = await workerOn(server.address, () => configuration, { publicUrl, store });
  if (works) await worker.start();
  const connection = await Connection.connect({ address: server.address });
  const client = new Client({ connection });
  const api = await startApi({
    client,
    store,
    configuration: () => configuration,
    apiToken: TOKEN,
    secret: SECRET,
    publicUrl,
    host: '127.0.0.1',
    port,
  });

  const call = async <Body>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${api.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as Body, headers: response.headers };
  };
  const ok = async <Body>(path: string): Promise<Body> => {
    // As any client does that is told to: on a machine this busy a worker may take more than the API's 3 s.
    const { status, body } = await eventually(
      () => call<Body>('GET', path),
      (answer) => answer.status !== 503,
    );
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  };
  return {
    url: api.url,
    client,
    address: server.address,
    worker,
    smtp,
    configuration: () => configuration,
    reconfigure(changed) {
      configuration = configured(changed, { ...env, SMTP_URL: smtp.url });
    },
    post: (path, body, headers) => call('POST', path, body, headers),
    get: (path) => call('GET', path),
    event: (key, dedupKey, action = 'trigger', more = {}) =>
      call('POST', '/pagerduty/v2/enqueue', {
        routing_key: key,
        event_action: action,
        dedup_key: dedupKey,
        payload: { summary: `summary of ${dedupKey}`, source: 'e2e', severity: 'critical' },
        ...more,
      }),
    async incident(dedupKey) {
      const found = await eventually(
        () =>
          ok<{ incidents: (IncidentView & { workflowId: string })[] }>(
            `/v1/incidents?dedupKey=${encodeURIComponent(dedupKey)}`,
          ),
        ({ incidents }) => incidents.length > 0,
      );
      const [incident] = found.incidents;
      if (incident === undefined) throw new Error(`no incident of ${dedupKey}`);
      return { ...(await ok<IncidentView>(`/v1/incidents/${incident.id}`)), workflowId: incident.workflowId };
    },
    read: (id) => ok(`/v1/incidents/${id}`),
    ledger: async (id) =>
      (await ok<{ notifications: NotificationView[] }>(`/v1/incidents/${id}/notifications`)).notifications,
    timeline: async (id) => (await ok<{ entries: LogEntryView[] }>(`/v1/incidents/${id}/timeline`)).entries,
    next: async (id) => (await ok<{ next: NextView[] }>(`/v1/incidents/${id}/next`)).next,
    command: (id, command, body, headers) => call('POST', `/v1/incidents/${id}/${command}`, body, headers),
    async stop() {
      await api.stop();
      await worker.close();
      await connection.close();
      await Promise.all([server.stop(), smtp.stop()]);
    },
  };
}
