/** /metrics over real sockets, with the metrics of a real runtime of Temporal's SDK. */
import { Runtime } from '@temporalio/worker';
import { freePort } from '../support/temporalServer.ts';
import { installTelemetry } from '../../worker/telemetry.ts';
import { type StandIns, apiOnStandIns, authorized, EVENTS_KEY } from './support/standIns.ts';

const TRIGGER = JSON.stringify({
  routing_key: EVENTS_KEY,
  event_action: 'trigger',
  dedup_key: 'a-key-of-a-sender',
  payload: { summary: 's', source: 'x', severity: 'error' },
});

describe('/metrics', () => {
  let telemetry: ReturnType<typeof installTelemetry>;
  let api: StandIns;
  beforeAll(async () => {
    telemetry = installTelemetry({ metricsAddress: `127.0.0.1:${await freePort()}` });
  });
  beforeEach(async () => {
    api = await apiOnStandIns({ metrics: telemetry });
  });
  afterEach(() => api.app.close());
  afterAll(() => Runtime.instance().shutdown());

  const get = async (url: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> => {
    const answer = await fetch(`${url}/metrics`, { headers });
    return { status: answer.status, text: await answer.text() };
  };

  it('is described as the text that it is', async () => {
    const { paths } = (await api.app.inject('/openapi.json')).json<{
      paths: Record<string, { get: { responses: Record<string, { content: object }> } }>;
    }>();
    expect(Object.keys(paths['/metrics']?.get.responses['200']?.content ?? {})).toEqual(['text/plain']);
  });

  it('counts events, times requests by route, and says whether the store works', async () => {
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const headers = { 'content-type': 'application/json' };
    for (const path of ['/pagerduty/v2/enqueue', '/pagerduty/v2/enqueue', '/nowhere/a-path-of-a-sender'])
      await fetch(`${url}${path}`, { method: 'POST', headers, body: TRIGGER });
    api.behaviour.intakeError = new Error('gone');
    await fetch(`${url}/pagerduty/v2/enqueue`, { method: 'POST', headers, body: TRIGGER });
    delete api.behaviour.intakeError;
    const drill = JSON.stringify({ service: 'payments' });
    const begun = await fetch(`${url}/v1/drills`, {
      method: 'POST',
      headers: { ...headers, ...authorized() },
      body: drill,
    });
    expect(begun.status).toBe(201);
    await fetch(`${url}/v1/incidents/some-id`, { headers: authorized() });
    const { status, text } = await get(url);
    expect(status).toBe(200);
    expect(text).toContain('tocsin_events_total{outcome="accepted",source="events-v2"} 2\n');
    expect(text).toContain('tocsin_events_total{outcome="failed",source="events-v2"} 1\n');
    expect(text).not.toContain('source="manual"');
    expect(text).toMatch(
      /tocsin_http_request_duration_seconds_count\{method="POST",route="\/pagerduty\/v2\/enqueue",status="202"\} 2\n/,
    );
    expect(text).toMatch(
      /tocsin_http_request_duration_seconds_count\{method="GET",route="\/v1\/incidents\/:id",status="404"\} 1\n/,
    );
    expect(text).toMatch(/route="none",status="404"\} 1\n/);
    expect(text).toContain('tocsin_store_up 0\n');
    for (const sent of ['a-key-of-a-sender', 'a-path-of-a-sender', 'some-id', EVENTS_KEY])
      expect(text).not.toContain(sent);
  });

  it('is Prometheus’ text format', async () => {
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const answer = await fetch(`${url}/metrics`);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/^[a-z_]+(\{[^}]*\})? [0-9.e+-]+$/);
  });

  it.each([
    { 'x-forwarded-for': '10.0.0.1' },
    { 'X-Forwarded-Proto': 'https' },
    { forwarded: 'for=10.0.0.1' },
    { via: '1.1 proxy' },
    { 'x-real-ip': '10.0.0.1' },
  ])('needs a token where something was forwarded: %j', async (headers) => {
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    expect((await get(url)).status).toBe(200);
    expect((await get(url, headers)).status).toBe(401);
    expect((await get(url, { ...headers, ...authorized('watcher') })).status).toBe(200);
  });

  it.each(['0.0.0.0', '::'])('needs a token of everybody where the API listens on %s', async (host) => {
    await api.app.listen({ host, port: 0 });
    const { port } = api.app.server.address() as { port: number };
    expect((await get(`http://127.0.0.1:${port}`)).status).toBe(401);
    expect((await get(`http://127.0.0.1:${port}`, authorized())).status).toBe(200);
    expect((await get(`http://127.0.0.1:${port}`, { authorization: 'Bearer wrong' })).status).toBe(401);
  });

  it('needs no token on any name of loopback', async () => {
    await api.app.listen({ host: 'localhost', port: 0 });
    const { port } = api.app.server.address() as { port: number };
    expect((await get(`http://localhost:${port}`)).status).toBe(200);
  });

  it('is not there where nothing is counted', async () => {
    await api.app.close();
    api = await apiOnStandIns();
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    expect((await get(url)).status).toBe(404);
  });
});
