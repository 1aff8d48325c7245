/** What a webhook carries, as a receiver reads it: signed, whole where it fits, and the same at every attempt. */
import { Webhook } from 'standardwebhooks';
import { webhookChannel } from '../../activities/notify/webhook.ts';
import type { WebhookEndpoint } from '../../domain/channels.ts';
import { readAckLink } from '../../links/ackLink.ts';
import type { HttpServer, ReceivedRequest } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { NO_STORE } from '../support/noStore.ts';
import { configured, failureOf, INCIDENT, KEY, noticeTo, pageByWebhook, PUBLIC_URL, SECRET } from './requests.ts';

const KEY_OF_ENDPOINT = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
let server: HttpServer;
beforeEach(async () => {
  server = await startHttpServer();
});
afterEach(() => server.stop());

const channel = (endpoint: Partial<WebhookEndpoint> = {}, name = 'bus') =>
  webhookChannel({
    configuration: () =>
      configured({
        webhook: { [name]: { url: `${server.url}/hook`, secret: KEY_OF_ENDPOINT, allowPrivate: true, ...endpoint } },
      }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
    timeout: 1_500,
  });

interface Body {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Record<string, never> & { incident: Record<string, unknown>; cut?: true; ackUrl?: string };
}

/** As a receiver does it: verified on the raw body, then parsed. */
const verified = ({ body, headers }: ReceivedRequest, secret = KEY_OF_ENDPOINT): Body =>
  new Webhook(secret).verify(body, headers as Record<string, string>) as Body;

test('the library signs the vector of Standard Webhooks as written', () => {
  const signature = new Webhook('whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD').sign(
    'msg_1',
    new Date(1_674_087_231_000),
    '{"type":"incident.triggered"}',
  );
  expect(signature).toBe('v1,4GFTo46biFw/HkB/vBWpaVxnAvz/hnhaaE6ZiP3wjjY=');
});

test('a page carries the incident, its notification and the link of the user who is paged', async () => {
  const page = pageByWebhook();
  server.answer('/hook', { body: 'thanks' });
  expect(await channel().notify(page)).toEqual({ detail: '200: thanks' });
  const [request] = server.requests;
  const { type, timestamp, data } = verified(request!);
  expect({ type, timestamp }).toEqual({ type: 'notification', timestamp: page.dueAt });
  const { ackUrl, ...rest } = data;
  expect(rest).toEqual(page.whole);
  const token = ackUrl!.slice(`${PUBLIC_URL}/ack/`.length);
  expect(readAckLink(SECRET, token, Date.parse(page.dueAt))).toMatchObject({
    link: { incident: INCIDENT, notification: 'n3', user: 'ana' },
  });
  expect(request!.headers).toMatchObject({ 'content-type': 'application/json' });
});

test('webhook-id is the idempotency key, at every attempt, and has no dot', async () => {
  await channel().notify(pageByWebhook());
  server.answer('/hook', { status: 503 });
  await failureOf(channel().notify(pageByWebhook()));
  expect(server.requests.map(({ headers }) => headers['webhook-id'])).toEqual([KEY, KEY]);
  expect(KEY).toMatch(/^[\w-]+$/);
});

test('the timestamp is that of the attempt', async () => {
  const before = Math.floor(Date.now() / 1_000);
  await channel().notify(pageByWebhook());
  const at = Number(server.requests[0]!.headers['webhook-timestamp']);
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now() / 1_000);
});

test('a changed body, id or timestamp, and another secret, do not verify', async () => {
  await channel().notify(pageByWebhook());
  const { body, headers } = server.requests[0]!;
  const given = headers as Record<string, string>;
  const wh = new Webhook(KEY_OF_ENDPOINT);
  const later = String(Number(given['webhook-timestamp']) + 1);
  expect(() => wh.verify(body, given)).not.toThrow();
  expect(() => wh.verify(body.replace('critical', 'info'), given)).toThrow('No matching signature');
  expect(() => wh.verify(body, { ...given, 'webhook-id': `${KEY}4` })).toThrow('No matching signature');
  expect(() => wh.verify(body, { ...given, 'webhook-timestamp': later })).toThrow('No matching signature');
  expect(() => verified(server.requests[0]!, `whsec_${Buffer.alloc(32, 6).toString('base64')}`)).toThrow(
    'No matching signature',
  );
});

test.each([
  ['a contact method', 'hook'],
  ['a subscriber', null],
])('a notice to %s names the change, and carries the incident and the log entry', async (_whom, contact) => {
  const notice = noticeTo('webhook', contact);
  await channel().tell(notice);
  const [request] = server.requests;
  expect(verified(request!)).toEqual({
    type: 'incident.acknowledged',
    timestamp: notice.at,
    data: { incident: notice.incident, entry: notice.entry },
  });
  expect(request!.headers['webhook-id']).toBe(notice.idempotencyKey);
  expect(request!.body).not.toContain('/ack/');
});

test('a receiver that echoes what it was sent is quoted without the link', async () => {
  server.answer('/hook', ({ body }) => ({ body: /"ackUrl":"[^"]*"/.exec(body)?.[0] ?? 'none' }));
  expect(await channel().notify(pageByWebhook())).toEqual({ detail: '200: "ackUrl":"***"' });
});

test('nor where the receiver escapes its slashes', async () => {
  server.answer('/hook', ({ body }) => ({
    body: (/"ackUrl":"[^"]*"/.exec(body)?.[0] ?? 'none').replaceAll('/', '\\/'),
  }));
  const { detail } = await channel().notify(pageByWebhook());
  expect(detail).toMatch(/^200: "ackUrl":"https:.*\*\*\*"$/);
  expect(detail).not.toContain('v1.');
});

describe('a body beyond 20 kB', () => {
  test('has its details cut first, and says so', async () => {
    const details = { host: 'db1', log: 'x'.repeat(30_000) };
    await channel().notify(pageByWebhook({ details }));
    const { incident, cut } = verified(server.requests[0]!).data;
    expect(cut).toBe(true);
    expect(incident).toMatchObject({ id: INCIDENT, summary: 'disk of db1 is full', details: { host: 'db1' } });
    expect((incident['details'] as { log: string }).log).toMatch(/^x{100,}…$/);
    expect(Buffer.byteLength(server.requests[0]!.body)).toBeLessThan(20_000);
  });

  const alert = {
    integration: 'payments-events',
    dedupKey: '"\u0001磁'.repeat(170),
    status: 'triggered',
    severity: 'critical',
    summary: '"\u0001磁'.repeat(340),
    eventCount: 1,
    firstAt: '2026-12-01T10:02:11.000Z',
    lastAt: '2026-12-01T10:02:11.000Z',
  } as const;
  const deep = (depth: number): unknown => (depth === 0 ? 'x'.repeat(900) : [deep(depth - 1), deep(depth - 1)]);

  test.each([
    ['100 alerts', { alerts: Array.from({ length: 100 }, () => alert) }],
    ['what is long in bytes alone', { details: { log: Array.from({ length: 10 }, () => '磁'.repeat(1_500)) } }],
    ['a deep tree', { details: { tree: deep(6) } }],
    ['10,000 names', { details: Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`name${i}`, i])) }],
    ['500 assignees', { assignees: Array.from({ length: 500 }, (_, i) => `user-${i}-${'x'.repeat(50)}`) }],
    [
      'everything',
      { alerts: Array.from({ length: 100 }, () => alert), details: { tree: deep(8) }, summary: alert.summary },
    ],
  ])('fits with %s, keeps its shape, and the ids and the link whole', async (_what, more) => {
    await channel().notify(pageByWebhook(more));
    const { body } = server.requests[0]!;
    expect(Buffer.byteLength(body)).toBeLessThan(20_000);
    const { incident, notification, ackUrl, cut } = verified(server.requests[0]!).data;
    expect(cut).toBe(true);
    expect(Object.keys(incident).toSorted()).toEqual(Object.keys(pageByWebhook().whole!.incident).toSorted());
    expect(incident['id']).toBe(INCIDENT);
    expect(notification).toMatchObject({ idempotencyKey: KEY, incident: INCIDENT });
    expect(ackUrl).toMatch(/\/ack\/v1\.[\w-]+\.[\w-]+$/);
    for (const each of incident['alerts'] as object[]) expect(Object.keys(each)).toEqual(Object.keys(alert));
  });
});

describe('an attempt fails', () => {
  test('for good where the contact method, or its endpoint, is no longer configured', async () => {
    const gone = channel().notify({ ...pageByWebhook(), contact: 'mail' });
    expect(await failureOf(gone)).toMatchObject({ type: 'terminal', code: 'CONTACT_GONE' });
    for (const attempt of [
      channel({}, 'other').notify(pageByWebhook()),
      channel({}, 'other').tell(noticeTo('webhook', null)),
    ]) {
      const failure = await failureOf(attempt);
      expect(failure).toMatchObject({ type: 'terminal', code: 'CHANNEL_NOT_CONFIGURED' });
      expect(failure.detail).toContain('channels.webhook.bus');
    }
    const proto = { ...noticeTo('webhook', null), to: { kind: 'subscriber', endpoint: 'constructor' } as const };
    expect(await failureOf(channel().tell(proto))).toMatchObject({ code: 'CHANNEL_NOT_CONFIGURED' });
    expect(server.requests).toHaveLength(0);
  });

  test('for good where the endpoint is not public, and may not be private', async () => {
    const failure = await failureOf(channel({ allowPrivate: false }).notify(pageByWebhook()));
    expect(failure).toMatchObject({ type: 'terminal', code: 'ADDRESS_PRIVATE' });
    expect(server.connections()).toBe(0);
  });

  test('retryably, after what Retry-After says', async () => {
    server.answer('/hook', { status: 429, headers: { 'retry-after': '2' }, body: `slow down, ${KEY_OF_ENDPOINT}` });
    const failure = await failureOf(channel().notify(pageByWebhook()));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY', after: 2_000 });
    expect(failure.detail).toBe('webhook bus answered 429: slow down, ***');
  });

  test('in a way nobody can tell where no answer comes', async () => {
    server.answer('/hook', { instead: 'hang' });
    expect(await failureOf(channel().notify(pageByWebhook()))).toMatchObject({
      type: 'unknown',
      code: 'PROVIDER_SILENT',
    });
  });
});
