/** What Reactio is asked and told, so that phones ring as often as they are to; against a stand-in that knows what rang. */
import { reactioChannel } from '../../activities/notify/reactio.ts';
import type { ReactioEndpoint } from '../../domain/channels.ts';
import type { NoticeType } from '../../domain/notice.ts';
import type { IncidentView } from '../../domain/view.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { Reactio } from '../support/providers/reactio.ts';
import { REACTIO_KEY, startReactio } from '../support/providers/reactio.ts';
import { elementsOf, parseHtml } from '../support/providers/xml.ts';
import { ACTS, counting, HOSTILE, HOSTILE_TO_ROBOTS } from './hostileTexts.ts';
import { configured, failureOf, noticeTo, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let reactio: Reactio;
beforeEach(async () => {
  reactio = await startReactio();
});
afterEach(() => reactio.stop());

/** `timeout` in milliseconds: short where no answer comes. */
const channel = (more: Partial<ReactioEndpoint> = {}, timeout = 8_000) =>
  reactioChannel({
    configuration: () =>
      configured({
        reactio: { ops: { url: reactio.url, apiKey: REACTIO_KEY, call: true, detection: 'internal', ...more } },
      }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
    timeout,
  });
const impatient = () => channel({}, 1_000);
const NOW = new Date().toISOString();
const page = (more: Partial<Parameters<typeof requestWith>[1]> = {}, incident = {}) =>
  requestWith({ createdAt: NOW, ...incident }, { contact: 'reactio', ...more });
const notice = (type: NoticeType, status: IncidentView['status'], more = {}, contact: string | null = null) => ({
  ...noticeTo('reactio', contact, { status, createdAt: NOW }),
  type,
  ...more,
});
const posts = () => reactio.server.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);

test('a page opens an incident there, as seed and vendor have it, and rings', async () => {
  const receipt = await channel().notify(page({ present: 'acknowledged by Bob' }));
  expect(receipt).toMatchObject({ providerId: '1', conversation: '1' });
  expect(receipt.detail).toMatch(/^201: \{"id":1,/);
  const [request] = reactio.server.requests.slice(-1);
  expect(request!.headers).toMatchObject({ 'x-api-key': REACTIO_KEY, accept: 'application/json' });
  const { message, ...sent } = JSON.parse(request!.body) as { message: string };
  expect(sent).toEqual({
    name: 'disk of db1 is full [89abcdef]',
    status: 'open',
    detection: 'internal',
    notification_text: 'Payments: disk of db1 is full',
    notification_call: true,
  });
  expect(message.replace(/\/ack\/[\w.-]+/, '/ack/…').split('<br>')).toEqual([
    '<b>[89abcdef] disk of db1 is full</b>',
    '<b>Now: acknowledged by Bob</b>',
    `<a href="${PUBLIC_URL}/ack/…">Acknowledge as Ana Wei</a>`,
    'Service: Payments (Takes the money)',
    'Severity: critical',
    'Why you: level 1: the incident was triggered',
    expect.stringMatching(/^Since: /),
    '<a href="https://wiki.example.com/payments">Runbook</a>',
    '<a href="https://grafana.example.com/d/1?a=1&amp;b=2">Dashboard</a>',
    'host: db1',
    'labels:',
    '  region: cn-north',
    '  disks:',
    '    - sda',
    '    - sdb',
  ]);
});

test('where it is configured so, nobody is called, and it is somebody else who noticed', async () => {
  await channel({ call: false, detection: 'system' }).notify(page());
  expect(reactio.incidents).toMatchObject([{ detection: 'system', notifications: [{ call: false }] }]);
  expect(reactio.calls()).toBe(0);
});

test('a later page of the same incident rings again on the same incident of Reactio', async () => {
  const { conversation = null } = await channel().notify(page());
  const again = await channel().notify(page({ conversation, notification: 'n4' }));
  expect(again).toMatchObject({ providerId: '1', conversation: '1' });
  expect(reactio.incidents).toHaveLength(1);
  expect(reactio.incidents[0]!.notifications).toHaveLength(2);
  expect(reactio.calls()).toBe(2);
});

test('and so does the first page of another contact method of the same organization', async () => {
  await channel().notify(page());
  expect(await channel().notify(page({ notification: 'n9' }))).toMatchObject({ conversation: '1' });
  expect(reactio.incidents).toHaveLength(1);
  expect(reactio.calls()).toBe(2);
});

test('another incident is another one there, whatever they are called', async () => {
  await channel().notify(page());
  const other = `payments-guance.${'b'.repeat(32)}.${'fedcba9876543210'.repeat(2)}`;
  await channel().notify(page({}, { id: other, summary: 'disk of db1 is full [89abcdef]' }));
  await channel().notify(page({ notification: 'n4' }));
  expect(reactio.incidents.map(({ name, notifications }) => [name, notifications.length])).toEqual([
    ['disk of db1 is full [89abcdef]', 2],
    ['disk of db1 is full [89abcdef] [76543210]', 1],
  ]);
});

describe('a page of which nobody knows whether it was taken', () => {
  const doubted = (more = {}) => page({ mayHaveBeenSent: new Date().toISOString(), ...more });

  test.each(['hang', 'reset', 'cutOff'] as const)('was: it rings once (%s)', async (instead) => {
    reactio.nextWrites({ instead, taken: true });
    const failure = await failureOf(impatient().notify(page()));
    expect(failure).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
    expect(await channel().notify(doubted())).toEqual({
      providerId: '1',
      conversation: '1',
      detail: 'asked, Reactio has it',
    });
    expect(reactio.incidents).toHaveLength(1);
    expect(reactio.calls()).toBe(1);
  });

  test('was not: it rings now', async () => {
    reactio.nextWrites({ instead: 'hang' });
    await failureOf(impatient().notify(page()));
    expect(await channel().notify(doubted())).toMatchObject({ conversation: '1' });
    expect(reactio.calls()).toBe(1);
  });

  test('is found among more than a page of incidents that are not ours, and not taken for one of them', async () => {
    const at = Math.floor(Date.now() / 1_000);
    for (let other = 0; other < 130; other += 1) reactio.open('disk of db1 is full', at);
    await channel().notify(page());
    for (let other = 0; other < 90; other += 1) reactio.open('disk of db1 is full [00000000]', at);
    expect(await channel().notify(doubted())).toMatchObject({ providerId: '131' });
    expect(reactio.calls()).toBe(1);
  });

  test('is not sent while Reactio cannot say', async () => {
    for (const fault of [
      { status: 500 },
      { instead: 'hang' },
      { status: 429, headers: { 'retry-after': '7' } },
    ] as const) {
      reactio.nextReads(fault);
      const failure = await failureOf(impatient().notify(doubted()));
      expect(failure.type).toMatch(/^(retryable|unknown)$/);
      expect(failure.after).toBe('headers' in fault ? 7_000 : undefined);
    }
    expect(posts()).toEqual([]);
  });

  test('rings again where an earlier page opened the incident: only the second one is in doubt', async () => {
    reactio.open('disk of db1 is full [89abcdef]', Math.floor(Date.now() / 1_000) - 60);
    const created = new Date(Date.now() - 61_000).toISOString();
    await channel().notify(doubted({ incident: page({}, { createdAt: created }).incident }));
    expect(posts()).toEqual(['/api/v1/notifications']);
  });

  test('of a subscriber was taken, and is opened once', async () => {
    reactio.nextWrites({ instead: 'hang', taken: true });
    await failureOf(impatient().tell(notice('incident.triggered', 'triggered')));
    const mayHaveBeenSent = new Date().toISOString();
    const receipt = await channel().tell(notice('incident.triggered', 'triggered', { mayHaveBeenSent }));
    expect(receipt).toMatchObject({ conversation: '1' });
    expect(posts()).toEqual(['/api/v1/incidents']);
  });
});

test('a page in no doubt is sent even where Reactio cannot list', async () => {
  reactio.nextReads({ status: 500 });
  await channel().notify(page());
  reactio.nextReads({ instead: 'hang' });
  await channel().notify(page({ notification: 'n4' }));
  expect(reactio.calls()).toBe(2);
});

test('of a subscriber the first word opens an incident, changes are messages, and that it is open again rings', async () => {
  const { conversation } = await channel().tell(notice('incident.triggered', 'triggered'));
  expect(reactio.incidents).toMatchObject([{ name: 'disk of db1 is full [89abcdef]' }]);
  const goesOn = { conversation };
  await channel().tell(notice('incident.acknowledged', 'acknowledged', goesOn));
  await channel().tell(notice('incident.escalated', 'triggered', goesOn));
  await channel().tell(notice('incident.resolved', 'resolved', goesOn));
  expect(reactio.calls()).toBe(1);
  await channel().tell(notice('incident.reopened', 'triggered', goesOn));
  expect(reactio.calls()).toBe(2);
  expect(posts()).toEqual([
    '/api/v1/incidents',
    '/api/v1/messages',
    '/api/v1/messages',
    '/api/v1/messages',
    '/api/v1/notifications',
  ]);
  const [, acknowledged] = reactio.incidents[0]!.messages;
  expect(acknowledged).toMatch(/^<b>\[#12\] Bob acknowledged: disk of db1 is full<\/b><br>/);
});

test('a subscriber goes on in the incident that a page opened, and rings nobody for it', async () => {
  await channel().notify(page());
  expect(await channel().tell(notice('incident.triggered', 'triggered'))).toMatchObject({ conversation: '1' });
  expect(posts()).toEqual(['/api/v1/incidents', '/api/v1/messages']);
});

test('whoever was paged there is kept up to date by messages, and nothing is opened for it', async () => {
  const { conversation } = await channel().notify(page());
  const silent = { silent: true, conversation };
  await channel().tell(notice('incident.resolved', 'resolved', silent, 'reactio'));
  await channel().tell(notice('incident.reopened', 'triggered', silent, 'reactio'));
  expect(posts()).toEqual(['/api/v1/incidents', '/api/v1/messages', '/api/v1/messages']);
});

test.each([
  ['a contact', notice('incident.resolved', 'resolved', { silent: true }, 'reactio')],
  ['a contact, silently', notice('incident.triggered', 'triggered', { silent: true }, 'reactio')],
  ['a subscriber', notice('incident.resolved', 'resolved')],
])('nothing is said where Reactio holds nothing of it, to %s', async (_whom, asked) => {
  expect(await channel().tell(asked)).toEqual({ detail: 'Reactio holds no incident of this one' });
  expect(posts()).toEqual([]);
});

test('what Reactio refuses is terminal, with the fields that it names', async () => {
  const failure = await failureOf(channel().notify(page({ conversation: '77' })));
  expect(failure).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED' });
  expect(failure.detail).toContain('"errors":[{"field":"incident_id","code":"invalid"}]');
});

test('a key that is wrong is retryable, and in no failure', async () => {
  const failure = await failureOf(channel({ apiKey: 'another-key' }).notify(page()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_LOGIN_REFUSED' });
  expect(failure.detail).toContain('put right channels.reactio.ops.apiKey');
  reactio.nextWrites({ status: 400, body: `no, ${REACTIO_KEY}` });
  expect((await failureOf(channel().notify(page()))).detail).toBe('Reactio organization ops answered 400: no, ***');
});

test.each<readonly [object, object]>([
  [
    { status: 500, body: '{"type":"internal_server_error"}' },
    { type: 'retryable', code: 'PROVIDER_BUSY' },
  ],
  [
    { status: 429, headers: { 'retry-after': '30' } },
    { type: 'retryable', code: 'PROVIDER_BUSY', after: 30_000 },
  ],
  [
    { status: 200, body: '<html>log in to the network</html>' },
    { type: 'retryable', code: 'PROVIDER_UNREACHABLE' },
  ],
  [
    { status: 200, body: '{}' },
    { type: 'retryable', code: 'PROVIDER_UNREACHABLE' },
  ],
])('%j comes to %j', async (fault, outcome) => {
  reactio.nextWrites(fault);
  expect(await failureOf(channel().notify(page()))).toMatchObject(outcome);
});

const count = counting('reactio');
test.each([...HOSTILE, ...HOSTILE_TO_ROBOTS].map((text) => [JSON.stringify(text).slice(0, 60), text] as const))(
  '%s stays text in its name, in what is read out, and in HTML',
  async (_name, text) => {
    count.tries('reactio', text);
    const service = { id: 'payments', name: text, description: text, runbook: text };
    const links = [
      { href: text, text },
      { href: `https://example.com/${text}`, text },
    ];
    const incident = { summary: text, details: { [text]: text }, links, service };
    await channel().notify(page({ why: text, present: text, userName: text }, incident));
    const [{ name, notifications, messages }] = reactio.incidents as [(typeof reactio.incidents)[number]];
    expect(name.endsWith('[89abcdef]')).toBe(true);
    for (const shown of [name, notifications[0]!.text]) {
      expect(shown).not.toMatch(ACTS);
      expect(Array.from(shown).length).toBeLessThanOrEqual(300);
    }
    const html = messages[0]!;
    expect(html).not.toMatch(ACTS);
    for (const { name: tag, attributes, children } of elementsOf(parseHtml(`<main>${html}</main>`)).slice(1)) {
      expect(tag).toMatch(/^(b|br|a)$/);
      expect(Object.keys(attributes)).toEqual(tag === 'a' ? ['href'] : []);
      if (tag === 'a') expect(attributes['href']).toMatch(/^https?:\/\//);
      for (const child of children) expect(typeof child).toBe('string');
    }
  },
);

test('sixty and more were tried', () => expect(count.short()).toEqual([]));
