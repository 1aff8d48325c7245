/** A group of Alertmanager with a thousand alerts, about 1 MB: through the API, Temporal and the worker (lifecycle §4, Limits). */
import { temporalIntake } from '../../intake/intake.ts';
import { parseIncidentId } from '../../domain/identity.ts';
import { incidentQuery } from '../../workflows/messages.ts';
import { ALERTMANAGER_KEY, CONFIGURATION, type StandIns, apiOnStandIns } from './support/standIns.ts';
import { type Temporal, eventually, startTemporal } from './support/temporal.ts';

const configuration = () => CONFIGURATION;

const group = (count: number, status: 'firing' | 'resolved', { name = 'DiskFull', sentences = 45 } = {}) => ({
  receiver: 'tocsin',
  status,
  groupKey: `{}/{team="payments"}:{alertname="${name}", cluster="c1", zone="${'z'.repeat(200)}"}`,
  externalURL: 'http://alertmanager.example.com:9093',
  truncatedAlerts: 0,
  alerts: Array.from({ length: count }, (_, index) => ({
    status,
    labels: { alertname: name, cluster: 'c1', instance: `db${index}:9100`, severity: 'critical' },
    annotations: { summary: `disk of db${index} is full`, description: 'It fills up. '.repeat(sentences) },
    startsAt: '2026-11-21T06:58:49Z',
    endsAt: status === 'firing' ? '0001-01-01T00:00:00Z' : '2026-11-21T07:58:49Z',
    generatorURL: `http://prometheus.example.com/graph?g0.expr=${'x'.repeat(100)}`,
    fingerprint: index.toString(16).padStart(16, '0'),
  })),
});

describe('a group of a thousand alerts', () => {
  let temporal: Temporal;
  let api: StandIns;
  beforeAll(async () => {
    temporal = await startTemporal(configuration);
    await temporal.startWorker();
    api = await apiOnStandIns({ intake: temporalIntake({ client: temporal.client, configuration }) });
  });
  afterAll(async () => {
    await api.app.close();
    await temporal.stop();
  });

  /** The incident that all of its events are in. */
  async function post(body: unknown): Promise<string> {
    const payload = JSON.stringify(body);
    const url = `/integrations/alertmanager/${ALERTMANAGER_KEY}`;
    const answer = await api.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      payload,
    });
    expect(answer.statusCode).toBe(202);
    const { events } = answer.json<{ events: { incident: string; outcome: string }[] }>();
    expect(new Set(events.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
    const ids = new Set(events.map(({ incident }) => incident));
    expect([events.length, ids.size]).toEqual([1_000, 1]);
    return [...ids][0] ?? '';
  }

  it('comes in whole by few calls, as one incident, and is resolved as a whole', async () => {
    const body = group(1_000, 'firing');
    expect(JSON.stringify(body).length).toBeGreaterThan(900_000);
    const id = await post(body);
    const { workflowId } = parseIncidentId(id) ?? { workflowId: '' };
    const handle = temporal.client.workflow.getHandle(workflowId);
    const seen = async () => (await handle.query(incidentQuery))?.incident;
    const open = await eventually(seen, (incident) => incident?.eventCount === 1_000);
    expect(open).toMatchObject({ status: 'triggered', alertCount: 1_000, eventCount: 1_000, alertsTruncated: false });
    expect(new Set(open?.alerts.map(({ dedupKey }) => dedupKey)).size).toBe(1_000);
    const { events = [] } = await handle.fetchHistory();
    const signals = events?.filter(({ workflowExecutionSignaledEventAttributes: signal }) => Boolean(signal));
    expect(signals?.length).toBeLessThan(8);

    expect(await post(group(1_000, 'resolved'))).toBe(id);
    const ended = await eventually(
      async () => (await handle.describe()).status.name,
      (status) => status === 'COMPLETED',
    );
    expect(ended).toBe('COMPLETED');
    expect(await seen()).toMatchObject({ status: 'resolved', id });
    const { events: all } = await handle.fetchHistory();
    const failures = (all ?? []).flatMap(
      ({ workflowTaskFailedEventAttributes: failed }) => failed?.failure?.message ?? [],
    );
    expect(failures.filter((text) => text !== 'UnhandledCommand')).toEqual([]);
  });

  it('opens the next incident with more than Temporal takes in one payload, once a worker is back', async () => {
    const about = { name: 'DiskSlow', sentences: 150 };
    await temporal.stopWorker();
    const first = await post(group(1_000, 'firing', about));
    expect(await post(group(1_000, 'resolved', about))).toBe(first);
    expect(JSON.stringify(group(1_000, 'firing', about)).length).toBeGreaterThan(2 * 1_024 * 1_024);
    expect(await post(group(1_000, 'firing', about))).toBe(first);
    await temporal.startWorker();
    const { workflowId } = parseIncidentId(first) ?? { workflowId: '' };
    const handle = temporal.client.workflow.getHandle(workflowId);
    const next = await eventually(
      async () => (await handle.query(incidentQuery).catch(() => null))?.incident,
      (incident) => incident?.previous === first && incident.eventCount === 1_000,
    );
    expect(next).toMatchObject({ previous: first, status: 'triggered', alertCount: 1_000, eventCount: 1_000 });
  });
});
