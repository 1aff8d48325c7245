/**
 * Several API and worker processes, one Temporal server, one PostgreSQL: each of them is killed while events come in, and
 * nothing that was answered 202 is lost, and nothing is decided twice (lifecycle §11).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IncidentView, NotificationView } from '../../domain/view.ts';
import { CLUSTER_TOKEN, type Cluster, type Member, startCluster } from '../support/cluster.ts';
import { type PostgresServer, startPostgres } from '../support/postgresServer.ts';
import { type SmtpServer, startSmtpServer } from '../support/smtpServer.ts';
import { eventually } from '../support/tocsin.ts';

const KEY = 'steps-events-key-0000000';
const CONFIGURATION = `
users:
  - { id: ana, name: Ana, contacts: [{ id: mail, channel: email, to: ana@example.com }] }
  - { id: bob, name: Bob, contacts: [{ id: mail, channel: email, to: bob@example.com }] }
escalationPolicies:
  - { id: steps, levels: [{ targets: ['user:ana'], escalateAfter: 1h }, { targets: ['user:bob'], escalateAfter: 1h }] }
services:
  - { id: steps, escalationPolicy: steps, integrations: [{ source: events-v2, key: ${KEY} }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

let smtp: SmtpServer;
let postgres: PostgresServer;
let cluster: Cluster;
const apis: Member[] = [];
const workers: Member[] = [];

beforeAll(async () => {
  [smtp, postgres] = await Promise.all([startSmtpServer(), startPostgres()]);
  cluster = await startCluster(CONFIGURATION, {
    SMTP_URL: smtp.url,
    TOCSIN_DATABASE_URL: await postgres.newDatabase(),
  });
  // All at once: what they set up at their start is set up once.
  const started = await Promise.all([cluster.api(), cluster.api(), cluster.worker(), cluster.worker()]);
  apis.push(...started.slice(0, 2));
  workers.push(...started.slice(2));
}, 120_000);
afterAll(async () => {
  await cluster?.stop();
  await Promise.all([postgres?.close(), smtp?.stop()]);
});

const apiNumber = (number: number): Member => {
  const api = apis[number % apis.length];
  if (api === undefined) throw new Error('there is no API');
  return api;
};

async function call<Body>(url: string, body?: object): Promise<{ status: number; body: Body }> {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${CLUSTER_TOKEN}`, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(20_000),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Body };
}

const eventOf = (dedupKey: string): object => ({
  routing_key: KEY,
  event_action: 'trigger',
  dedup_key: dedupKey,
  payload: { summary: `summary of ${dedupKey}`, source: 'cluster', severity: 'critical' },
});

/** As a monitoring system behind a load balancer does: to one API or the other, again until it is answered 202. Returns how often it was sent. */
async function deliver(dedupKey: string, first: number): Promise<number> {
  const until = Date.now() + 90_000;
  for (let sent = 1; ; sent++) {
    const status = await call(`${apiNumber(first + sent).url}/pagerduty/v2/enqueue`, eventOf(dedupKey)).then(
      (answer) => answer.status,
      () => null,
    );
    if (status === 202) return sent;
    if (Date.now() > until) throw new Error(`${dedupKey} was never accepted; last answered ${status}`);
    await sleep(100);
  }
}

/** From either API, once one answers it: a worker or the server may just be away. */
const ask = async <Body>(path: string): Promise<Body> =>
  (
    await eventually(
      () => call<Body>(`${apiNumber(0).url}/v1/incidents/${path}`),
      ({ status }) => status === 200,
      60_000,
    )
  ).body;
const read = (id: string): Promise<IncidentView> => ask(id);
const ledgerOf = async (id: string): Promise<readonly NotificationView[]> =>
  (await ask<{ notifications: NotificationView[] }>(`${id}/notifications`)).notifications;

/** The incidents of these keys, once there is one of each; a key that has two is in there twice. */
async function incidentsOf(keys: readonly string[]): Promise<readonly IncidentView[]> {
  const wanted = new Set(keys);
  const all = async (): Promise<readonly IncidentView[]> => {
    const { status, body } = await call<{ incidents: IncidentView[] }>(`${apiNumber(0).url}/v1/incidents?limit=250`);
    return status === 200 ? body.incidents.filter(({ dedupKey }) => wanted.has(dedupKey)) : [];
  };
  return eventually(all, (found) => new Set(found.map(({ dedupKey }) => dedupKey)).size === wanted.size, 60_000);
}

/** Everything that must be true of a key's incident whatever was killed: `sent` events, `accepted` of them with a 202. */
async function isWhole(incident: IncidentView, { sent, accepted }: { sent: number; accepted: number }): Promise<void> {
  const settled = await eventually(
    () => ledgerOf(incident.id),
    (ledger) => ledger.length > 0 && ledger.every(({ status }) => status === 'sent'),
    90_000,
  );
  expect(settled.map(({ user, contact, rule, pass, level }) => ({ user, contact, rule, pass, level }))).toEqual([
    { user: 'ana', contact: 'mail', rule: 0, pass: 1, level: 1 },
  ]);
  const { eventCount, status } = await read(incident.id);
  expect(status).toBe('triggered');
  expect(eventCount).toBeGreaterThanOrEqual(accepted);
  // An API that was killed between persisting and answering: its client sent again, and both count.
  expect(eventCount).toBeLessThanOrEqual(sent);
  const mails = smtp.mails.filter(({ subject }) => subject.endsWith(`summary of ${incident.dedupKey}`));
  expect(mails.length).toBeGreaterThan(0);
  expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(1);
}

/** Sends `count` events a key for each of `keys`, a few at a time, while `meanwhile` happens. */
async function underLoad(keys: readonly string[], meanwhile: () => Promise<void>): Promise<Map<string, number>> {
  const sent = new Map<string, number>();
  let over = false;
  const queue = [...keys];
  const client = async (number: number): Promise<void> => {
    for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
      sent.set(key, await deliver(key, number));
      // Spread over all that happens meanwhile.
      await sleep(over ? 0 : 150);
    }
  };
  const clients = Promise.all(Array.from({ length: 4 }, (_, number) => client(number)));
  await meanwhile();
  over = true;
  await clients;
  return sent;
}

const keysOf = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${name}-${index + 1}`);

async function allWhole(sent: ReadonlyMap<string, number>): Promise<readonly IncidentView[]> {
  const incidents = await incidentsOf([...sent.keys()]);
  expect(incidents).toHaveLength(sent.size);
  for (const incident of incidents) await isWhole(incident, { sent: sent.get(incident.dedupKey) ?? 0, accepted: 1 });
  return incidents;
}

test('the same event 200 times at once, spread over two APIs with two workers, is one incident that tells once', async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      call(`${apiNumber(index).url}/pagerduty/v2/enqueue`, eventOf('two hundred')),
    ),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  const incidents = await incidentsOf(['two hundred']);
  expect(incidents).toHaveLength(1);
  const [incident] = incidents;
  if (incident === undefined) throw new Error('there is none');
  await eventually(
    () => read(incident.id),
    ({ eventCount }) => eventCount === 200,
  );
  await isWhole(incident, { sent: 200, accepted: 200 });
});

test('each API and each worker killed under load, and replaced: nothing is lost, nobody is told twice', async () => {
  const sent = await underLoad(keysOf('killed', 60), async () => {
    for (const place of [0, 1]) {
      await apis[place]?.kill();
      apis[place] = await cluster.api();
      await workers[place]?.kill();
      workers[place] = await cluster.worker();
    }
  });
  await allWhole(sent);
}, 240_000);

test('the Temporal server killed and started, an API killed meanwhile: every 202 is in an incident, no decision stands twice', async () => {
  const sent = await underLoad(keysOf('server', 40), async () => {
    await sleep(500);
    await cluster.killTemporal();
    await apis[0]?.kill();
    await sleep(1_000);
    await cluster.startTemporal();
    apis[0] = await cluster.api();
  });
  await allWhole(sent);
}, 240_000);

test('PostgreSQL stopped and started: pages go out meanwhile, and every incident has a number of its own afterwards', async () => {
  let toldMeanwhile = 0;
  const sent = await underLoad(keysOf('store', 30), async () => {
    await postgres.stop();
    const before = smtp.mails.length;
    await eventually(
      async () => smtp.mails.length,
      (length) => length > before + 3,
      60_000,
    );
    toldMeanwhile = smtp.mails.length - before;
    await postgres.start();
  });
  expect(toldMeanwhile).toBeGreaterThan(3);
  const incidents = await allWhole(sent);
  const numbers = await Promise.all(
    incidents.map(({ id }) =>
      eventually(
        () => read(id),
        ({ number }) => number !== null,
        90_000,
      ),
    ),
  );
  expect(new Set(numbers.map(({ number }) => number)).size).toBe(sent.size);
}, 240_000);

test('asked to stop, an API and a worker end by themselves with code 0', async () => {
  await deliver('last', 0);
  const ended = await Promise.all([...apis, ...workers].map((member) => member.end()));
  expect(ended).toEqual([0, 0, 0, 0]);
}, 60_000);
