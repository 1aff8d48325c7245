import { eventsOf, typeOf } from '../support/history.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const people = (length: number): readonly string[] => Array.from({ length }, (_, index) => `u${index}`);
const PEOPLE = people(60);
const configuration = (ids: readonly string[]): string => `
users:
${ids.map((id) => `  - { id: ${id}, contacts: [{ id: mail, channel: email, to: ${id}@example.com }] }`).join('\n')}
teams: [{ id: all, members: [${ids.join(', ')}] }]
escalationPolicies:
  - { id: one, levels: [{ targets: ['team:all'], escalateAfter: 5m, massNotification: true }] }
services:
  - { id: disks, escalationPolicy: one, integrations: [{ source: events-v2, key: disks-events-key-0000000 }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

describe('a team of 60 as mass notification', () => {
  let tocsin: Tocsin;
  beforeAll(async () => {
    tocsin = await startTocsin(configuration(PEOPLE));
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

test('150 people are told of an alert with 30 KB of details, more than Temporal takes at once', async () => {
  const tocsin = await startTocsin(configuration(people(150)));
  try {
    const payload = {
      summary: 'disk',
      source: 'db1',
      severity: 'critical',
      custom_details: { dump: 'x'.repeat(30_000) },
    };
    await tocsin.event('disks-events-key-0000000', 'mass', 'trigger', { payload });
    const { id, workflowId } = await tocsin.incident('mass');
    const ledger = await eventually(
      () => tocsin.ledger(id),
      (pages) => pages.length === 150 && pages.every(({ status }) => status === 'sent'),
      60_000,
    );
    expect(ledger.every(({ attempts }) => attempts.length === 1)).toBe(true);
    const types = (await eventsOf(tocsin.client, workflowId)).map(typeOf);
    expect(types.filter((each) => each === 'WORKFLOW_TASK_FAILED')).toEqual([]);
  } finally {
    await tocsin.stop();
  }
});
