/**
 * A real Alertmanager (Debian's `prometheus-alertmanager`; missing, the test fails) with the guide's configurations. Only
 * Tocsin's address and the keys are put in, and the times made short: a group is looked at every second.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IncidentView } from '../../domain/view.ts';
import { block, blocks, filled } from '../support/guides.ts';
import { freePort } from '../support/temporalServer.ts';
import { type Tocsin, eventually, sleep, startTocsin } from '../support/tocsin.ts';

const KEYS = { ALERTMANAGER_KEY: 'an-alertmanager-key-000', EVENTS_KEY: 'an-events-key-000000000' };
const [WEBHOOK = '', EVENTS = ''] = blocks('alertmanager', 'yaml', 'receivers');
/** Repeated every two seconds, so that a test sees what in life takes hours. */
const QUICK = { group_wait: '1s', group_interval: '1s', repeat_interval: '2s' };
const GROUP_KEY = '{}:{alertname="DiskFull", cluster="c1"}';

interface Alertmanager {
  /** Posts the alerts of these hosts as Prometheus does: firing from `began` until `until` is past. */
  alert(hosts: readonly string[], until: Date): Promise<void>;
  stop(): Promise<void>;
}

const BEGAN = new Date(Date.now() - 600_000);
const later = (): Date => new Date(Date.now() + 600_000);

async function startAlertmanager(printed: string, url: string): Promise<Alertmanager> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-alertmanager-'));
  const file = join(folder, 'alertmanager.yml');
  const configuration = Object.entries(QUICK).reduce(
    (text, [name, value]) => text.replace(new RegExp(`${name}: \\S+`), `${name}: ${value}`),
    filled(printed, url, KEYS),
  );
  writeFileSync(file, configuration);
  const base = `http://127.0.0.1:${await freePort()}`;
  const program = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${file}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${new URL(base).host}`,
      '--cluster.listen-address=',
    ],
    { stdio: 'ignore' },
  );
  const failed = once(program, 'error').then(([error]) => Promise.reject(error as Error));
  const ready = eventually(
    () =>
      fetch(`${base}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    (ok) => ok,
  );
  await Promise.race([ready, failed]);
  return {
    async alert(hosts, until) {
      const alerts = hosts.map((host) => ({
        labels: { alertname: 'DiskFull', cluster: 'c1', severity: 'critical', instance: host },
        annotations: { summary: `disk of ${host} is full` },
        startsAt: BEGAN.toISOString(),
        endsAt: until.toISOString(),
        generatorURL: 'http://prometheus.example.com/graph',
      }));
      const { status } = await fetch(`${base}/api/v2/alerts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(alerts),
      });
      expect(status).toBe(200);
    },
    async stop() {
      const ended = once(program, 'close');
      program.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** How each host's alert stands in the incident. */
const standing = ({ alerts }: IncidentView): Readonly<Record<string, string>> =>
  Object.fromEntries(alerts.map(({ summary, status }) => [/of (\w+)/.exec(summary)?.[1] ?? summary, status]));

describe('Alertmanager', () => {
  let tocsin: Tocsin;
  beforeAll(async () => {
    tocsin = await startTocsin(block('alertmanager', 'yaml', 'services'), { env: KEYS });
  });
  afterAll(() => tocsin?.stop());

  test.each([WEBHOOK, EVENTS])('finds no fault in the configurations of the guide as they are printed', (printed) => {
    const folder = mkdtempSync(join(tmpdir(), 'tocsin-amtool-'));
    const file = join(folder, 'alertmanager.yml');
    writeFileSync(file, printed);
    expect(execFileSync('amtool', ['check-config', file], { encoding: 'utf8' })).toContain('SUCCESS');
    rmSync(folder, { recursive: true });
  });

  test('by its webhook: a group is one incident, told once, with every alert in it, and resolved as a whole', async () => {
    const alertmanager = await startAlertmanager(WEBHOOK, tocsin.url);
    const until = (id: string, hosts: Readonly<Record<string, string>>) =>
      eventually(
        () => tocsin.read(id),
        (incident) => JSON.stringify(standing(incident)) === JSON.stringify(hosts),
        30_000,
      );
    try {
      await alertmanager.alert(['db1'], later());
      const { id, severity, summary } = await tocsin.incident(GROUP_KEY);
      expect([severity, summary]).toEqual(['critical', 'disk of db1 is full']);
      await alertmanager.alert(['db2'], later());
      const both = await until(id, { db1: 'triggered', db2: 'triggered' });
      const fingerprints = both.alerts.map(({ dedupKey }) => dedupKey);
      expect(new Set(fingerprints).size).toBe(2);
      for (const fingerprint of fingerprints) expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);

      // It is sent again and again.
      await eventually(
        () => tocsin.read(id),
        ({ eventCount }) => eventCount >= both.eventCount + 4,
        30_000,
      );
      await alertmanager.alert(['db1'], new Date());
      await until(id, { db1: 'resolved', db2: 'triggered' });
      // Its Prometheus was away, no more: the alert fires on, and began when it began.
      await alertmanager.alert(['db1'], later());
      const on = await until(id, { db1: 'triggered', db2: 'triggered' });
      expect(on).toMatchObject({ status: 'triggered', episode: 1 });

      await alertmanager.alert(['db1', 'db2'], new Date());
      await eventually(
        () => tocsin.read(id),
        ({ status }) => status === 'resolved',
        30_000,
      );
      await sleep(1_000);
      expect(tocsin.smtp.mails.map(({ subject }) => subject.includes('disk of db1 is full'))).toEqual([true]);
      expect((await tocsin.incident(GROUP_KEY)).id).toBe(id);
    } finally {
      await alertmanager.stop();
    }
  });

  test('by Events v2: the group is one alert, opened and resolved, and told once', async () => {
    const before = tocsin.smtp.mails.length;
    const alertmanager = await startAlertmanager(EVENTS, tocsin.url);
    try {
      await alertmanager.alert(['db1', 'db2'], later());
      const { id } = await tocsin.incident(createHash('sha256').update(GROUP_KEY).digest('hex'));
      const incident = await eventually(
        () => tocsin.read(id),
        ({ eventCount }) => eventCount >= 3,
        30_000,
      );
      expect(incident).toMatchObject({ severity: 'critical', details: { num_firing: '2', num_resolved: '0' } });
      expect(incident.details['firing']).toContain('instance = db2');
      await alertmanager.alert(['db1', 'db2'], new Date());
      await eventually(
        () => tocsin.read(id),
        ({ status }) => status === 'resolved',
        30_000,
      );
      await sleep(500);
      expect(tocsin.smtp.mails.length - before).toBe(1);
    } finally {
      await alertmanager.stop();
    }
  });
});
