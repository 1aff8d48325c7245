import type { IncidentView, LogEntryView } from '../../domain/view.ts';
import type { HttpServer } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { historiesOf, replay } from '../support/replay.ts';
import { openShort, runOf } from '../support/shortHistory.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'disks-events-key-0000000';
const SECRET = `whsec_${Buffer.from('a-secret-of-thirty-two-bytes-000').toString('base64')}`;
const configuration = (url: string) => `
users:
  - { id: ana, name: Ana, statusUpdates: true, contacts: [{ id: mail, channel: email, to: ana@example.com }] }
  - { id: bob, name: Bob, contacts: [{ id: mail, channel: email, to: bob@example.com }] }
escalationPolicies:
  - { id: one, levels: [{ targets: ['user:ana', 'user:bob'], escalateAfter: 1h }] }
services:
  - { id: disks, escalationPolicy: one, integrations: [{ source: events-v2, key: ${KEY} }], subscribers: ['webhook:bus'] }
channels:
  email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' }
  webhook: { bus: { url: '${url}/bus', secret: ${SECRET}, allowPrivate: true } }
`;

interface Told {
  readonly type: string;
  readonly id: string;
  readonly data: { readonly incident: IncidentView; readonly entry?: LogEntryView };
}

describe('an incident with a subscriber', () => {
  let bus: HttpServer;
  let tocsin: Tocsin;
  beforeAll(async () => {
    bus = await startHttpServer();
    tocsin = await startTocsin(configuration(bus.url));
  });
  afterAll(async () => {
    await tocsin?.stop();
    await bus?.stop();
  });
  afterEach(() => bus.answer('/bus', {}));

  const told = (dedupKey: string): readonly Told[] =>
    bus.requests
      .map(({ body, headers }) => ({ ...(JSON.parse(body) as Told), id: String(headers['webhook-id']) }))
      .filter(({ data }) => data.incident.dedupKey === dedupKey);
  const typesOf = (dedupKey: string) => told(dedupKey).map(({ type }) => type);
  const heard = (dedupKey: string, ...types: string[]) =>
    eventually(
      async () => typesOf(dedupKey),
      (all) => all.length >= types.length,
    ).then((all) => expect(all).toEqual(types.map((type) => `incident.${type}`)));
  const isClosed = (workflowId: string) =>
    eventually(
      () => tocsin.client.workflow.getHandle(workflowId).describe(),
      ({ status }) => status.name === 'COMPLETED',
    );

  test('tells it each change in order, with the incident as it was then; and the person who wants word, by mail', async () => {
    await tocsin.event(KEY, 'told');
    const { id, workflowId } = await tocsin.incident('told');
    await eventually(
      () => tocsin.ledger(id),
      (ledger) => ledger.length === 2 && ledger.every(({ status }) => status === 'sent'),
    );
    await tocsin.command(id, 'acknowledge', { as: 'bob' });
    await tocsin.command(id, 'unacknowledge', { as: 'bob' });
    await tocsin.command(id, 'resolve', { as: 'bob' });
    await heard('told', 'triggered', 'acknowledged', 'unacknowledged', 'resolved');
    expect(told('told').map(({ data }) => data.incident.status)).toEqual([
      'triggered',
      'acknowledged',
      'triggered',
      'resolved',
    ]);
    expect(told('told')[0]!.data).toMatchObject({
      incident: { assignees: ['ana', 'bob'] },
      entry: { type: 'triggered' },
    });
    await isClosed(workflowId);
    const updates = (user: string) =>
      tocsin.smtp.mails
        .filter(({ to, text }) => to.includes(`${user}@example.com`) && text.includes('of told'))
        .flatMap(({ text }) => /Bob, by .*, (acknowledged|resolved)/.exec(text)?.[1] ?? []);
    expect(updates('ana')).toEqual(['acknowledged', 'resolved']);
    expect(updates('bob')).toEqual([]);
  });

  test('while the subscriber is busy, what comes after waits behind; then all of it comes, once and in order', async () => {
    bus.answer('/bus', { status: 503 });
    await tocsin.event(KEY, 'busy');
    const { id } = await tocsin.incident('busy');
    await bus.waitFor('/bus', 1);
    await tocsin.command(id, 'acknowledge', { as: 'bob' });
    await tocsin.command(id, 'resolve', { as: 'bob' });
    await eventually(
      async () => typesOf('busy').length,
      (length) => length >= 2,
    );
    expect(new Set(typesOf('busy'))).toEqual(new Set(['incident.triggered']));
    expect(new Set(told('busy').map((each) => each.id)).size).toBe(1);
    const refused = told('busy').length;
    bus.answer('/bus', {});
    await eventually(
      async () => typesOf('busy'),
      (types) => types.at(-1) === 'incident.resolved',
    );
    expect(typesOf('busy').slice(refused)).toEqual([
      'incident.triggered',
      'incident.acknowledged',
      'incident.resolved',
    ]);
    const lines = (await tocsin.timeline(id)).filter(({ type }) => type === 'noticeEnded').map(({ text }) => text);
    expect(lines[0]).toMatch(/^Notice of incident\.triggered, webhook bus: failed \(PROVIDER_BUSY.*again in 2s$/);
    expect(lines.at(-1)).toMatch(/sent after \d+ failed attempts?$/);
  });

  test('continues as new while a notice waits: it is sent under the same key, and none is lost or repeated', async () => {
    bus.answer('/bus', { status: 503, headers: { 'retry-after': '4' } });
    const opened = await openShort(tocsin.client, tocsin.configuration(), {
      integration: 'disks-events-v2',
      dedupKey: 'seam',
      maxHistoryLength: 20,
    });
    await eventually(
      async () => typesOf('seam').length,
      (length) => length === 1,
    );
    await tocsin.command(opened.id, 'acknowledge', { as: 'bob' });
    while ((await runOf(tocsin.client, opened)) === opened.runId) await tocsin.event(KEY, 'seam');
    expect(typesOf('seam')).toHaveLength(1);
    bus.answer('/bus', {});
    await tocsin.command(opened.id, 'resolve', { as: 'bob' });
    await heard('seam', 'triggered', 'triggered', 'acknowledged', 'resolved');
    const [first, second, ...others] = told('seam').map((each) => each.id);
    expect(first).toBe(second);
    expect(new Set([first, ...others]).size).toBe(3);
    await isClosed(opened.workflowId);
  });

  test('resolved while the subscriber is away: the next incident opens at once, and the word of the first still comes', async () => {
    bus.answer('/bus', { status: 503 });
    await tocsin.event(KEY, 'next');
    const first = await tocsin.incident('next');
    await tocsin.command(first.id, 'resolve', { as: 'bob' });
    await tocsin.event(KEY, 'next');
    const second = await eventually(
      () => tocsin.incident('next'),
      ({ id }) => id !== first.id,
    );
    expect(second).toMatchObject({ status: 'triggered', previous: first.id });
    bus.answer('/bus', {});
    await eventually(
      async () => told('next').filter(({ data }) => data.incident.id === first.id),
      (all) => all.at(-1)?.type === 'incident.resolved',
    );
    await eventually(
      async () => told('next').filter(({ data }) => data.incident.id === second.id),
      (all) => all.at(-1)?.type === 'incident.triggered',
    );
    await tocsin.event(KEY, 'next', 'resolve');
    await isClosed(first.workflowId);
  });

  test('all of this replays', async () => {
    expect(await replay(historiesOf(tocsin.client))).toEqual([]);
  });
});
