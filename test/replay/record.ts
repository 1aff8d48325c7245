/**
 * Records the histories that replay.test.ts replays: `npm run record-histories -- receipt-life`, by hand, with a Temporal
 * server on the PATH or in TEMPORAL_CLI. Only for a history that must have a new shape; the old ones prove that open incidents
 * replay.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { Arrival } from '../../domain/event.ts';
import type { Receipt } from '../../domain/commands.ts';
import { milliseconds } from '../../domain/duration.ts';
import { heartbeatWorkflowId } from '../../intake/heartbeats.ts';
import { type HeartbeatInput, heartbeatQuery, heartbeatSignal } from '../../workflows/heartbeatMessages.ts';
import { HEARTBEAT_WORKFLOW, INCIDENTS_QUEUE, eventsSignal, providerSignal } from '../../workflows/messages.ts';
import { openedStore } from '../support/preparedStore.ts';
import type { HttpServer } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { jsonOf } from '../support/replay.ts';
import { openShort, runOf } from '../support/shortHistory.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, sleep, startTocsin } from '../support/tocsin.ts';

const FOLDER = new URL('./histories/', import.meta.url);
const SIMPLE = 'simple-events-key-000000';
const RICH = 'rich-events-key-00000000';

const TOLD = 'told-events-key-00000000';
const PAGED = 'paged-events-key-0000000';
const GROUP = 'group-alerts-key-0000000';
const BEATS = 'beats-heartbeat-key-0000';
const SECRET = `whsec_${Buffer.from('a-secret-of-thirty-two-bytes-000').toString('base64')}`;

const configuration = (bus: string) => `
users:
  - { id: ana, name: Ana, statusUpdates: true, contacts: [{ id: mail, channel: email, to: ana@example.com }, { id: phone, channel: email, to: ana.phone@example.com }], notificationRules: { high: [{ after: 0s, contact: mail }, { after: 2s, contact: phone }] } }
  - { id: bob, name: Bob, contacts: [{ id: mail, channel: email, to: bob@example.com }, { id: other, channel: email, to: bob.other@example.com }], notificationRules: { high: [{ after: 0s, contact: mail }, { after: 1h, contact: other }] } }
  - { id: cho, name: Cho, contacts: [{ id: mail, channel: email, to: cho@example.com }] }
  - { id: dee, name: Dee, contacts: [{ id: hook, channel: webhook, to: pager }], notificationRules: { high: [{ after: 0s, contact: hook }, { after: 1h, contact: hook }] } }
escalationPolicies:
  - { id: simple, levels: [{ targets: ['user:ana'], escalateAfter: 5m }] }
  - { id: rich, levels: [{ targets: ['user:ana', 'user:bob'], escalateAfter: 5s }, { targets: ['user:cho'], escalateAfter: 1h }] }
  - { id: paged, levels: [{ targets: ['user:dee'], escalateAfter: 1h }, { targets: ['user:cho'], escalateAfter: 1h }] }
services:
  - { id: simple, escalationPolicy: simple, integrations: [{ source: events-v2, key: ${SIMPLE} }] }
  - { id: rich, escalationPolicy: rich, ackTimeout: 3s, integrations: [{ source: events-v2, key: ${RICH} }] }
  - { id: told, escalationPolicy: simple, integrations: [{ source: events-v2, key: ${TOLD} }], subscribers: ['webhook:bus'] }
  - { id: paged, escalationPolicy: paged, integrations: [{ source: events-v2, key: ${PAGED} }] }
  - { id: group, escalationPolicy: simple, integrations: [{ source: alertmanager, key: ${GROUP} }] }
  - { id: beats, escalationPolicy: simple, integrations: [{ id: beats, source: heartbeat, key: ${BEATS} }] }
channels:
  email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' }
  webhook:
    bus: { url: '${bus}/bus', secret: ${SECRET}, allowPrivate: true }
    pager: { url: '${bus}/pager', secret: ${SECRET}, allowPrivate: true }
`;

/** Waits for what the history is to hold. */
const until = (tocsin: Tocsin, id: string, holds: (all: Awaited<ReturnType<Tocsin['ledger']>>) => boolean) =>
  eventually(() => tocsin.ledger(id), holds);
const sent = (user: string, level: number | null) => (all: Awaited<ReturnType<Tocsin['ledger']>>) =>
  all.some((each) => each.user === user && each.level === level && each.status === 'sent');

/** An alert, one e-mail, an ack, a resolve. */
async function simpleLife(tocsin: Tocsin): Promise<string> {
  await tocsin.event(SIMPLE, 'simple');
  const { id, workflowId } = await tocsin.incident('simple');
  await until(tocsin, id, sent('ana', 1));
  await tocsin.command(id, 'acknowledge', { as: 'ana' });
  await tocsin.command(id, 'resolve', { as: 'ana' });
  return workflowId;
}

/**
 * Level 1 with two people, one e-mail refused for now and one for good; an ack and its timeout; level 2; a command that no
 * worker took in time; a reassignment, an ack taken back; on the way it continues as new.
 */
async function richLife(tocsin: Tocsin): Promise<string> {
  tocsin.smtp.at('recipient', { answer: { code: 451, text: 'later' } }, { recipient: 'ana@example.com', times: 1 });
  tocsin.smtp.at('recipient', { answer: { code: 550, text: 'no such user' } }, { recipient: 'bob@example.com' });
  const incident = await openShort(tocsin.client, tocsin.configuration(), {
    integration: 'rich-events-v2',
    dedupKey: 'rich',
    maxHistoryLength: 60,
  });
  const { id, runId, workflowId } = incident;
  await until(tocsin, id, (all) => sent('bob', 1)(all) && sent('ana', 1)(all));
  await tocsin.command(id, 'acknowledge', { as: 'ana', note: 'looking at it' });
  await eventually(
    () => tocsin.read(id),
    ({ episode }) => episode === 2,
  );
  await until(tocsin, id, sent('cho', 2));
  while ((await runOf(tocsin.client, incident)) === runId) {
    await tocsin.event(RICH, 'rich');
    await sleep(50);
  }
  await tocsin.command(id, 'acknowledge', { as: 'cho' });
  await tocsin.command(id, 'unacknowledge', { as: 'cho' });
  await tocsin.command(id, 'reassign', { as: 'cho', users: ['ana'] });
  await until(tocsin, id, sent('ana', null));
  await tocsin.worker.stop();
  const left = await tocsin.command(id, 'acknowledge', { as: 'ana' });
  if (left.status !== 202) throw new Error(`expected 202, a command left as a signal: ${left.status}`);
  await tocsin.worker.start();
  await eventually(
    () => tocsin.read(id),
    ({ status }) => status === 'acknowledged',
  );
  await tocsin.event(RICH, 'rich', 'resolve');
  tocsin.smtp.behave();
  return workflowId;
}

/** Resolved while the SMTP server is away, and triggered again: the next incident, beside what the first owes. */
async function nextIncident(tocsin: Tocsin): Promise<string> {
  await tocsin.smtp.refuse();
  await tocsin.event(SIMPLE, 'next');
  const first = await tocsin.incident('next');
  await until(tocsin, first.id, ([page]) => (page?.attempts.length ?? 0) > 0);
  await tocsin.command(first.id, 'resolve', { as: 'cho' });
  await tocsin.event(SIMPLE, 'next');
  const second = await eventually(
    () => tocsin.incident('next'),
    ({ id }) => id !== first.id,
  );
  await tocsin.smtp.listen();
  await until(tocsin, first.id, sent('ana', 1));
  await until(tocsin, second.id, sent('ana', 1));
  await tocsin.event(SIMPLE, 'next', 'resolve');
  return first.workflowId;
}

/** A subscriber that is busy at first, a person who wants status updates; on the way it continues as new with a notice that waits. */
async function toldLife(tocsin: Tocsin, bus: HttpServer): Promise<string> {
  bus.answer('/bus', { status: 503, headers: { 'retry-after': '4' } });
  const incident = await openShort(tocsin.client, tocsin.configuration(), {
    integration: 'told-events-v2',
    dedupKey: 'told',
    maxHistoryLength: 30,
  });
  const { id, runId, workflowId } = incident;
  await until(tocsin, id, sent('ana', 1));
  await tocsin.command(id, 'acknowledge', { as: 'cho' });
  while ((await runOf(tocsin.client, incident)) === runId) await tocsin.event(TOLD, 'told');
  bus.answer('/bus', {});
  await tocsin.command(id, 'resolve', { as: 'cho' });
  return workflowId;
}

/** A long timeline: its oldest entries are moved to the store, and it continues as new with the rest. */
async function longLife(tocsin: Tocsin): Promise<string> {
  const incident = await openShort(tocsin.client, tocsin.configuration(), {
    integration: 'simple-events-v2',
    dedupKey: 'long',
    maxHistoryLength: 40,
  });
  const { id, runId, workflowId } = incident;
  await until(tocsin, id, sent('ana', 1));
  const event = { dedupKey: 'long', summary: 'again', source: 'test', severity: 'critical' } as const;
  const arrivals = Array.from({ length: 320 }, (_, index): Arrival => ({
    id: `a${index}`,
    count: 1,
    event: index % 2 === 0 ? { ...event, action: 'trigger', at: 2_000 } : { ...event, action: 'resolve', at: 1_000 },
  }));
  await tocsin.client.workflow.getHandle(workflowId).signal(eventsSignal, arrivals);
  while ((await runOf(tocsin.client, incident)) === runId) await tocsin.event(SIMPLE, 'long');
  await tocsin.event(SIMPLE, 'long', 'resolve');
  return workflowId;
}

/** A group of two alerts: one fires, one resolves and the other fires, both are resolved. */
async function groupLife(tocsin: Tocsin): Promise<string> {
  const KEY = '{}:{alertname="DiskFull", cluster="c1"}';
  for (const state of ['firing', 'mixed', 'resolved']) {
    const body = readFileSync(new URL(`../fixtures/alertmanager-${state}.json`, import.meta.url), 'utf8');
    await tocsin.post(`/integrations/alertmanager/${GROUP}`, JSON.parse(body));
    const { id } = await tocsin.incident(KEY);
    await until(tocsin, id, sent('ana', 1));
    await eventually(
      () => tocsin.read(id),
      ({ alerts, status }) =>
        (state === 'firing' ? alerts.length === 1 : alerts.length === 2) &&
        (state === 'resolved') === (status === 'resolved'),
    );
  }
  return (await tocsin.incident(KEY)).workflowId;
}

/**
 * The answer to a page is lost, and its provider says that it has it, and later that it never arrives; the next one is
 * delivered. Somebody is turned away. On the way it continues as new.
 */
async function receiptLife(tocsin: Tocsin, pager: HttpServer): Promise<string> {
  pager.answer('/pager', { instead: 'reset' });
  const incident = await openShort(tocsin.client, tocsin.configuration(), {
    integration: 'paged-events-v2',
    dedupKey: 'paged',
    maxHistoryLength: 40,
  });
  const { id, runId, workflowId } = incident;
  const handle = tocsin.client.workflow.getHandle(workflowId);
  const says = (notification: string, outcome: Receipt['outcome']) =>
    handle.signal(providerSignal, id, {
      kind: 'receipt',
      receipt: { id: `${notification}.${outcome}`, notification, outcome, at: Date.now(), providerId: notification },
    });
  const is = (index: number, status: string) => until(tocsin, id, (all) => all[index]?.status === status);
  await is(0, 'unknown');
  pager.answer('/pager', {});
  await says('n1', 'sent');
  await is(0, 'sent');
  while ((await runOf(tocsin.client, incident)) === runId) await tocsin.event(PAGED, 'paged');
  await says('n1', 'failed');
  await is(1, 'sent');
  await says('n2', 'unanswered');
  await says('n2', 'delivered');
  await is(1, 'delivered');
  const turnedAway = {
    id: 't1',
    command: 'resolve',
    code: 'FORBIDDEN',
    via: 'SMS from +4930…00',
    at: Date.now(),
  } as const;
  await handle.signal(providerSignal, id, { kind: 'turnedAway', turnedAway });
  await tocsin.event(PAGED, 'paged', 'resolve');
  return workflowId;
}

/**
 * Beats, a silence and its incident, a beat again, another interval; on the way it continues as new, and beats come while no
 * worker runs. Ended, with its incident.
 */
async function heartbeatLife(tocsin: Tocsin): Promise<string> {
  const heartbeat = { integration: 'beats', name: 'backup' };
  const set = (every: number) => ({
    every: milliseconds(every),
    grace: milliseconds(0),
    severity: 'error' as const,
    priority: null,
    summary: null,
    details: {},
    written: {},
  });
  const watch = { ...heartbeat, origin: 'beat', settings: set(3_000), enabled: true } as const;
  const input: HeartbeatInput = { watch, maxHistoryLength: 40 };
  const workflowId = heartbeatWorkflowId(heartbeat);
  const { client } = tocsin;
  const handle = client.workflow.getHandle(workflowId);
  const is = (wanted: string) =>
    eventually(
      () => handle.query(heartbeatQuery),
      ({ status }) => status === wanted,
    );
  const beat = () => handle.signal(heartbeatSignal, { kind: 'beat', at: Date.now() });
  const { firstExecutionRunId } = await client.workflow.start(HEARTBEAT_WORKFLOW, {
    workflowId,
    taskQueue: INCIDENTS_QUEUE,
    args: [input],
  });
  await is('silent');
  await beat();
  await is('alive');
  await handle.signal(heartbeatSignal, { kind: 'enable', enabled: false });
  await is('disabled');
  await handle.signal(heartbeatSignal, { kind: 'enable', enabled: true });
  while ((await runOf(client, { workflowId })) === firstExecutionRunId) await beat();
  await tocsin.worker.stop();
  await beat();
  await beat();
  await tocsin.worker.start();
  await is('alive');
  await handle.signal(heartbeatSignal, { kind: 'beat', at: Date.now(), settings: set(1_000) });
  await is('silent');
  await handle.signal(heartbeatSignal, { kind: 'end', why: 'it was recorded' });
  return workflowId;
}

/** What names this machine has no place in the repository, and none in a replay. */
const scrubbed = (key: string, value: unknown): unknown => {
  if (key === 'stackTrace') return '';
  return key === 'identity' ? 'recorded' : value;
};

/** Writes every run of a closed workflow: `<name>.1.json`, `<name>.2.json`, … */
async function write({ client }: Tocsin, name: string, workflowId: string): Promise<void> {
  await eventually(
    () => client.workflow.getHandle(workflowId).describe(),
    ({ status }) => status.name === 'COMPLETED',
  );
  const runs: { runId: string; startTime: Date }[] = [];
  for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) runs.push(run);
  const inOrder = runs.toSorted((a, b) => a.startTime.getTime() - b.startTime.getTime());
  for (const [index, { runId }] of inOrder.entries()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const file = `${name}.${index + 1}.json`;
    writeFileSync(new URL(file, FOLDER), `${JSON.stringify(jsonOf(history), scrubbed, 1)}\n`);
    console.log(`${file}: ${history.events?.length ?? 0} events`);
  }
}

const LIVES: Readonly<Record<string, (tocsin: Tocsin, bus: HttpServer) => Promise<string>>> = {
  'simple-life': simpleLife,
  'rich-life': richLife,
  'next-incident': nextIncident,
  'told-life': toldLife,
  'long-life': longLife,
  'group-life': groupLife,
  'receipt-life': receiptLife,
  'heartbeat-life': heartbeatLife,
};

mkdirSync(FOLDER, { recursive: true });
const store = await openedStore();
const bus = await startHttpServer();
const tocsin = await startTocsin(configuration(bus.url), { store });
try {
  for (const name of process.argv.slice(2)) {
    const life = LIVES[name];
    if (life === undefined) throw new Error(`${name} is none of ${Object.keys(LIVES).join(', ')}`);
    await write(tocsin, name, await life(tocsin, bus));
  }
} finally {
  await tocsin.stop();
  await bus.stop();
  await store.close();
}
