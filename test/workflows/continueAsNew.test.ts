import type { WorkflowExecutionDescription } from '@temporalio/client';
import { idempotencyKeyOf } from '../../domain/identity.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import { eventsOf, typeOf } from '../support/history.ts';
import { historiesOf, replay } from '../support/replay.ts';
import type { Opened } from '../support/shortHistory.ts';
import { openShort, runOf } from '../support/shortHistory.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const CONFIGURATION = `
users:
  - { id: ana, name: Ana, contacts: [{ id: mail, channel: email, to: ana@example.com }, { id: phone, channel: email, to: ana.phone@example.com }], notificationRules: { high: [{ after: 0s, contact: mail }, { after: 3s, contact: phone }] } }
  - { id: cho, name: Cho, contacts: [{ id: mail, channel: email, to: cho@example.com }] }
  - { id: dan, name: Dan, contacts: [{ id: mail, channel: email, to: dan@example.com }] }
escalationPolicies:
  - { id: steps, levels: [{ targets: ['user:ana'], escalateAfter: 6s }, { targets: ['user:cho'], escalateAfter: 1h }] }
  - { id: one, levels: [{ targets: ['user:cho'], escalateAfter: 1h }] }
services:
  - { id: steps, escalationPolicy: steps, integrations: [{ source: events-v2, key: steps-events-key-0000000 }] }
  - { id: one, escalationPolicy: one, ackTimeout: 6s, integrations: [{ source: events-v2, key: one-events-key-000000000 }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

describe('an incident continues as new', () => {
  let tocsin: Tocsin;
  beforeAll(async () => {
    tocsin = await startTocsin(CONFIGURATION);
  });
  afterAll(async () => {
    await tocsin?.stop();
  });

  const open = (integration: string, dedupKey: string): Promise<Opened> =>
    openShort(tocsin.client, tocsin.configuration(), { integration, dedupKey, maxHistoryLength: 10 });
  /** Waits until the incident is in another run than `run`. */
  const seam = (incident: Opened, run: string): Promise<string> =>
    eventually(
      () => runOf(tocsin.client, incident),
      (now) => now !== run,
    );
  const describeRun = ({ workflowId }: Opened, runId?: string): Promise<WorkflowExecutionDescription> =>
    tocsin.client.workflow.getHandle(workflowId, runId).describe();
  const mailsOf = (id: string) =>
    tocsin.smtp.mails.filter(({ messageId }) => messageId.includes(idempotencyKeyOf(id, 'n')));

  test('in the middle of a level and of a delayed rule: both come when they were due, and nothing is repeated', async () => {
    const incident = await open('steps-events-v2', 'level');
    const { id } = incident;
    await seam(incident, incident.runId);
    const createdAt = Date.parse((await tocsin.read(id)).createdAt);
    expect((await tocsin.next(id)).map(({ at, kind }) => [Date.parse(at) - createdAt, kind])).toEqual([
      [expect.any(Number), 'notify'],
      [expect.any(Number), 'escalate'],
    ]);
    await tocsin.smtp.waitFor(() => mailsOf(id).length === 3);
    const ledger = await eventually(
      () => tocsin.ledger(id),
      (all) => all.every(({ status }) => status === 'sent'),
    );
    expect(ledger).toMatchObject([
      { id: 'n1', user: 'ana', contact: 'mail', level: 1, attempts: [{ outcome: 'sent' }] },
      { id: 'n2', user: 'ana', contact: 'phone', level: 1, attempts: [{ outcome: 'sent' }] },
      { id: 'n3', user: 'cho', contact: 'mail', level: 2, attempts: [{ outcome: 'sent' }] },
    ]);
    const [now, delayed, second] = ledger.map(({ dueAt }) => Date.parse(dueAt));
    expect(delayed! - now!).toBe(3_000);
    expect(second! - now!).toBeGreaterThanOrEqual(6_000);
    expect(second! - now!).toBeLessThan(9_000);
    expect(mailsOf(id)).toHaveLength(3);

    const entries = await tocsin.timeline(id);
    expect(entries.map(({ type }) => type)).toEqual([
      'triggered',
      'assigned',
      'attemptEnded',
      'attemptEnded',
      'levelEnded',
      'assigned',
      'attemptEnded',
    ]);
    expect(entries.map((entry) => entry.id)).toEqual(entries.map((_, index) => `e${index + 1}`));
    await tocsin.command(id, 'resolve', { as: 'dan' });
  });

  test('in the middle of an ack timeout: it fires when it was due, once, and a command of before the seam is known after it', async () => {
    const incident = await open('one-events-v2', 'acked');
    const { id } = incident;
    await tocsin.smtp.waitFor(() => mailsOf(id).length === 1);
    const key = { 'idempotency-key': 'the-ack' };
    const { body } = await tocsin.command(id, 'acknowledge', { as: 'dan' }, key);
    const [ack] = body['acknowledgements'] as { user: string; at: string }[];
    const run = await runOf(tocsin.client, incident);
    // Counting makes the history longer.
    while ((await runOf(tocsin.client, incident)) === run) await tocsin.event('one-events-key-000000000', 'acked');
    const [timeout] = await tocsin.next(id);
    expect(timeout).toMatchObject({ kind: 'ackTimeout' });
    expect(Date.parse(timeout!.at) - Date.parse(ack!.at)).toBe(6_000);

    const again = await tocsin.command(id, 'acknowledge', { as: 'dan' }, key);
    expect(again).toMatchObject({ status: 200, body: { id, acknowledgements: [ack] } });
    expect(await tocsin.next(id)).toEqual([timeout]);

    const after = await eventually(
      () => tocsin.read(id),
      ({ status }) => status === 'triggered',
    );
    expect(after).toMatchObject({ episode: 2, acknowledgements: [], level: 1 });
    const entries = await tocsin.timeline(id);
    expect(entries.filter(({ type }) => type === 'acknowledged')).toHaveLength(1);
    const fired = entries.filter(({ type }) => type === 'ackTimedOut');
    expect(fired).toHaveLength(1);
    expect(Date.parse(fired[0]!.at)).toBeGreaterThanOrEqual(Date.parse(timeout!.at));
    expect(Date.parse(fired[0]!.at) - Date.parse(timeout!.at)).toBeLessThan(4_000);
    await tocsin.smtp.waitFor(() => mailsOf(id).length === 3);
    await tocsin.command(id, 'resolve', { as: 'dan' });
  });

  test('its id stays, and every run shows it: reads and commands by id, memo, and search attributes', async () => {
    const incident = await open('one-events-v2', 'shown');
    const { id, runId } = incident;
    expect(await tocsin.read(id)).toMatchObject({ id, status: 'triggered' });
    const second = await seam(incident, runId);
    expect(await tocsin.read(id)).toMatchObject({ id, runId: second, status: 'triggered', eventCount: 1 });
    await expect(describeRun(incident, runId)).resolves.toMatchObject({ status: { name: 'CONTINUED_AS_NEW' } });

    // Nothing is written again: the new run took the memo and the attributes along.
    const types = (await eventsOf(tocsin.client, incident.workflowId, second)).map(typeOf);
    expect(types).not.toContain('WORKFLOW_PROPERTIES_MODIFIED');
    expect(types).not.toContain('UPSERT_WORKFLOW_SEARCH_ATTRIBUTES');
    const shown = await describeRun(incident, second);
    expect(shown.memo).toMatchObject({ summary: 'summary of shown', incident: { id, status: 'triggered' } });
    const attributes = Object.fromEntries(
      shown.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
    );
    expect(attributes).toMatchObject({
      IncidentStatus: 'triggered',
      ServiceId: 'one',
      Severity: 'critical',
      Urgency: 'high',
      Assignees: ['cho'],
      DedupKey: 'shown',
    });

    expect(await tocsin.command(id, 'acknowledge', { as: 'dan' })).toMatchObject({ status: 200, body: { id } });
    const acked = await describeRun(incident);
    expect(acked.typedSearchAttributes.get(SEARCH_ATTRIBUTES.IncidentStatus)).toBe('acknowledged');
    expect(acked.memo).toMatchObject({ incident: { id, status: 'acknowledged' } });
    expect(await tocsin.command(id, 'resolve', { as: 'dan' })).toMatchObject({ status: 200, body: { id } });
    expect(await tocsin.read(id)).toMatchObject({ id, status: 'resolved', episode: 1 });
    expect(await tocsin.client.workflow.getHandle(incident.workflowId, runId).result()).toMatchObject({
      incident: { id, status: 'resolved' },
    });
    const listed = await eventually(
      () => tocsin.get<{ incidents: { id: string; status: string }[] }>('/v1/incidents?dedupKey=shown'),
      ({ body }) => body.incidents[0]?.status === 'resolved',
    );
    expect(listed.body.incidents).toMatchObject([{ id }]);
  });

  test('all of this replays', async () => {
    expect(await replay(historiesOf(tocsin.client))).toEqual([]);
  });
});
