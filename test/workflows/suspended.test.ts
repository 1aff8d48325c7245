import { temporalIntake } from '../../intake/intake.ts';
import type { IncidentView } from '../../domain/view.ts';
import { historiesOf, replay } from '../support/replay.ts';
import { openShort, runOf } from '../support/shortHistory.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'disks-events-key-0000000';
const SLOW = 'slow-events-key-00000000';
const CONFIGURATION = `
users:
  - { id: ana, name: Ana, contacts: [{ id: mail, channel: email, to: ana@example.com }] }
escalationPolicies:
  - { id: main, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }
services:
  - { id: disks, escalationPolicy: main, holdFor: 2s, reopenWindow: 1h, integrations: [{ source: events-v2, key: ${KEY} }] }
  - { id: slow, escalationPolicy: main, holdFor: 1h, reopenWindow: 3s, integrations: [{ source: events-v2, key: ${SLOW} }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

describe('an incident that is held, and one that is reopened', () => {
  let tocsin: Tocsin;
  beforeAll(async () => {
    tocsin = await startTocsin(CONFIGURATION);
  });
  afterAll(async () => {
    await tocsin?.stop();
  });

  /** Triggered, with who is told looked up. */
  const until = (id: string, status: IncidentView['status']) =>
    eventually(
      () => tocsin.read(id),
      (incident) => incident.status === status && (status !== 'triggered' || incident.assignees.length > 0),
    );
  const pagesOf = (id: string) =>
    eventually(
      () => tocsin.ledger(id),
      (ledger) => ledger.length > 0 && ledger.every(({ status }) => status === 'sent'),
    );
  const listed = async (status: string) =>
    (await tocsin.get<{ incidents: IncidentView[] }>(`/v1/incidents?status=${status}`)).body.incidents.map(
      ({ dedupKey }) => dedupKey,
    );

  test('[L3] [F 55] is held, released, resolved, and reopened by its source as the same incident', async () => {
    await tocsin.event(KEY, 'flap');
    const first = await tocsin.incident('flap');
    expect(first).toMatchObject({ status: 'suspended', assignees: [], transient: false });
    expect(await tocsin.next(first.id)).toMatchObject([{ kind: 'release' }]);
    expect(await until(first.id, 'triggered')).toMatchObject({ assignees: ['ana'], level: 1, episode: 1 });
    const [page] = await pagesOf(first.id);
    expect(Date.parse(page!.dueAt)).toBeGreaterThanOrEqual(Date.parse(first.createdAt) + 2_000);

    await tocsin.event(KEY, 'flap', 'resolve');
    await until(first.id, 'resolved');
    await eventually(
      () => listed('resolved'),
      (keys) => keys.includes('flap'),
    );
    expect(await listed('open')).not.toContain('flap');

    // By an API process that has not heard of it before.
    const intake = temporalIntake({ client: tocsin.client, configuration: tocsin.configuration });
    const integration = tocsin.configuration().integrations.get('disks-events-v2')!;
    const event = { action: 'trigger', dedupKey: 'flap', summary: 'again', source: 'test' } as const;
    expect(await intake.accept([{ integration, event }])).toMatchObject([
      { outcome: 'accepted', opened: false, incident: first.id },
    ]);
    expect(await until(first.id, 'suspended')).toMatchObject({ episode: 2, resolvedAt: null, assignees: [] });
    await eventually(
      () => listed('suspended'),
      (keys) => keys.includes('flap'),
    );
    expect(await until(first.id, 'triggered')).toMatchObject({ id: first.id, episode: 2, assignees: ['ana'] });
    expect(await pagesOf(first.id)).toHaveLength(2);
    const { runId, memo } = await tocsin.client.workflow.getHandle(first.workflowId).describe();
    expect([runId.replaceAll('-', ''), memo?.['outcome']]).toEqual([first.id.slice(-32), undefined]);
  });

  test('[L2.7] [F 3] by hand and by a command: 200 with the same incident inside the window, 409 beyond it', async () => {
    const byHand = { service: 'disks', summary: 'by hand', dedupKey: 'mine', as: 'ana' };
    const opened = await tocsin.post('/v1/incidents', byHand);
    expect(opened).toMatchObject({ status: 201, body: { status: 'triggered' } });
    const id = String(opened.body['id']);
    expect(await tocsin.command(id, 'reopen', { as: 'ana' })).toMatchObject({
      status: 409,
      body: { code: 'NOT_RESOLVED', incident: { id, status: 'triggered' } },
    });
    expect(await tocsin.command(id, 'trigger', { as: 'ana' })).toMatchObject({
      status: 409,
      body: { code: 'NOT_SUSPENDED' },
    });
    await tocsin.command(id, 'resolve', { as: 'ana' });
    expect(await tocsin.post('/v1/incidents', byHand)).toMatchObject({
      status: 200,
      body: { id, status: 'triggered', episode: 2 },
    });
    await tocsin.command(id, 'resolve', { as: 'ana' });
    expect(await tocsin.command(id, 'reopen', { as: 'ana', note: 'not yet' })).toMatchObject({
      status: 200,
      body: { id, status: 'triggered', episode: 3, assignees: ['ana'] },
    });
  });

  test('[L3] a person triggers what is held; when the window is over, it is closed, and the next trigger opens another', async () => {
    await tocsin.event(SLOW, 'late');
    const first = await tocsin.incident('late');
    expect(await tocsin.command(first.id, 'trigger', { as: 'ana' })).toMatchObject({
      status: 200,
      body: { status: 'triggered' },
    });
    await pagesOf(first.id);
    await tocsin.command(first.id, 'resolve', { as: 'ana' });
    const closed = await eventually(
      () => tocsin.client.workflow.getHandle(first.workflowId).describe(),
      ({ status }) => status.name === 'COMPLETED',
    );
    expect(closed.memo).toMatchObject({ outcome: expect.stringMatching(/^resolved by Ana at [0-9:]{8} UTC$/) });
    expect(await tocsin.command(first.id, 'reopen', { as: 'ana' })).toMatchObject({
      status: 409,
      body: { code: 'INCIDENT_CLOSED', incident: { id: first.id, status: 'resolved' } },
    });
    await tocsin.event(SLOW, 'late');
    const second = await eventually(
      () => tocsin.incident('late'),
      ({ id }) => id !== first.id,
    );
    expect(second).toMatchObject({ previous: first.id, episode: 1, status: 'suspended' });
    // Nobody was told of it, and nobody is.
    await tocsin.event(SLOW, 'late', 'resolve');
    expect(await until(second.id, 'resolved')).toMatchObject({ transient: true });
    expect(await tocsin.ledger(second.id)).toEqual([]);
  });

  test('[L9] over runs that continue as new, it is reopened as the same, and no run that was left lists it as resolved', async () => {
    const short = { integration: 'disks-events-v2', dedupKey: 'runs', maxHistoryLength: 10 };
    const incident = await openShort(tocsin.client, tocsin.configuration(), short);
    await until(incident.id, 'triggered');
    await pagesOf(incident.id);
    await tocsin.event(KEY, 'runs', 'resolve');
    await until(incident.id, 'resolved');
    const before = await runOf(tocsin.client, incident);
    // Each is ignored, and makes the history longer.
    await eventually(
      async () => {
        await tocsin.event(KEY, 'runs', 'acknowledge');
        return runOf(tocsin.client, incident);
      },
      (run) => run !== before,
    );
    expect(await tocsin.read(incident.id)).toMatchObject({ status: 'resolved' });
    await eventually(
      () => listed('resolved'),
      (keys) => keys.filter((key) => key === 'runs').length === 1,
    );
    await tocsin.event(KEY, 'runs');
    expect(await until(incident.id, 'triggered')).toMatchObject({ episode: 2, previous: null });
    await eventually(
      () => listed('triggered'),
      (keys) => keys.includes('runs'),
    );
    expect(await listed('resolved')).not.toContain('runs');
  });

  test('all of this replays', async () => {
    expect(await replay(historiesOf(tocsin.client))).toEqual([]);
  });
});
