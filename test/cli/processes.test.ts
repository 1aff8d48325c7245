/** Worker and API as processes of their own on one Temporal: their logs, metrics, dead man's switch, and how they stop. */
import { Client, Connection, ScheduleNotFoundError } from '@temporalio/client';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { freePort } from '../support/temporalServer.ts';
import { DEADMAN_SCHEDULE } from '../../worker/deadman.ts';
import { startTemporalServer } from '../support/temporalServer.ts';
import { eventually } from '../support/tocsin.ts';
import { afterTest, newFolder, runNode, type Started } from './support.ts';

/** Stands in every secret. */
const CANARY = 'Canary0Secret0Canary0Secret';
const CONFIGURATION = `users:
  - id: ana
    contacts: [{ id: mail, channel: email, to: ana@example.com }, { id: term, channel: console }]
    notificationRules: { high: [{ after: 0s, contact: mail }, { after: 0s, contact: term }] }
escalationPolicies:
  - { id: main, levels: [{ targets: ['user:ana'], escalateAfter: 5m }] }
services:
  - { id: shop, escalationPolicy: main, integrations: [{ key: '\${KEY}', source: events-v2 }] }
channels:
  email: { smtp: '\${SMTP_URL}', from: tocsin@example.com }
`;

/** A watchdog that remembers the paths it was asked for. */
async function watchdog(): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end('OK');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterTest(() => void server.close());
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}/ping/${CANARY}`, asked };
}

const linesOf = (run: Started): readonly Record<string, unknown>[] =>
  run
    .said()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('worker and API log JSON lines without a secret, count, ping the watchdog through Temporal, and stop with 0', async () => {
  const server = await startTemporalServer();
  afterTest(() => server.stop());
  const dog = await watchdog();
  const folder = newFolder();
  writeFileSync(join(folder, 'tocsin.yaml'), CONFIGURATION);
  const [port, metricsPort, closed] = await Promise.all([1, 2, 3].map(() => freePort()));
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    TEMPORAL_ADDRESS: server.address,
    TOCSIN_CONFIG: join(folder, 'tocsin.yaml'),
    TOCSIN_DATA_DIR: join(folder, 'data'),
    PORT: String(port),
    TOCSIN_LOG_LEVEL: 'trace',
    TOCSIN_METRICS_PORT: String(metricsPort),
    TOCSIN_API_TOKEN: `api-${CANARY}`,
    TOCSIN_SECRET: `secret-${CANARY}`,
    TOCSIN_DEADMAN_URL: dog.url,
    KEY: `key-${CANARY}`,
    TOCSIN_DATABASE_URL: `postgres://tocsin:${CANARY}@127.0.0.1:${closed}/tocsin`,
    SMTP_URL: `smtp://user:pass-${CANARY}@127.0.0.1:${closed}`,
  };
  const worker = runNode(['cli/tocsin.mjs', 'worker'], env);
  const api = runNode(['cli/tocsin.mjs', 'api'], env);
  await Promise.all([worker.says('Ctrl-C stops it'), api.says('Ctrl-C stops it')]);

  const url = `http://127.0.0.1:${port}`;
  const event = {
    routing_key: env.KEY,
    event_action: 'trigger',
    payload: { summary: 'the shop is down', source: 'x', severity: 'error' },
  };
  const headers = { 'content-type': 'application/json' };
  const sent = await fetch(`${url}/pagerduty/v2/enqueue`, { method: 'POST', headers, body: JSON.stringify(event) });
  expect(sent.status).toBe(202);
  await fetch(`${url}/integrations/guance/${env.KEY}`, { method: 'POST', headers, body: '{}' });
  const authorized = { authorization: `Bearer ${env.TOCSIN_API_TOKEN}` };
  await fetch(`${url}/v1/incidents`, { headers: authorized });
  const drill = JSON.stringify({ service: 'shop', summary: 'it counts nowhere' });
  await fetch(`${url}/v1/drills`, { method: 'POST', headers: { ...headers, ...authorized }, body: drill });
  await worker.says('it counts nowhere');
  await worker.says('the shop is down');
  await worker.says('PROVIDER_UNREACHABLE');

  const metrics = async (at: string): Promise<string> => (await fetch(`${at}/metrics`)).text();
  const working = await eventually(
    () => metrics(`http://127.0.0.1:${metricsPort}`),
    (text) => text.includes('channel="email",kind="page"') && text.includes('channel="console",kind="drill"'),
  );
  expect(working).toMatch(/^tocsin_incidents_opened_total\{.*service="shop".*\} 1$/m);
  expect(working).toMatch(/^tocsin_notifications_total\{channel="console",kind="page",outcome="sent"\} 1$/m);
  expect(working).toMatch(/^tocsin_notifications_total\{channel="console",kind="drill",outcome="sent"\} 1$/m);
  expect(working).toMatch(/^tocsin_notifications_total\{channel="email",kind="page",outcome="retryable"\} \d+$/m);
  expect(working).toMatch(/^tocsin_notification_delay_seconds_count\{channel="console"\} 1$/m);
  expect(working).toMatch(/^tocsin_configuration_last_reload_successful 1$/m);
  expect(working).toMatch(/^temporal_activity_/m);
  expect(await metrics(url)).toMatch(/^tocsin_events_total\{outcome="accepted",source="events-v2"\} 1$/m);

  const connection = await Connection.connect({ address: server.address });
  afterTest(() => connection.close());
  const client = new Client({ connection });
  const schedule = client.schedule.getHandle(DEADMAN_SCHEDULE);
  const { spec, policies } = await schedule.describe();
  expect([spec.intervals?.[0]?.every, policies.overlap, policies.catchupWindow]).toEqual([60_000, 'SKIP', 10_000]);
  await schedule.trigger();
  await eventually(
    async () => dog.asked,
    (asked) => asked.length > 0,
  );
  expect(dog.asked).toContain(`GET /ping/${CANARY}`);
  const done = await eventually(
    async () => (await schedule.describe()).info.recentActions,
    (actions) => actions.length > 0,
  );
  const run = done[0]?.action.workflow;
  const handle = client.workflow.getHandle(run?.workflowId ?? '', run?.firstExecutionRunId);
  await handle.result();
  expect(JSON.stringify(await handle.fetchHistory())).not.toContain(CANARY);

  for (const process of [api, worker]) {
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
    expect(process.said()).not.toContain(CANARY);
    expect(linesOf(process).at(-1)).toMatchObject({ level: 30, msg: 'Stopped.' });
  }
  const pages = linesOf(worker).filter(({ msg }) => msg === 'sent' || msg === 'not sent');
  expect(pages).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        channel: 'console',
        user: 'ana',
        incident: expect.stringMatching(/^shop-events-v2\./),
      }),
      expect.objectContaining({ channel: 'email', outcome: 'retryable', notification: 'n1' }),
    ]),
  );

  const { TOCSIN_DEADMAN_URL: _removed, ...without } = env;
  const stranger = runNode(['cli/tocsin.mjs', 'worker'], { ...without, TOCSIN_SECRET: 'another-secret' });
  await stranger.says('Ctrl-C stops it');
  await expect(schedule.describe()).rejects.toThrow(ScheduleNotFoundError);
  const later = runNode(['cli/tocsin.mjs', 'api'], env);
  await later.says('this worker has another TOCSIN_SECRET');
  expect(later.said()).toContain(`"worker":"${stranger.child.pid}@`);
  expect(later.said()).not.toContain(`"worker":"${worker.child.pid}@`);
});

test('what keeps a worker or an API from starting is its last line of JSON, and 1', async () => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  const env = { PATH: process.env['PATH'], TEMPORAL_ADDRESS: nowhere, TOCSIN_DATA_DIR: join(newFolder(), 'data') };
  const cases = [
    ['worker', { PORT: 'eighty' }, 'BAD_ENVIRONMENT', 'PORT: expected a port'],
    ['api', { TOCSIN_CONFIG: '/nowhere.yaml' }, 'BAD_CONFIGURATION', '/nowhere.yaml: cannot be read'],
    ['worker', {}, 'TEMPORAL_UNAVAILABLE', `No Temporal answers at ${nowhere}`],
  ] as const;
  for (const [command, change, code, text] of cases) {
    const run = runNode(['cli/tocsin.mjs', command], { ...env, ...change });
    expect(await run.exit).toBe(1);
    expect(linesOf(run).at(-1)).toMatchObject({ level: 60, code, msg: expect.stringContaining(text) });
  }
});
