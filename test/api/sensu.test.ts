/** Sensu's events, as its pipe handler gets them (wire-formats §1f), by the real server on a stand-in for the engine. */
import { readFileSync } from 'node:fs';
import type { SourceEvent } from '../../domain/event.ts';
import { SENSU_KEY, type StandIns, apiOnStandIns } from './support/standIns.ts';

type Json = Record<string, unknown>;
const fixture = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../fixtures/sensu-${name}.json`, import.meta.url), 'utf8')) as Json;
const CORE = fixture('core-create');
const GO = fixture('go-failing');
const within = (body: Json, member: string, more: Json): Json => ({
  ...body,
  [member]: { ...(body[member] as Json), ...more },
});

describe('POST /integrations/sensu/{routing key}', () => {
  let api: StandIns;
  beforeAll(async () => {
    api = await apiOnStandIns();
  });
  afterAll(() => api.app.close());
  beforeEach(() => api.events.splice(0));

  const post = (body: unknown) =>
    api.app.inject({
      method: 'POST',
      url: `/integrations/sensu/${SENSU_KEY}`,
      headers: { 'content-type': 'application/json' },
      payload: JSON.stringify(body),
    });
  const one = async (body: unknown): Promise<SourceEvent | undefined> => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(202);
    return api.events.splice(0)[0]?.event;
  };

  it("takes Sensu Core's own event: client and check are the key, the status is the severity", async () => {
    const event = await one(CORE);
    expect(event).toEqual({
      action: 'trigger',
      dedupKey: 'client-01/keepalive',
      summary: 'client-01/keepalive No keepalive sent from client for 230 seconds (>=180)',
      source: 'client-01',
      severity: 'critical',
      at: 1_460_172_826_000,
      details: {
        client: { name: 'client-01', address: '127.0.0.1', subscriptions: ['production'], environment: 'development' },
        check: {
          name: 'keepalive',
          status: 2,
          output: 'No keepalive sent from client for 230 seconds (>=180)',
          history: ['0', '0', '1', '1', '2', '2'],
        },
      },
    });
    expect(await one([CORE])).toEqual(event);
  });

  it('resolves the same alert by the action resolve, with no severity', async () => {
    const event = await one(fixture('core-resolve'));
    expect(event).toMatchObject({ action: 'resolve', dedupKey: 'client-01/keepalive', at: 1_460_172_946_000 });
    expect(event).not.toHaveProperty('severity');
  });

  it('keeps a flapping alert open, also while its status is 0', async () => {
    expect(await one({ ...CORE, action: 'flapping' })).toMatchObject({ action: 'trigger', severity: 'critical' });
    const calm = await one(within({ ...CORE, action: 'flapping' }, 'check', { status: 0 }));
    expect(calm?.action).toBe('trigger');
    expect(calm).not.toHaveProperty('severity');
  });

  it.each([
    [1, 'warning'],
    ['2', 'critical'],
    [3, undefined],
    [null, undefined],
  ])('of the status %j makes the severity %s', async (status, severity) => {
    expect((await one(within(CORE, 'check', { status })))?.severity).toBe(severity);
  });

  it('without an action goes by the status', async () => {
    const { action: _action, ...bare } = CORE;
    expect((await one(bare))?.action).toBe('trigger');
    expect((await one(within(bare, 'check', { status: 0 })))?.action).toBe('resolve');
  });

  it('takes Sensu Go as json and as wrapped-json: status 0 resolves, and the namespace is part of the key', async () => {
    expect(await one(GO)).toMatchObject({
      action: 'trigger',
      dedupKey: 'default/sensu-centos/check_cpu',
      summary: 'sensu-centos/check_cpu CheckCPU TOTAL CRITICAL: total=95.4',
      source: 'sensu-centos',
      severity: 'critical',
      at: 1_617_050_507_000,
      details: { entity: { namespace: 'default' }, check: { labels: { team: 'web' }, state: 'failing' } },
    });
    expect(await one(fixture('go-passing-wrapped'))).toMatchObject({
      action: 'resolve',
      dedupKey: 'default/sensu-centos/check_cpu',
      at: 1_617_050_567_000,
    });
  });

  it('keeps no command, for passwords stand on it, and cuts a long output', async () => {
    const event = await one(
      within(CORE, 'check', { command: 'check -p hunter2', output: `first\n${'x'.repeat(60_000)}` }),
    );
    expect(JSON.stringify(event)).not.toContain('hunter2');
    expect(JSON.stringify(event?.details).length).toBeLessThanOrEqual(32 * 1024);
    expect(event).toMatchObject({
      summary: 'client-01/keepalive first',
      details: { detailsTruncated: true, client: { name: 'client-01' }, check: { name: 'keepalive', status: 2 } },
    });
  });

  it('keeps apart names of absurd length', async () => {
    const [first, second] = await Promise.all(
      ['a', 'b'].map((end) => one(within(CORE, 'client', { name: 'n'.repeat(20_000) + end }))),
    );
    expect(first?.dedupKey).not.toBe(second?.dedupKey);
    expect(first?.dedupKey.length).toBeLessThan(5_000);
  });

  it.each([
    ['neither client nor entity', { check: {} }, 'missing: client (Sensu Core) or entity (Sensu Go)'],
    ['metrics alone', { entity: GO['entity'], metrics: {} }, 'missing: check; an event that has only metrics'],
    ['a nameless client', within(CORE, 'client', { name: ' ' }), 'missing or blank: client.name'],
    ['a nameless check', within(CORE, 'check', { name: null }), 'missing or blank: check.name'],
    [
      'an unknown action',
      { ...CORE, action: 'explode' },
      "'action' is 'explode'; it is one of: create, flapping, resolve",
    ],
    ['a nameless entity', { ...GO, entity: {} }, 'missing or blank: entity.metadata.name'],
    ['a check of Go without a name', within(GO, 'check', { metadata: 7 }), 'missing or blank: check.metadata.name'],
    ['a check of Go without a status', within(GO, 'check', { status: 'bad' }), 'check.status is not a number'],
    ['an empty list', [], 'a list of events has 1 to 100'],
    ['a text', 'CRITICAL', 'not a JSON object'],
  ])('refuses %s, and says what is missing', async (_what, body, text) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'BAD_EVENT' });
    expect(answer.json<{ detail: string }>().detail).toContain(text);
    expect(api.events).toEqual([]);
  });
});
