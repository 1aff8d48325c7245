/** What PagerDuty is told, and what its answers come to; against a stand-in that keeps incidents by dedup key as Events v2 does. */
import { event as sdkEvent } from '@pagerduty/pdjs';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { pagerdutyChannel } from '../../activities/notify/pagerduty.ts';
import type { PagerDutyEndpoint } from '../../domain/channels.ts';
import type { NoticeRequest, NoticeType } from '../../domain/notice.ts';
import type { Templates } from '../../domain/templates.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { PagerDuty } from '../support/providers/pagerduty.ts';
import { REST_KEY, ROUTING_KEY, startPagerDuty } from '../support/providers/pagerduty.ts';
import { configured, failureOf, INCIDENT, noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let there: PagerDuty;
beforeEach(async () => {
  there = await startPagerDuty();
});
afterEach(() => there.stop());

const TIMEOUT = 3_000;
const channel = (endpoint: Partial<PagerDutyEndpoint> = {}, timeout = TIMEOUT, templates: Templates = {}) => {
  const bus = {
    routingKey: ROUTING_KEY,
    url: there.url,
    apiUrl: there.url,
    webhookSecrets: [],
    users: {},
    ...endpoint,
  };
  return pagerdutyChannel({
    configuration: () => ({ ...configured({ pagerduty: { bus } }), templates }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
    timeout,
  });
};
const page = (incident: Parameters<typeof requestWith>[0] = {}, more: Parameters<typeof requestWith>[1] = {}) =>
  requestWith(incident, { contact: 'pd', ...more });
const notice = (type: NoticeType, more: Partial<NoticeRequest> = {}): NoticeRequest => ({
  ...noticeTo('pagerduty', null),
  type,
  ...more,
});
const ORIGIN = { source: 'db1.example', component: 'postgres', group: 'orders', class: 'disk', priority: null };

test('a page triggers: what is broken, where, how badly, who is paged, and where to acknowledge', async () => {
  const receipt = await channel().notify(page({ number: 12 }, { origin: ORIGIN }));
  expect(receipt).toEqual({
    providerId: INCIDENT,
    detail: `trigger: {"status":"success","message":"Event processed","dedup_key":"${INCIDENT}"}`,
  });
  const [event] = there.events;
  expect(event).toEqual({
    routing_key: ROUTING_KEY,
    event_action: 'trigger',
    dedup_key: INCIDENT,
    payload: {
      summary: 'disk of db1 is full',
      source: 'db1.example',
      severity: 'critical',
      timestamp: '2026-12-01T10:02:11.000Z',
      component: 'postgres',
      group: 'orders',
      class: 'disk',
      custom_details: {
        host: 'db1',
        labels: { region: 'cn-north', disks: ['sda', 'sdb'] },
        tocsin: {
          incident: INCIDENT,
          number: 12,
          service: 'Payments',
          why: 'level 1: the incident was triggered',
        },
      },
    },
    client: 'Dashboard',
    client_url: 'https://grafana.example.com/d/1?a=1&b=2',
    links: [
      { href: expect.stringMatching(/^https:\/\/tocsin\.example\.com\/ack\/v1\./), text: 'Acknowledge as Ana Wei' },
      { href: 'https://wiki.example.com/payments', text: 'Runbook' },
    ],
  });
});

test.each([
  ['critical', 'critical'],
  ['error', 'error'],
  ['warning', 'warning'],
  ['info', 'info'],
  [null, 'error'],
] as const)('severity %s is severity %s there', async (severity, theirs) => {
  await channel().notify(page({ severity }));
  expect(there.events[0]?.payload).toMatchObject({ severity: theirs });
});

test('one incident is triggered, acknowledged and resolved, in order, however many are paged; a reopened one keeps its key', async () => {
  const { notify, tell } = channel();
  await notify(page());
  await notify(page({}, { userName: 'Bob' }));
  await tell(notice('incident.escalated'));
  expect(there.incidents).toMatchObject([{ key: INCIDENT, status: 'triggered' }]);
  await tell(notice('incident.acknowledged'));
  expect(there.incidents).toMatchObject([{ key: INCIDENT, status: 'acknowledged' }]);
  await tell(notice('incident.resolved'));
  expect(there.incidents).toMatchObject([{ key: INCIDENT, status: 'resolved' }]);
  await tell(notice('incident.reopened'));
  expect(there.incidents.map(({ key, status }) => [key, status])).toEqual([
    [INCIDENT, 'resolved'],
    [INCIDENT, 'triggered'],
  ]);
});

test('a notice has no link that would act as somebody', async () => {
  await channel().tell(
    notice('incident.triggered', {
      service: { id: 'payments', name: 'Payments', runbook: 'https://wiki.example.com' },
    }),
  );
  expect(there.events[0]).toMatchObject({ client: 'Tocsin', links: [{ text: 'Runbook' }] });
  expect(there.server.requests[0]?.body).not.toContain('/ack/');
});

const SENT: Readonly<Partial<Record<NoticeType, string>>> = {
  'incident.triggered': 'trigger',
  'incident.reopened': 'trigger',
  'incident.unacknowledged': 'trigger',
  'incident.escalated': 'trigger',
  'incident.reassigned': 'trigger',
  'incident.exhausted': 'trigger',
  'incident.nobodyOnCall': 'trigger',
  'incident.acknowledged': 'acknowledge',
  'incident.workStarted': 'acknowledge',
  'incident.snoozed': 'acknowledge',
  'incident.resolved': 'resolve',
  'incident.merged': 'resolve',
};
const UNSENT: readonly NoticeType[] = [
  'incident.noted',
  'incident.statusUpdated',
  'incident.urgencyChanged',
  'incident.priorityChanged',
  'incident.amended',
  'incident.respondersAdded',
  'incident.policyAdopted',
  'incident.flapping',
  'incident.alertsMerged',
];

test.each(Object.entries(SENT) as [NoticeType, string][])('%s is sent as %s', async (type, action) => {
  await channel().tell(notice(type));
  expect(there.events).toMatchObject([{ event_action: action, dedup_key: INCIDENT }]);
});

test.each(UNSENT)('of %s nothing is sent, and the receipt says so', async (type) => {
  expect(await channel().tell(notice(type))).toEqual({ detail: `PagerDuty is not told of ${type}` });
  expect(there.server.requests).toEqual([]);
});

test('the summary may be the operator’s own; where it fails it is ours, and the receipt says so', async () => {
  const own = {
    summary: { any: '{{ service.name }}: {{ summary }}' },
    noticeSummary: { any: '{{ incident.summary }}!' },
  };
  const worded = channel({}, TIMEOUT, { pagerduty: own });
  await worded.notify(page());
  await worded.tell(notice('incident.escalated'));
  const failing = channel({}, TIMEOUT, { pagerduty: { summary: { any: '{{ present }}' } } });
  const receipt = await failing.notify(page());
  expect(there.events.map(({ payload }) => payload?.['summary'])).toEqual([
    'Payments: disk of db1 is full',
    'disk of db1 is full!',
    'disk of db1 is full',
  ]);
  expect(receipt).toMatchObject({ providerId: INCIDENT, failedTemplates: ['templates.pagerduty.summary'] });
});

test('a drill says so first', async () => {
  await channel().notify(page({ drill: true }));
  expect(there.events[0]?.payload).toMatchObject({ summary: 'DRILL: disk of db1 is full' });
});

test('a silent notice acknowledges and resolves, and never triggers', async () => {
  for (const type of Object.keys(SENT) as NoticeType[]) await channel().tell(notice(type, { silent: true }));
  expect(there.events.map(({ event_action: action }) => action)).toEqual([
    'acknowledge',
    'acknowledge',
    'acknowledge',
    'resolve',
    'resolve',
  ]);
});

test.each(['acknowledged', 'resolved'] as const)(
  'that it was %s is not told of a person’s page once the incident is open again; a subscriber is told in order',
  async (change) => {
    const late = notice(`incident.${change}`, { standing: 'triggered' });
    const person = { kind: 'contact', user: 'ana', userName: 'Ana Wei', contact: 'pd' } as const;
    const receipt = await channel().tell({ ...late, to: person, silent: true });
    expect(receipt).toEqual({ detail: 'it is open again, and a later page says so' });
    expect(there.events).toEqual([]);
    await channel().tell({ ...late, to: person, standing: change });
    await channel().tell(late);
    expect(there.events).toHaveLength(2);
  },
);

test('what came from an endpoint does not go back there, and goes to every other', async () => {
  const came = (via: string): NoticeRequest => {
    const told = notice('incident.acknowledged');
    return { ...told, entry: { ...told.entry!, actor: { kind: 'user', id: 'ana', via } } };
  };
  expect(await channel().tell(came('pagerduty bus'))).toEqual({ detail: 'it came from there' });
  expect(there.events).toEqual([]);
  await channel().tell(came('pagerduty other'));
  await channel().tell(came('opsgenie bus'));
  expect(there.events).toHaveLength(2);
});

test('long and empty texts become what PagerDuty takes', async () => {
  await channel().notify(page({ summary: '磁盘满了'.repeat(500) }, { origin: { ...ORIGIN, source: 's'.repeat(300) } }));
  await channel().notify(page({ summary: '  ' }));
  expect(Array.from(String(there.events[0]?.payload?.['summary']))).toHaveLength(1_024);
  expect(there.events[1]?.payload).toMatchObject({ summary: 'Payments', source: 'Payments' });
});

test('an event that PagerDuty refuses (400) is terminal, with its errors', async () => {
  const body = JSON.stringify({
    status: 'invalid event',
    message: 'Event object is invalid',
    errors: ["'payload.severity' is invalid"],
  });
  there.fail({ status: 400, body });
  const failure = await failureOf(channel().notify(page()));
  expect(failure).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED' });
  expect(failure.detail).toContain("'payload.severity' is invalid");
});

test.each(['0000000000000000000000000000000a', 'too-short'])(
  'a routing key that is not one (%s) is retryable: the operator can put it right while the incident is open',
  async (routingKey) => {
    const failure = await failureOf(channel({ routingKey }).notify(page()));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_LOGIN_REFUSED' });
    expect(failure.detail).toContain('put right channels.pagerduty.bus.routingKey');
    expect(failure.detail).not.toContain(routingKey);
  },
);

test('beyond its rate limit PagerDuty answers 429, and is asked again when it says', async () => {
  there.fail({ status: 429, headers: { 'retry-after': '30' }, body: '{"message":"Request Limit Exceeded"}' });
  expect(await failureOf(channel().notify(page()))).toMatchObject({
    type: 'retryable',
    code: 'PROVIDER_BUSY',
    after: 30_000,
  });
});

test.each([500, 503])('an answer %i is retryable', async (status) => {
  there.fail({ status });
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY' });
});

test.each([
  ['that never comes', { instead: 'hang' }, 300],
  ['that is cut', { instead: 'reset' }, TIMEOUT],
  ['that breaks off', { instead: 'cutOff' }, TIMEOUT],
] as const)('an answer %s is unknown, although PagerDuty has the event', async (_what, fault, timeout) => {
  there.fail({ ...fault, taken: true });
  expect(await failureOf(channel({}, timeout).notify(page()))).toMatchObject({
    type: 'unknown',
    code: 'PROVIDER_SILENT',
  });
  expect(there.incidents).toHaveLength(1);
});

test.each(['<html>log in to the network</html>', '', '[]', '{"status":"success"}'])(
  'an answer that is not PagerDuty’s is no success, and retryable: %s',
  async (body) => {
    there.fail({ status: 202, body });
    const failure = await failureOf(channel().notify(page()));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
  },
);

const LOST = new Date(Date.now() - 5_000).toISOString();

describe('where an earlier attempt may have been taken', () => {
  test('PagerDuty is asked first, and what it has is not sent again', async () => {
    const asking = channel({ apiKey: REST_KEY });
    await asking.notify(page());
    const receipt = await asking.notify(page({}, { mayHaveBeenSent: LOST }));
    expect(receipt).toEqual({
      providerId: INCIDENT,
      detail: 'trigger: there already, as incident Q0000000000001, triggered',
    });
    expect(there.events).toHaveLength(1);
    const { searchParams } = new URL(there.server.requests[1]!.path, there.url);
    expect(searchParams.get('incident_key')).toBe(INCIDENT);
  });

  test('what it has not is sent', async () => {
    await channel({ apiKey: REST_KEY }).notify(page({}, { mayHaveBeenSent: LOST }));
    expect(there.events).toHaveLength(1);
  });

  test('one that was opened since and is over is not opened again; one that was over before is', async () => {
    const asking = channel({ apiKey: REST_KEY });
    await asking.notify(page());
    await asking.tell(notice('incident.resolved'));
    await asking.notify(page({}, { mayHaveBeenSent: LOST }));
    expect(there.incidents).toHaveLength(1);
    const later = new Date(Date.now() + 60_000).toISOString();
    await asking.notify(page({}, { mayHaveBeenSent: later }));
    expect(there.incidents).toHaveLength(2);
  });

  test('an acknowledge and a resolve are asked for too', async () => {
    const asking = channel({ apiKey: REST_KEY });
    const again = (type: NoticeType) => asking.tell(notice(type, { mayHaveBeenSent: LOST }));
    await asking.notify(page());
    expect((await again('incident.acknowledged')).detail).toContain('success');
    expect((await again('incident.acknowledged')).detail).toContain('there already');
    expect((await again('incident.resolved')).detail).toContain('success');
    expect((await again('incident.resolved')).detail).toContain('there already');
    expect(there.events.map(({ event_action: action }) => action)).toEqual(['trigger', 'acknowledge', 'resolve']);
  });

  test.each([{ status: 401 }, { status: 500 }, { instead: 'reset' }, { body: 'x' }, { instead: 'hang' }] as const)(
    'a question that fails holds up nothing: %j',
    async (fault) => {
      there.failRest(fault);
      await channel({ apiKey: REST_KEY }, 800).notify(page({}, { mayHaveBeenSent: LOST }));
      expect(there.events).toHaveLength(1);
    },
  );

  test('without a REST key it is sent again under its key, which PagerDuty takes as one', async () => {
    await channel().notify(page());
    await channel().notify(page({}, { mayHaveBeenSent: LOST }));
    expect(there.events).toHaveLength(2);
    expect(there.incidents).toHaveLength(1);
  });
});

test('no secret is in a failure or a receipt', async () => {
  there.fail({ status: 400, body: `bad ${ROUTING_KEY}` });
  const { detail } = await failureOf(channel().notify(page()));
  expect(detail).toContain('bad ***');
  there.fail({ status: 202, body: JSON.stringify({ status: ROUTING_KEY, dedup_key: INCIDENT }) });
  expect((await channel().notify(page())).detail).not.toContain(ROUTING_KEY);
});

test('the stand-in takes what PagerDuty’s own SDK sends, and refuses what PagerDuty refuses', async () => {
  // The SDK speaks HTTPS alone; what it says goes to the stand-in in plain.
  const agent = new Agent();
  Object.assign(agent, { createConnection: () => connect(there.server.port, '127.0.0.1') });
  const send = (data: object) =>
    sdkEvent({ data, server: 'events.pagerduty.com', agent } as unknown as Parameters<typeof sdkEvent>[0]);
  const payload = { summary: 'db1 disk 97%', source: 'db1.example', severity: 'critical' as const };
  const sent = async (data: object) => {
    const { response, data: said } = (await send(data)) as unknown as {
      response: { status: number };
      data: Record<string, unknown>;
    };
    return { status: response.status, ...said };
  };
  const event = { routing_key: ROUTING_KEY, dedup_key: 'db1/disk', event_action: 'trigger', payload };
  expect((await send(event)).response.status).toBe(202);
  expect(there.incidents).toMatchObject([{ key: 'db1/disk', status: 'triggered' }]);
  await send({ routing_key: ROUTING_KEY, dedup_key: 'db1/disk', event_action: 'resolve' });
  expect(there.incidents).toMatchObject([{ key: 'db1/disk', status: 'resolved' }]);
  for (const [changed, complaint] of [
    [{ ...event, payload: { ...payload, severity: 'ok' } }, "'payload.severity' is invalid"],
    [{ ...event, payload: { ...payload, summary: '' } }, "'payload.summary' is missing or blank"],
    [{ ...event, routing_key: 'short' }, "Length of 'routing_key' is incorrect (should be 32 characters)"],
    [{ ...event, event_action: 'resolve', dedup_key: undefined }, "'dedup_key' is missing or blank"],
  ] as const) {
    expect(await sent(changed)).toMatchObject({ errors: [complaint] });
  }
  const { response } = await send({ ...event, payload: { ...payload, custom_details: { x: 'x'.repeat(600_000) } } });
  expect(response.status).toBe(413);
});
