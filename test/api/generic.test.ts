/** Source `generic`: how bodies of all kinds are read, and what each ready mapping makes of what its vendor sends. */
import { readFileSync } from 'node:fs';
import type { Mapping } from '../../domain/mapping.ts';
import { READY } from '../../mapping/ready/index.ts';
import { type StandIns, apiOnStandIns, withIntegrations } from './support/standIns.ts';

const OWN: Mapping = {
  each: 'has(body.alerts) ? body.alerts : [body]',
  action: 'first(item.status, "trigger")',
  dedupKey: 'item.id',
  summary: 'item.title',
  source: 'headers["x-from"]',
  group: 'query.team',
  class: 'string(size(headers.filter(h, h.contains("secret") || h.contains("auth") || h == "cookie")))',
  at: 'item.at',
};
const MAPPINGS: Readonly<Record<string, Mapping>> = { ...READY, own: OWN };
const keyOf = (name: string): string => `generic-key-of-${name}`;
const CONFIGURED = withIntegrations(
  ...Object.entries(MAPPINGS).map(([id, mapping]) => ({ id, key: keyOf(id), source: 'generic', mapping })),
);

const fixture = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../fixtures/${file}.json`, import.meta.url), 'utf8')) as Record<string, unknown>;

let api: StandIns;
beforeAll(async () => {
  api = await apiOnStandIns({ configuration: () => CONFIGURED });
});
afterAll(() => api.app.close());

async function post(name: string, payload: string | Buffer, headers: Record<string, string> = {}, query = '') {
  api.events.splice(0);
  const answer = await api.app.inject({
    method: 'POST',
    url: `/integrations/generic/${keyOf(name)}${query}`,
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  });
  return {
    status: answer.statusCode,
    body: answer.json<Record<string, unknown>>(),
    events: api.events.map((one) => one.event),
  };
}
const send = (name: string, body: unknown) => post(name, JSON.stringify(body));
async function one(name: string, body: unknown) {
  const { status, events } = await send(name, body);
  expect([status, events.length]).toEqual([202, 1]);
  return events[0]!;
}

describe('POST /integrations/generic/{routing key}', () => {
  it('makes events of items, with headers and parameters, but for headers that hold secrets', async () => {
    const headers = { 'x-from': 'lab', authorization: 'Basic x', cookie: 'a=b', 'x-secret': 's', 'x-auth-token': 't' };
    const alerts = [
      { id: 1, title: 'one', at: 1_795_299_600 },
      { id: 'two', status: 'ok', at: '2026-11-21T22:20:00.000Z' },
    ];
    const { status, events } = await post('own', JSON.stringify({ alerts }), headers, '?team=ops');
    expect(status).toBe(202);
    const both = { source: 'lab', group: 'ops', class: '0', at: 1_795_299_600_000 };
    expect(events).toEqual([
      { ...both, action: 'trigger', dedupKey: '1', summary: 'one', details: alerts[0] },
      { ...both, action: 'resolve', dedupKey: 'two', summary: '', details: alerts[1] },
    ]);
  });

  it('answers an empty list of items with no event', async () => {
    expect(await send('own', { alerts: [] })).toMatchObject({ status: 202, body: { events: [] }, events: [] });
  });

  it.each([
    ['milliseconds', 1_795_299_600_500, 1_795_299_600_500],
    ['seconds', '1795299600', 1_795_299_600_000],
    ['no time', 'yesterday', undefined],
  ])('takes a time in %s', async (_what, at, expected) => {
    expect((await one('own', { id: 1, title: 'a', at })).at).toBe(expected);
  });

  it('cuts what is too long, and loses no alert for it', async () => {
    const event = await one('own', { id: 'k'.repeat(9_000), title: 't'.repeat(9_000), text: 'x'.repeat(90_000) });
    expect(event.summary.length).toBe(1_024);
    expect(event.dedupKey.length).toBeLessThan(5_000);
    expect(event.details).toMatchObject({ detailsTruncated: true });
  });

  it.each([
    ['application/json; charset=utf-8', '{"id":1,"title":"a"}'],
    ['text/plain', '{"id":1,"title":"a"}'],
    ['application/x-www-form-urlencoded', 'id=1&title=a'],
    [
      'multipart/form-data; boundary=--x',
      '----x\r\nContent-Disposition: form-data; name="id"\r\n\r\n1\r\n----x\r\nContent-Disposition: form-data; name="title"; filename="t.txt"\r\nContent-Type: text/plain\r\n\r\na\r\n----x--\r\n',
    ],
  ])('reads %s', async (contentType, payload) => {
    const { status, events } = await post('own', payload, { 'content-type': contentType });
    expect(status).toBe(202);
    expect(events).toEqual([expect.objectContaining({ dedupKey: '1', summary: 'a' })]);
  });

  it.each([
    [
      'a form without an end',
      'multipart/form-data; boundary=--x',
      '----x\r\nContent-Disposition: form-data',
      400,
      'BAD_REQUEST',
    ],
    ['a form without a boundary', 'multipart/form-data', 'a', 400, 'BAD_REQUEST'],
    ['text that is no JSON', 'text/plain', 'disk full', 400, 'MALFORMED_JSON'],
    ['XML', 'application/xml', '<a/>', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['an item without a title', 'application/json', '{"id":1}', 400, 'BAD_EVENT'],
  ])('refuses %s', async (_what, contentType, payload, status, code) => {
    expect(await post('own', payload, { 'content-type': contentType })).toMatchObject({
      status,
      body: { code },
      events: [],
    });
  });

  it('refuses all items where one is wrong, naming it: nothing of a body is lost in silence', async () => {
    const { status, body, events } = await send('own', { alerts: [{ id: 1, title: 'a' }, { id: 2 }] });
    expect([status, events]).toEqual([400, []]);
    expect(body['detail']).toBe(
      'mapping.summary of item 2 gives nothing, and a trigger has one; item has no member title; it has: id. It is: item.title',
    );
  });
});

describe('the ready mapping', () => {
  it('zabbix: a problem, its acknowledgement and its recovery are one alert', async () => {
    const problem = fixture('zabbix/problem');
    expect(await one('zabbix', problem)).toEqual({
      action: 'trigger',
      dedupKey: '51027',
      summary: 'High CPU utilization (over 90% for 5m)',
      source: 'db1',
      severity: 'error',
      class: 'High CPU utilization',
      at: 1_795_299_600_000,
      details: expect.objectContaining({
        hostIp: '192.0.2.17',
        tags: [{ tag: 'component', value: 'cpu' }, expect.anything()],
      }),
      links: [{ href: 'https://zabbix.example.com/tr_events.php?triggerid=16199&eventid=51027', text: 'Zabbix' }],
    });
    expect(await one('zabbix', fixture('zabbix/acknowledged'))).toMatchObject({
      action: 'acknowledge',
      dedupKey: '51027',
    });
    const recovery = await one('zabbix', fixture('zabbix/recovery'));
    expect(recovery).toMatchObject({ action: 'resolve', dedupKey: '51027' });
    expect([recovery.at, recovery.severity]).toEqual([undefined, undefined]);
  });

  it.each(['{EVENT.TAGSJSON}', '*UNKNOWN*'])('zabbix: the tags %s cost no alert', async (tags) => {
    const event = await one('zabbix', fixture('zabbix/problem'));
    const { tags: _tags, ...details } = event.details ?? {};
    expect(await one('zabbix', { ...fixture('zabbix/problem'), tags })).toEqual({ ...event, details });
  });

  it.each([
    ['changed severity from Warning to Disaster', '5', 'trigger', 'critical'],
    ['commented on', '4', undefined, undefined],
    ['unacknowledged', '4', undefined, undefined],
    ['closed', '4', undefined, undefined],
  ])('zabbix: an update that %s', async (update_action, severity, action, expected) => {
    const { events } = await send('zabbix', {
      ...fixture('zabbix/problem'),
      update_status: '1',
      update_action,
      severity,
    });
    expect(events.map((event) => [event.action, event.severity])).toEqual(
      action === undefined ? [] : [[action, expected]],
    );
  });

  it('datadog: a cycle is one alert, as JSON and as a form', async () => {
    const triggered = fixture('datadog/triggered');
    const event = await one('datadog', triggered);
    expect(event).toMatchObject({
      action: 'trigger',
      dedupKey: '8423990771612345678',
      summary: 'Disk of db1 is almost full on host:db1',
      source: 'db1',
      severity: 'error',
      at: 1_795_299_600_000,
      details: { tags: ['host:db1', 'team:storage', 'monitor'], priority: 'P2' },
    });
    const form = new URLSearchParams(triggered as Record<string, string>).toString();
    const { events } = await post('datadog', form, { 'content-type': 'application/x-www-form-urlencoded' });
    expect(events).toEqual([event]);
    expect(await one('datadog', fixture('datadog/renotified'))).toMatchObject({
      action: 'trigger',
      dedupKey: event.dedupKey,
    });
    expect(await one('datadog', fixture('datadog/recovered'))).toMatchObject({
      action: 'resolve',
      dedupKey: event.dedupKey,
    });
  });

  it.each([
    [{ alert_transition: 'Warn' }, 'warning'],
    [{ alert_priority: 'P1' }, 'critical'],
    [{ alert_priority: 'P5' }, 'info'],
    [{ alert_priority: '', alert_type: 'warning' }, 'warning'],
    [{ alert_transition: 'No Data', alert_priority: null, alert_type: 'error' }, 'error'],
  ])('datadog: %j is the severity %s', async (more, severity) => {
    expect(await one('datadog', { ...fixture('datadog/triggered'), ...more })).toMatchObject({
      action: 'trigger',
      severity,
    });
  });

  it('uptime-kuma: down and up are one alert, as JSON and in the field of a form', async () => {
    const down = await one('uptime-kuma', fixture('uptime-kuma/down'));
    expect(down).toMatchObject({
      action: 'trigger',
      dedupKey: 'monitor 3',
      summary: 'shop is down: timeout of 48000ms exceeded',
      source: 'https://shop.example.com/',
      severity: 'critical',
      at: Date.UTC(2026, 10, 21, 22, 0, 0, 527),
      links: [{ href: 'https://shop.example.com/', text: 'Monitored' }],
    });
    const boundary = '--------------------------123456789012345678901234';
    const field = `--${boundary}\r\nContent-Disposition: form-data; name="data"\r\n\r\n${JSON.stringify(fixture('uptime-kuma/down'))}\r\n--${boundary}--\r\n`;
    const form = await post('uptime-kuma', field, { 'content-type': `multipart/form-data; boundary=${boundary}` });
    expect(form.events).toEqual([down]);
    expect(await one('uptime-kuma', fixture('uptime-kuma/up'))).toMatchObject({
      action: 'resolve',
      dedupKey: 'monitor 3',
    });
  });

  it('uptime-kuma: a test, a pending state and maintenance are no events; what is not of it is refused', async () => {
    const down = fixture('uptime-kuma/down');
    const status = (status: number) => ({ ...down, heartbeat: { ...(down['heartbeat'] as object), status } });
    for (const body of [fixture('uptime-kuma/test'), status(2), status(3)]) {
      expect(await send('uptime-kuma', body)).toMatchObject({ status: 202, body: { events: [] } });
    }
    for (const body of [{}, { msg: 'x' }, status(4)]) expect((await send('uptime-kuma', body)).status).toBe(400);
  });

  it('cloudevents: structured and binary are the same event, and a subject is one alert', async () => {
    const full = fixture('cloudevents/full');
    const type = { 'content-type': 'application/cloudevents+json' };
    const structured = await post('cloudevents', JSON.stringify(full), type);
    expect(structured.events).toEqual([
      {
        action: 'trigger',
        dedupKey: '/monitoring/disks db1:/var',
        summary: '/var of db1 is 97 % full',
        source: '/monitoring/disks',
        severity: 'error',
        component: 'db1:/var',
        class: 'com.example.disk.full',
        at: Date.UTC(2026, 10, 21, 22),
        details: { id: 'A234-1234-1234', type: 'com.example.disk.full', subject: 'db1:/var', data: full['data'] },
        links: [{ href: 'https://disks.example.com/db1', text: 'Event' }],
      },
    ]);
    const attributes = Object.fromEntries(
      ['specversion', 'id', 'source', 'type', 'time'].map((name) => [`ce-${name}`, String(full[name])]),
    );
    const binary = await post('cloudevents', JSON.stringify(full['data']), {
      ...attributes,
      'ce-subject': 'db1%3A/var',
    });
    expect(binary.events).toEqual(structured.events);
    expect(await one('cloudevents', fixture('cloudevents/recovered'))).toMatchObject({
      action: 'resolve',
      dedupKey: '/monitoring/disks db1:/var',
    });
  });

  it('cloudevents: a batch is its events; without a subject the id is the key', async () => {
    const type = { 'content-type': 'application/cloudevents-batch+json' };
    const { events } = await post('cloudevents', JSON.stringify(fixture('cloudevents/batch')), type);
    expect(events.map(({ dedupKey, severity }) => [dedupKey, severity])).toEqual([
      ['/monitoring/disks db1:/var', 'error'],
      ['/monitoring/disks db2:/var', 'warning'],
    ]);
    const { subject: _subject, ...bare } = fixture('cloudevents/full');
    expect((await one('cloudevents', bare)).dedupKey).toBe('/monitoring/disks A234-1234-1234');
    const { source: _source, ...none } = bare;
    const refused = await send('cloudevents', none);
    expect([refused.status, refused.body['detail']]).toEqual([
      400,
      expect.stringContaining('item has no member source'),
    ]);
  });

  it.each([
    ['com.example.disk.resolved', 'resolve'],
    ['com.example.disk.recovery.v2', 'resolve'],
    ['com.example.disk.unresolved', 'trigger'],
    ['com.example.backup', 'trigger'],
    ['com.example.disk.acknowledged', 'acknowledge'],
  ])('cloudevents: the type %s is a %s', async (type, action) => {
    expect((await one('cloudevents', { ...fixture('cloudevents/full'), type })).action).toBe(action);
  });

  it('nagios: a service and its host are two alerts, each with its recovery', async () => {
    expect(await one('nagios', fixture('nagios/service-problem'))).toEqual({
      action: 'trigger',
      dedupKey: 'db1/disk',
      summary: 'db1/disk is CRITICAL: DISK CRITICAL - free space: /var 412 MB (3%)',
      source: 'db1',
      component: 'disk',
      severity: 'critical',
      at: 1_795_299_600_000,
      details: {
        type: 'PROBLEM',
        state: 'CRITICAL',
        address: '192.0.2.17',
        output: 'DISK CRITICAL - free space: /var 412 MB (3%)',
      },
    });
    expect(await one('nagios', fixture('nagios/service-acknowledgement'))).toMatchObject({
      action: 'acknowledge',
      dedupKey: 'db1/disk',
      details: { author: 'ana', comment: 'growing it' },
    });
    expect(await one('nagios', fixture('nagios/service-recovery'))).toMatchObject({
      action: 'resolve',
      dedupKey: 'db1/disk',
    });
    expect(await one('nagios', fixture('nagios/host-problem'))).toMatchObject({
      dedupKey: 'db1',
      summary: 'db1 is DOWN: CRITICAL - Host Unreachable (192.0.2.17)',
      severity: 'critical',
    });
  });

  it.each([
    ['nagios', 'FLAPPINGSTART', 'OK', 'trigger'],
    ['nagios', 'FLAPPINGSTOP', 'OK', 'resolve'],
    ['nagios', 'FLAPPINGDISABLED', 'WARNING', 'trigger'],
    ['icinga', 'FLAPPINGEND', 'OK', 'resolve'],
    ['nagios', 'CUSTOM', 'CRITICAL', 'trigger'],
    ['icinga', 'CUSTOM', 'OK', undefined],
    ['nagios', 'DOWNTIMESTART', 'CRITICAL', undefined],
    ['nagios', 'DOWNTIMEEND', 'CRITICAL', undefined],
    ['icinga', 'DOWNTIMECANCELLED', 'CRITICAL', undefined],
  ])('%s: %s while it is %s', async (name, type, service_state, action) => {
    const { status, events } = await send(name, { ...fixture('nagios/service-problem'), type, service_state });
    expect(status).toBe(202);
    expect(events.map((event) => event.action)).toEqual(action === undefined ? [] : [action]);
  });

  it('nagios: a kind of notification that nobody knows is refused', async () => {
    const { status, body } = await send('nagios', { ...fixture('nagios/service-problem'), type: 'ODD' });
    expect([status, body['detail']]).toEqual([
      400,
      expect.stringContaining("mapping.action gives 'ODD'; it is one of: "),
    ]);
  });

  it('icinga: sends what Nagios does, and a link to Icinga Web', async () => {
    expect(await one('icinga', fixture('icinga/service-problem'))).toMatchObject({
      action: 'trigger',
      dedupKey: 'db1/disk',
      links: [{ href: 'https://icinga.example.com/icingaweb2', text: 'Icinga Web' }],
    });
    expect(await one('icinga', fixture('icinga/host-problem'))).toMatchObject({
      dedupKey: 'db1',
      severity: 'critical',
    });
  });
});
