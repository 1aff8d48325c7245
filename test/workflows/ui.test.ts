import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import { eventsOf, summaryOf, typeOf } from '../support/history.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const CONFIGURATION = `
users:
  - { id: ana, name: Ana, contacts: [{ id: mail, channel: email, to: ana@example.com }] }
  - { id: bob, name: Bob, contacts: [{ id: mail, channel: email, to: bob@example.com }] }
escalationPolicies:
  - { id: steps, levels: [{ targets: ['user:ana'], escalateAfter: 8s }, { targets: ['user:bob'], escalateAfter: 1h }] }
services:
  - { id: disks, name: Disks of the shop, escalationPolicy: steps, ackTimeout: 1h, integrations: [{ source: events-v2, key: disks-events-key-0000000 }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
`;

interface Metadata {
  readonly currentDetails: string;
  readonly definition: Readonly<
    Record<'queryDefinitions' | 'signalDefinitions' | 'updateDefinitions', readonly { name: string }[]>
  >;
}

/** What a person reads of an incident in the Temporal UI, as the server and the worker give it to the UI. */
describe('an incident in the Temporal UI', () => {
  let tocsin: Tocsin;
  let id: string;
  let workflowId: string;
  beforeAll(async () => {
    tocsin = await startTocsin(CONFIGURATION);
    await tocsin.event('disks-events-key-0000000', 'ui', 'trigger', {
      payload: { summary: 'disk of *db1* is full', source: 'db1', severity: 'critical' },
    });
    ({ id, workflowId } = await tocsin.incident('ui'));
  });
  afterAll(async () => {
    await tocsin?.stop();
  });

  const handle = () => tocsin.client.workflow.getHandle(workflowId);
  const shown = async () => {
    const { memo, typedSearchAttributes, staticSummary } = await handle().describe();
    const attributes = Object.fromEntries(typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]));
    return { memo: memo as Record<string, unknown>, attributes, staticSummary };
  };
  const details = async (): Promise<string> =>
    (await handle().query<Metadata>('__temporal_workflow_metadata')).currentDetails;

  test('triggered: memo, search attributes, and a page of details say what it is, who was told, and what comes next', async () => {
    await eventually(
      () => tocsin.ledger(id),
      ([page]) => page?.status === 'sent',
    );
    const { memo, attributes, staticSummary } = await shown();
    expect(await staticSummary()).toBe('disk of *db1* is full');
    expect(memo).toMatchObject({
      summary: 'disk of *db1* is full',
      incident: { id, status: 'triggered', assignees: ['ana'], level: 1, eventCount: 1 },
    });
    expect(attributes).toMatchObject({
      IncidentStatus: 'triggered',
      ServiceId: 'disks',
      Severity: 'critical',
      Urgency: 'high',
      Assignees: ['ana'],
      DedupKey: 'ui',
    });
    const page = await details();
    expect(page).toMatch(/^## disk of \\\*db1\\\* is full$/m);
    expect(page).toMatch(/^\*\*TRIGGERED\*\*: triggered; level 1, and nobody has acknowledged it$/m);
    expect(page).toMatch(
      /^Service \*\*Disks of the shop\*\* · severity critical · urgency high · 1 event · episode 1$/m,
    );
    expect(page).toMatch(/^Assigned to: Ana$/m);
    expect(page).toMatch(/^- \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC escalates to level 2$/m);
    expect(page).toMatch(/^- e-mail to Ana: sent at \d\d:\d\d:\d\d UTC$/m);
    expect(page).toContain(`Incident \`${id}\``);
  });

  test('escalated: the assignees are those of level 2, everywhere', async () => {
    await eventually(
      () => tocsin.ledger(id),
      (ledger) => ledger.length === 2 && ledger.every(({ status }) => status === 'sent'),
    );
    const { memo, attributes } = await shown();
    expect(memo).toMatchObject({ incident: { assignees: ['bob'], level: 2 } });
    expect(attributes).toMatchObject({ IncidentStatus: 'triggered', Assignees: ['bob'] });
    expect(await details()).toMatch(/^Assigned to: Bob$/m);
  });

  test('acknowledged: by whom, and when that times out', async () => {
    await tocsin.command(id, 'acknowledge', { as: 'bob' });
    const { memo, attributes } = await shown();
    expect(memo).toMatchObject({ incident: { status: 'acknowledged', acknowledgements: [{ user: 'bob' }] } });
    expect(attributes).toMatchObject({ IncidentStatus: 'acknowledged' });
    const page = await details();
    expect(page).toMatch(/^\*\*ACKNOWLEDGED\*\*: acknowledged by Bob at \d\d:\d\d:\d\d UTC$/m);
    expect(page).toMatch(
      /^- \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC the acknowledgement times out, and the incident is triggered again$/m,
    );
  });

  test('the queries incident, timeline, and next need no argument', async () => {
    expect(await handle().query('incident')).toMatchObject({ incident: { id, status: 'acknowledged' } });
    expect(await handle().query('next')).toMatchObject([{ kind: 'ackTimeout' }]);
    expect(await handle().query('timeline')).toMatchObject([
      { type: 'triggered', text: 'Triggered by db1: disk of *db1* is full' },
      { type: 'assigned', text: 'Level 1: Ana for 8s (the incident was triggered)' },
      { type: 'attemptEnded', text: 'E-mail to Ana sent' },
      { type: 'levelEnded' },
      { type: 'assigned', text: expect.stringMatching(/^Level 2: Bob for 1h/) },
      { type: 'attemptEnded', text: 'E-mail to Bob sent' },
      {
        type: 'acknowledged',
        text: expect.stringMatching(/^Bob, by token TOCSIN_API_TOKEN, acknowledged \(times out in 1h\)/),
      },
    ]);
  });

  test('messages and queries are described', async () => {
    const { definition } = await handle().query<Metadata>('__temporal_workflow_metadata');
    const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);
    expect(names(definition.queryDefinitions)).toEqual(
      expect.arrayContaining(['incident', 'next', 'notifications', 'timeline']),
    );
    expect(names(definition.signalDefinitions)).toEqual(['events', 'command', 'provider', 'merge', 'changed']);
    expect(names(definition.updateDefinitions)).toEqual(expect.arrayContaining(['acknowledge', 'resolve']));
  });

  test('each activity and timer of the history has its summary', async () => {
    const summaries = (await eventsOf(tocsin.client, workflowId))
      .filter((event) => ['ACTIVITY_TASK_SCHEDULED', 'TIMER_STARTED'].includes(typeOf(event)))
      .map((event) => [typeOf(event), summaryOf(event)]);
    expect(summaries).toEqual([
      ['ACTIVITY_TASK_SCHEDULED', 'e-mail to Ana: level 1'],
      ['ACTIVITY_TASK_SCHEDULED', "the incident's number"],
      ['TIMER_STARTED', 'escalates to level 2'],
      ['ACTIVITY_TASK_SCHEDULED', 'who is on call: level 2'],
      ['ACTIVITY_TASK_SCHEDULED', 'e-mail to Bob: level 2'],
      ['TIMER_STARTED', 'the policy is exhausted: there is no last resort'],
      ['TIMER_STARTED', 'the acknowledgement times out, and the incident is triggered again'],
    ]);
  });

  test('closed: the queries still answer, and with no worker alive its memo, attributes and result tell how it ended', async () => {
    await tocsin.command(id, 'resolve', { as: 'ana', resolution: 'deleted the old logs' });
    expect(await handle().query('incident')).toMatchObject({ incident: { id, status: 'resolved' } });
    expect(await handle().query('next')).toEqual([]);
    expect(await handle().query<unknown[]>('timeline')).toHaveLength(8);
    expect(await details()).toMatch(/^\*\*RESOLVED\*\*: already resolved by Ana at /m);

    await tocsin.worker.stop();
    const { memo, attributes } = await shown();
    const outcome = expect.stringMatching(/^resolved by Ana at \d\d:\d\d:\d\d UTC/);
    expect(memo).toMatchObject({ summary: 'disk of *db1* is full', incident: { id, status: 'resolved' }, outcome });
    expect(attributes).toMatchObject({ IncidentStatus: 'resolved' });
    expect(attributes[SEARCH_ATTRIBUTES.Assignees.name]).toEqual(['bob']);
    expect(await handle().result()).toMatchObject({ incident: { id, status: 'resolved', eventCount: 1 }, outcome });
  });
});
