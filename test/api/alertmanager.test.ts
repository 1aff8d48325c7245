/** Alertmanager's notifications as events (wire-formats §1d), by the real server on a stand-in for the engine. */
import { readFileSync } from 'node:fs';
import { MAX_ALERTS } from '../../api/sources/alertGroups.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { ALERTMANAGER_KEY, type StandIns, apiOnStandIns } from './support/standIns.ts';

type Json = Record<string, unknown>;
const fixture = (name: string): Json & { alerts: Json[] } =>
  JSON.parse(readFileSync(new URL(`../fixtures/alertmanager-${name}.json`, import.meta.url), 'utf8')) as Json & {
    alerts: Json[];
  };
const FIRING = fixture('firing');
const MIXED = fixture('mixed');
const RESOLVED = fixture('resolved');
const DB1 = '1e87bc2d849d620b';
const DB2 = '1e87bd2d849d63be';

describe('POST /integrations/alertmanager/{routing key}', () => {
  let api: StandIns;
  beforeAll(async () => {
    api = await apiOnStandIns();
  });
  afterAll(() => api.app.close());
  beforeEach(() => api.events.splice(0));

  const post = (body: unknown) =>
    api.app.inject({
      method: 'POST',
      url: `/integrations/alertmanager/${ALERTMANAGER_KEY}`,
      headers: { 'content-type': 'application/json' },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const eventsOf = async (body: unknown): Promise<readonly SourceEvent[]> => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(202);
    return api.events.splice(0).map(({ event }) => event);
  };
  const one = async (alert: Json, group: Json = {}): Promise<SourceEvent | undefined> =>
    (await eventsOf({ ...FIRING, ...group, alerts: [{ ...FIRING.alerts[0], ...alert }] }))[0];

  it('makes the group the incident, and each alert in it an event named by its fingerprint', async () => {
    const [event, ...others] = await eventsOf(FIRING);
    expect(others).toEqual([]);
    expect(event).toEqual({
      action: 'trigger',
      groupKey: '{}:{alertname="DiskFull", cluster="c1"}',
      dedupKey: DB1,
      summary: 'disk',
      source: 'vm:19093',
      severity: 'critical',
      at: Date.parse('2026-11-21T06:58:49Z'),
      lasting: true,
      details: {
        labels: { alertname: 'DiskFull', cluster: 'c1', host: 'db1', severity: 'critical' },
        annotations: { summary: 'disk' },
      },
      links: [
        { text: 'Source', href: 'http://prom/g' },
        { text: 'Alertmanager', href: 'http://vm:19093' },
      ],
    });
  });

  it('answers one entry for each alert', async () => {
    expect((await post(MIXED)).json()).toMatchObject({
      status: 'accepted',
      events: [
        { dedupKey: DB2, outcome: 'accepted' },
        { dedupKey: DB1, outcome: 'accepted' },
      ],
    });
  });

  it('takes one that is sent again as the same event', async () => {
    expect(await eventsOf(FIRING)).toEqual(
      await eventsOf({ ...FIRING, notification_reason: 'repeat interval elapsed' }),
    );
  });

  it('puts those that fire before those that are resolved, and resolves at the time that they ended', async () => {
    const [first, second] = await eventsOf(MIXED);
    expect(first).toMatchObject({ action: 'trigger', dedupKey: DB2 });
    expect(second).toMatchObject({ action: 'resolve', dedupKey: DB1, at: Date.parse('2026-11-21T07:02:00.123Z') });
    for (const member of ['severity', 'details', 'lasting', 'groupResolved']) expect(second).not.toHaveProperty(member);
  });

  it('says on the last event that nothing of the group fires any more', async () => {
    expect((await eventsOf(RESOLVED)).map(({ groupResolved }) => groupResolved)).toEqual([undefined, true]);
  });

  it('of a truncated notification says how many were left out, and only by its reason that all are resolved', async () => {
    const truncated = { ...RESOLVED, truncatedAlerts: 7 };
    const before = await eventsOf({ ...truncated, notification_reason: undefined });
    const since = await eventsOf({ ...truncated, notification_reason: 'all alerts resolved' });
    expect(before.map(({ groupResolved, leftOut }) => [groupResolved, leftOut])).toEqual([
      [undefined, 7],
      [undefined, 7],
    ]);
    expect(since.at(-1)).toMatchObject({ groupResolved: true, leftOut: 7 });
    expect((await eventsOf(FIRING))[0]).not.toHaveProperty('leftOut');
  });

  it('takes more alerts than an incident names as truncated', async () => {
    const alerts = Array.from({ length: MAX_ALERTS + 5 }, (_, index) => ({
      status: index < 3 ? 'resolved' : 'firing',
      fingerprint: `f${index}`,
    }));
    const events = await eventsOf({ ...FIRING, alerts, truncatedAlerts: 2 });
    expect(events).toHaveLength(MAX_ALERTS);
    expect(new Set(events.map(({ action }) => action))).toEqual(new Set(['trigger']));
    expect(events.at(-1)?.leftOut).toBe(7);
    const resolved = await eventsOf({ ...RESOLVED, alerts: alerts.map((alert) => ({ ...alert, status: 'resolved' })) });
    expect(resolved.at(-1)).toMatchObject({ groupResolved: true, leftOut: 5 });
  });

  it.each([
    ['critical page EMERGENCY Fatal', 'critical'],
    ['error High major', 'error'],
    ['warning WARN minor medium', 'warning'],
    ['info informational low none notice', 'info'],
    ['p1 unknown', undefined],
  ])('reads the label severity: %s', async (words, severity) => {
    for (const word of words.split(' ')) {
      expect((await one({ labels: { alertname: 'A', severity: word } }))?.severity).toBe(severity);
    }
  });

  it('sums up by the first annotation for people, else by the name and the labels', async () => {
    const labels = { alertname: 'DiskFull', host: 'db1', severity: 'critical' };
    const annotations = { message: 'm', description: 'd', title: 't', summary: 's' };
    const all = [
      await one({ labels, annotations }),
      await one({ labels, annotations: { ...annotations, summary: ' ' } }),
      await one({ labels, annotations: { message: 'm', description: 'd' } }),
      await one({ labels, annotations: { message: 'm' } }),
      await one({ labels, annotations: {} }),
      await one({ labels: { host: 'db1' }, annotations: null }),
    ];
    expect(all.map((event) => event?.summary)).toEqual([
      's',
      't',
      'd',
      'm',
      'DiskFull host=db1 severity=critical',
      'an alert without a name host=db1',
    ]);
  });

  it('names the instance as source, and links the runbook', async () => {
    const event = await one({
      labels: { alertname: 'A', instance: 'db1:9100' },
      annotations: { runbook_url: 'https://wiki.example.com/disk' },
    });
    expect(event).toMatchObject({ source: 'db1:9100', links: [{ text: 'Runbook' }, {}, {}] });
  });

  it('names an alert without a fingerprint by its labels, whatever their order', async () => {
    const names = await Promise.all(
      [
        { alertname: 'A', host: 'db1' },
        { host: 'db1', alertname: 'A' },
        { alertname: 'A', host: 'db2' },
      ].map(async (labels) =>
        (await post({ ...FIRING, alerts: [{ status: 'firing', labels }] })).json<{ events: { dedupKey: string }[] }>(),
      ),
    );
    const [first, second, third] = names.map(({ events }) => events[0]?.dedupKey);
    expect(first).toMatch(/^[0-9a-f]{16}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('hashes a fingerprint that no Alertmanager makes, and keeps two of them apart', async () => {
    const [first, second] = await Promise.all(['a', 'b'].map((end) => one({ fingerprint: 'f'.repeat(300) + end })));
    expect([first?.dedupKey.length, second?.dedupKey.length]).toEqual([16, 16]);
    expect(first?.dedupKey).not.toBe(second?.dedupKey);
  });

  it('loses no alert to a label whose name means something to JavaScript', async () => {
    const label = (name: string) =>
      `{"status":"firing","fingerprint":"${name}","labels":{"alertname":"A","${name}":"x","host":"h"}}`;
    const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf'];
    const events = await eventsOf(
      `{"groupKey":"{}:{}","status":"firing","alerts":[${names.map(label).join(',')},` +
        '{"status":"firing","fingerprint":"deep","labels":{"constructor":{"prototype":{"polluted":1}},"host":"h"}}]}',
    );
    expect(events.map(({ dedupKey }) => dedupKey)).toEqual([...names, 'deep']);
    for (const { details } of events) expect(details?.['labels']).toMatchObject({ host: 'h' });
    expect(JSON.stringify(events[1]?.details?.['labels'])).toBe('{"alertname":"A","constructor":"x","host":"h"}');
    expect(({} as Json)['polluted']).toBeUndefined();
  });

  it('keeps a long group key whole, and one of absurd length apart from others', async () => {
    const long = `{}:{path="${'/x'.repeat(1_000)}"}`;
    expect((await one({}, { groupKey: long }))?.groupKey).toBe(long);
    const absurd = ['a', 'b'].map((end) => `{}:{path="${'x'.repeat(20_000)}${end}"}`);
    const [one1, other] = await Promise.all(absurd.map((groupKey) => one({}, { groupKey })));
    expect(one1?.groupKey).not.toBe(other?.groupKey);
    expect(one1?.groupKey?.length).toBeLessThan(5_000);
  });

  it('takes no time where there is none that can be read', async () => {
    expect(await one({ startsAt: '0001-01-01T00:00:00Z' })).not.toHaveProperty('at');
    expect(await one({ startsAt: 'soon' })).not.toHaveProperty('at');
    expect((await one({ startsAt: '2026-11-21T06:58:49.123456789+08:00' }))?.at).toBe(
      Date.parse('2026-11-20T22:58:49.123Z'),
    );
  });

  it('goes by the status of the group for an alert that has none', async () => {
    expect((await one({ status: undefined }, { status: 'resolved' }))?.action).toBe('resolve');
  });

  it.each([
    ['a body of another shape', { text: 'DiskFull on db1' }, 'missing or blank: groupKey, alerts;'],
    ['no group key', { ...FIRING, groupKey: null }, 'missing or blank: groupKey;'],
    ['no alerts', { ...FIRING, alerts: [] }, 'missing or blank: alerts;'],
    ['alerts that are none', { ...FIRING, alerts: [FIRING.alerts[0], 5] }, 'alerts[1] is not an object'],
    ['a status it does not know', { ...FIRING, alerts: [{ status: 'odd' }] }, "alerts[0].status is 'odd'"],
    ['no status anywhere', { groupKey: 'g', alerts: [{}] }, 'alerts[0].status is missing'],
    ['a list', [FIRING], 'not a JSON object'],
  ])('refuses %s, and says what to do', async (_what, body, text) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'BAD_EVENT' });
    expect(answer.json<{ detail: string }>().detail).toContain(text);
    expect(api.events).toEqual([]);
  });
});
