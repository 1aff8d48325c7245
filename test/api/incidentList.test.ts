/** The list of incidents, from a real Temporal server's visibility; no worker writes its memos here. */
import { jest } from '@jest/globals';
import { type Client, Connection, Client as TemporalClient } from '@temporalio/client';
import { temporalIntake } from '../../intake/intake.ts';
import { visibilityQuery } from '../../api/visibilityQuery.ts';
import type { IncidentFilter, IncidentGateway } from '../../api/ports.ts';
import { temporalGateway } from '../../api/temporalGateway.ts';
import type { Integration, Service } from '../../domain/configuration.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { CONFIGURATION } from './support/standIns.ts';
import { type Temporal, eventually, startTemporal, trigger } from './support/temporal.ts';

const integration = CONFIGURATION.integrations.get('payments-events') as Integration;
/** What ends a literal or a query, what is an escape in one, and what the server escapes wrongly. */
const HOSTILE = [
  "x' OR WorkflowType = 'incident' OR DedupKey = 'x",
  "it's",
  "back\\slash' \\",
  "\\' OR 1=1 --",
  '"double" `tick` %percent_ ;--',
  'line\nbreak\ttab',
  '磁'.repeat(200),
  "''",
  '\\',
];

describe('the list of incidents', () => {
  let temporal: Temporal;
  let client: Client;
  let gateway: IncidentGateway;
  beforeAll(async () => {
    temporal = await startTemporal(() => CONFIGURATION);
    client = temporal.client;
  });
  afterAll(() => temporal.stop());
  beforeEach(() => {
    gateway = temporalGateway({ client, configuration: () => CONFIGURATION });
  });

  const open = async (event: SourceEvent): Promise<string> => {
    const [accepted] = await temporalIntake({ client, configuration: () => CONFIGURATION }).accept([
      { integration, event },
    ]);
    return accepted?.incident ?? '';
  };
  const ids = async (filter: Partial<IncidentFilter>, count: number): Promise<readonly string[]> => {
    const ask = () => temporalGateway({ client, configuration: () => CONFIGURATION }).list({ limit: 250, ...filter });
    const { incidents } = await eventually(ask, (page) => page.incidents.length === count, 5_000);
    return incidents.map(({ incident }) => incident.id);
  };

  it('holds an incident that no worker has seen, from what it was started with', async () => {
    const event = trigger();
    const id = await open(event);
    expect(await ids({ dedupKey: event.dedupKey }, 1)).toEqual([id]);
    const { incidents } = await gateway.list({ dedupKey: event.dedupKey, limit: 1 });
    expect(incidents[0]?.incident).toMatchObject({
      id,
      status: 'triggered',
      service: 'payments',
      urgency: 'high',
      severity: 'critical',
      summary: event.summary,
      dedupKey: event.dedupKey,
      assignees: ['ana'],
    });
  });

  it('filters by status, service, assignee, urgency and time', async () => {
    const event = trigger();
    const id = await open(event);
    const { dedupKey } = event;
    const passing: Partial<IncidentFilter>[] = [
      { status: 'open' },
      { status: 'triggered' },
      { service: 'payments', assignee: 'ana', urgency: 'high' },
      { since: new Date(Date.now() - 60_000).toISOString() },
    ];
    for (const filter of passing) expect(await ids({ dedupKey, ...filter }, 1)).toEqual([id]);
    const failing: Partial<IncidentFilter>[] = [
      { status: 'acknowledged' },
      { status: 'resolved' },
      { service: 'search' },
      { assignee: 'bob' },
      { assignee: 'ANA' },
      { urgency: 'low' },
      { since: new Date(Date.now() + 60_000).toISOString() },
    ];
    for (const filter of failing) expect(await ids({ dedupKey, ...filter }, 0)).toEqual([]);
  });

  it.each(HOSTILE)('finds the incident of hostile key %#, and no other', async (dedupKey) => {
    const id = await open(trigger({ dedupKey }));
    expect(await ids({ dedupKey }, 1)).toEqual([id]);
  });

  it.each(HOSTILE)('takes hostile text %# as service and assignee for what it is: nobody', async (text) => {
    expect(await ids({ service: text }, 0)).toEqual([]);
    expect(await ids({ assignee: text }, 0)).toEqual([]);
  });

  it('gives pages that join without gap or repetition, newest first', async () => {
    const severity = 'info';
    const opened: string[] = [];
    const since = new Date().toISOString();
    for (let count = 0; count < 7; count++) opened.push(await open(trigger({ severity })));
    expect(await ids({ since }, 7)).toEqual(opened.toReversed());
    const joined: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await gateway.list({ since, limit: 3, ...(cursor !== undefined && { cursor }) });
      joined.push(...page.incidents.map(({ incident }) => incident.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(joined).toEqual(opened.toReversed());
  });

  it('refuses a cursor that no list gave, and one of another list', async () => {
    const since = new Date(Date.now() - 3_600_000).toISOString();
    const { nextCursor } = await gateway.list({ since, limit: 1 });
    expect(nextCursor).not.toBeNull();
    const refused = { code: 'BAD_REQUEST' };
    await expect(gateway.list({ limit: 1, cursor: 'bm9uc2Vuc2U' })).rejects.toMatchObject(refused);
    await expect(gateway.list({ limit: 1, cursor: nextCursor ?? '' })).rejects.toMatchObject(refused);
    expect((await gateway.list({ since, limit: 1, cursor: nextCursor ?? '' })).incidents).toHaveLength(1);
  });

  it('asks Temporal once a second for all who ask the same', async () => {
    const connection = await Connection.connect({ address: temporal.server.address });
    const lists = jest.spyOn(connection.workflowService, 'listWorkflowExecutions');
    const counted = temporalGateway({ client: new TemporalClient({ connection }), configuration: () => CONFIGURATION });
    const ask = (filter: IncidentFilter) => counted.list(filter);
    await Promise.all(Array.from({ length: 50 }, () => ask({ limit: 10 })));
    await Promise.all(Array.from({ length: 50 }, () => ask({ limit: 10 })));
    expect(lists).toHaveBeenCalledTimes(1);
    await ask({ limit: 11 });
    await ask({ limit: 10, status: 'open' });
    expect(lists).toHaveBeenCalledTimes(3);
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    await ask({ limit: 10 });
    expect(lists).toHaveBeenCalledTimes(4);
    await connection.close();
  });

  it("finds those of a team by the services that are the team's now, and none of a team with no service", async () => {
    const event = trigger();
    const id = await open(event);
    const payments = CONFIGURATION.services.get('payments') as Service;
    const services = new Map([['payments', { ...payments, team: 'ops' }]]);
    const owned = temporalGateway({ client, configuration: () => ({ ...CONFIGURATION, services }) });
    const found = await eventually(
      () => owned.list({ team: 'ops', dedupKey: event.dedupKey, limit: 1 }),
      ({ incidents }) => incidents.length > 0,
    );
    expect(found.incidents.map(({ incident }) => incident.id)).toEqual([id]);
    expect((await owned.list({ team: 'dev', limit: 1 })).incidents).toEqual([]);
  });

  it('finds those of any of several', async () => {
    const event = trigger();
    const id = await open(event);
    const { dedupKey } = event;
    const finding: Partial<IncidentFilter>[] = [
      { status: ['acknowledged', 'triggered'] },
      { status: ['resolved', 'triggered'] },
      { status: ['resolved', 'open'], service: ['search', 'payments'], urgency: ['low', 'high'] },
    ];
    for (const filter of finding) expect(await ids({ dedupKey, ...filter }, 1)).toEqual([id]);
    const failing: Partial<IncidentFilter>[] = [
      { status: ['resolved', 'acknowledged'] },
      { service: ['search', 'other'] },
      { assignee: ['eve', 'mallory'] },
      { service: [HOSTILE[0] ?? '', 'other'] },
    ];
    for (const filter of failing) expect(await ids({ dedupKey, ...filter }, 0)).toEqual([]);
  });

  it('lists a run that went on as another only for what ended in it', () => {
    expect(visibilityQuery({ limit: 1 }, CONFIGURATION)).toContain(
      "(ExecutionStatus != 'ContinuedAsNew' OR IncidentStatus = 'resolved')",
    );
  });

  it('says that no worker polls', async () => {
    expect(await gateway.trouble()).toBe("no worker polls the task queue 'incidents'");
  });
});
