import { idempotencyKeyOf, incidentIdOf } from '../../domain/identity.ts';
import type { IncidentView } from '../../domain/view.ts';
import { historiesOf, replay } from '../support/replay.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'disks-events-key-0000000';
const CONFIGURATION = `
users:
  - { id: ana, name: Ana, contacts: [{ id: mail, channel: email, to: ana@example.com }] }
  - { id: bob, name: Bob, contacts: [{ id: mail, channel: email, to: bob@example.com }] }
  - { id: dan, name: Dan, contacts: [{ id: mail, channel: email, to: dan@example.com }] }
escalationPolicies:
  - { id: pair, levels: [{ targets: ['user:ana', 'user:bob'], escalateAfter: 1h }] }
services:
  - { id: disks, escalationPolicy: pair, integrations: [{ source: events-v2, key: ${KEY} }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

describe('a trigger reaches an incident that is resolved, and still owes a page', () => {
  let tocsin: Tocsin;
  beforeAll(async () => {
    tocsin = await startTocsin(CONFIGURATION);
  });
  afterAll(async () => {
    await tocsin?.stop();
  });
  afterEach(async () => {
    tocsin.smtp.behave();
  });

  const mailsOf = (id: string) =>
    tocsin.smtp.mails.filter(({ messageId }) => messageId.startsWith(`<${idempotencyKeyOf(id, 'n')}`));
  const sentAll = (id: string) =>
    eventually(
      () => tocsin.ledger(id),
      (ledger) => ledger.length > 0 && ledger.every(({ status }) => status === 'sent'),
    );
  const nextAfter = (first: IncidentView) =>
    eventually(
      () => tocsin.incident(first.dedupKey),
      ({ id }) => id !== first.id,
    );
  const isClosed = (workflowId: string) =>
    eventually(
      () => tocsin.client.workflow.getHandle(workflowId).describe(),
      ({ status }) => status.name === 'COMPLETED',
    );

  test('the next incident opens at once and pages; what the first owes is still paid, under its own keys', async () => {
    await tocsin.smtp.refuse();
    await tocsin.event(KEY, 'owed');
    const first = await tocsin.incident('owed');
    await eventually(
      () => tocsin.ledger(first.id),
      (ledger) => ledger.length === 2 && ledger.every(({ attempts }) => attempts.length > 0),
    );
    await tocsin.command(first.id, 'resolve', { as: 'dan' });
    expect(await tocsin.event(KEY, 'owed')).toMatchObject({ status: 202 });

    const second = await nextAfter(first);
    expect(second).toMatchObject({ previous: first.id, status: 'triggered', eventCount: 1, assignees: ['ana', 'bob'] });
    expect(second.workflowId).toBe(first.workflowId);
    expect(await tocsin.read(first.id)).toMatchObject({ id: first.id, status: 'resolved', eventCount: 1 });
    const late = await tocsin.command(first.id, 'acknowledge', { as: 'bob' });
    expect(late).toMatchObject({ status: 409, body: { incident: { id: first.id, status: 'resolved' } } });
    expect(await tocsin.read(second.id)).toMatchObject({ status: 'triggered', acknowledgements: [] });

    await tocsin.smtp.listen();
    for (const { id } of [first, second]) {
      const ledger = await sentAll(id);
      expect(ledger).toMatchObject([
        { id: 'n1', incident: id, user: 'ana', idempotencyKey: idempotencyKeyOf(id, 'n1'), minuteZero: true },
        { id: 'n2', incident: id, user: 'bob', idempotencyKey: idempotencyKeyOf(id, 'n2'), minuteZero: true },
      ]);
      for (const { attempts } of ledger)
        expect(attempts.filter(({ outcome }) => outcome !== 'failed')).toMatchObject([{ outcome: 'sent' }]);
      expect(mailsOf(id)).toHaveLength(2);
    }
    expect(mailsOf(first.id)[0]!.text).toContain('Now: already resolved by Dan');

    await tocsin.command(second.id, 'resolve', { as: 'dan' });
    await isClosed(first.workflowId);
    expect(await tocsin.read(first.id)).toMatchObject({
      id: first.id,
      status: 'resolved',
      eventCount: 1,
      previous: null,
    });
    expect(await tocsin.read(second.id)).toMatchObject({ id: second.id, status: 'resolved', previous: first.id });
    expect((await tocsin.timeline(first.id)).map(({ type }) => type)).toEqual(
      expect.arrayContaining(['triggered', 'resolved', 'refused', 'attemptEnded']),
    );
    expect(await sentAll(first.id)).toHaveLength(2);
  });

  test('what was in flight is carried as unknown, and attempted again under the same key', async () => {
    tocsin.smtp.at('message', { hold: 2_500 }, { recipient: 'ana@example.com', times: 1 });
    await tocsin.event(KEY, 'flight');
    const first = await tocsin.incident('flight');
    await tocsin.smtp.waitFor(() => mailsOf(first.id).length === 2);
    await tocsin.event(KEY, 'flight', 'resolve');
    await eventually(
      () => tocsin.read(first.id),
      ({ status }) => status === 'resolved',
    );
    await tocsin.event(KEY, 'flight');
    const second = await nextAfter(first);
    expect(second).toMatchObject({ previous: first.id, eventCount: 1 });
    const [ana, bob] = await sentAll(first.id);
    expect(ana!.attempts).toMatchObject([{ outcome: 'unknown', code: 'WORKER_LOST' }, { outcome: 'sent' }]);
    expect(bob!.attempts).toMatchObject([{ outcome: 'sent' }]);
    expect(mailsOf(first.id)).toHaveLength(3);
    expect(new Set(mailsOf(first.id).map(({ messageId }) => messageId)).size).toBe(2);
    await sentAll(second.id);
    expect(await tocsin.read(first.id)).toMatchObject({ status: 'resolved', eventCount: 2 });
    await tocsin.event(KEY, 'flight', 'resolve');
    await isClosed(first.workflowId);
    expect(await tocsin.read(second.id)).toMatchObject({ status: 'resolved', eventCount: 2 });
  });

  test('while the next one is being opened, a read says so, and a command waits for it', async () => {
    await tocsin.smtp.refuse();
    await tocsin.event(KEY, 'opening');
    const first = await tocsin.incident('opening');
    await tocsin.command(first.id, 'resolve', { as: 'dan' });
    await tocsin.worker.stop();
    expect(await tocsin.event(KEY, 'opening')).toMatchObject({ status: 202 });
    // Looked up by the worker, which waits for the integration to be there again.
    tocsin.reconfigure(
      CONFIGURATION.replace('services:', 'services:\n  - { id: other, escalationPolicy: pair }').replace(
        /integrations: \[.*\] }/,
        'integrations: [] }',
      ),
    );
    await tocsin.worker.start();
    const handle = tocsin.client.workflow.getHandle(first.workflowId);
    const { runId } = await eventually(
      () => handle.describe(),
      (description) => incidentIdOf(first.workflowId, description.runId) !== first.id,
    );
    const id = incidentIdOf(first.workflowId, runId);
    const read = await eventually(
      () => tocsin.get(`/v1/incidents/${id}`),
      ({ body }) => String(body['detail']).includes('being opened'),
    );
    expect(read).toMatchObject({ status: 503, body: { code: 'NO_WORKER' } });
    expect(await tocsin.command(id, 'acknowledge', { as: 'dan' })).toMatchObject({ status: 202 });

    tocsin.reconfigure(CONFIGURATION);
    const opened = await eventually(
      () => tocsin.get<IncidentView>(`/v1/incidents/${id}`),
      ({ status }) => status === 200,
    );
    expect(opened.body).toMatchObject({
      id,
      status: 'acknowledged',
      acknowledgements: [{ user: 'dan' }],
      previous: first.id,
    });
    await tocsin.smtp.listen();
  });

  test('all of this replays', async () => {
    expect(await replay(historiesOf(tocsin.client))).toEqual([]);
  });
});
