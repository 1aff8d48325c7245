/** Polls of CKafka by both of its APIs, against a stand-in that checks their signatures. */
import { monitorActivities } from '../../activities/monitors/kafkaLag.ts';
import type { LagReading } from '../../domain/lag.ts';
import type { CkafkaStandIn } from '../support/providers/ckafka.ts';
import { CKAFKA, startCkafka } from '../support/providers/ckafka.ts';
import { configured } from '../support/tocsin.ts';

describe.each(['tencent', 'legacy'] as const)('by the API %s', (api) => {
  let ckafka: CkafkaStandIn;
  beforeEach(async () => {
    ckafka = await startCkafka();
  });
  afterEach(() => ckafka.stop());

  const { region, instance, secretId, secretKey, group } = CKAFKA;
  async function poll(more: object = {}, timeout?: number): Promise<LagReading> {
    const monitor = {
      id: 'order-lag',
      type: 'kafka-lag',
      threshold: 2_000,
      integration: 'shop-events-v2',
      group,
      api,
      region,
      instance,
      secretId,
      secretKey,
      apiUrl: ckafka.url,
      ...more,
    };
    const configuration = configured(
      JSON.stringify({
        users: [{ id: 'ana', contacts: [{ id: 'term', channel: 'console' }] }],
        escalationPolicies: [{ id: 'main', levels: [{ targets: ['user:ana'], escalateAfter: '5m' }] }],
        services: [
          {
            id: 'shop',
            escalationPolicy: 'main',
            integrations: [{ source: 'events-v2', key: 'a-key-of-twenty-signs' }],
          },
        ],
        monitors: [monitor],
      }),
    );
    const polled = await monitorActivities({
      configuration: () => configuration,
      ...(timeout === undefined ? {} : { timeout }),
    }).pollKafkaLag('order-lag');
    expect(JSON.stringify(polled)).not.toContain(secretKey);
    expect(JSON.stringify(polled)).not.toContain(secretId);
    return polled!.reading;
  }
  const refused = async (more?: object, timeout?: number): Promise<string> => {
    const reading = await poll(more, timeout);
    return 'failure' in reading ? reading.failure : `it read ${JSON.stringify(reading)}`;
  };

  it('all partitions of a topic are summed, and what says nothing counts nothing', async () => {
    ckafka.lag({ orders: [1_500, 501], audit: ['uncommitted', 7], broken: [{ error: 5 }, 9] });
    expect(await poll()).toEqual({
      topics: [
        { topic: 'orders', lag: 2_001, unknown: [] },
        { topic: 'audit', lag: 7, unknown: [] },
        { topic: 'broken', lag: 9, unknown: ['partition 0: error 5'] },
      ],
    });
  });

  it('all pages are read, also those that have less than was asked for', async () => {
    ckafka.lag(Object.fromEntries(Array.from({ length: 120 }, (_, index) => [`topic-${index}`, [index]])));
    ckafka.perPage(49);
    const { topics } = (await poll()) as Extract<LagReading, { topics: unknown }>;
    expect(topics.map(({ lag }) => lag)).toEqual(Array.from({ length: 120 }, (_, index) => index));
    expect(ckafka.pages()).toBe(3);
  });

  it('topics that are named are asked for alone, also by names that are encoded', async () => {
    ckafka.lag({ orders: [1], pay: [2], audit: [3] });
    expect(await poll({ topics: ['pay', 'audit'] })).toMatchObject({ topics: [{ topic: 'pay' }, { topic: 'audit' }] });
    expect(await poll({ group: 'a group/with signs+&=' })).toEqual({ topics: [] });
  });

  it('what Tencent refuses is told by its code, and with no secret', async () => {
    ckafka.refuse(api === 'tencent' ? 'ResourceNotFound' : 4_104);
    expect(await refused()).toContain(api === 'tencent' ? 'it says ResourceNotFound' : 'answered 4104 (Refused)');
    ckafka.refuse(undefined);
    expect(await refused({ secretKey: 'another-key' })).toContain(
      api === 'tencent' ? 'AuthFailure.SignatureFailure' : 'answered 4100',
    );
  });

  it.each([
    ['a login page', { status: 200, body: '<html>' }],
    ['other JSON', { status: 200, body: '{"Response":{"ok":true},"code":0}' }],
    ['no JSON object', { status: 200, body: '[]' }],
    ['an error of its proxy', { status: 502, body: 'bad gateway' }],
    ['a cut connection', { instead: 'reset' }],
    ['an answer that breaks off', { instead: 'cutOff' }],
  ] as const)('%s is a poll that failed', async (_what, reaction) => {
    ckafka.answerBy(reaction);
    const failure = await refused({}, 1_000);
    expect(failure).not.toBe('');
    expect(failure).not.toContain('it read');
  });

  it('an answer that never comes, or never ends, is waited for no longer than a poll may take', async () => {
    for (const instead of ['hang', 'trickle'] as const) {
      ckafka.answerBy({ instead });
      expect(await refused({}, 300)).toMatch(/no answer within|broke off/);
    }
  });

  it('nobody there is a poll that failed', async () => {
    await ckafka.stop();
    expect(await refused()).toContain('ECONNREFUSED');
  });
});

test('a monitor that the configuration has no more is not polled', async () => {
  const empty = { monitors: new Map() } as unknown as ReturnType<typeof configured>;
  expect(await monitorActivities({ configuration: () => empty }).pollKafkaLag('order-lag')).toBeNull();
});
