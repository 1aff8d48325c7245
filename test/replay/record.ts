/**
 * Records the histories that replay.test.ts replays: `npm run record-histories`, by hand, with a Temporal server on the
 * PATH or in TEMPORAL_CLI. Only for a history that must have a new shape; the old ones prove that open incidents replay.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { jsonOf } from '../support/replay.ts';
import { openShort, runOf } from '../support/shortHistory.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, sleep, startTocsin } from '../support/tocsin.ts';

const FOLDER = new URL('./histories/', import.meta.url);
const SIMPLE = 'simple-events-key-000000';
const RICH = 'rich-events-key-00000000';

const CONFIGURATION = `
users:
  - { id: ana, name: Ana, contacts: [{ id: mail, channel: email, to: ana@example.com }, { id: phone, channel: email, to: ana.phone@example.com }], notificationRules: { high: [{ after: 0s, contact: mail }, { after: 2s, contact: phone }] } }
  - { id: bob, name: Bob, contacts: [{ id: mail, channel: email, to: bob@example.com }, { id: other, channel: email, to: bob.other@example.com }], notificationRules: { high: [{ after: 0s, contact: mail }, { after: 1h, contact: other }] } }
  - { id: cho, name: Cho, contacts: [{ id: mail, channel: email, to: cho@example.com }] }
escalationPolicies:
  - { id: simple, levels: [{ targets: ['user:ana'], escalateAfter: 5m }] }
  - { id: rich, levels: [{ targets: ['user:ana', 'user:bob'], escalateAfter: 5s }, { targets: ['user:cho'], escalateAfter: 1h }] }
services:
  - { id: simple, escalationPolicy: simple, integrations: [{ source: events-v2, key: ${SIMPLE} }] }
  - { id: rich, escalationPolicy: rich, ackTimeout: 3s, integrations: [{ source: events-v2, key: ${RICH} }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
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

mkdirSync(FOLDER, { recursive: true });
const tocsin = await startTocsin(CONFIGURATION);
try {
  await write(tocsin, 'simple-life', await simpleLife(tocsin));
  await write(tocsin, 'rich-life', await richLife(tocsin));
  await write(tocsin, 'next-incident', await nextIncident(tocsin));
} finally {
  await tocsin.stop();
}
