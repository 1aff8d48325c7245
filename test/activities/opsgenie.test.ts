/** What Opsgenie is told, and what its answers come to; against a stand-in that keeps alerts by alias as its Alert API does. */
import opsgenie from 'opsgenie-sdk';
import { opsgenieChannel } from '../../activities/notify/opsgenie.ts';
import type { OpsgenieEndpoint } from '../../domain/channels.ts';
import type { NoticeRequest, NoticeType } from '../../domain/notice.ts';
import { NOTICE_TYPES } from '../../domain/notice.ts';
import type { Templates } from '../../domain/templates.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { Opsgenie } from '../support/providers/opsgenie.ts';
import { GENIE_KEY, startOpsgenie } from '../support/providers/opsgenie.ts';
import { configured, failureOf, INCIDENT, noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let there: Opsgenie;
beforeEach(async () => {
  there = await startOpsgenie();
});
afterEach(() => there.stop());

const TIMEOUT = 3_000;
const channel = (endpoint: Partial<OpsgenieEndpoint> = {}, timeout = TIMEOUT, templates: Templates = {}) =>
  opsgenieChannel({
    configuration: () => ({
      ...configured({ opsgenie: { bus: { apiKey: GENIE_KEY, url: there.url, ...endpoint } } }),
      templates,
    }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
    timeout,
  });
const page = (incident: Parameters<typeof requestWith>[0] = {}, more: Parameters<typeof requestWith>[1] = {}) =>
  requestWith(incident, { contact: 'og', ...more });
const notice = (type: NoticeType, more: Partial<NoticeRequest> = {}): NoticeRequest => ({
  ...noticeTo('opsgenie', null),
  type,
  ...more,
});
const ORIGIN = { source: 'db1.example', component: 'postgres', group: 'orders', class: 'disk', priority: null };

test('a page creates an alert: what is broken, where, how badly, who is paged, and where to acknowledge', async () => {
  const receipt = await channel().notify(page({ number: 12 }, { origin: ORIGIN }));
  expect(receipt.providerId).toMatch(/^[0-9a-f-]{36}$/);
  expect(receipt.detail).toContain('create: {"result":"Request will be processed"');
  const [{ first }] = there.alerts as [Opsgenie['alerts'][number]];
  const { description = '', ...rest } = first;
  expect(rest).toEqual({
    message: 'disk of db1 is full',
    alias: INCIDENT,
    tags: ['critical', 'payments', 'orders', 'disk'],
    details: {
      incident: INCIDENT,
      number: '12',
      service: 'Payments',
      links: '["https://grafana.example.com/d/1?a=1&b=2"]',
      host: 'db1',
      labels: '{"region":"cn-north","disks":["sda","sdb"]}',
    },
    entity: 'postgres',
    source: 'db1.example',
    priority: 'P1',
    user: 'Tocsin',
  });
  expect(description.replace(/\/ack\/[\w.-]+/, '/ack/…').split('\n')).toEqual([
    'disk of db1 is full',
    'Acknowledge as Ana Wei: https://tocsin.example.com/ack/…',
    'level 1: the incident was triggered',
    'Runbook: https://wiki.example.com/payments',
    'Dashboard: https://grafana.example.com/d/1?a=1&b=2',
    'host: db1',
    'labels:',
    '  region: cn-north',
    '  disks:',
    '    - sda',
    '    - sdb',
  ]);
});

test.each([
  ['critical', null, 'P1'],
  ['error', null, 'P2'],
  [null, null, 'P2'],
  ['warning', null, 'P3'],
  ['info', null, 'P5'],
  ['info', 'P2', 'P2'],
] as const)('severity %s and priority %s are priority %s there', async (severity, priority, theirs) => {
  await channel().notify(page({ severity }, { origin: { ...ORIGIN, priority } }));
  expect(there.alerts[0]?.first.priority).toBe(theirs);
});

test('one alert is created, acknowledged, unacknowledged and closed, in order, however many are paged; a reopened one keeps its alias', async () => {
  const { notify, tell } = channel();
  await notify(page());
  await notify(page({}, { userName: 'Bob' }));
  expect(there.alerts).toMatchObject([{ status: 'open', count: 2, acknowledged: false }]);
  await tell(notice('incident.acknowledged'));
  expect(there.alerts).toMatchObject([{ acknowledged: true }]);
  await tell(notice('incident.unacknowledged'));
  expect(there.alerts).toMatchObject([{ acknowledged: false }]);
  await tell(notice('incident.resolved'));
  expect(there.alerts).toMatchObject([{ status: 'closed' }]);
  await tell(notice('incident.reopened'));
  expect(there.alerts.map(({ first, status }) => [first.alias, status])).toEqual([
    [INCIDENT, 'closed'],
    [INCIDENT, 'open'],
  ]);
});

const DONE: Readonly<Partial<Record<NoticeType, string>>> = {
  'incident.triggered': 'create',
  'incident.reopened': 'create',
  'incident.acknowledged': 'acknowledge',
  'incident.workStarted': 'acknowledge',
  'incident.snoozed': 'acknowledge',
  'incident.unacknowledged': 'unacknowledge',
  'incident.resolved': 'close',
  'incident.merged': 'close',
};

test.each(NOTICE_TYPES)('what %s does there', async (type) => {
  await channel().notify(page());
  await channel().tell(notice(type));
  expect(there.actions).toEqual(['create', DONE[type] ?? 'notes']);
  if (DONE[type] !== 'create') expect(there.alerts[0]?.notes).toEqual(['Bob acknowledged']);
  expect(there.server.requests.at(-1)?.body).not.toContain('/ack/');
});

test('message, description and note may be the operator’s own', async () => {
  const worded = channel({}, TIMEOUT, {
    opsgenie: {
      message: { any: '{{ service.name }}: {{ summary }}' },
      description: { any: '{{ ackUrl }}' },
      note: { any: 'Tocsin: {{ change }}' },
    },
  });
  await worded.notify(page());
  await worded.tell(notice('incident.acknowledged'));
  const [alert] = there.alerts;
  expect(alert?.first.message).toBe('Payments: disk of db1 is full');
  expect(alert?.first.description).toMatch(/^https:\/\/tocsin\.example\.com\/ack\/v1\.\S+$/);
  expect(alert?.notes).toEqual(['Tocsin: Bob acknowledged']);
});

test('what people wrote beside a change stands in its note', async () => {
  const known = configured({ opsgenie: { bus: { apiKey: GENIE_KEY, url: there.url } } });
  const organization = { ...known.organization, language: 'de' as const };
  const deps = { secret: SECRET, store: NO_STORE, publicUrl: PUBLIC_URL };
  const inGerman = opsgenieChannel({ ...deps, configuration: () => ({ ...known, organization }) });
  await inGerman.tell(notice('incident.triggered'));
  await inGerman.tell(notice('incident.acknowledged', { text: 'Bob acknowledged: it is the disk' }));
  expect(there.alerts[0]?.notes).toEqual([
    expect.stringMatching(/^bob .*bestätigt\nBob acknowledged: it is the disk$/),
  ]);
});

test('a drill says so first', async () => {
  await channel().notify(page({ drill: true }));
  expect(there.alerts[0]?.first).toMatchObject({ message: 'DRILL: disk of db1 is full' });
});

test('a silent notice creates nothing', async () => {
  for (const type of NOTICE_TYPES) await channel().tell(notice(type, { silent: true }));
  expect(there.actions).not.toContain('create');
  expect(there.actions).toHaveLength(NOTICE_TYPES.length - 2);
});

test('nothing of a person’s alert is acknowledged or closed once the incident is open again', async () => {
  const person = { kind: 'contact', user: 'ana', userName: 'Ana Wei', contact: 'og' } as const;
  for (const type of NOTICE_TYPES)
    await channel().tell(notice(type, { to: person, silent: true, standing: 'triggered' }));
  expect(there.actions).not.toContain('acknowledge');
  expect(there.actions).not.toContain('close');
  expect(there.actions).toContain('unacknowledge');
});

test('what came from an endpoint does not go back there, and goes to every other', async () => {
  const came = (via: string): NoticeRequest => {
    const told = notice('incident.acknowledged');
    return { ...told, entry: { ...told.entry!, actor: { kind: 'user', id: 'ana', via } } };
  };
  expect(await channel().tell(came('opsgenie bus'))).toEqual({ detail: 'it came from there' });
  expect(there.server.requests).toEqual([]);
  await channel().tell(came('opsgenie other'));
  await channel().tell(came('pagerduty bus'));
  expect(there.actions).toEqual(['acknowledge', 'acknowledge']);
});

test('what is long becomes what Opsgenie takes', async () => {
  const details = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`磁盘${index}`, '满'.repeat(600)]));
  const long = 'x'.repeat(2_000);
  const origin = { source: long, component: long, group: long, class: long, priority: null };
  await channel().notify(page({ summary: '磁盘满了'.repeat(500), details }, { origin }));
  const { message, details: kept = {}, description = '' } = there.alerts[0]!.first;
  expect(Array.from(message)).toHaveLength(130);
  expect(Object.keys(kept).length).toBeGreaterThan(10);
  expect(description).toContain('/ack/v1.');
});

test('an alert that Opsgenie refuses (422) is terminal, with its errors', async () => {
  there.fail({
    status: 422,
    body: '{"message":"Request body is not processable.","errors":{"priority":"should be one of …"}}',
  });
  const failure = await failureOf(channel().notify(page()));
  expect(failure).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED' });
  expect(failure.detail).toContain('should be one of');
});

test('a key that is wrong is retryable: the operator can put it right while the incident is open', async () => {
  const failure = await failureOf(channel({ apiKey: 'another-key' }).notify(page()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_LOGIN_REFUSED' });
  expect(failure.detail).toContain('put right channels.opsgenie.bus.apiKey');
  there.fail({ status: 401, body: '{"message":"Could not authenticate"}' });
  expect(await failureOf(channel().notify(page()))).toMatchObject({ code: 'PROVIDER_LOGIN_REFUSED' });
});

test('beyond its rate limit Opsgenie answers 429, and is asked again when it says', async () => {
  there.fail({
    status: 429,
    headers: { 'retry-after': '30' },
    body: '{"message":"You are making too many requests!"}',
  });
  const failure = await failureOf(channel().notify(page()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY', after: 30_000 });
});

test.each([500, 503])('an answer %i is retryable', async (status) => {
  there.fail({ status });
  expect(await failureOf(channel().notify(page()))).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY' });
});

test.each([
  ['that never comes', { instead: 'hang' }, 300],
  ['that is cut', { instead: 'reset' }, TIMEOUT],
  ['that breaks off', { instead: 'cutOff' }, TIMEOUT],
] as const)('an answer %s is unknown, although Opsgenie has the alert', async (_what, fault, timeout) => {
  there.fail({ ...fault, taken: true });
  const failure = await failureOf(channel({}, timeout).notify(page()));
  expect(failure).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
  expect(there.alerts).toHaveLength(1);
});

test.each(['<html>log in to the network</html>', '', '[]', '{"result":"x"}'])(
  'an answer that is not Opsgenie’s is no success, and retryable: %s',
  async (body) => {
    there.fail({ status: 202, body });
    const failure = await failureOf(channel().notify(page()));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
  },
);

const LOST = new Date(Date.now() - 5_000).toISOString();

describe('where an earlier attempt may have been taken', () => {
  test('Opsgenie is asked first, and what it has done is not asked for again', async () => {
    await channel().notify(page());
    const receipt = await channel().notify(page({}, { mayHaveBeenSent: LOST }));
    expect(receipt).toEqual({ providerId: there.alerts[0]!.id, detail: 'create: there already, as alert 1, open' });
    const again = (type: NoticeType) => channel().tell(notice(type, { mayHaveBeenSent: LOST }));
    for (const type of ['incident.acknowledged', 'incident.unacknowledged'] as const) {
      expect((await again(type)).detail).toContain('Request will be processed');
      expect((await again(type)).detail).toContain('there already');
    }
    expect(there.actions).toEqual(['create', 'acknowledge', 'unacknowledge']);
    expect(there.alerts).toMatchObject([{ count: 1 }]);
  });

  test('what it has not done is asked for; a close too, of an alert that it does not know as open', async () => {
    await channel().notify(page({}, { mayHaveBeenSent: LOST }));
    const close = () => channel().tell(notice('incident.resolved', { mayHaveBeenSent: LOST }));
    await close();
    await close();
    expect(there.actions).toEqual(['create', 'close', 'close']);
    expect(there.alerts).toMatchObject([{ status: 'closed' }]);
  });

  test.each([{ status: 403 }, { status: 500 }, { instead: 'reset' }, { body: 'x' }, { instead: 'hang' }] as const)(
    'a question that fails holds up nothing: %j',
    async (fault) => {
      there.failReads(fault);
      await channel({}, 800).notify(page({}, { mayHaveBeenSent: LOST }));
      expect(there.alerts).toHaveLength(1);
    },
  );
});

test('no secret is in a failure or a receipt', async () => {
  there.fail({ status: 422, body: `bad ${GENIE_KEY}` });
  const { detail } = await failureOf(channel().notify(page()));
  expect(detail).toContain('bad ***');
  there.fail({ status: 202, body: JSON.stringify({ result: GENIE_KEY, requestId: 'r' }) });
  expect((await channel().notify(page())).detail).not.toContain(GENIE_KEY);
});

test('the stand-in takes what Opsgenie’s own SDK sends, and refuses what Opsgenie refuses', async () => {
  const said = (work: (done: (error: unknown, answer: unknown) => void) => void) =>
    new Promise<Record<string, unknown>>((resolve, reject) =>
      work((error, answer) => (error === null ? resolve(answer as never) : reject(error))),
    );
  opsgenie.configure({ api_key: GENIE_KEY, host: there.url });
  const identifier = { identifier: 'db1-disk', identifierType: 'alias' };
  const alert = { message: 'db1 disk 97%', alias: 'db1-disk', priority: 'P1' };
  expect(await said((done) => opsgenie.alertV2.create(alert, done))).toMatchObject({ requestId: expect.any(String) });
  await said((done) => opsgenie.alertV2.acknowledge(identifier, { user: 'a' }, done));
  expect(await said((done) => opsgenie.alertV2.get(identifier, done))).toMatchObject({
    data: { alias: 'db1-disk', acknowledged: true, status: 'open' },
  });
  await said((done) => opsgenie.alertV2.close(identifier, {}, done));
  expect(there.alerts).toMatchObject([{ status: 'closed', acknowledged: true }]);
  await expect(said((done) => opsgenie.alertV2.create({ ...alert, priority: 'P9' }, done))).rejects.toMatchObject({
    errors: { priority: 'should be one of [ P1, P2, P3, P4, P5 ]' },
  });
  await expect(
    said((done) => opsgenie.alertV2.create({ ...alert, message: 'x'.repeat(131) }, done)),
  ).rejects.toBeDefined();
  await expect(said((done) => opsgenie.alertV2.get(identifier, done))).rejects.toMatchObject({
    message: 'Alert does not exist',
  });
});
