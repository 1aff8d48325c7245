import { connect } from 'node:net';
import { loggedPath } from '../../api/logging.ts';
import { problem } from '../../api/schemas/answers.ts';
import { PEOPLES_COMMANDS } from '../../domain/commands.ts';
import { PAGERDUTY_REST } from './pagerduty/documented.ts';
import {
  EVENTS_KEY,
  GRAFANA_KEY,
  GUANCE_KEY,
  INCIDENT_ID,
  type StandIns,
  apiOnStandIns,
  authorized,
} from './support/standIns.ts';

interface Operation {
  readonly summary?: string;
  readonly responses?: object;
  readonly security?: unknown;
  readonly requestBody?: object;
}

describe('what every address has in common', () => {
  let api: StandIns;
  beforeEach(async () => {
    api = await apiOnStandIns();
  });
  afterEach(() => api.app.close());

  it('answers 404 as a problem for an unknown address', async () => {
    const answer = await api.app.inject('/v1/nothing?x=1');
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(problem.strict().parse(answer.json())).toMatchObject({ code: 'NOT_FOUND', instance: '/v1/nothing' });
  });

  it.each([
    ['DELETE', '/v1/incidents', 'GET, HEAD, POST'],
    ['PUT', `/v1/incidents/${INCIDENT_ID}`, 'GET, HEAD'],
    ['GET', `/v1/incidents/${INCIDENT_ID}/acknowledge`, 'POST'],
    ['POST', `/v1/incidents/${INCIDENT_ID}/timeline`, 'GET, HEAD'],
    ['GET', `/integrations/guance/${GUANCE_KEY}`, 'POST'],
    ['GET', `/integrations/grafana/${GRAFANA_KEY}`, 'POST, PUT'],
    ['PUT', `/integrations/guance/${GUANCE_KEY}`, 'POST'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['OPTIONS', '/v1/incidents/', 'GET, HEAD, POST'],
  ] as const)('answers %s %s with 405 and what is allowed', async (method, url, allow) => {
    const answer = await api.app.inject({ method, url, headers: authorized() });
    expect(answer.statusCode).toBe(405);
    expect(answer.headers['allow']).toBe(allow);
    expect(answer.json().code).toBe('METHOD_NOT_ALLOWED');
  });

  it('takes a trailing slash', async () => {
    expect((await api.app.inject({ url: `/v1/incidents/${INCIDENT_ID}/`, headers: authorized() })).statusCode).toBe(
      200,
    );
  });

  it('answers a body over 256 KiB under /v1 with 413', async () => {
    const url = `/v1/incidents/${INCIDENT_ID}/resolve`;
    const payload = { note: 'x'.repeat(257 * 1024) };
    const answer = await api.app.inject({ method: 'POST', url, headers: authorized('anas'), payload });
    expect(answer.json()).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'application/json\t;x'])(
    'answers a body of type %j with 415, or as the JSON it is',
    async (type) => {
      const url = `/v1/incidents/${INCIDENT_ID}/resolve`;
      const headers = { ...authorized('anas'), 'content-type': type };
      const answer = await api.app.inject({ method: 'POST', url, headers, payload: '{"unknown": 1}' });
      expect([400, 415]).toContain(answer.statusCode);
      expect(api.commands).toEqual([]);
    },
  );

  it('answers malformed JSON with a problem', async () => {
    const url = `/v1/incidents/${INCIDENT_ID}/resolve`;
    const headers = { ...authorized('anas'), 'content-type': 'application/json' };
    const answer = await api.app.inject({ method: 'POST', url, headers, payload: '{"note": ' });
    expect(problem.strict().parse(answer.json())).toMatchObject({ status: 400, code: 'MALFORMED_JSON' });
  });

  it('is not polluted by __proto__ in a body', async () => {
    const url = `/v1/incidents/${INCIDENT_ID}/resolve`;
    const headers = { ...authorized('anas'), 'content-type': 'application/json' };
    const payload = '{"note": "n", "__proto__": {"as": "bob"}}';
    expect((await api.app.inject({ method: 'POST', url, headers, payload })).statusCode).toBe(200);
    expect(api.commands[0]?.command.actor).toMatchObject({ id: 'ana' });
  });

  it('says that the process is alive, and what is not ready', async () => {
    expect((await api.app.inject('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await api.app.inject('/readyz')).json()).toEqual({ status: 'ok' });
    api.behaviour.trouble = "no worker polls the task queue 'incidents'";
    const answer = await api.app.inject('/readyz');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({ status: 'not ready', reason: "no worker polls the task queue 'incidents'" });
    expect((await api.app.inject('/healthz')).statusCode).toBe(200);
  });

  it('documents every route but the phone page and the callbacks, in OpenAPI 3.1', async () => {
    const document = (await api.app.inject('/openapi.json')).json<{
      openapi: string;
      paths: Record<string, Record<string, Operation>>;
      components: { securitySchemes: object };
    }>();
    expect(document.openapi).toBe('3.1.0');
    expect(document.components.securitySchemes).toMatchObject({
      token: { type: 'http', scheme: 'bearer' },
      genieKey: { type: 'apiKey', in: 'header', name: 'Authorization' },
    });
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ at: `${method.toUpperCase()} ${path}`, operation })),
    );
    expect(operations.map(({ at }) => at).toSorted()).toEqual(
      [
        'DELETE /v1/maintenance-windows/{id}',
        'GET /healthz',
        'GET /openapi.json',
        'GET /readyz',
        'GET /v1/changes',
        'GET /v1/escalation-policies',
        'GET /v1/events',
        'GET /v1/incidents',
        'GET /v1/incidents/{id}',
        'GET /v1/incidents/{id}/next',
        'GET /v1/incidents/{id}/notifications',
        'GET /v1/incidents/{id}/timeline',
        'DELETE /v1/heartbeats/{integration}/{id}',
        ...['GET', 'POST', 'PUT'].map((method) => `${method} /heartbeats/{key}/{id}`),
        'GET /v1/heartbeats',
        'GET /v1/heartbeats/{integration}/{id}',
        'GET /v1/maintenance-windows',
        'GET /v1/maintenance-windows/{id}',
        'GET /v1/oncall',
        'GET /v1/schedules',
        'GET /v1/schedules/{id}',
        'GET /v1/services',
        'GET /v1/teams',
        'GET /v1/users',
        'GET /v1/users/{id}',
        'DELETE /opsgenie/v2/alerts/{identifier}',
        'DELETE /opsgenie/v2/alerts/{identifier}/details',
        'DELETE /opsgenie/v2/alerts/{identifier}/tags',
        'GET /opsgenie/v2/alerts',
        'GET /opsgenie/v2/alerts/count',
        'GET /opsgenie/v2/alerts/{identifier}',
        'GET /opsgenie/v2/alerts/{identifier}/logs',
        'GET /opsgenie/v2/alerts/{identifier}/notes',
        'GET /opsgenie/v2/alerts/{identifier}/recipients',
        ...['actions/{action}', 'assign', 'details', 'escalate', 'notes', 'responders', 'snooze', 'tags', 'teams'].map(
          (act) => `POST /opsgenie/v2/alerts/{identifier}/${act}`,
        ),
        ...['description', 'message', 'priority'].map((part) => `PUT /opsgenie/v2/alerts/{identifier}/${part}`),
        'GET /opsgenie/v2/alerts/requests/{requestId}',
        ...['GET', 'POST'].map((method) => `${method} /opsgenie/v2/heartbeats`),
        ...['DELETE', 'GET', 'PATCH'].map((method) => `${method} /opsgenie/v2/heartbeats/{name}`),
        ...['enable', 'disable'].map((act) => `POST /opsgenie/v2/heartbeats/{name}/${act}`),
        ...['GET', 'PATCH', 'POST', 'PUT'].map((method) => `${method} /opsgenie/v2/heartbeats/{name}/ping`),
        'POST /opsgenie/v2/alerts',
        'POST /opsgenie/v2/alerts/{identifier}/acknowledge',
        'POST /opsgenie/v2/alerts/{identifier}/close',
        'POST /opsgenie/v2/alerts/{identifier}/unacknowledge',
        'POST /integrations/{source}/{key}',
        'POST /pagerduty.com/generic/2010-04-15/create_event.json',
        'POST /pagerduty.com/v2/change/enqueue',
        'POST /pagerduty.com/v2/enqueue',
        'POST /pagerduty/generic/2010-04-15/create_event.json',
        'POST /pagerduty/v2/change/enqueue',
        'POST /pagerduty/v2/enqueue',
        'PUT /integrations/grafana/{key}',
        'POST /v1/drills',
        'POST /v1/drills/{id}/end',
        'POST /v1/incidents',
        'POST /v1/maintenance-windows',
        'POST /v1/users/{id}/contacts/{contact}/test',
        ...PAGERDUTY_REST,
        ...PEOPLES_COMMANDS.flatMap((command) => [
          ...(command === 'merge' ? [] : [`POST /v1/incidents/${command}`]),
          `POST /v1/incidents/{id}/${command}`,
        ]),
      ].toSorted(),
    );
    for (const { at, operation } of operations) {
      expect([at, operation.summary]).toEqual([at, expect.any(String)]);
      expect([at, Object.keys(operation.responses ?? {}).length > 0]).toEqual([at, true]);
      const guarded = /\/v1\/|\/opsgenie\//.test(at) || PAGERDUTY_REST.includes(at);
      expect([at, operation.security !== undefined]).toEqual([at, guarded]);
      // Of a drill's end, of a test, and of a beat, all is said by the address.
      const asks = /^P(OST|UT|ATCH)/.test(at) && !/\/(end|test|ping|enable|disable)$|^P\w+ \/heartbeats/.test(at);
      expect([at, operation.requestBody !== undefined]).toEqual([at, asks]);
    }
  });

  it('answers what is no readable request with a problem, and documents it for every operation', async () => {
    const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
    const long = await fetch(`${url}/v1/incidents?cursor=${'a'.repeat(20_000)}`, { headers: authorized('anas') });
    expect([long.status, long.headers.get('content-type')]).toEqual([431, 'application/problem+json; charset=utf-8']);
    expect(problem.strict().parse(await long.json())).toMatchObject({ status: 431, code: 'HEADERS_TOO_LARGE' });
    const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8');
    socket.write('ceci n’est pas HTTP\r\n\r\n');
    expect((await socket.toArray()).join('')).toMatch(/^HTTP\/1.1 400 Bad Request\r\n[^]*"code":"BAD_REQUEST"/);

    const { paths } = (await api.app.inject('/openapi.json')).json<{
      paths: Record<string, Record<string, Operation>>;
    }>();
    for (const [path, methods] of Object.entries(paths)) {
      for (const { responses, requestBody } of Object.values(methods)) {
        const always = [
          '431',
          ...(path.includes('{') ? ['400'] : []),
          ...(requestBody === undefined ? [] : ['413', '415']),
        ];
        expect([path, Object.keys(responses ?? {})]).toEqual([path, expect.arrayContaining(always)]);
      }
    }
  });

  it('logs each request once, and no secret', async () => {
    const post = (url: string, payload: object, headers = {}) =>
      api.app.inject({ method: 'POST', url, payload, headers });
    await post(`/integrations/guance/${GUANCE_KEY}?key=${GUANCE_KEY}`, { df_status: 'ok' });
    await post(`/%69ntegrations/guance/${GUANCE_KEY}`, {});
    await post(`/x//Integrations/guance/${GUANCE_KEY}/`, {});
    await post('/pagerduty/v2/enqueue', { routing_key: EVENTS_KEY });
    await api.app.inject('/ack/s1gned.t0ken');
    await api.app.inject('/wrong/ack/s1gned.t0ken');
    await api.app.inject({ url: '/v1/incidents', headers: authorized() });
    api.behaviour.intakeError = new Error('broken');
    await post(`/integrations/guance/${GUANCE_KEY}`, { df_status: 'critical', df_title: 't' });
    const log = api.log.join('');
    expect(log.match(/"msg":"answered"/g)).toHaveLength(7);
    expect(log).toContain('/integrations/guance/***');
    expect(log).toContain('broken');
    for (const secret of [GUANCE_KEY, EVENTS_KEY, 's1gned', 'a-token-for-everything'])
      expect(log).not.toContain(secret);
  });

  it('hides what stands after /integrations/<source>/, /heartbeats/ and /ack/ however it is written', () => {
    expect(loggedPath('/integrations/guance/KEY?a=KEY')).toBe('/integrations/guance/***');
    expect(loggedPath('/Integrations/a%2Fb/KEY')).not.toContain('KEY');
    expect(loggedPath('/ack/KEY/KEY2')).toBe('/ack/***');
    expect(loggedPath('/ack/%E0%A4%A')).toBe('/ack/***');
    expect(loggedPath('/integrations/guance%2FKEY')).not.toContain('KEY');
    expect(loggedPath('//heartbeats/KEY/backup')).toBe('//heartbeats/***');
    expect(loggedPath('/v1/heartbeats/crons/backup')).toBe('/v1/heartbeats/crons/backup');
  });
});
