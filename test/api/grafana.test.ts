/** Grafana Alerting's notifications as events (wire-formats §1e), by the real server on a stand-in for the engine. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { SourceEvent } from '../../domain/event.ts';
import { GRAFANA_KEY, type StandIns, apiOnStandIns, withIntegrations } from './support/standIns.ts';

type Json = Record<string, unknown>;
const fixture = (name: string): Json & { alerts: Json[] } =>
  JSON.parse(readFileSync(new URL(`../fixtures/grafana-${name}.json`, import.meta.url), 'utf8')) as Json & {
    alerts: Json[];
  };
const FIRING = fixture('firing');
const RESOLVED = fixture('resolved');
const SECRET = 'grafana-signs-with-this';
const SIGNED_KEY = 'grafana-signed-000000';
const TIMED_KEY = 'grafana-timed-0000000';
const TIME = 'X-Grafana-Alerting-Timestamp';

const hmac = (text: string, secret = SECRET): string => createHmac('sha256', secret).update(text).digest('hex');

describe('/integrations/grafana/{routing key}', () => {
  let api: StandIns;
  beforeAll(async () => {
    const configuration = withIntegrations(
      { id: 'signed', key: SIGNED_KEY, source: 'grafana', secret: SECRET },
      {
        id: 'timed',
        key: TIMED_KEY,
        source: 'grafana',
        secret: SECRET,
        signatureHeader: 'X-Sig',
        timestampHeader: TIME,
      },
    );
    api = await apiOnStandIns({ configuration: () => configuration });
  });
  afterAll(() => api.app.close());
  beforeEach(() => api.events.splice(0));

  const send = (
    body: unknown,
    key = GRAFANA_KEY,
    headers: Record<string, string> = {},
    method: 'POST' | 'PUT' = 'POST',
  ) =>
    api.app.inject({
      method,
      url: `/integrations/grafana/${key}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const eventsOf = async (body: unknown): Promise<readonly SourceEvent[]> => {
    const answer = await send(body);
    expect(answer.statusCode).toBe(202);
    return api.events.splice(0).map(({ event }) => event);
  };
  const detailOf = (answer: { json: () => { detail: string } }): string => answer.json().detail;

  it('makes the group the incident, and of each alert an event with its values and links', async () => {
    const [memory, cpu, ...others] = await eventsOf(FIRING);
    expect(others).toEqual([]);
    expect(memory).toEqual({
      action: 'trigger',
      groupKey: '{}:{}',
      dedupKey: 'c6eadffa33fcdf37',
      summary: 'This alert was triggered for zone us-1',
      source: 'play.grafana.org',
      severity: 'warning',
      at: Date.parse('2021-10-12T07:51:03.157Z'),
      lasting: true,
      details: {
        labels: { alertname: 'High memory usage', team: 'blue', zone: 'us-1', severity: 'warning' },
        annotations: expect.objectContaining({ description: 'The system has high memory usage' }),
        values: { B: 44.23943737541908, C: 1 },
        valueString: expect.stringContaining("var='B'"),
        ruleUID: '1afz29v7z',
        orgId: 1,
        title: '[FIRING:2]  (blue)',
      },
      links: [
        { text: 'Runbook', href: 'https://myrunbook.com/runbook/1234' },
        { text: 'Panel', href: 'https://play.grafana.org/d/000000012?orgId=1&viewPanel=3' },
        { text: 'Dashboard', href: 'https://play.grafana.org/d/000000012?orgId=1' },
        { text: 'Alert rule', href: 'https://play.grafana.org/alerting/1afz29v7z/edit' },
        { text: 'Silence', href: expect.stringContaining('/alerting/silence/new?') },
        { text: 'Image', href: 'https://storage.example.com/panel-3.png' },
        { text: 'Grafana', href: 'https://play.grafana.org/' },
      ],
    });
    // What Grafana leaves empty, or writes as null, is not there.
    expect(cpu?.links?.map(({ text }) => text)).toEqual(['Runbook', 'Alert rule', 'Silence', 'Grafana']);
    expect(cpu?.details).not.toHaveProperty('values');
    expect(cpu).not.toHaveProperty('severity');
  });

  it('cuts what is the group’s before each alert has it', async () => {
    const alerts = Array.from({ length: 2_000 }, (_, n) => ({
      status: 'firing',
      labels: { alertname: 'a', n: String(n) },
    }));
    const events = await eventsOf({ groupKey: 'g', alerts, title: 't'.repeat(7_000_000), orgId: 'o'.repeat(9_000) });
    expect(events).toHaveLength(2_000);
    expect(Math.max(...events.map(({ details }) => JSON.stringify(details).length))).toBeLessThan(1_500);
    expect(events[1_999]?.details).toMatchObject({ labels: { n: '1999' }, title: expect.stringMatching(/^t{1023}…$/) });
    const [odd] = await eventsOf({ groupKey: 'g', alerts: alerts.slice(0, 1), title: {}, orgId: ['x'.repeat(9_000)] });
    expect(Object.keys(odd?.details ?? {})).toEqual(['labels', 'annotations']);
  });

  it('takes a repeat as the same events, and resolves the same ones', async () => {
    expect(await eventsOf(FIRING)).toEqual(await eventsOf(FIRING));
    const events = await eventsOf(RESOLVED);
    expect(
      events.map(({ action, groupKey, dedupKey, groupResolved }) => [action, groupKey, dedupKey, groupResolved]),
    ).toEqual([
      ['resolve', '{}:{}', 'c6eadffa33fcdf37', undefined],
      ['resolve', '{}:{}', 'bc97ff14869b13e3', true],
    ]);
  });

  it('goes by the state of the group where nothing else says whether it fires', async () => {
    const bare = FIRING.alerts.map(({ status: _status, ...alert }) => alert);
    const states = await Promise.all(
      ['alerting', 'ok'].map((state) => eventsOf({ ...FIRING, alerts: bare.slice(0, 1), status: undefined, state })),
    );
    expect(states.flat().map(({ action }) => action)).toEqual(['trigger', 'resolve']);
  });

  it('may be put, which other sources’ senders are not told', async () => {
    expect((await send(FIRING, GRAFANA_KEY, {}, 'PUT')).statusCode).toBe(202);
    expect(api.events).toHaveLength(2);
    expect((await send(FIRING, 'no-such-key-00', {}, 'PUT')).statusCode).toBe(404);
  });

  it('takes what is signed with the secret, in the header that Grafana documents and in the one that its code has', async () => {
    const body = JSON.stringify(FIRING);
    for (const header of ['X-Grafana-Alerting-Signature', 'X-Grafana-Alert-Signature']) {
      expect((await send(body, SIGNED_KEY, { [header]: hmac(body) })).statusCode).toBe(202);
    }
    expect(api.events).toHaveLength(4);
  });

  it.each([
    ['without a signature', {}, 'it is not signed'],
    [
      'signed with another secret',
      { 'X-Grafana-Alerting-Signature': hmac(JSON.stringify(FIRING), 'other') },
      'another secret',
    ],
    ['signed over another body', { 'X-Grafana-Alerting-Signature': hmac('{}') }, 'another secret'],
    ['with a signature that is none', { 'X-Grafana-Alerting-Signature': 'sha256=00' }, 'another secret'],
    ['with an empty one', { 'X-Grafana-Alerting-Signature': '' }, 'another secret'],
  ])('refuses a body %s, with 403', async (_what, headers, reason) => {
    const answer = await send(FIRING, SIGNED_KEY, headers);
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'SOURCE_REFUSED' });
    expect(detailOf(answer)).toContain(reason);
    expect(answer.body).not.toContain(SECRET);
    expect(api.events).toEqual([]);
  });

  it('takes a signed timestamp for five minutes, and no longer', async () => {
    const body = JSON.stringify(FIRING);
    const at = (seconds: number) => {
      const timestamp = String(Math.floor(Date.now() / 1_000) + seconds);
      return send(body, TIMED_KEY, { [TIME]: timestamp, 'X-Sig': hmac(`${timestamp}:${body}`) });
    };
    for (const seconds of [0, -290, 290]) expect((await at(seconds)).statusCode).toBe(202);
    for (const seconds of [-310, 310]) {
      const answer = await at(seconds);
      expect(answer.statusCode).toBe(403);
      expect(detailOf(answer)).toContain('more than 5 minutes from now');
    }
  });

  it('refuses a timestamp that is not the one signed, and a body signed without one', async () => {
    const body = JSON.stringify(FIRING);
    const now = String(Math.floor(Date.now() / 1_000));
    const answers = [
      await send(body, TIMED_KEY, { [TIME]: now, 'X-Sig': hmac(`${Number(now) - 1}:${body}`) }),
      await send(body, TIMED_KEY, { [TIME]: now, 'X-Sig': hmac(body) }),
      await send(body, TIMED_KEY, { 'X-Sig': hmac(`:${body}`) }),
      await send(body, TIMED_KEY, { [TIME]: now, 'X-Grafana-Alerting-Signature': hmac(`${now}:${body}`) }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 403]);
    expect(api.events).toEqual([]);
  });

  it.each([
    ['a custom payload', { title: 'CPU', body: 'high' }, 'missing or blank: groupKey, alerts'],
    ['a group without alerts', { ...FIRING, alerts: [] }, 'missing or blank: alerts'],
    ['an alert that is none', { ...FIRING, alerts: ['x'] }, 'each alert of Grafana is one'],
    ['a list', [FIRING], 'a notification of Grafana is one'],
  ])('refuses %s, and says how to send what is understood', async (_what, body, text) => {
    const answer = await send(body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'BAD_EVENT' });
    expect(detailOf(answer)).toContain(text);
    expect(api.events).toEqual([]);
  });

  it('names the setting of Grafana that makes a custom payload', async () => {
    expect(detailOf(await send({}))).toContain("leave the contact point's custom payload empty");
  });
});
