import { type StandIns, EVENTS_KEY, GUANCE_KEY, apiOnStandIns } from './support/standIns.ts';
import { TocsinError } from '../../domain/errors.ts';

/** Alertmanager 0.34's resolve, and the document's own example (wire-formats §1a). */
const EXAMPLE = {
  routing_key: EVENTS_KEY,
  event_action: 'trigger',
  dedup_key: 'db1/disk',
  client: 'Prom EU',
  client_url: 'https://prom.example/g0',
  payload: {
    summary: 'db1 disk 97%',
    source: 'db1.example',
    severity: 'critical',
    timestamp: '2026-11-21T06:50:19.033Z',
    component: 'postgres',
    group: 'orders',
    class: 'disk',
    custom_details: { free: '3%', load: 0.75 },
  },
  images: [{ src: 'https://g.example/1.png', href: 'https://g.example', alt: 'graph' }],
  links: [{ href: 'https://rb.example/disk', text: 'Runbook' }],
};
const json = { 'content-type': 'application/json' };

describe('PagerDuty Events v2', () => {
  let api: StandIns;
  beforeEach(async () => {
    api = await apiOnStandIns();
  });
  afterEach(() => api.app.close());

  const enqueue = (payload: unknown, url = '/pagerduty/v2/enqueue') =>
    api.app.inject({
      method: 'POST',
      url,
      headers: json,
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
  const changed = (payload: object) => ({ ...EXAMPLE, payload: { ...EXAMPLE.payload, ...payload } });
  const errorsOf = async (payload: unknown) => {
    const answer = await enqueue(payload);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().status).toBe('invalid event');
    return answer.json().errors;
  };

  it.each(['/pagerduty/v2/enqueue', '/pagerduty.com/v2/enqueue', '/pagerduty/v2/enqueue/'])(
    'takes an event at %s and answers as PagerDuty does',
    async (url) => {
      const answer = await enqueue(EXAMPLE, url);
      expect(answer.statusCode).toBe(202);
      expect(answer.json()).toEqual({ status: 'success', message: 'Event processed', dedup_key: 'db1/disk' });
    },
  );

  it('keeps all that an event says', async () => {
    await enqueue(EXAMPLE);
    expect(api.events).toHaveLength(1);
    expect(api.events[0]?.integration.id).toBe('payments-events');
    expect(api.events[0]?.event).toEqual({
      action: 'trigger',
      dedupKey: 'db1/disk',
      summary: 'db1 disk 97%',
      source: 'db1.example',
      severity: 'critical',
      component: 'postgres',
      group: 'orders',
      class: 'disk',
      details: { free: '3%', load: 0.75 },
      links: [
        { href: 'https://prom.example/g0', text: 'Prom EU' },
        { href: 'https://rb.example/disk', text: 'Runbook' },
        { href: 'https://g.example/1.png', text: 'graph' },
        { href: 'https://g.example', text: 'graph' },
      ],
      at: Date.parse('2026-11-21T06:50:19.033Z'),
    });
  });

  it('takes a media type with a charset', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const answer = await api.app.inject({
      method: 'POST',
      url: '/pagerduty/v2/enqueue',
      headers,
      payload: JSON.stringify(EXAMPLE),
    });
    expect(answer.statusCode).toBe(202);
  });

  it('generates a dedup key for a trigger without one, and returns it', async () => {
    for (const dedup_key of [undefined, null, '', '  ']) {
      const answer = await enqueue({ ...EXAMPLE, dedup_key });
      expect(answer.statusCode).toBe(202);
      expect(answer.json().dedup_key).toMatch(/^[0-9a-f-]{36}$/);
    }
    expect(new Set(api.events.map(({ event }) => event.dedupKey)).size).toBe(4);
  });

  it('trims a dedup key', async () => {
    expect((await enqueue({ ...EXAMPLE, dedup_key: '  Db1/disk ' })).json().dedup_key).toBe('Db1/disk');
  });

  it('takes a dedup key of 255 characters, and refuses one of 256 and one of 300', async () => {
    expect((await enqueue({ ...EXAMPLE, dedup_key: '磁'.repeat(255) })).statusCode).toBe(202);
    for (const length of [256, 300]) {
      expect(await errorsOf({ ...EXAMPLE, dedup_key: 'k'.repeat(length) })).toEqual([
        "'dedup_key' is longer than 255 characters",
      ]);
    }
    expect(api.events).toHaveLength(1);
  });

  it('names each member that a trigger lacks', async () => {
    expect(await errorsOf({ routing_key: EVENTS_KEY, event_action: 'trigger' })).toEqual([
      "'payload.summary' is missing or blank",
      "'payload.source' is missing or blank",
      "'payload.severity' is missing or blank",
    ]);
    expect(await errorsOf({ ...EXAMPLE, payload: null, event_action: 'trigger' })).toHaveLength(3);
    expect(await errorsOf(changed({ severity: undefined }))).toEqual(["'payload.severity' is missing or blank"]);
    expect(api.events).toEqual([]);
  });

  it('refuses a severity that is none, in the words of the original', async () => {
    for (const severity of ['nodata', 'Critical', 'ok']) {
      expect(await errorsOf(changed({ severity }))).toEqual([
        "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
      ]);
    }
  });

  it('refuses an unknown or empty action', async () => {
    expect(await errorsOf({ ...EXAMPLE, event_action: '' })).toEqual(["'event_action' is missing or blank"]);
    expect(await errorsOf({ ...EXAMPLE, event_action: 'close' })).toEqual([
      "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
    ]);
  });

  it('demands a dedup key to acknowledge and to resolve, and no payload', async () => {
    for (const event_action of ['acknowledge', 'resolve']) {
      expect(await errorsOf({ routing_key: EVENTS_KEY, event_action })).toEqual(["'dedup_key' is missing or blank"]);
      expect((await enqueue({ routing_key: EVENTS_KEY, event_action, dedup_key: 'k' })).statusCode).toBe(202);
    }
    expect(api.events.map(({ event }) => event.action)).toEqual(['acknowledge', 'resolve']);
  });

  it('takes a resolve with a full payload, whose severity says nothing', async () => {
    await enqueue({ ...EXAMPLE, event_action: 'resolve' });
    expect(api.events[0]?.event).toMatchObject({ action: 'resolve', summary: 'db1 disk 97%' });
    expect(api.events[0]?.event).not.toHaveProperty('severity');
  });

  it('answers a wrong routing key, and one of another source, with 400', async () => {
    for (const routing_key of ['no-such-key-0000', GUANCE_KEY]) {
      expect(await errorsOf({ ...EXAMPLE, routing_key })).toEqual([
        "'routing_key' is invalid (no integration of source events-v2 has it)",
      ]);
    }
    expect(await errorsOf({ ...EXAMPLE, routing_key: undefined })).toEqual(["'routing_key' is missing or blank"]);
    expect(api.events).toEqual([]);
  });

  it('answers malformed JSON as PagerDuty does', async () => {
    const answer = await enqueue('{"routing_key": ');
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toEqual({
      status: 'Unrecognized object',
      message: 'Event object format is unrecognized',
      errors: ['JSON parse error'],
    });
    for (const body of ['[]', 'null', '"x"', '7'])
      expect((await enqueue(body)).json().status).toBe('Unrecognized object');
  });

  it('answers 413 above 512 KiB, with the members of an invalid event', async () => {
    const answer = await enqueue(changed({ custom_details: { log: 'x'.repeat(513 * 1024) } }));
    expect(answer.statusCode).toBe(413);
    expect(answer.json().errors).toEqual(['the event is larger than 512 KB']);
    expect((await enqueue(changed({ custom_details: { log: 'x'.repeat(500 * 1024) } }))).statusCode).toBe(202);
  });

  it('answers 415 for anything but JSON', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx']) {
      const headers = { 'content-type': type };
      const answer = await api.app.inject({
        method: 'POST',
        url: '/pagerduty/v2/enqueue',
        headers,
        payload: JSON.stringify(EXAMPLE),
      });
      expect(answer.statusCode).toBe(415);
      expect(answer.json().errors).toHaveLength(1);
    }
  });

  it('tolerates unknown, null and empty members', async () => {
    const event = {
      ...changed({ component: null, group: '', class: 7, custom_details: null, timestamp: 'yesterday', extra: {} }),
      images: null,
      links: [null, 'x', {}, { href: '' }],
      client: null,
      client_url: '',
      unknown: [1],
    };
    expect((await enqueue(event)).statusCode).toBe(202);
    const { event: taken } = api.events[0] ?? {};
    expect(taken).toMatchObject({ class: '7' });
    for (const absent of ['component', 'group', 'details', 'at', 'links']) expect(taken).not.toHaveProperty(absent);
  });

  it('keeps details that are no object', async () => {
    await enqueue(changed({ custom_details: 'just text' }));
    expect(api.events[0]?.event.details).toEqual({ custom_details: 'just text' });
  });

  it.each([
    ['2015-07-17T08:42:58.315+0000', '2015-07-17T08:42:58.315Z'],
    ['2026-11-21T06:50:19+08:00', '2026-11-20T22:50:19.000Z'],
    ['2026-11-21T06:50:19', '2026-11-21T06:50:19.000Z'],
  ])('reads the time %s', async (timestamp, instant) => {
    await enqueue(changed({ timestamp }));
    expect(new Date(api.events[0]?.event.at ?? 0).toISOString()).toBe(instant);
  });

  it('takes no time that cannot be written as an instant', async () => {
    await enqueue(changed({ timestamp: '9999-12-31T23:59:59Z' }));
    expect(api.events[0]?.event).not.toHaveProperty('at');
  });

  it('cuts a summary to 1,024 characters', async () => {
    await enqueue(changed({ summary: '🔥'.repeat(1025) }));
    const { summary = '' } = api.events[0]?.event ?? {};
    expect(Array.from(summary)).toHaveLength(1024);
    expect(summary).toBe(Buffer.from(summary).toString());
  });

  it('keeps no link that is not http', async () => {
    await enqueue({
      ...EXAMPLE,
      images: [],
      client_url: 'javascript:alert(1)',
      links: [{ href: 'https://a.example' }, { href: 'data:x' }],
    });
    expect(api.events[0]?.event.links).toEqual([{ href: 'https://a.example' }]);
  });

  it('does not lose an alert to a member called constructor or __proto__', async () => {
    const details =
      '{"constructor":"acme","__proto__":{"admin":true},"nested":{"constructor":{"prototype":{"admin":true}}},"host":"db1"}';
    const body = JSON.stringify(changed({ custom_details: 'DETAILS' })).replace('"DETAILS"', details);
    expect((await enqueue(body)).statusCode).toBe(202);
    const kept = api.events[0]?.event.details ?? {};
    expect(JSON.stringify(kept)).toBe('{"constructor":"acme","nested":{},"host":"db1"}');
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it('refuses what is nested beyond reason', async () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;
    const body = JSON.stringify(changed({ custom_details: 'DEEP' })).replace('"DEEP"', deep);
    expect(await errorsOf(body)).toEqual(['the body is nested more than 20 levels deep']);
  });

  it('answers 503 with Retry-After while nothing can be promised', async () => {
    api.behaviour.intakeError = new TocsinError('TEMPORAL_UNAVAILABLE', 'Temporal did not answer');
    const answer = await enqueue(EXAMPLE);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.json()).toEqual({
      status: 'error',
      message: 'Event not processed',
      errors: ['Temporal did not answer'],
    });
  });
});
