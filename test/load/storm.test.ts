/** Bursts, as they come when something large breaks (lifecycle §2.10). */
import http from 'node:http';
import { eventsOf } from '../support/history.ts';
import { eventually, startTocsin, type Tocsin } from '../support/tocsin.ts';

const MEMBERS = Array.from({ length: 60 }, (_, index) => `m${index + 1}`);
const CONFIGURATION = `
users:
  - { id: ana, contacts: [{ id: mail, channel: email, to: ana@example.com }] }
${MEMBERS.map((id) => `  - { id: ${id}, contacts: [{ id: mail, channel: email, to: ${id}@example.com }] }`).join('\n')}
teams: [{ id: everybody, members: [${MEMBERS.join(', ')}] }]
escalationPolicies:
  - { id: one, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }
  - { id: all, levels: [{ targets: ['team:everybody'], escalateAfter: 1h, massNotification: true }] }
services:
  - { id: one, escalationPolicy: one, integrations: [{ source: events-v2, key: one-events-key-000000000 }] }
  - { id: all, escalationPolicy: all, integrations: [{ source: events-v2, key: all-events-key-000000000 }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

let tocsin: Tocsin;
beforeAll(async () => {
  tocsin = await startTocsin(CONFIGURATION);
});
afterAll(async () => tocsin?.stop());

/** `clients` connections, each kept open and each sending its next event once the last one is answered. Resolves to the statuses, counted. */
async function storm(clients: number, events: number, body: object): Promise<ReadonlyMap<number, number>> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const text = JSON.stringify(body);
  const counts = new Map<number, number>();
  let left = events;
  const send = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) };
      const request = http.request(
        `${tocsin.url}/pagerduty/v2/enqueue`,
        { method: 'POST', agent, headers },
        (answer) => {
          answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
        },
      );
      request.once('error', reject).end(text);
    });
  const client = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      const status = await send();
      counts.set(status, (counts.get(status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  agent.destroy();
  return counts;
}

test('5,000 events on one key from 64 clients are one incident, with the count right and a history below 500 events [F 1]', async () => {
  const payload = { summary: 'the database is down', source: 'db1', severity: 'critical' };
  const body = { routing_key: 'one-events-key-000000000', event_action: 'trigger', dedup_key: 'db', payload };
  expect(await storm(64, 5_000, body)).toEqual(new Map([[202, 5_000]]));

  const { id, workflowId } = await tocsin.incident('db');
  const incident = await eventually(
    () => tocsin.read(id),
    ({ eventCount }) => eventCount >= 5_000,
  );
  expect(incident).toMatchObject({ eventCount: 5_000, alertCount: 1, status: 'triggered' });
  expect(tocsin.smtp.mails.filter(({ recipients }) => recipients.includes('ana@example.com'))).toHaveLength(1);
  const runs = await runsOf(workflowId);
  expect(runs).toHaveLength(1);
  expect(runs[0]).toBeLessThan(500);
});

/** The lengths of the histories of all its runs. */
async function runsOf(workflowId: string): Promise<readonly number[]> {
  const lengths: number[] = [];
  for await (const { runId } of tocsin.client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    lengths.push((await eventsOf(tocsin.client, workflowId, runId)).length);
  }
  return lengths;
}

test('a team of 60 as mass notification: 60 messages, each once, in one history within bounds', async () => {
  const payload = { summary: 'everybody is needed', source: 'hq', severity: 'critical' };
  const body = { routing_key: 'all-events-key-000000000', event_action: 'trigger', dedup_key: 'all hands', payload };
  expect(await storm(1, 1, body)).toEqual(new Map([[202, 1]]));

  const { id, workflowId } = await tocsin.incident('all hands');
  const ledger = await eventually(
    () => tocsin.ledger(id),
    (notifications) => notifications.length === 60 && notifications.every(({ status }) => status === 'sent'),
    30_000,
  );
  expect(new Set(ledger.map(({ user }) => user))).toEqual(new Set(MEMBERS));
  const told = tocsin.smtp.mails.filter(({ subject }) => subject.includes('everybody is needed'));
  expect(new Set(told.flatMap(({ recipients }) => recipients))).toEqual(
    new Set(MEMBERS.map((member) => `${member}@example.com`)),
  );
  expect(told).toHaveLength(60);
  expect(await runsOf(workflowId)).toEqual([expect.any(Number)]);
  // Three events an activity, and what the workflow's tasks cost: at most one task a result.
  expect((await runsOf(workflowId))[0]).toBeLessThan(400);
});
