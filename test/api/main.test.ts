/** The running API, over a real socket, against a real Temporal server and the real workflow. */
import { randomUUID } from 'node:crypto';
import { NO_STORE } from '../support/noStore.ts';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { type RunningApi, startApi } from '../../api/main.ts';
import { incident, nextList, notificationPage, timelinePage } from '../../api/schemas/incident.ts';
import { CONFIGURATION, EVENTS_KEY, GUANCE_KEY, authorized } from './support/standIns.ts';
import { type Temporal, eventually, startTemporal } from './support/temporal.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../fixtures/guance-${name}.json`, import.meta.url), 'utf8');

interface Json {
  readonly [member: string]: unknown;
}

describe('the running API', () => {
  let temporal: Temporal;
  let api: RunningApi;
  const options = () => ({
    client: temporal.client,
    store: NO_STORE,
    configuration: () => CONFIGURATION,
    apiToken: 'a-token-for-everything',
    secret: 'a-secret-for-links',
    publicUrl: 'http://127.0.0.1:8080',
    host: '127.0.0.1',
    port: 0,
  });
  beforeAll(async () => {
    temporal = await startTemporal(() => CONFIGURATION);
    await temporal.startWorker();
    api = await startApi(options());
  });
  afterAll(async () => {
    await api.stop();
    await temporal.stop();
  });

  const call = async (
    method: string,
    path: string,
    body?: string,
    more: Record<string, string> = {},
  ): Promise<{ status: number; body: Json }> => {
    const response = await fetch(`${api.url}${path}`, {
      method,
      headers: { ...authorized(), 'content-type': 'application/json', ...more },
      ...(body !== undefined && { body }),
    });
    return { status: response.status, body: (await response.json()) as Json };
  };
  const isAnswered = ({ status }: { status: number }): boolean => status !== 503;
  /** On a machine this busy a worker may take longer than 3 s: then it is asked again, as people do. */
  const read = (id: unknown) => eventually(() => call('GET', `/v1/incidents/${String(id)}`), isAnswered);

  it("opens one incident of Guance's alert posted 200 times at once, counts each, and ends it by the recovery", async () => {
    const path = `/integrations/guance/${GUANCE_KEY}`;
    const answers = await Promise.all(Array.from({ length: 200 }, () => call('POST', path, fixture('critical'))));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const ids = new Set(answers.map(({ body }) => (body['events'] as Json[])[0]?.['incident']));
    expect(ids.size).toBe(1);
    const [id] = ids;
    const counted = await eventually(
      () => read(id),
      ({ body }) => body['eventCount'] === 200,
    );
    expect(incident.strict().parse(counted.body)).toMatchObject({
      id,
      status: 'triggered',
      severity: 'critical',
      summary: '实例名称为 share 磁盘使用率过高',
      eventCount: 200,
      alertCount: 1,
      assignees: ['ana'],
    });
    expect((await call('POST', path, fixture('recovered'))).status).toBe(202);
    const resolved = await eventually(
      () => read(id),
      ({ body }) => body['status'] === 'resolved',
    );
    expect(resolved.body['status']).toBe('resolved');
  });

  it('answers as its OpenAPI document says', async () => {
    const event = {
      routing_key: EVENTS_KEY,
      event_action: 'trigger',
      dedup_key: 'documented',
      payload: { summary: 's', source: 'x', severity: 'error' },
    };
    expect((await call('POST', '/pagerduty/v2/enqueue', JSON.stringify(event))).status).toBe(202);
    const listed = () => call('GET', '/v1/incidents?dedupKey=documented');
    const list = await eventually(listed, ({ body }) => (body['incidents'] as Json[]).length === 1);
    const { id } = incident.strict().parse((list.body['incidents'] as Json[])[0]);
    incident.strict().parse((await read(id)).body);
    expect(timelinePage.strict().parse((await call('GET', `/v1/incidents/${id}/timeline`)).body).entries).not.toEqual(
      [],
    );
    expect(
      notificationPage.strict().parse((await call('GET', `/v1/incidents/${id}/notifications`)).body).notifications,
    ).not.toEqual([]);
    expect(nextList.strict().parse((await call('GET', `/v1/incidents/${id}/next`)).body)).toBeDefined();
  });

  it('leads an incident opened by hand through its commands', async () => {
    const byHand = JSON.stringify({ service: 'payments', summary: 'the lift is stuck', as: 'ana', dedupKey: 'lift' });
    const opened = await call('POST', '/v1/incidents', byHand);
    expect(opened.status).toBe(201);
    const { id } = incident.strict().parse(opened.body);
    expect(await call('POST', '/v1/incidents', byHand)).toMatchObject({ status: 200, body: { id } });
    const give = (command: string, body: object) => {
      const key = { 'idempotency-key': randomUUID() };
      const told = () => call('POST', `/v1/incidents/${id}/${command}`, JSON.stringify(body), key);
      return eventually(told, (answer) => isAnswered(answer) && answer.status !== 202);
    };
    expect(await give('acknowledge', { as: 'ana' })).toMatchObject({ status: 200, body: { status: 'acknowledged' } });
    expect(await give('unacknowledge', { as: 'bob' })).toMatchObject({
      status: 409,
      body: { code: 'NOT_ACKNOWLEDGED' },
    });
    expect(await give('reassign', { as: 'ana', users: ['bob'] })).toMatchObject({ status: 200 });
    const isBobs = ({ body }: { body: Json }) => JSON.stringify(body['assignees']) === '["bob"]';
    expect(isBobs(await eventually(() => read(id), isBobs))).toBe(true);
    expect(await give('resolve', { as: 'bob', resolution: 'freed' })).toMatchObject({
      status: 200,
      body: { status: 'resolved' },
    });
    const late = await give('acknowledge', { as: 'ana' });
    expect(late).toMatchObject({ status: 409, body: { incident: { id, status: 'resolved' } } });
    expect(late.body['detail']).toMatch(/^already resolved by Bob at /);
  });

  it('does a command once for one Idempotency-Key', async () => {
    const opened = await call('POST', '/v1/incidents', JSON.stringify({ service: 'payments', summary: 'once' }));
    const id = String(opened.body['id']);
    const press = () =>
      fetch(`${api.url}/v1/incidents/${id}/acknowledge`, {
        method: 'POST',
        headers: { ...authorized(), 'content-type': 'application/json', 'idempotency-key': 'press-1' },
        body: '{"as":"ana"}',
      });
    await Promise.all([press(), press(), press()]);
    const { body } = await call('GET', `/v1/incidents/${id}/timeline`);
    expect((body['entries'] as Json[]).filter(({ type }) => type === 'acknowledged')).toHaveLength(1);
  });

  it('is ready', async () => {
    expect(await call('GET', '/readyz')).toEqual({ status: 200, body: { status: 'ok' } });
  });

  it('names PORT and what to do where its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const text = `127.0.0.1:${port} is in use by another program: end it, or set PORT to a free port`;
    await expect(startApi({ ...options(), port })).rejects.toMatchObject({ code: 'PORT_TAKEN', message: text });
    other.close();
  });
});
