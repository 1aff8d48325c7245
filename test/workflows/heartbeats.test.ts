/** Heartbeats on a real Temporal server: by their address, by the configuration, with and without a worker. */
import { pino } from 'pino';
import { milliseconds } from '../../domain/duration.ts';
import { heartbeatWorkflowId } from '../../intake/heartbeats.ts';
import { arrangeHeartbeats } from '../../worker/heartbeats.ts';
import type { HeartbeatInput } from '../../workflows/heartbeatMessages.ts';
import { heartbeatSignal } from '../../workflows/heartbeatMessages.ts';
import { HEARTBEAT_WORKFLOW, INCIDENTS_QUEUE } from '../../workflows/messages.ts';
import { eventsOf, typeOf } from '../support/history.ts';
import { historiesOf, replay } from '../support/replay.ts';
import { type Tocsin, TOKEN, eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'heartbeats-key-000000000';
const GENIE_KEY = 'genie-key-00000000000000';
const WHOEVER = `
users:
  - { id: ana, name: Ana, contacts: [{ id: mail, channel: email, to: ana@example.com }] }
escalationPolicies:
  - { id: steps, levels: [{ targets: ['user:ana'], escalateAfter: 1h }] }
channels: { email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' } }
services:
`;
const configuration = (settings: string): string =>
  `${WHOEVER}  - { id: crons, escalationPolicy: steps, integrations: [{ id: crons, source: heartbeat, key: ${KEY}, ${settings} }, { id: genie, source: opsgenie, key: ${GENIE_KEY} }] }\n`;

const NAMED = 'heartbeats: { backup: { every: 3s, severity: critical }, report: { every: 1h } }';

const settings = (
  every: number,
  written: Partial<Record<string, unknown>> = {},
): HeartbeatInput['watch']['settings'] => ({
  every: milliseconds(every),
  grace: milliseconds(0),
  severity: 'error',
  priority: written['alertPriority'] === 'P1' ? 'P1' : null,
  summary: typeof written['alertMessage'] === 'string' ? written['alertMessage'] : null,
  details: {},
  written,
});

interface Heartbeat {
  readonly status: string;
  readonly every: string;
  readonly origin: string;
  readonly lastBeat: string | null;
  readonly beats: number;
}

describe('heartbeats', () => {
  let tocsin: Tocsin;
  beforeAll(async () => {
    tocsin = await startTocsin(configuration(NAMED));
  });
  afterAll(async () => {
    await tocsin?.stop();
  });

  const beat = async (id: string, query = '', init: RequestInit = {}): Promise<Response> =>
    fetch(`${tocsin.url}/heartbeats/${KEY}/${encodeURIComponent(id)}${query}`, init);
  const shown = async (id: string): Promise<Heartbeat> => {
    const { body } = await eventually(
      () => tocsin.get<Heartbeat>(`/v1/heartbeats/crons/${encodeURIComponent(id)}`),
      ({ status }) => status !== 503,
    );
    return body;
  };
  const until = (id: string, holds: (heartbeat: Heartbeat) => boolean) => eventually(() => shown(id), holds);
  const handle = (name: string) =>
    tocsin.client.workflow.getHandle(heartbeatWorkflowId({ integration: 'crons', name }));
  const incidentStatus = async (dedupKey: string): Promise<string | undefined> => {
    const { body } = await tocsin.get<{ incidents: { status: string }[] }>(
      `/v1/incidents?dedupKey=${encodeURIComponent(dedupKey)}`,
    );
    return body.incidents[0]?.status;
  };
  const logged: string[] = [];
  const log = pino({ level: 'error' }, { write: (line) => void logged.push(line) });
  const arrange = () => arrangeHeartbeats(tocsin.client, tocsin.configuration(), log);

  test('one that the configuration names and that never beats is an incident, which its first beat resolves', async () => {
    await Promise.all([arrange(), arrange()]);
    const { id, workflowId: _incident, ...incident } = await tocsin.incident('heartbeat/backup');
    expect(incident).toMatchObject({
      summary: 'backup is silent: it never beat, and one is due every 3s',
      severity: 'critical',
      service: 'crons',
    });
    expect(await shown('backup')).toMatchObject({ status: 'silent', origin: 'configuration', lastBeat: null });
    expect((await beat('backup')).status).toBe(202);
    await eventually(
      () => tocsin.read(id),
      ({ status }) => status === 'resolved',
    );
    expect(await shown('backup')).toMatchObject({ status: 'alive' });
  });

  test('one that Temporal refuses takes no other with it', async () => {
    const { integrations } = tocsin.configuration();
    const crons = integrations.get('crons')!;
    const refused = { ...crons, id: 'x'.repeat(2_000) };
    const changed = { ...crons, heartbeats: { ...crons.heartbeats, report: { every: milliseconds(7_200_000) } } };
    const these = new Map([[refused.id, refused], ...integrations, ['crons', changed]]);
    expect(await arrangeHeartbeats(tocsin.client, { integrations: these }, log)).toEqual([]);
    const told = logged.map((line) => JSON.parse(line) as { integration: string; heartbeat: string });
    expect(told.map(({ integration, heartbeat }) => [integration, heartbeat])).toEqual([
      [refused.id, 'backup'],
      [refused.id, 'report'],
    ]);
    await until('report', ({ every }) => every === '2h');
  });

  test('any method and any body is a beat; one that nobody knows needs an interval', async () => {
    const unknown = await beat('nightly');
    expect(unknown.status).toBe(400);
    expect(await unknown.json()).toMatchObject({ code: 'BAD_REQUEST', detail: expect.stringContaining('?every=5m') });
    const first = await beat('nightly', '?every=1h&grace=5m');
    expect([first.status, await first.json()]).toEqual([
      202,
      { status: 'accepted', events: [{ dedupKey: 'heartbeat/nightly', outcome: 'accepted' }] },
    ]);
    // It is known now, and how often it beats with it.
    for (const init of [
      { method: 'HEAD' },
      { method: 'PUT' },
      { method: 'POST', body: 'the log of the job\n' },
      { method: 'POST', body: new URLSearchParams({ m: 'done' }) },
      { method: 'POST', body: '{"broken', headers: { 'content-type': 'application/json' } },
    ]) {
      expect((await beat('nightly', '', init)).status).toBe(202);
    }
    expect(await until('nightly', ({ beats }) => beats === 6)).toMatchObject({
      status: 'alive',
      every: '1h',
      grace: '5m',
      origin: 'beat',
    });
    expect((await fetch(`${tocsin.url}/heartbeats/no-key-of-anybody/nightly`)).status).toBe(404);
  });

  test('what the Temporal UI shows of it', async () => {
    const described = await handle('nightly').describe();
    expect(await described.staticSummary()).toBe('nightly, every 1h');
    expect(described.memo).toMatchObject({ heartbeat: { name: 'nightly', status: 'alive' } });
    expect(described.searchAttributes).toMatchObject({ DedupKey: ['heartbeat/nightly'] });
    const { currentDetails } = await handle('nightly').query<{ currentDetails: string }>(
      '__temporal_workflow_metadata',
    );
    expect(currentDetails).toMatch(/^## nightly\n\n\*\*ALIVE\*\*: alive; a beat is due by /);
    expect(await handle('nightly').query('heartbeat')).toMatchObject({ name: 'nightly', every: '1h' });
  });

  test('a storm of beats is a few signals, and one of them counts for all', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, () => beat('storm', '?every=1h')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const types = (await eventsOf(tocsin.client, handle('storm').workflowId)).map(typeOf);
    expect(types.filter((type) => type === 'WORKFLOW_EXECUTION_SIGNALED').length).toBeLessThan(20);
  });

  test('beats that come with no worker alive are in time, and what is read meanwhile is what was written down last', async () => {
    await beat('hourly', '?every=3s');
    await until('hourly', ({ status }) => status === 'alive');
    await tocsin.worker.stop();
    const { deadline } = (await tocsin.get<{ deadline: string }>('/v1/heartbeats/crons/hourly')).body;
    while (Date.now() < Date.parse(deadline) + 3_000) {
      expect((await beat('hourly', '?every=1h')).status).toBe(202);
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    expect(await shown('hourly')).toMatchObject({ status: 'alive', every: '3s' });
    await tocsin.worker.start();
    expect(await until('hourly', ({ every }) => every === '1h')).toMatchObject({ status: 'alive' });
    expect(await incidentStatus('heartbeat/hourly')).toBeUndefined();
  });

  test('it continues as new with all it knows', async () => {
    const watch: HeartbeatInput['watch'] = {
      integration: 'crons',
      name: 'long',
      origin: 'beat',
      enabled: true,
      settings: settings(3_600_000),
    };
    const workflowId = heartbeatWorkflowId(watch);
    const input: HeartbeatInput = { watch, maxHistoryLength: 12 };
    await tocsin.client.workflow.start(HEARTBEAT_WORKFLOW, { workflowId, taskQueue: INCIDENTS_QUEUE, args: [input] });
    const { runId } = await handle('long').describe();
    for (let beats = 1; (await handle('long').describe()).runId === runId; beats += 1) {
      await handle('long').signal(heartbeatSignal, { kind: 'beat', at: Date.now() });
      await until('long', (heartbeat) => heartbeat.beats === beats);
    }
    await beat('long');
    expect((await until('long', ({ lastBeat }) => lastBeat !== null)).beats).toBeGreaterThan(1);
    expect((await handle('long').describe()).memo).toMatchObject({ heartbeat: { name: 'long', status: 'alive' } });
  });

  test('the list has them, of one integration or of all; a page at a time', async () => {
    const list = async (query: string) =>
      (await tocsin.get<{ heartbeats: { id: string }[]; nextCursor: string | null }>(`/v1/heartbeats${query}`)).body;
    const all = ['backup', 'hourly', 'long', 'nightly', 'report', 'storm'];
    const names = ({ heartbeats }: { heartbeats: { id: string }[] }) => heartbeats.map(({ id }) => id).toSorted();
    await eventually(
      () => list('?integration=crons'),
      (page) => names(page).length === all.length,
    );
    expect(names(await list(''))).toEqual(all);
    expect(names(await list('?integration=cron'))).toEqual([]);
    const first = await list('?limit=4');
    const second = await list(`?limit=4&cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
    expect(names({ heartbeats: [...first.heartbeats, ...second.heartbeats] })).toEqual(all);
  });

  test('one that a person ends is not watched; one of the configuration is ended there', async () => {
    const end = (id: string) =>
      fetch(`${tocsin.url}/v1/heartbeats/crons/${id}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${TOKEN}` },
      });
    expect((await end('report')).status).toBe(400);
    expect((await end('nightly')).status).toBe(204);
    expect(await handle('nightly').result()).toMatchObject({ outcome: 'token TOCSIN_API_TOKEN ended it' });
    expect((await end('nightly')).status).toBe(404);
    expect((await tocsin.get('/v1/heartbeats/crons/nightly')).status).toBe(404);
  });

  test("one that Opsgenie's API made: its expiry is an incident, with its own words, and deleting it ends that", async () => {
    const opsgenie = async (method: string, path: string, body?: object) => {
      const headers = { authorization: `GenieKey ${GENIE_KEY}`, 'content-type': 'application/json' };
      const url = `${tocsin.url}/opsgenie/v2/heartbeats${path}`;
      const answer = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      return { status: answer.status, body: (await answer.json()) as { data: Record<string, unknown> } };
    };
    const db1 = { name: 'db1', interval: 1, intervalUnit: 'minutes', alertMessage: 'db1 is gone', alertPriority: 'P1' };
    expect((await opsgenie('POST', '', { ...db1, enabled: false })).status).toBe(201);
    expect((await opsgenie('POST', '', db1)).status).toBe(409);
    expect((await opsgenie('GET', '/db1/ping')).status).toBe(202);
    expect((await opsgenie('POST', '/db1/enable')).body.data).toEqual({ name: 'db1', enabled: true, expired: false });
    // Nobody waits for a minute here: as if it had passed.
    const watched = tocsin.client.workflow.getHandle(heartbeatWorkflowId({ integration: 'genie', name: 'db1' }));
    await watched.signal(heartbeatSignal, { kind: 'arrange', origin: 'opsgenie', settings: settings(1_000, db1) });
    const { id, ...incident } = await tocsin.incident('heartbeat/db1');
    expect(incident).toMatchObject({ summary: 'db1 is gone', priority: 'P1' });
    expect((await opsgenie('GET', '/db1')).body.data).toMatchObject({ ...db1, enabled: true, expired: true });
    expect((await opsgenie('DELETE', '/db1')).status).toBe(200);
    await eventually(
      () => tocsin.read(id),
      ({ status }) => status === 'resolved',
    );
    expect((await opsgenie('GET', '/db1')).status).toBe(404);
  });

  test('a reload: another interval counts at once, and what is named no more is over, its incident resolved', async () => {
    const { id } = await eventually(
      () => tocsin.incident('heartbeat/backup'),
      ({ status }) => status !== 'resolved',
    );
    tocsin.reconfigure(configuration('heartbeats: { report: { every: 2s } }'));
    // What visibility shows is a second late.
    await eventually(arrange, (ended) => ended.includes('backup'));
    expect(await handle('backup').result()).toMatchObject({ outcome: 'it is no longer in the configuration' });
    await eventually(
      () => tocsin.read(id),
      ({ status }) => status === 'resolved',
    );
    expect(await tocsin.incident('heartbeat/report')).toMatchObject({
      summary: 'report is silent: it never beat, and one is due every 2s',
    });
  });

  const withoutIntegration = (): void => tocsin.reconfigure(`${WHOEVER}  - { id: crons, escalationPolicy: steps }\n`);

  test('a worker that does not know its integration for a while, as its reload was refused, does not end the watch', async () => {
    const { id } = await tocsin.incident('heartbeat/report');
    withoutIntegration();
    await handle('report').signal(heartbeatSignal, { kind: 'enable', enabled: false });
    await eventually(
      () => handle('report').describe(),
      ({ raw }) =>
        (raw.pendingActivities?.[0]?.lastFailure?.applicationFailureInfo?.type ?? '') === 'UNKNOWN_INTEGRATION',
    );
    tocsin.reconfigure(configuration('heartbeats: { report: { every: 2s } }'));
    await eventually(
      () => tocsin.read(id),
      ({ status }) => status === 'resolved',
    );
    expect((await handle('report').describe()).status.name).toBe('RUNNING');
  });

  test('with its integration gone it is over, and says that its incident stays open', async () => {
    const watch = {
      integration: 'crons',
      name: 'orphan',
      origin: 'beat',
      enabled: true,
      settings: settings(1_000),
    } as const;
    const input: HeartbeatInput = { watch, unknownFor: 3_000 };
    const workflowId = heartbeatWorkflowId(watch);
    await tocsin.client.workflow.start(HEARTBEAT_WORKFLOW, { workflowId, taskQueue: INCIDENTS_QUEUE, args: [input] });
    await tocsin.incident('heartbeat/orphan');
    withoutIntegration();
    await eventually(arrange, (ended) => ended.includes('orphan'));
    expect(await handle('orphan').result()).toMatchObject({
      outcome: 'its integration is no longer in the configuration, and its incident stays open',
    });
    expect(await incidentStatus('heartbeat/orphan')).toBe('triggered');
  });

  test('all of it replays', async () => {
    expect(await replay(historiesOf(tocsin.client))).toEqual([]);
  });
});
