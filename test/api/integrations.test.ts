import { readFileSync } from 'node:fs';
import { SOURCES } from '../../api/sources/registry.ts';
import { TocsinError } from '../../domain/errors.ts';
import { type StandIns, EVENTS_KEY, GUANCE_KEY, INCIDENT_ID, apiOnStandIns } from './support/standIns.ts';

const fixture = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../fixtures/guance-${name}.json`, import.meta.url), 'utf8')) as Record<
    string,
    unknown
  >;
const CRITICAL = fixture('critical');
const RECOVERED = fixture('recovered');
const URL_OF_GUANCE = `/integrations/guance/${GUANCE_KEY}`;

describe('POST /integrations/{source}/{routing key}', () => {
  let api: StandIns;
  beforeEach(async () => {
    api = await apiOnStandIns();
  });
  afterEach(() => api.app.close());

  const post = (body: unknown, url = URL_OF_GUANCE, type = 'application/json') =>
    api.app.inject({
      method: 'POST',
      url,
      headers: { 'content-type': type },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const refused = async (body: unknown) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    return answer.json<{ code: string; detail: string }>();
  };

  it("takes Guance's own payload and says which incident it is in", async () => {
    const answer = await post(CRITICAL);
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({
      status: 'accepted',
      events: [{ dedupKey: '13713ac25e993a37d2ca5899e2a7bba6', outcome: 'accepted', incident: INCIDENT_ID }],
    });
  });

  it('keeps what Guance says as summary, details and links', async () => {
    await post(CRITICAL);
    expect(api.events[0]?.integration.id).toBe('payments-guance');
    expect(api.events[0]?.event).toEqual({
      action: 'trigger',
      dedupKey: '13713ac25e993a37d2ca5899e2a7bba6',
      summary: '实例名称为 share 磁盘使用率过高',
      source: 'observer',
      severity: 'critical',
      at: 1_693_034_940_000,
      links: [{ href: CRITICAL['df_event_link'], text: 'Guance observer' }],
      details: {
        workspace_name: 'observer',
        Result: 100,
        date: 1_693_034_940,
        df_monitor_checker_name: '实例名称为 {{host}} 磁盘使用率过高',
        df_event_reason: '满足监控器中故障的认定条件，产生故障事件',
        df_status: 'critical',
        result: 100,
        tags: { host: 'share' },
        description: CRITICAL['df_message'],
      },
    });
  });

  it('resolves the same alert by its recovery', async () => {
    await post(RECOVERED);
    expect(api.events[0]?.event).toMatchObject({
      action: 'resolve',
      dedupKey: '13713ac25e993a37d2ca5899e2a7bba6',
      at: 1_693_035_540_000,
    });
    expect(api.events[0]?.event).not.toHaveProperty('severity');
  });

  it.each([
    ['critical', 'critical'],
    ['fatal', 'critical'],
    ['error', 'error'],
    ['high', 'error'],
    ['nodata', 'error'],
    ['warning', 'warning'],
    ['medium', 'warning'],
    ['info', 'info'],
    ['low', 'info'],
    ['Critical', 'critical'],
  ])('triggers for the status %s with severity %s', async (df_status, severity) => {
    await post({ ...CRITICAL, df_status });
    expect(api.events[0]?.event).toMatchObject({ action: 'trigger', severity });
  });

  it.each(['ok', 'nodata_ok', 'nodata_as_ok', 'manual_ok'])('resolves for the status %s', async (df_status) => {
    await post({ ...CRITICAL, df_status });
    expect(api.events[0]?.event.action).toBe('resolve');
  });

  it('refuses a status it does not know, and lists those it does', async () => {
    const { code, detail } = await refused({ ...CRITICAL, df_status: 'exploded' });
    expect(code).toBe('BAD_EVENT');
    expect(detail).toContain("'exploded'");
    expect(detail).toContain('nodata_as_ok');
    expect(api.events).toEqual([]);
  });

  it.each([
    [{ df_title: '  ' }, 'missing or blank: df_title;'],
    [{ df_status: undefined }, 'missing or blank: df_status;'],
    [{ df_status: null, df_title: null }, 'missing or blank: df_status, df_title;'],
  ])('names what is missing: %j', async (members, text) => {
    expect((await refused({ ...CRITICAL, ...members })).detail).toContain(text);
  });

  it('falls back to the id of the round, then of the event, then makes a key', async () => {
    const bare = { ...CRITICAL, df_monitor_checker_event_ref: '', df_fault_id: 'fault-1' };
    for (const body of [bare, { ...bare, df_fault_id: null }, { ...bare, df_fault_id: null, df_event_id: '' }])
      await post(body);
    const [first, second, third] = api.events.map(({ event }) => event.dedupKey);
    expect([first, second]).toEqual(['fault-1', CRITICAL['df_event_id']]);
    expect(third).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('refuses a recovery that names nothing, and a key that is too long', async () => {
    const keyless = { ...RECOVERED, df_monitor_checker_event_ref: null, df_fault_id: null, df_event_id: null };
    expect((await refused(keyless)).detail).toContain('df_monitor_checker_event_ref');
    expect((await refused({ ...CRITICAL, df_monitor_checker_event_ref: 'k'.repeat(300) })).code).toBe(
      'DEDUP_KEY_TOO_LONG',
    );
  });

  it('survives dimension tags that are no JSON, or that pollute', async () => {
    expect((await post({ ...CRITICAL, df_dimension_tags: '{broken' })).statusCode).toBe(202);
    expect(
      (await post({ ...CRITICAL, df_dimension_tags: '{"__proto__":{"a":1},"constructor":"x","host":"h"}' })).statusCode,
    ).toBe(202);
    expect(api.events.map(({ event }) => JSON.stringify(event.details?.['tags']))).toEqual(['{}', '{"host":"h"}']);
  });

  it('takes the timestamp where there is no date, and no time where neither can be read', async () => {
    await post({ ...CRITICAL, date: null, timestamp: 1_693_000_000 });
    await post({ ...CRITICAL, date: 'soon', timestamp: 1 });
    await post({ ...CRITICAL, date: 1e300 });
    expect(api.events.map(({ event }) => event.at)).toEqual([1_693_000_000_000, undefined, undefined]);
  });

  it("tells who sends Guance's text mode what to set", async () => {
    const answer = await post('实例名称为 share\n\n>等级：critical', URL_OF_GUANCE, 'text/plain');
    expect(answer.statusCode).toBe(415);
    expect(answer.json().detail).toContain('set bodyType to json');
  });

  it('answers a wrong key, and a key of another source, with 404 and without the key', async () => {
    for (const key of ['wrong-key-000000', EVENTS_KEY]) {
      const answer = await post(CRITICAL, `/integrations/guance/${key}`);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'UNKNOWN_INTEGRATION', instance: '/integrations/guance/***' });
      expect(answer.body).not.toContain(key);
    }
    expect(api.events).toEqual([]);
  });

  it.each(['zabbix', 'manual', 'events-v2', 'constructor'])(
    'answers the source %s with 404 and the sources there are',
    async (source) => {
      const answer = await post(CRITICAL, `/integrations/${source}/${GUANCE_KEY}`);
      expect(answer.statusCode).toBe(404);
      expect(answer.json().detail).toBe(`there is no source '${source}'; there are: ${[...SOURCES.keys()].join(', ')}`);
    },
  );

  it('answers malformed JSON with 400, and a body that is no object [F 10]', async () => {
    expect((await refused('{"df_status": "crit')).code).toBe('MALFORMED_JSON');
    for (const body of ['[]', 'null', '5']) expect((await refused(body)).code).toBe('BAD_EVENT');
  });

  it('takes 8 MiB and answers 413 above it [F 10]', async () => {
    const filled = (size: number) => ({ ...CRITICAL, df_message: 'x'.repeat(size) });
    expect((await post(filled(8 * 1024 * 1024))).statusCode).toBe(413);
    expect((await post(filled(7 * 1024 * 1024))).statusCode).toBe(202);
    expect(api.events[0]?.event.details).toMatchObject({ detailsTruncated: true, tags: { host: 'share' } });
  });

  it('says what Temporal cannot promise, and nothing of what broke inside', async () => {
    api.behaviour.intakeError = new TocsinError('TEMPORAL_UNAVAILABLE', 'Temporal did not answer');
    const unavailable = await post(CRITICAL);
    expect([unavailable.statusCode, unavailable.headers['retry-after']]).toEqual([503, '5']);
    api.behaviour.intakeError = new Error('password=hunter2 at /srv/api/intake.ts:7');
    const broken = await post(CRITICAL);
    expect(broken.statusCode).toBe(500);
    expect(broken.json()).toMatchObject({ code: 'INTERNAL', title: 'Tocsin failed; its log says why' });
    expect(broken.body).not.toContain('hunter2');
  });
});
