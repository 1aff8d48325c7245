/** Alertmanager with each of its receivers that Tocsin answers: fires an alert at each, and resolves it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/temporalServer.ts';
import { incidentWith } from './left.ts';
import type { Place, Ran } from './place.ts';

const CLUSTER = 'c1';
const groupKey = (alertname: string): string =>
  `{}/{alertname="${alertname}"}:{alertname="${alertname}", cluster="${CLUSTER}"}`;
const hashed = (text: string): string => createHash('sha256').update(text).digest('hex');

/** By alert: the call, and the dedup key that the receiver makes of the group. */
const RECEIVERS: Readonly<Record<string, { readonly call: string; readonly dedupKey: string }>> = {
  AmWebhook: { call: 'webhook', dedupKey: groupKey('AmWebhook') },
  AmPagerdutyV2: { call: 'PagerDuty v2', dedupKey: hashed(groupKey('AmPagerdutyV2')) },
  AmPagerdutyV1: { call: 'PagerDuty v1', dedupKey: hashed(groupKey('AmPagerdutyV1')) },
  AmOpsgenie: { call: 'Opsgenie', dedupKey: hashed(groupKey('AmOpsgenie')) },
};

export async function runAlertmanager({ house, front, quick }: Place): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-alertmanager-'));
  const file = join(folder, 'alertmanager.yml');
  const values: Readonly<Record<string, string>> = { HTTP: house.url, PROXY: front.proxy, CA: front.ca };
  const printed = readFileSync('test/compat/alertmanager.yml', 'utf8');
  writeFileSync(
    file,
    printed.replaceAll(/\$\{(\w+)\}/g, (_whole, name: string) => values[name] ?? ''),
  );
  const address = `127.0.0.1:${await freePort()}`;
  const program = spawn(
    'prometheus-alertmanager',
    [
      `--config.file=${file}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  program.stderr.setEncoding('utf8').on('data', (part: string) => (log += part));
  try {
    await ready(program, `http://${address}/-/ready`);
    await post(address, new Date(Date.now() + 600_000));
    await all(house, (status) => status !== undefined);
    if (!quick) {
      await post(address, new Date());
      await all(house, (status) => status === 'resolved');
    }
  } catch (error) {
    throw new Error(`${(error as Error).message}\n${log.trim().split('\n').slice(-3).join('\n')}`, { cause: error });
  } finally {
    const ended = once(program, 'close');
    program.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true });
  }
  const calls = Object.values(RECEIVERS).map(({ call }) => call);
  return { calls: calls.flatMap((call) => [`${call} firing`, ...(quick ? [] : [`${call} resolved`])]) };
}

async function ready(program: ChildProcess, url: string): Promise<void> {
  const failed = once(program, 'error').then(([error]) => Promise.reject(error as Error));
  const answers = eventually(
    () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    (ok) => ok,
  );
  await Promise.race([answers, failed]);
}

async function post(address: string, endsAt: Date): Promise<void> {
  const alerts = Object.keys(RECEIVERS).map((alertname) => ({
    labels: { alertname, cluster: CLUSTER, severity: 'critical' },
    annotations: { summary: `${alertname} fires` },
    startsAt: new Date(Date.now() - 60_000).toISOString(),
    endsAt: endsAt.toISOString(),
  }));
  const answer = await fetch(`http://${address}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  if (!answer.ok) throw new Error(`Alertmanager took no alerts: ${answer.status} ${await answer.text()}`);
}

/** Waits until the incident of each receiver is as it must be; undefined is one that is not there. */
async function all(house: Place['house'], is: (status: string | undefined) => boolean): Promise<void> {
  for (const [alertname, { dedupKey }] of Object.entries(RECEIVERS)) {
    const found = await eventually(
      () => incidentWith(house, { dedupKey }),
      (incident) => is(incident?.status),
      60_000,
    );
    if (found?.summary !== `${alertname} fires`) throw new Error(`${alertname}: its summary is '${found?.summary}'`);
  }
}
