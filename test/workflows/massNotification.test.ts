import { eventsOf, typeOf } from '../support/history.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const PEOPLE = Array.from({ length: 60 }, (_, index) => `u${index}`);
const CONFIGURATION = `
users:
${PEOPLE.map((id) => `  - { id: ${id}, contacts: [{ id: mail, channel: email, to: ${id}@example.com }] }`).join('\n')}
teams: [{ id: all, members: [${PEOPLE.join(', ')}] }]
escalationPolicies:
  - { id: one, levels: [{ targets: ['team:all'], escalateAfter: 5m, massNotification: true }] }
services:
  - { id: disks, escalationPolicy: one, integrations: [{ source: events-v2, key: disks-events-key-0000000 }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

describe('a team of 60 as mass notification', () => {
  let tocsin: Tocsin;
  beforeAll(async () => {
    tocsin = await startTocsin(CONFIGURATION);
  });
  afterAll(async () => {
    await tocsin?.stop();
  });

  test('is told once each, in a history of a few events a person', async () => {
    await tocsin.event('disks-events-key-0000000', 'mass');
    const { id, workflowId } = await tocsin.incident('mass');
    await eventually(
      async () => tocsin.smtp.mails,
      ({ length }) => length === PEOPLE.length,
      50_000,
    );
    const ledger = await eventually(
      () => tocsin.ledger(id),
      (pages) => pages.every(({ status }) => status === 'sent'),
    );
    expect(new Set(ledger.map(({ user }) => user))).toEqual(new Set(PEOPLE));
    const types = (await eventsOf(tocsin.client, workflowId)).map(typeOf);
    const count = (type: string): number => types.filter((each) => each === type).length;
    // And one that asks for the incident's number.
    expect(count('ACTIVITY_TASK_SCHEDULED')).toBe(PEOPLE.length + 1);
    // However many outcomes there are.
    expect(count('WORKFLOW_PROPERTIES_MODIFIED')).toBeLessThanOrEqual(2);
    expect(count('UPSERT_WORKFLOW_SEARCH_ATTRIBUTES')).toBeLessThanOrEqual(2);
  });
});
