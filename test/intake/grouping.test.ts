/** Alerts of a service that groups, into a real Temporal server, by a real store; without a worker, which accepted events do not need. */
import type { Client } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import { executions } from '../../intake/executions.ts';
import { idleGroups } from '../../intake/idleGroups.ts';
import { temporalIntake } from '../../intake/intake.ts';
import type { AcceptedEvent, Intake } from '../../intake/ports.ts';
import { temporalGateway } from '../../api/temporalGateway.ts';
import type { Configuration, Grouping, Integration } from '../../domain/configuration.ts';
import { seconds } from '../../domain/duration.ts';
import type { Arrival, SourceEvent } from '../../domain/event.ts';
import { parseIncidentId } from '../../domain/identity.ts';
import type { Route } from '../../domain/route.ts';
import type { Store } from '../../store/store.ts';
import { service } from '../support/configurations.ts';
import { sleep } from '../support/eventually.ts';
import { type GatedStore, gatedStore } from '../support/gatedStore.ts';
import { NO_STORE } from '../support/noStore.ts';
import { CONFIGURATION } from '../api/support/standIns.ts';
import { type Temporal, eventually, startTemporal, trigger } from '../api/support/temporal.ts';

const BY_CLUSTER: Grouping = { by: ['event.details.cluster'], window: null };
const grouped = (grouping: Grouping | null = BY_CLUSTER): Configuration => ({
  ...CONFIGURATION,
  services: new Map([['payments', service({ grouping })]]),
});
const integrationOf = (id: string): Integration => CONFIGURATION.integrations.get(id)!;
const EVENTS = integrationOf('payments-events');

let temporal: Temporal;
let client: Client;
let gate: GatedStore;
beforeAll(async () => {
  [temporal, gate] = await Promise.all([startTemporal(() => CONFIGURATION), gatedStore()]);
  client = temporal.client;
});
afterAll(async () => {
  gate.away(false);
  await gate.store.close();
  await temporal.stop();
});
afterEach(() => gate.away(false));

const intakeOf = (configuration: Configuration = grouped(), store: Store = gate.store): Intake =>
  temporalIntake({ client, store, configuration: () => configuration });
/** Alerts of one cluster that no other test has. */
function cluster() {
  const name = `eu-${randomUUID()}`;
  const alert = (more: Partial<SourceEvent> = {}): SourceEvent => trigger({ details: { cluster: name }, ...more });
  return { name, alert };
}
async function send(intake: Intake, event: SourceEvent, integration = EVENTS): Promise<AcceptedEvent> {
  const [accepted] = await intake.accept([{ integration, event }]);
  return accepted!;
}
const workflowOf = ({ incident }: AcceptedEvent) => parseIncidentId(incident ?? '')?.workflowId ?? '';
const end = (accepted: AcceptedEvent) => client.workflow.getHandle(workflowOf(accepted)).terminate();

interface Input {
  readonly integration: string;
  readonly open: { arrivals: Arrival[]; previous: string | null; opening: { route: Route } };
}
/** How an incident's workflow was begun, and every arrival that it got, as the server recorded them. */
async function historyOf(accepted: AcceptedEvent): Promise<{ input: Input; arrivals: Arrival[]; calls: number }> {
  const { workflowId, runId } = parseIncidentId(accepted.incident ?? '')!;
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const decoded = (data: Uint8Array | null | undefined): unknown => JSON.parse(Buffer.from(data ?? []).toString());
  const input = decoded(events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data) as Input;
  const signals = (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
    signal ? [decoded(signal.input?.payloads?.[0]?.data) as Arrival[]] : [],
  );
  return { input, arrivals: [...input.open.arrivals, ...signals.flat()], calls: signals.length };
}

describe('alerts of one group', () => {
  test('[L2.1] [L2.2] open one incident, whose workflow is of the group, and are named by integration and dedup key', async () => {
    const intake = intakeOf();
    const { name, alert } = cluster();
    const first = alert();
    const opened = await send(intake, first);
    expect(opened).toMatchObject({ dedupKey: first.dedupKey, outcome: 'accepted', opened: true });
    expect(opened.incident).toMatch(/^group\.payments\.[0-9a-f]{32}\.[0-9a-f]{32}$/);
    expect(workflowOf(opened)).toMatch(/^incident\/group\/payments\/[0-9a-f]{32}$/);
    // The same dedup key by another integration is another alert.
    const joined = await send(intake, first, integrationOf('payments-guance'));
    expect(joined).toEqual({ dedupKey: first.dedupKey, outcome: 'accepted', opened: false, incident: opened.incident });

    const { input, arrivals } = await historyOf(opened);
    expect(input).toMatchObject({ integration: 'group/payments', open: { previous: null } });
    const groupKey = `details.cluster="${name}"`;
    expect(arrivals.map(({ count, event }) => [count, event.integration, event.dedupKey, event.groupKey])).toEqual([
      [1, 'payments-events', first.dedupKey, groupKey],
      [1, 'payments-guance', first.dedupKey, groupKey],
    ]);
  });

  test('[L2.1] of another value, or of none, are other incidents; those that lack it are together', async () => {
    const intake = intakeOf({ ...grouped({ by: ['event.details.cluster', 'event.class'], window: null }) });
    const answers = await Promise.all([
      send(intake, cluster().alert()),
      send(intake, cluster().alert()),
      send(intake, trigger({ class: 'lacking' })),
      send(intake, trigger({ class: 'lacking', details: { other: 'x' } })),
    ]);
    expect(new Set(answers.map(({ incident }) => incident)).size).toBe(3);
    expect(answers[2].incident).toBe(answers[3].incident);
  });

  test('[L2.2] [F 4] that come first at once to two API processes are one incident, each alert counted once', async () => {
    const nodes = [intakeOf(), intakeOf()];
    const { alert } = cluster();
    const alerts = Array.from({ length: 50 }, () => alert());
    const answers = await Promise.all(alerts.map((event, nth) => send(nodes[nth % 2]!, event)));
    expect(new Set(answers.map(({ incident }) => incident)).size).toBe(1);
    expect(answers.filter(({ opened }) => opened)).toHaveLength(1);
    const { arrivals } = await historyOf(answers[0]!);
    expect(arrivals.map(({ count }) => count)).toEqual(alerts.map(() => 1));
    expect(new Set(arrivals.map(({ event }) => event.dedupKey))).toEqual(
      new Set(alerts.map(({ dedupKey }) => dedupKey)),
    );
  });

  test('[L2.3] [F 4] one new alert that comes to two API processes at once, 50 times, is one alert in one incident', async () => {
    const nodes = [intakeOf(), intakeOf()];
    const event = cluster().alert();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, nth) => send(nodes[nth % 2]!, event)));
    expect(new Set(answers.map(({ incident }) => incident)).size).toBe(1);
    expect(answers.filter(({ opened }) => opened)).toHaveLength(1);
    const { arrivals, calls } = await historyOf(answers[0]!);
    expect(arrivals.reduce((sum, { count }) => sum + count, 0)).toBe(50);
    expect(calls).toBeLessThanOrEqual(8);
  });

  test('[L2.10] a storm on one alert asks the store a few times, and is a few calls', async () => {
    let asked = 0;
    const counting = new Proxy(gate.store, {
      get: (store, name) => {
        if (name === 'groupsOf' || name === 'joinGroups') asked += 1;
        return store[name as keyof Store];
      },
    });
    const event = cluster().alert();
    const intake = intakeOf(grouped(), counting);
    const answers = await Promise.all(Array.from({ length: 200 }, () => send(intake, event)));
    const { arrivals, calls } = await historyOf(answers[0]!);
    expect(arrivals.reduce((sum, { count }) => sum + count, 0)).toBe(200);
    expect(calls).toBeLessThanOrEqual(3);
    expect(asked).toBeLessThanOrEqual(6);
  });

  test('[L2.3] events of one request keep their order: a resolve before the trigger finds nothing, one after it does', async () => {
    const { alert } = cluster();
    const event = alert();
    const actions = ['resolve', 'trigger', 'acknowledge', 'resolve'] as const;
    const answers = await intakeOf().accept(
      actions.map((action) => ({ integration: EVENTS, event: { ...event, action } })),
    );
    const { arrivals } = await historyOf(answers[1]!);
    expect(arrivals.map(({ event: { action } }) => action)).toEqual(['trigger', 'acknowledge', 'resolve']);
    expect(answers.map(({ outcome, opened }) => [outcome, opened])).toEqual([
      ['ignored', false],
      ['accepted', true],
      ['accepted', false],
      ['accepted', false],
    ]);
  });
});

describe('an alert that is in a group', () => {
  test('[L2.3] stays with its incident: whatever it says later, and whatever API process it comes to', async () => {
    const { alert } = cluster();
    const event = alert();
    const opened = await send(intakeOf(), event);
    const later: Partial<SourceEvent>[] = [
      { details: { cluster: 'another' } },
      { action: 'acknowledge' },
      { action: 'resolve', summary: 'fine' },
      { severity: 'warning' },
    ];
    for (const more of later) {
      const { details: _details, ...rest } = event;
      expect(await send(intakeOf(), { ...rest, ...more })).toMatchObject({
        outcome: 'accepted',
        incident: opened.incident,
      });
    }
    expect((await historyOf(opened)).arrivals.map(({ event: { action } }) => action)).toEqual([
      'trigger',
      'trigger',
      'acknowledge',
      'resolve',
      'trigger',
    ]);
  });

  test('[L2.3] a new alert later than the window begins the next incident, whose key has the start of its window; the alerts before stay where they are', async () => {
    const intake = intakeOf(grouped({ ...BY_CLUSTER, window: seconds(1) }));
    const { name, alert } = cluster();
    const [early, late] = [alert(), alert()];
    const before = Date.now();
    const first = await send(intake, early);
    await sleep(1_100);
    const second = await send(intake, late);
    expect(second).toMatchObject({ outcome: 'accepted', opened: true });
    expect(workflowOf(second)).not.toBe(workflowOf(first));
    expect(await send(intake, early)).toMatchObject({ incident: first.incident, opened: false });
    expect(await send(intake, { ...early, action: 'resolve' })).toMatchObject({ incident: first.incident });
    expect(await send(intake, alert())).toMatchObject({ incident: second.incident, opened: false });
    const keys = await Promise.all(
      [first, second].map(async (each) => (await historyOf(each)).input.open.arrivals[0]!.event.groupKey),
    );
    const [, since = ''] = /^details\.cluster="[^"]*" since (.*Z)$/.exec(keys[0]!) ?? [];
    expect(keys[0]).toContain(name);
    expect(Date.parse(since)).toBeGreaterThanOrEqual(before);
    expect(keys[1]).not.toBe(keys[0]);
  });

  test('[L2.3] [L2.7] is new in its group when its incident is closed: the next one of the key names the one before', async () => {
    const intake = intakeOf();
    const { alert } = cluster();
    const [event, other] = [alert(), alert()];
    const first = await send(intake, event);
    await send(intake, other);
    await end(first);
    expect(await send(intake, { ...other, action: 'resolve' })).toMatchObject({
      outcome: 'ignored',
      reason: 'noOpenIncident',
    });
    const second = await send(intake, event);
    expect(second).toMatchObject({ opened: true });
    expect(workflowOf(second)).toBe(workflowOf(first));
    expect((await historyOf(second)).input.open.previous).toBe(first.incident);
    // Another process, which knows of neither.
    expect(await send(intakeOf(), { ...other, severity: 'warning' })).toMatchObject({ incident: second.incident });
  });

  test('[L2.3] is in the next window when its incident is closed and the window is over', async () => {
    const intake = intakeOf(grouped({ ...BY_CLUSTER, window: seconds(1) }));
    const event = cluster().alert();
    const first = await send(intake, event);
    await end(first);
    await sleep(1_100);
    const second = await send(intake, event);
    expect(second).toMatchObject({ opened: true });
    expect(workflowOf(second)).not.toBe(workflowOf(first));
    await send(intake, { ...event, action: 'resolve' });
    expect((await historyOf(second)).arrivals.map(({ event: { action } }) => action)).toEqual(['trigger', 'resolve']);
  });
});

describe('with the store away', () => {
  test('[L2.3] a trigger opens and joins an incident under its own key, which says that it is not grouped', async () => {
    const intake = intakeOf();
    const { alert } = cluster();
    const event = alert();
    gate.away(true);
    const opened = await send(intake, event);
    expect(workflowOf(opened)).toMatch(/^incident\/payments-events\/[0-9a-f]{32}$/);
    expect(await send(intake, event)).toMatchObject({ incident: opened.incident, opened: false });
    expect(await send(intake, alert())).toMatchObject({ opened: true });
    const { input } = await historyOf(opened);
    expect(input.open.opening.route.remarks).toEqual(['not grouped: the store cannot be reached']);
    expect(input.open.arrivals[0]!.event).toEqual(event);

    gate.away(false);
    // Without an entry it is looked for under its own key.
    expect(await send(intake, event)).toMatchObject({ incident: opened.incident, opened: false });
    expect(await send(intake, { ...event, action: 'resolve' })).toMatchObject({ incident: opened.incident });
    expect((await historyOf(opened)).arrivals.map(({ event: { action } }) => action)).toEqual([
      'trigger',
      'trigger',
      'trigger',
      'resolve',
    ]);
  });

  test.each(['acknowledge', 'resolve'] as const)('[L2.3] [L2.9] an %s is refused, to be sent again', async (action) => {
    const intake = intakeOf();
    const event = cluster().alert();
    const opened = await send(intake, event);
    gate.away(true);
    await expect(send(intake, { ...event, action })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    gate.away(false);
    expect(await send(intake, { ...event, action })).toMatchObject({ outcome: 'accepted', incident: opened.incident });
  });

  test('[L2.3] what fired alone, because its group could not be learnt, is resolved together with the alert in the group', async () => {
    const intake = intakeOf();
    const event = cluster().alert();
    const inGroup = await send(intake, event);
    gate.away(true);
    const alone = await send(intake, event);
    expect(alone).toMatchObject({ opened: true });
    gate.away(false);
    expect(await send(intake, { ...event, action: 'resolve' })).toMatchObject({ incident: inGroup.incident });
    for (const each of [inGroup, alone]) {
      expect((await historyOf(each)).arrivals.map(({ event: { action } }) => action)).toEqual(['trigger', 'resolve']);
    }
  });

  test('[L2.3] where there is none and never will be, alerts are alone, and so are their resolves', async () => {
    const intake = intakeOf(grouped(), NO_STORE);
    const event = cluster().alert();
    const opened = await send(intake, event);
    expect((await historyOf(opened)).input.open.opening.route.remarks).toEqual([
      'not grouped: this installation has no store',
    ]);
    expect(await send(intake, { ...event, action: 'resolve' })).toMatchObject({ incident: opened.incident });
  });

  test('[L2.3] a service that does not group needs no store', async () => {
    gate.away(true);
    const event = cluster().alert();
    const opened = await send(intakeOf(grouped(null)), event);
    expect((await historyOf(opened)).input.open.opening.route.remarks).toEqual([]);
    expect(await send(intakeOf(grouped(null)), { ...event, action: 'resolve' })).toMatchObject({ outcome: 'accepted' });
  });
});

describe('beside others', () => {
  test('[L2.1] an incident that is open under its own key keeps its alert when its service begins to group', async () => {
    const event = cluster().alert();
    const alone = await send(intakeOf(grouped(null)), event);
    expect(await send(intakeOf(), event)).toMatchObject({ incident: alone.incident, opened: false });
    await end(alone);
    expect((await send(intakeOf(), event)).incident).toMatch(/^group\.payments\./);
  });

  test("[L2.1] a group of the source's own gives way to the service's: what is said of the whole group is not taken", async () => {
    const integration = integrationOf('payments-alertmanager');
    const { name, alert } = cluster();
    const groupKey = `{}:${name}`;
    const [one, two] = [alert({ groupKey, leftOut: 50 }), alert({ groupKey })];
    const intake = intakeOf();
    const opened = await send(intake, one, integration);
    const elsewhere = await send(intake, alert());
    expect(elsewhere.incident).toBe(opened.incident);
    await send(intake, two, integration);
    const resolve = { ...two, action: 'resolve', groupResolved: true } as const;
    expect(await send(intake, resolve, integration)).toMatchObject({ incident: opened.incident });
    const { arrivals } = await historyOf(opened);
    expect(arrivals.map(({ event: { action } }) => action)).toEqual(['trigger', 'trigger', 'trigger', 'resolve']);
    for (const { event } of arrivals) {
      expect(event).not.toHaveProperty('groupResolved');
      expect(event).not.toHaveProperty('leftOut');
    }
    expect(new Set(arrivals.map(({ event }) => event.groupKey))).toEqual(new Set([`details.cluster="${name}"`]));
  });

  test('[L2.1] what a person opens by hand is an incident of its own', async () => {
    const event = cluster().alert();
    const opened = await send(intakeOf(), event, integrationOf('manual-payments'));
    expect(workflowOf(opened)).toMatch(/^incident\/manual-payments\//);
  });

  test('[L2.1] an alert that routing sends to a service that groups is in its group, and is routed once; one that is sent elsewhere is not', async () => {
    const rule = {
      when: null,
      suppress: false,
      service: null,
      severity: null,
      priority: null,
      urgency: null,
      holdFor: null,
    };
    const configuration: Configuration = {
      ...grouped(),
      services: new Map([
        ['payments', service({ grouping: BY_CLUSTER })],
        ['search', service({ id: 'search' })],
      ]),
      routing: [
        { ...rule, when: 'event.class == "smoke"', suppress: true },
        { ...rule, when: 'event.class == "search"', service: 'search' },
        { ...rule, service: 'payments', priority: 'P2' },
      ],
    };
    const routed: Integration = { ...EVENTS, id: 'routed', service: null };
    const intake = intakeOf(configuration);
    const { alert } = cluster();
    const event = alert();
    const opened = await send(intake, event, routed);
    expect(workflowOf(opened)).toMatch(/^incident\/group\/payments\//);
    expect((await historyOf(opened)).input.open.opening.route).toMatchObject({ rule: 3, priority: 'P2' });
    expect(await send(intake, alert(), EVENTS)).toMatchObject({ incident: opened.incident });
    // No rule is asked about an alert that is in an incident.
    expect(await send(intake, { ...event, class: 'smoke' }, routed)).toMatchObject({ incident: opened.incident });
    expect(await send(intake, alert({ class: 'smoke' }), routed)).toMatchObject({ outcome: 'suppressed' });
    const other = await send(intake, alert({ class: 'search' }), routed);
    expect(workflowOf(other)).toMatch(/^incident\/routed\//);
    expect((await historyOf(other)).input.open.opening.route).toMatchObject({ service: 'search', remarks: [] });
  });
});

test('[L2.9] an event that cannot be placed takes none with it that came at the same time', async () => {
  const rule = { suppress: false, severity: null, priority: null, urgency: null, holdFor: null };
  const intake = intakeOf({ ...grouped(), routing: [{ ...rule, when: 'false', service: 'payments' }] });
  const [failed, taken] = await Promise.allSettled([
    send(intake, trigger(), { ...EVENTS, id: 'routed', service: null }),
    send(intake, cluster().alert()),
  ]);
  expect(failed).toMatchObject({ status: 'rejected', reason: { message: expect.stringContaining('no routing rule') } });
  expect(taken).toMatchObject({ status: 'fulfilled', value: { outcome: 'accepted', opened: true } });
});

test('[L2.3] what the store knows of alerts that nothing is heard of is forgotten once their incident is closed, and not before', async () => {
  const hours = 3_600_000;
  const earlier = new Proxy(gate.store, {
    get: (store, name) =>
      name === 'groupsOf' || name === 'joinGroups'
        ? (of: never, now: number) => store[name](of, now - 3 * hours)
        : store[name as keyof Store],
  });
  const [open, closed] = [cluster().alert(), cluster().alert()];
  await send(intakeOf(grouped(), earlier), open);
  await end(await send(intakeOf(grouped(), earlier), closed));
  idleGroups(gate.store, executions(client))();
  const idle = await eventually(
    () => gate.store.idleGroups(Date.now() - 2 * hours, 100),
    (groups) => groups.length === 0,
  );
  expect(idle).toEqual([]);
  const names = [open, closed].map(({ dedupKey }) => ({ integration: EVENTS.id, dedupKey }));
  const [kept, forgotten] = await gate.store.groupsOf(names, Date.now());
  expect(kept).toMatchObject({ service: 'payments' });
  expect(forgotten).toBeUndefined();
});

test('[L2.8] a group whose key is long is found by it', async () => {
  const { name, alert } = cluster();
  const by = Array.from({ length: 10 }, (_, nth) => `event.details["${'x'.repeat(80)}${nth}"]`);
  const opened = await send(
    intakeOf(grouped({ by: ['event.details.cluster', ...by.slice(1)], window: null })),
    alert(),
  );
  const [{ event }] = (await historyOf(opened)).arrivals as [Arrival];
  const key = event.groupKey!;
  expect(key.startsWith(`details.cluster="${name}", event.details["xxx`)).toBe(true);
  expect(Buffer.byteLength(key)).toBeGreaterThan(255);
  expect(key.length).toBeLessThan(10 * 200);
  const gateway = temporalGateway({ client, configuration: () => grouped() });
  const { incidents } = await eventually(
    () => gateway.list({ dedupKey: key, limit: 10 }),
    (page) => page.incidents.length > 0,
  );
  expect(incidents.map(({ workflowId }) => workflowId)).toEqual([workflowOf(opened)]);
});
