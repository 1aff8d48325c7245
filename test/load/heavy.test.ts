/** The heaviest that a configuration allows, against what Temporal takes (lifecycle §4, Limits; §9). */
import { notificationsQuery } from '../../workflows/messages.ts';
import { eventsOf, typeOf } from '../support/history.ts';
import { eventually, sleep, startTocsin } from '../support/tocsin.ts';

const PEOPLE = Array.from({ length: 500 }, (_, index) => `u${index}`);
const CONTACTS = ['a', 'b'];
const contacts = CONTACTS.map((id) => `{ id: ${id}, channel: console }`).join(', ');
const rules = CONTACTS.map((id) => `{ after: 0s, contact: ${id} }`).join(', ');
const CONFIGURATION = `
users:
${PEOPLE.map((id) => `  - { id: ${id}, contacts: [${contacts}], notificationRules: { high: [${rules}] } }`).join('\n')}
teams: [{ id: all, members: [${PEOPLE.join(', ')}] }]
escalationPolicies:
  - { id: one, levels: [{ targets: ['team:all'], escalateAfter: 1h, massNotification: true }] }
services:
  - { id: disks, escalationPolicy: one, integrations: [{ source: events-v2, key: disks-events-key-0000000 }] }
`;

test('500 people with two rules each, more names than Temporal indexes: each is told once by each [L11]', async () => {
  const tocsin = await startTocsin(CONFIGURATION);
  try {
    await tocsin.event('disks-events-key-0000000', 'mass');
    const { id, workflowId } = await tocsin.incident('mass');
    // Not by its ledger: more than a megabyte each time would be most of what the machine does.
    const eventTypes = async () => {
      const types: string[] = [];
      for await (const { runId } of tocsin.client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
        types.push(...(await eventsOf(tocsin.client, workflowId, runId)).map(typeOf));
      }
      return types;
    };
    const sent = (types: readonly string[]): number =>
      types.filter((type) => type === 'ACTIVITY_TASK_COMPLETED').length;
    for (const until = Date.now() + 150_000; sent(await eventTypes()) < 1_000 && Date.now() < until;)
      await sleep(1_000);
    const handle = tocsin.client.workflow.getHandle(workflowId);
    const ledger = await eventually(
      async () => (await handle.query(notificationsQuery, id)) ?? [],
      (pages) => pages.every(({ status }) => status === 'sent'),
    );
    expect(ledger).toHaveLength(1_000);
    expect(ledger.every(({ attempts }) => attempts.length === 1)).toBe(true);
  } finally {
    await tocsin.stop();
  }
}, 180_000);
