/** The lag of a group of brokers that speak Kafka's own protocol: franz-go's. Needs Go. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { monitorActivities } from '../../activities/monitors/kafkaLag.ts';
import type { LagReading } from '../../domain/lag.ts';
import { createAuthority } from '../support/certificates.ts';
import { gone } from '../../machine/processes.ts';
import { configured } from '../support/tocsin.ts';

const PASSWORD = 'a-password-of-the-broker';
const SOURCE = fileURLToPath(new URL('kafkaBroker', import.meta.url));

let folder: string;
let brokers: ChildProcess;
let addresses: { readonly open: readonly string[]; readonly secured: readonly string[] };
const authority = createAuthority();

async function ran(program: string, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { cwd: SOURCE, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-kafka-'));
  const [program, cert, key] = ['brokers', 'cert.pem', 'key.pem'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const own = authority.issue({ ip: '127.0.0.1', name: 'localhost' });
  writeFileSync(cert, own.cert);
  writeFileSync(key, own.key);
  await ran('go', ['build', '-o', program, '.']);
  brokers = spawn(program, [cert, key], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(brokers.stdout!, 'data')) as [Buffer];
  addresses = JSON.parse(line.toString()) as typeof addresses;
}, 600_000);
afterAll(async () => {
  brokers?.kill('SIGKILL');
  if (brokers?.pid !== undefined) await gone(brokers.pid, 10_000);
  rmSync(folder, { recursive: true });
});

async function poll(more: object, timeout?: number): Promise<LagReading> {
  const configuration = configured(
    JSON.stringify({
      users: [{ id: 'ana', contacts: [{ id: 'term', channel: 'console' }] }],
      escalationPolicies: [{ id: 'main', levels: [{ targets: ['user:ana'], escalateAfter: '5m' }] }],
      services: [
        { id: 'shop', escalationPolicy: 'main', integrations: [{ source: 'events-v2', key: 'a-key-of-twenty-signs' }] },
      ],
      monitors: [
        {
          id: 'lag',
          type: 'kafka-lag',
          threshold: 10,
          integration: 'shop-events-v2',
          group: 'order-workers',
          api: 'kafka',
          brokers: addresses.open,
          ...more,
        },
      ],
    }),
  );
  const deps = { configuration: () => configuration, ...(timeout === undefined ? {} : { timeout }) };
  const polled = await monitorActivities(deps).pollKafkaLag('lag');
  expect(JSON.stringify(polled)).not.toContain(PASSWORD);
  return polled!.reading;
}
const byName = (reading: LagReading) =>
  'failure' in reading
    ? reading
    : Object.fromEntries(reading.topics.map(({ topic, lag, unknown }) => [topic, [lag, ...unknown]]));
const login = (password: string): object => ({ mechanism: 'SCRAM-SHA-256', username: 'tocsin', password });

test('all partitions that the group has committed to are summed; topics that it never committed to are not there', async () => {
  expect(byName(await poll({}))).toEqual({ orders: [22], payments: [0] });
});

test('topics that are named are looked at alone', async () => {
  expect(byName(await poll({ topics: ['orders', 'unread'] }))).toEqual({ orders: [22] });
});

test('a group that is not there is a poll that failed, and says so', async () => {
  expect(await poll({ group: 'another' })).toEqual({ failure: expect.stringContaining('group id does not exist') });
});

test('with TLS by a private authority, and a login', async () => {
  const secured = { brokers: addresses.secured, tls: { ca: authority.ca } };
  expect(byName(await poll({ ...secured, sasl: login(PASSWORD) }))).toEqual({ orders: [22], payments: [0] });
});

test.each([
  ['a wrong password', () => ({ tls: { ca: authority.ca }, sasl: login(`not-${PASSWORD}`) })],
  ['no login', () => ({ tls: { ca: authority.ca } })],
  ['an authority that is not trusted', () => ({ tls: true, sasl: login(PASSWORD) })],
  ['no encryption', () => ({ sasl: login(PASSWORD) })],
])('%s is a poll that failed', async (_what, more) => {
  const reading = await poll({ brokers: addresses.secured, ...more() }, 5_000);
  expect(reading).toEqual({ failure: expect.stringMatching(/./) });
});

test('nobody there is a poll that failed, and says so', async () => {
  expect(await poll({ brokers: ['127.0.0.1:1'] }, 5_000)).toEqual({ failure: expect.stringContaining('ECONNREFUSED') });
});
