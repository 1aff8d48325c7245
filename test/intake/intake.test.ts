/** Events into a real Temporal server; most of it with no worker, which accepted events do not need. */
import { type Client, Connection, Client as TemporalClient } from '@temporalio/client';
import { once } from 'node:events';
import { type Socket, createServer } from 'node:net';
import { temporalIntake } from '../../intake/intake.ts';
import type { Intake } from '../../intake/ports.ts';
import { temporalGateway } from '../../api/temporalGateway.ts';
import type { Integration } from '../../domain/configuration.ts';
import type { Arrival, SourceEvent } from '../../domain/event.ts';
import { parseIncidentId } from '../../domain/identity.ts';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';
import { CONFIGURATION } from '../api/support/standIns.ts';
import { type Temporal, eventually, startTemporal, trigger } from '../api/support/temporal.ts';

const integration = CONFIGURATION.integrations.get('payments-events') as Integration;
const configuration = () => CONFIGURATION;

describe('intake on Temporal', () => {
  let temporal: Temporal;
  let client: Client;
  let intake: Intake;
  beforeAll(async () => {
    temporal = await startTemporal(configuration);
    client = temporal.client;
  });
  afterAll(() => temporal.stop());
  beforeEach(() => {
    intake = temporalIntake({ client, configuration });
  });

  const accept = async (...events: SourceEvent[]) => intake.accept(events.map((event) => ({ integration, event })));
  /** How a workflow was begun, and the signals it got, as the server recorded them. */
  const history = async (incident: string | undefined) => {
    const { workflowId, runId } = parseIncidentId(incident ?? '') ?? { workflowId: '', runId: '' };
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const decoded = (data: Uint8Array | null | undefined): unknown => JSON.parse(Buffer.from(data ?? []).toString());
    const started = events?.[0]?.workflowExecutionStartedEventAttributes;
    const signals = (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
      signal ? [decoded(signal.input?.payloads?.[0]?.data) as Arrival[]] : [],
    );
    const input = decoded(started?.input?.payloads?.[0]?.data) as {
      integration: string;
      open: { arrivals: Arrival[]; previous: string | null; opening: { configuration: string } };
    };
    return {
      input,
      signals,
      counted: [...input.open.arrivals, ...signals.flat()].reduce((sum, { count }) => sum + count, 0),
    };
  };

  it('starts an incident for an unknown key, with all that its first task needs', async () => {
    const event = trigger();
    const [accepted] = await accept(event);
    expect(accepted).toMatchObject({ dedupKey: event.dedupKey, outcome: 'accepted', opened: true });
    const { input } = await history(accepted?.incident);
    expect(input).toMatchObject({
      integration: 'payments-events',
      open: {
        previous: null,
        arrivals: [{ count: 1, event }],
        opening: { configuration: 'test', answer: { levels: [{ level: 1 }] } },
      },
    });
  });

  it('shows what it is about before its first task has run', async () => {
    const event = trigger({ dedupKey: '磁'.repeat(100) });
    const [accepted] = await accept(event);
    const { workflowId } = parseIncidentId(accepted?.incident ?? '') ?? { workflowId: '' };
    const description = await client.workflow.getHandle(workflowId).describe();
    expect(description.memo).toEqual({ summary: event.summary });
    expect(await description.staticSummary()).toBe(event.summary);
    const attributes = description.typedSearchAttributes;
    expect(attributes.get(SEARCH_ATTRIBUTES.IncidentStatus)).toBe('triggered');
    expect(attributes.get(SEARCH_ATTRIBUTES.ServiceId)).toBe('payments');
    expect(attributes.get(SEARCH_ATTRIBUTES.Severity)).toBe('critical');
    expect(attributes.get(SEARCH_ATTRIBUTES.Urgency)).toBe('high');
    expect(attributes.get(SEARCH_ATTRIBUTES.Assignees)).toEqual(['ana']);
    expect(attributes.get(SEARCH_ATTRIBUTES.DedupKey)).toBe('磁'.repeat(85));
  });

  it('counts 200 simultaneous events of one key in one incident, by few calls', async () => {
    const dedupKey = trigger().dedupKey;
    const answers = await Promise.all(Array.from({ length: 200 }, () => accept(trigger({ dedupKey }))));
    const accepted = answers.flat();
    expect(new Set(accepted.map(({ incident }) => incident)).size).toBe(1);
    expect(accepted.filter(({ opened }) => opened)).toHaveLength(1);
    const { counted, signals } = await history(accepted[0]?.incident);
    expect(counted).toBe(200);
    expect(signals.length).toBeLessThanOrEqual(3);
  });

  it('opens one incident for one key from four API nodes at once, and counts every event [L2.2] [F 4]', async () => {
    const dedupKey = trigger().dedupKey;
    const nodes = Array.from({ length: 4 }, () => temporalIntake({ client, configuration }));
    const answers = await Promise.all(
      nodes.flatMap((node) =>
        Array.from({ length: 10 }, () => node.accept([{ integration, event: trigger({ dedupKey }) }])),
      ),
    );
    expect(new Set(answers.flat().map(({ incident }) => incident)).size).toBe(1);
    expect(answers.flat().filter(({ opened }) => opened)).toHaveLength(1);
    expect((await history(answers[0]?.[0]?.incident)).counted).toBe(40);
  });

  it('keeps every change of action and severity, in order', async () => {
    const dedupKey = trigger().dedupKey;
    await accept(trigger({ dedupKey }));
    const later: Partial<SourceEvent>[] = [
      { severity: 'warning' },
      { severity: 'warning', summary: 'the latest' },
      { action: 'resolve' },
      { severity: 'critical' },
      { action: 'acknowledge' },
    ];
    const [first] = await accept(...later.map((event) => trigger({ dedupKey, ...event })));
    const { signals } = await history(first?.incident);
    expect(signals.flat().map(({ count, event }) => [count, event.action, event.severity, event.summary])).toEqual([
      [2, 'trigger', 'warning', 'the latest'],
      [1, 'resolve', 'critical', 'disk of db1 is full'],
      [1, 'trigger', 'critical', 'disk of db1 is full'],
      [1, 'acknowledge', 'critical', 'disk of db1 is full'],
    ]);
    expect(new Set(signals.flat().map(({ id }) => id)).size).toBe(4);
  });

  it('takes a group with more than Temporal takes at once by several calls, its alerts apart and in order', async () => {
    const groupKey = `{}:${trigger().dedupKey}`;
    const details = { log: 'x'.repeat(32_000) };
    const alerts = Array.from({ length: 80 }, (_, index) => trigger({ groupKey, dedupKey: `alert ${index}`, details }));
    const answers = await accept(...alerts);
    expect(new Set(answers.map(({ incident }) => incident)).size).toBe(1);
    const { input, signals } = await history(answers[0]?.incident);
    const calls = [input.open.arrivals, ...signals];
    expect(calls.length).toBeLessThan(5);
    expect(calls.flat().map(({ event }) => event.dedupKey)).toEqual(alerts.map(({ dedupKey }) => dedupKey));
  });

  it('keeps apart from later events one that says that alerts were left out', async () => {
    const { dedupKey } = trigger();
    const [first] = await accept(trigger({ dedupKey }), trigger({ dedupKey, leftOut: 3 }), trigger({ dedupKey }));
    const { input } = await history(first?.incident);
    expect(input.open.arrivals.map(({ event }) => event.leftOut)).toEqual([undefined, 3, undefined]);
  });

  it('keeps apart equal keys of two integrations, and keys that differ by case', async () => {
    const dedupKey = trigger().dedupKey;
    const other = CONFIGURATION.integrations.get('payments-guance') as Integration;
    const answers = await Promise.all([
      intake.accept([{ integration, event: trigger({ dedupKey }) }]),
      intake.accept([{ integration: other, event: trigger({ dedupKey }) }]),
      intake.accept([{ integration, event: trigger({ dedupKey: dedupKey.toUpperCase() }) }]),
    ]);
    expect(new Set(answers.flat().map(({ incident }) => incident)).size).toBe(3);
  });

  it('ignores an acknowledge and a resolve without an open incident, and creates nothing [L2.6] [F 6]', async () => {
    const dedupKey = trigger().dedupKey;
    const answers = await accept(
      trigger({ dedupKey, action: 'acknowledge' }),
      trigger({ dedupKey, action: 'resolve' }),
    );
    const ignored = { dedupKey, outcome: 'ignored', opened: false, reason: 'noOpenIncident' };
    expect(answers).toEqual([ignored, ignored]);
    const [opened] = await accept(trigger({ dedupKey }));
    expect((await history(opened?.incident)).input.open.previous).toBeNull();
  });

  it('ignores what came before the trigger that opens', async () => {
    const { dedupKey } = trigger();
    const [resolve, opening] = await accept(trigger({ dedupKey, action: 'resolve' }), trigger({ dedupKey }));
    expect([resolve?.outcome, opening?.outcome, opening?.opened]).toEqual(['ignored', 'accepted', true]);
    const { input } = await history(opening?.incident);
    expect(input.open.arrivals.map(({ event }) => event.action)).toEqual(['trigger']);
  });

  it('routes each trigger until one opens: none that is not suppressed is merged into one that is', async () => {
    const rule = {
      when: null,
      suppress: false,
      service: null,
      severity: null,
      priority: null,
      urgency: null,
      holdFor: null,
    };
    const routing = [
      { ...rule, when: 'event.summary == "smoke"', suppress: true },
      { ...rule, service: 'payments' },
    ];
    const routed = temporalIntake({ client, configuration: () => ({ ...CONFIGURATION, routing }) });
    const { dedupKey } = trigger();
    const send = (...summaries: string[]) =>
      routed.accept(
        summaries.map((summary) => ({
          integration: { ...integration, id: 'routed', service: null },
          event: trigger({ dedupKey, summary }),
        })),
      );
    const reason = 'suppressed; routing rule 1 matched: event.summary == "smoke"';
    const suppressed = { dedupKey, outcome: 'suppressed', opened: false, reason };
    expect(await send('smoke', 'smoke')).toEqual([suppressed, suppressed]);
    const answers = await send('smoke', 'disk full', 'smoke', 'smoke');
    const incident = answers[1]?.incident;
    expect(answers).toEqual([
      suppressed,
      { dedupKey, outcome: 'accepted', opened: true, incident },
      { dedupKey, outcome: 'accepted', opened: false, incident },
      { dedupKey, outcome: 'accepted', opened: false, incident },
    ]);
    const { input, counted } = await history(incident);
    expect(input.open.arrivals.map(({ event, count }) => [event.summary, count])).toEqual([
      ['disk full', 1],
      ['smoke', 2],
    ]);
    expect(counted).toBe(3);
  });

  it('starts a new incident after the last one is closed, and names that one', async () => {
    const dedupKey = trigger().dedupKey;
    const [first] = await accept(trigger({ dedupKey }));
    const { workflowId } = parseIncidentId(first?.incident ?? '') ?? { workflowId: '' };
    await client.workflow.getHandle(workflowId).terminate();
    // This intake still believes it open, and a fresh one knows nothing.
    const [second] = await accept(trigger({ dedupKey }));
    expect(second).toMatchObject({ opened: true });
    expect((await history(second?.incident)).input.open.previous).toBe(first?.incident);
    await client.workflow.getHandle(workflowId).terminate();
    const [third] = await temporalIntake({ client, configuration }).accept([
      { integration, event: trigger({ dedupKey }) },
    ]);
    expect((await history(third?.incident)).input.open.previous).toBe(second?.incident);
    expect(new Set([first, second, third].map((answer) => answer?.incident)).size).toBe(3);
  });

  it('throws TEMPORAL_UNAVAILABLE within its deadline where Temporal does not answer [L2.9] [F 12]', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    const connection = Connection.lazy({ address: `127.0.0.1:${port}` });
    const nowhere = temporalIntake({ client: new TemporalClient({ connection }), configuration });
    const began = Date.now();
    await expect(nowhere.accept([{ integration, event: trigger() }])).rejects.toMatchObject({
      code: 'TEMPORAL_UNAVAILABLE',
    });
    expect(Date.now() - began).toBeLessThan(6_000);
    await connection.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });

  it('names the previous incident by its own id once a worker has written it, and the workflow counts what the intake merged', async () => {
    await temporal.startWorker();
    const gateway = temporalGateway({ client, configuration });
    const dedupKey = trigger().dedupKey;
    const [opened] = await accept(trigger({ dedupKey }));
    await Promise.all(Array.from({ length: 50 }, () => accept(trigger({ dedupKey }))));
    const id = opened?.incident ?? '';
    const counted = await eventually(
      () => gateway.read(id),
      (found) => found?.incident.eventCount === 51,
    );
    expect(counted?.incident).toMatchObject({ id, eventCount: 51, alertCount: 1, status: 'triggered' });
    await accept(trigger({ dedupKey, action: 'resolve' }));
    const resolved = await eventually(
      () => gateway.read(id),
      (found) => found?.incident.status === 'resolved',
    );
    expect(resolved?.incident.status).toBe('resolved');
    const [second] = await accept(trigger({ dedupKey }));
    const next = await eventually(
      () => gateway.list({ dedupKey, status: 'open', limit: 10 }).then(({ incidents }) => incidents[0]),
      (found) => found?.incident.previous === id,
    );
    expect(next?.incident).toMatchObject({ previous: id, eventCount: 1 });
    if (second?.incident !== undefined) expect(second.incident).toBe(next?.incident.id);
  });
});
