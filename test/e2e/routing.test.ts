/** Events of an integration of no service: where they go, what makes no incident, and what is listed of that. */
import type { IgnoredEvent } from '../../store/store.ts';
import { openedStore } from '../support/preparedStore.ts';
import type { Store } from '../../store/store.ts';
import { historiesOf, replay } from '../support/replay.ts';
import type { Answer, Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const PROM = 'prometheus-key-000000001';
const GUANCE = 'routed-guance-key-000001';
const RULES = `routing:
  - { when: 'event.summary.contains("smoke test")', suppress: true }
  - { when: 'event.severity == "critical" && event.details.region == "cn-north"', set: { service: payments } }
  - set: { service: catch-all }
`;
const configuration = (rules: string): string => `
users:
  - { id: ana, name: Ana, contacts: [{ id: mail, channel: email, to: ana@example.com }] }
  - { id: dan, name: Dan }
escalationPolicies: [{ id: main, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }]
services: [{ id: payments, escalationPolicy: main }, { id: catch-all, escalationPolicy: main }]
integrations:
  - { id: prom, key: ${PROM}, source: events-v2 }
  - { key: ${GUANCE}, source: guance }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
${rules}`;

describe('an integration of no service', () => {
  let store: Store;
  let tocsin: Tocsin;
  beforeAll(async () => {
    store = await openedStore();
    tocsin = await startTocsin(configuration(RULES), { store });
  });
  afterAll(async () => {
    await tocsin?.stop();
    await store?.close();
  });
  afterEach(() => {
    tocsin.reconfigure(configuration(RULES));
    tocsin.smtp.behave();
  });

  const trigger = (key: string, payload: Record<string, unknown> = {}) =>
    tocsin.event(PROM, key, 'trigger', {
      payload: { summary: `disk of ${key}`, source: 'prometheus', severity: 'critical', ...payload },
    });
  const northern = { custom_details: { region: 'cn-north' } };
  const smoke = { summary: 'a smoke test' };
  const opening = async (id: string) => (await tocsin.timeline(id))[0]?.text;
  const listed = async (query: string, enough: (events: readonly IgnoredEvent[]) => boolean) => {
    const ask = async () => (await tocsin.get<{ events: IgnoredEvent[] }>(`/v1/events?${query}`)).body.events;
    return eventually(ask, enough);
  };
  const ofKey = (query: string, dedupKey: string) =>
    listed(query, (events) => events.some((event) => event.dedupKey === dedupKey)).then((events) =>
      events.filter((event) => event.dedupKey === dedupKey),
    );
  const guance = (more: Record<string, unknown>): Promise<Answer> =>
    tocsin.post(`/integrations/guance/${GUANCE}`, {
      df_status: 'critical',
      df_title: 'full',
      df_monitor_checker_id: 'c',
      ...more,
    });

  test('an event goes where the first rule that matches says, and the timeline says which', async () => {
    await trigger('north', northern);
    const incident = await tocsin.incident('north');
    expect(incident).toMatchObject({ service: 'payments', assignees: ['ana'] });
    expect(await opening(incident.id)).toBe(
      'Triggered by prometheus: disk of north; goes to payments: routing rule 2 matched: event.severity == "critical" && event.details.region == "cn-north"',
    );
  });

  test('what matches nothing goes to the last rule, which says so, and what failed on it', async () => {
    await trigger('lost');
    const incident = await tocsin.incident('lost');
    expect(incident.service).toBe('catch-all');
    expect(await opening(incident.id)).toBe(
      'Triggered by prometheus: disk of lost; goes to catch-all: no routing rule matched; rule 3 takes the rest (routing rule 2: field not found: region)',
    );
  });

  test('a suppressed event makes nothing, is answered as that, and is listed', async () => {
    // On a machine that is busy elsewhere a first call may take too long: 503, and a sender sends again.
    const { status, body } = await eventually(
      () => guance({ df_title: 'a smoke test', df_event_id: 'smoke-1' }),
      (answer) => answer.status !== 503,
    );
    const { events } = body as { events?: { dedupKey: string }[] };
    const dedupKey = events?.[0]?.dedupKey ?? '';
    const reason = 'suppressed; routing rule 1 matched: event.summary.contains("smoke test")';
    expect({ status, body }).toEqual({
      status: 202,
      body: { status: 'accepted', events: [{ dedupKey, outcome: 'suppressed', reason }] },
    });
    const [entry] = await ofKey('outcome=suppressed&integration=routed-guance', dedupKey);
    expect(entry).toMatchObject({ outcome: 'suppressed', reason, action: 'trigger', summary: 'a smoke test' });
    await trigger('smoke', smoke);
    await ofKey('outcome=suppressed&integration=prom', 'smoke');
    const { incidents } = (await tocsin.get<{ incidents: unknown[] }>('/v1/incidents?dedupKey=smoke')).body;
    expect(incidents).toEqual([]);
    expect(await listed('outcome=ignored&integration=routed-guance', () => true)).toEqual([]);
  });

  test('the first event of a key that is not suppressed opens its incident', async () => {
    await trigger('later', smoke);
    await trigger('later');
    expect(await tocsin.incident('later')).toMatchObject({ service: 'catch-all', eventCount: 1, previous: null });
  });

  test('an event of an open incident is only counted: no rule moves or suppresses it, today or after a reload', async () => {
    await trigger('moved', { severity: 'warning' });
    const first = await tocsin.incident('moved');
    await trigger('moved', northern);
    tocsin.reconfigure(configuration('routing: [{ suppress: true }]'));
    await trigger('moved', smoke);
    const counted = await eventually(
      () => tocsin.read(first.id),
      ({ eventCount }) => eventCount === 3,
    );
    expect(counted).toMatchObject({ service: 'catch-all', status: 'triggered', alertCount: 1 });
    await tocsin.event(PROM, 'moved', 'resolve');
    await eventually(
      () => tocsin.read(first.id),
      ({ status }) => status === 'resolved',
    );
  });

  test('an acknowledge, a resolve and a command that find nothing open are listed, with who gave the command', async () => {
    await tocsin.event(PROM, 'nothing', 'acknowledge');
    await tocsin.event(PROM, 'nothing', 'resolve');
    const ask = () => ofKey('outcome=ignored&integration=prom', 'nothing');
    const both = await eventually(ask, (events) => events.length === 2);
    expect(both.map(({ action, reason }) => [action, reason])).toEqual([
      ['resolve', 'noOpenIncident'],
      ['acknowledge', 'noOpenIncident'],
    ]);

    await trigger('closed');
    const { id, workflowId } = await tocsin.incident('closed');
    await tocsin.command(id, 'resolve', { as: 'dan' });
    await isClosed(workflowId);
    expect((await tocsin.command(id, 'acknowledge', { as: 'ana' })).status).toBe(409);
    const [late] = await ofKey('outcome=ignored&limit=1', 'closed');
    expect(late).toMatchObject({ action: 'acknowledge', actor: 'ana', incident: id, integration: 'prom' });
    expect(late?.reason).toMatch(/^already resolved by Dan at /);
  });

  const isClosed = (workflowId: string) =>
    eventually(
      () => tocsin.client.workflow.getHandle(workflowId).describe(),
      ({ status }) => status.name === 'COMPLETED',
    );
  /** Resolved, and owing a page that cannot be sent. */
  async function unsettled(key: string) {
    await tocsin.smtp.refuse();
    await trigger(key);
    const incident = await tocsin.incident(key);
    await eventually(
      () => tocsin.ledger(incident.id),
      ([page]) => (page?.attempts.length ?? 0) > 0,
    );
    await tocsin.command(incident.id, 'resolve', { as: 'dan' });
    return incident;
  }

  test('suppressed after a resolved incident that still owes a page: no incident opens, the page is paid, and it ends', async () => {
    const first = await unsettled('owing');
    await trigger('owing', smoke);
    const [entry] = await ofKey('outcome=suppressed&integration=prom', 'owing');
    expect(entry?.reason).toBe('suppressed; routing rule 1 matched: event.summary.contains("smoke test")');
    await tocsin.event(PROM, 'owing', 'resolve');
    // The run that asked is listed as an incident to be, until it knows better.
    await eventually(
      () => tocsin.get<{ incidents: { id: string }[] }>('/v1/incidents?dedupKey=owing'),
      ({ body }) => body.incidents?.[0]?.id === first.id,
    );
    expect(await tocsin.read(first.id)).toMatchObject({ status: 'resolved' });
    await tocsin.smtp.listen();
    await isClosed(first.workflowId);
    expect(await tocsin.ledger(first.id)).toMatchObject([{ status: 'sent' }]);
    // Its own trigger, and the resolve that came too late; not what was suppressed.
    expect(await tocsin.read(first.id)).toMatchObject({ status: 'resolved', eventCount: 2 });
  });

  test('the next trigger after a suppressed one is asked about anew, and opens the next incident', async () => {
    const first = await unsettled('anew');
    await trigger('anew', smoke);
    await ofKey('outcome=suppressed&integration=prom', 'anew');
    await trigger('anew', smoke);
    await eventually(
      () => ofKey('outcome=suppressed&integration=prom', 'anew'),
      (events) => events.length === 2,
    );
    await trigger('anew', northern);
    const second = await eventually(
      () => tocsin.incident('anew'),
      ({ id }) => id !== first.id,
    );
    expect(second).toMatchObject({ previous: first.id, service: 'payments', eventCount: 1, status: 'triggered' });
    expect(second.workflowId).toBe(first.workflowId);
    await tocsin.smtp.listen();
    for (const { id } of [first, second]) {
      await eventually(
        () => tocsin.ledger(id),
        (ledger) => ledger.length === 1 && ledger[0]?.status === 'sent',
      );
    }
    await tocsin.event(PROM, 'anew', 'resolve');
    await isClosed(first.workflowId);
  });

  test('all of this replays', async () => {
    expect(await replay(historiesOf(tocsin.client))).toEqual([]);
  });
});
