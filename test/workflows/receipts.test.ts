/** Word from providers reaches the incident it is of, durably, whatever that is doing (docs/adr/0018). */
import { temporalGateway } from '../../api/temporalGateway.ts';
import type { ProviderWord, Receipt } from '../../domain/commands.ts';
import type { HttpServer } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { historiesOf, replay } from '../support/replay.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'disks-events-key-0000000';
const SECRET = `whsec_${Buffer.from('a-secret-of-thirty-two-bytes-000').toString('base64')}`;
const configuration = (url: string) => `
users:
  - { id: ana, name: Ana, contacts: [{ id: hook, channel: webhook, to: ana }] }
  - { id: bob, name: Bob, contacts: [{ id: hook, channel: webhook, to: bob }] }
escalationPolicies:
  - { id: one, levels: [{ targets: ['user:ana'], escalateAfter: 1h }, { targets: ['user:bob'], escalateAfter: 1h }] }
services:
  - { id: disks, escalationPolicy: one, integrations: [{ source: events-v2, key: ${KEY} }], subscribers: ['webhook:bus'] }
channels:
  webhook:
    ana: { url: '${url}/ana', secret: ${SECRET}, allowPrivate: true }
    bob: { url: '${url}/bob', secret: ${SECRET}, allowPrivate: true }
    bus: { url: '${url}/bus', secret: ${SECRET}, allowPrivate: true }
`;

const receipt = (outcome: Receipt['outcome'], id = `SM1.${outcome}`): ProviderWord => ({
  kind: 'receipt',
  receipt: { id, notification: 'n1', outcome, at: Date.now(), providerId: 'SM1' },
});

describe('word from a provider', () => {
  let provider: HttpServer;
  let tocsin: Tocsin;
  let incidents: ReturnType<typeof temporalGateway>;
  beforeAll(async () => {
    provider = await startHttpServer();
    tocsin = await startTocsin(configuration(provider.url));
    incidents = temporalGateway({ client: tocsin.client, configuration: tocsin.configuration });
  });
  afterAll(async () => {
    await tocsin?.stop();
    await provider?.stop();
  });
  afterEach(() => {
    for (const path of ['/ana', '/bob', '/bus']) provider.answer(path, {});
  });

  const isClosed = (workflowId: string) =>
    eventually(
      () => tocsin.client.workflow.getHandle(workflowId).describe(),
      ({ status }) => status.name === 'COMPLETED',
    );
  const sentTo = (path: string, dedupKey: string): number =>
    provider.requests.filter((request) => request.path === path && request.body.includes(`"${dedupKey}"`)).length;
  const statusOf = (id: string, ...wanted: readonly string[]) =>
    eventually(
      () => tocsin.ledger(id),
      ([page]) => page !== undefined && wanted.includes(page.status),
    );

  test('that it has a page whose answer was lost: it is attempted no more', async () => {
    provider.answer('/ana', { instead: 'reset' });
    await tocsin.event(KEY, 'lost');
    const { id, workflowId } = await tocsin.incident('lost');
    await statusOf(id, 'unknown');
    expect(await incidents.hear(id, receipt('sent'))).toBe(true);
    const [page] = await statusOf(id, 'sent');
    const made = page!.attempts.filter(({ outcome }) => outcome === 'unknown').length;
    expect(page!.attempts.at(-1)).toMatchObject({ outcome: 'sent', providerId: 'SM1' });
    expect((await tocsin.next(id)).filter(({ kind }) => kind === 'notify')).toEqual([]);
    await tocsin.command(id, 'resolve', { as: 'bob' });
    await isClosed(workflowId);
    expect(sentTo('/ana', 'lost')).toBe(made);
    expect(await incidents.hear(id, receipt('delivered'))).toBe(false);
  });

  test('that a page never arrives: the level goes on to whoever is next', async () => {
    await tocsin.event(KEY, 'bounced');
    const { id, workflowId } = await tocsin.incident('bounced');
    await statusOf(id, 'sent');
    await incidents.hear(id, receipt('failed'));
    await incidents.hear(id, receipt('failed'));
    await eventually(
      () => tocsin.ledger(id),
      ([, next]) => next?.status === 'sent' && next.user === 'bob',
    );
    expect((await tocsin.timeline(id)).filter(({ type }) => type === 'receiptTaken')).toHaveLength(1);
    await tocsin.event(KEY, 'bounced', 'resolve');
    await isClosed(workflowId);
  });

  test('about an incident that is resolved, and not over: it is in its ledger, beside the incident that came after it', async () => {
    provider.answer('/bus', { status: 503 });
    await tocsin.event(KEY, 'over');
    const { id, workflowId } = await tocsin.incident('over');
    await statusOf(id, 'sent');
    await tocsin.command(id, 'resolve', { as: 'bob' });
    await tocsin.event(KEY, 'over');
    const second = await eventually(
      () => tocsin.incident('over'),
      (incident) => incident.id !== id,
    );
    await statusOf(second.id, 'sent');
    await incidents.hear(id, receipt('delivered'));
    expect(await statusOf(id, 'delivered')).toHaveLength(1);
    expect((await tocsin.ledger(second.id))[0]).toMatchObject({ status: 'sent' });
    provider.answer('/bus', {});
    await tocsin.event(KEY, 'over', 'resolve');
    await isClosed(workflowId);
  });

  test('that came while no worker ran waits for its incident to be open', async () => {
    await tocsin.worker.stop();
    await tocsin.event(KEY, 'early');
    const listed = await eventually(
      () => tocsin.get<{ incidents: { id: string; workflowId: string }[] }>('/v1/incidents?dedupKey=early'),
      ({ body }) => (body.incidents?.length ?? 0) > 0,
    );
    const { id, workflowId } = listed.body.incidents[0]!;
    const turnedAway = {
      id: 't1',
      command: 'acknowledge',
      code: 'FORBIDDEN',
      via: 'SMS from +4930…00',
      at: Date.now(),
    } as const;
    expect(await incidents.hear(id, { kind: 'turnedAway', turnedAway })).toBe(true);
    await tocsin.worker.start();
    const lines = await eventually(
      () => tocsin.timeline(id),
      (timeline) => timeline.some(({ type }) => type === 'turnedAway'),
    );
    expect(lines.find(({ type }) => type === 'turnedAway')).toMatchObject({
      actor: { kind: 'system', via: 'SMS from +4930…00' },
      text: 'SMS from +4930…00 was turned away: may not acknowledge (FORBIDDEN)',
    });
    await tocsin.event(KEY, 'early', 'resolve');
    await isClosed(workflowId);
  });

  test('all of this replays', async () => {
    expect(await replay(historiesOf(tocsin.client))).toEqual([]);
  });
});
