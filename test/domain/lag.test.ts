/** What polls of a consumer group's lag come to, one after another. */
import { minutes } from '../../domain/duration.ts';
import type { LagReading, LagStanding, PartitionLag } from '../../domain/lag.ts';
import { judgeLag, topicLag } from '../../domain/lag.ts';
import type { KafkaLagSettings } from '../../domain/monitors.ts';

const SETTINGS: KafkaLagSettings = {
  id: 'order-lag',
  type: 'kafka-lag',
  every: minutes(1),
  integration: 'shop-events',
  group: 'workers',
  topics: null,
  threshold: 2_000,
  thresholds: {},
  severity: 'critical',
  tellAfterFailures: 3,
};
const CALM: LagStanding = { over: [], open: false, failures: 0, failureTold: false };

type Sums = Readonly<Record<string, number | readonly (number | null | string)[]>>;
/** A topic's lag, or that of each of its partitions; a text is an error. */
const reading = (sums: Sums): LagReading => ({
  topics: Object.entries(sums).map(([topic, lags]) =>
    topicLag(
      topic,
      (typeof lags === 'number' ? [lags] : lags).map((lag, partition): PartitionLag =>
        typeof lag === 'string' ? { partition, lag: null, error: lag } : { partition, lag },
      ),
    ),
  ),
});
const AWAY: LagReading = { failure: 'it is away' };
/** What each poll told, in short: `+orders`, `-orders`, `-orders*` with the whole group; and what it left behind. */
function polls(
  readings: readonly LagReading[],
  settings: Partial<KafkaLagSettings> = {},
  first: LagStanding | null = CALM,
) {
  let standing = first;
  return readings.map((each) => {
    const verdict = judgeLag({ ...SETTINGS, ...settings }, each, standing);
    standing = verdict;
    return verdict.events
      .map(
        ({ action, dedupKey, groupResolved }) =>
          `${action === 'trigger' ? '+' : '-'}${dedupKey.replace('order-lag/topic/', '')}${groupResolved ? '*' : ''}`,
      )
      .join(' ');
  });
}

test('the lag of a topic is the sum over all its partitions; one without a committed offset counts nothing', () => {
  expect(
    topicLag('orders', [
      { partition: 0, lag: 1_500 },
      { partition: 1, lag: 501 },
    ]),
  ).toEqual({
    topic: 'orders',
    lag: 2_001,
    unknown: [],
  });
  expect(
    topicLag('orders', [
      { partition: 0, lag: -1 },
      { partition: 1, lag: null },
      { partition: 2, lag: 7 },
    ]).lag,
  ).toBe(7);
  expect(
    topicLag('orders', [
      { partition: 0, lag: 9, error: 'error 5' },
      { partition: 1, lag: 7 },
    ]),
  ).toEqual({
    topic: 'orders',
    lag: 7,
    unknown: ['partition 0: error 5'],
  });
});

test('the topics over the threshold at one poll are alerts of one group, each with its sum, and each event names all of them', () => {
  const { events, sentence, over } = judgeLag(
    SETTINGS,
    reading({ audit: 2_000, pay: [1_000, 1_300], orders: [2_500, 2_500] }),
    CALM,
  );
  expect(events).toEqual([
    {
      action: 'trigger',
      dedupKey: 'order-lag/topic/orders',
      groupKey: 'order-lag',
      source: 'workers',
      group: 'workers',
      class: 'kafka-lag',
      component: 'orders',
      severity: 'critical',
      summary: 'topic orders of group workers: lag 5000 (threshold 2000)',
      details: {
        monitor: 'order-lag',
        threshold: 2_000,
        topics: [
          { topic: 'orders', lag: 5_000 },
          { topic: 'pay', lag: 2_300 },
        ],
      },
    },
    expect.objectContaining({
      dedupKey: 'order-lag/topic/pay',
      summary: 'topic pay of group workers: lag 2300 (threshold 2000)',
    }),
  ]);
  expect(sentence).toBe('2 of 3 topics of group workers are over their threshold');
  expect(over).toEqual(['orders', 'pay']);
});

test('what is over is said at each poll; what is back is said once, and with the last of them that all are', () => {
  const [both, one, none] = [
    { a: 3_000, b: 3_000 },
    { a: 9, b: 3_000 },
    { a: 9, b: 9 },
  ].map(reading);
  expect(polls([none!, both!, both!, one!, one!, none!, none!])).toEqual([
    '',
    '+a +b',
    '+a +b',
    '+b -a',
    '+b',
    '-b*',
    '',
  ]);
});

test('a topic that the group does not consume any more is back', () => {
  expect(polls([reading({ a: 3_000, b: 1 }), reading({ b: 1 })])).toEqual(['+a', '-a*']);
});

test('a topic may have a threshold of its own, also one that other objects have by nature', () => {
  expect(polls([reading({ a: 11, toString: 11 })], { thresholds: { a: 10 } })).toEqual(['+a']);
});

test('of topics that are named no other is looked at, and one that is not there is a poll that failed', () => {
  expect(polls([reading({ a: 3_000, b: 3_000 })], { topics: ['a'] })).toEqual(['+a']);
  const { failures, sentence } = judgeLag({ ...SETTINGS, topics: ['a', 'c'] }, reading({ a: 1 }), CALM);
  expect(failures).toBe(1);
  expect(sentence).toContain('topic c: the group has committed nothing of it');
});

test('a topic that is below as far as is known stays as it was, until it is known wholly', () => {
  const [over, partly, below] = [
    { a: [3_000, 0], b: 1 },
    { a: ['error 5', 0], b: 1 },
    { a: [1, 0], b: 1 },
  ].map(reading);
  expect(polls([over!, partly!, below!])).toEqual(['+a', '', '-a*']);
  expect(polls([partly!, below!])).toEqual(['', '']);
});

test('a topic that is over by the partitions that are known is over', () => {
  expect(polls([reading({ a: ['error 5', 3_000] })])).toEqual(['+a']);
});

test('polls that fail are an incident of their own, from the third in a row, and the next good one resolves it', () => {
  const good = reading({ a: 1 });
  const key = 'order-lag/polls';
  expect(polls([AWAY, AWAY, good, AWAY, AWAY, AWAY, AWAY, good, good])).toEqual([
    '',
    '',
    '',
    '',
    '',
    `+${key}`,
    `+${key}`,
    `-${key}`,
    '',
  ]);
  expect(polls([AWAY], { tellAfterFailures: 1 })).toEqual([`+${key}`]);
});

test('a poll that fails says nothing of the topics', () => {
  const over = reading({ a: 3_000 });
  expect(polls([over, AWAY, AWAY, AWAY, over, reading({ a: 1 })])).toEqual([
    '+a',
    '',
    '',
    '+order-lag/polls',
    '+a -order-lag/polls',
    '-a*',
  ]);
});

test('a group that has committed nothing at all is a poll that failed, for it may be misspelt', () => {
  expect(judgeLag(SETTINGS, reading({}), CALM)).toMatchObject({
    failures: 1,
    sentence: expect.stringContaining('committed no offset'),
  });
});

test('the first poll of which anybody knows resolves each topic that is below, for any of them may be open', () => {
  const below = reading({ a: 1, b: 2 });
  expect(polls([below, below], {}, null)).toEqual(['-b -a* -order-lag/polls', '']);
  // A poll that fails knows nothing either.
  expect(polls([AWAY, below, below], {}, null)).toEqual(['', '-b -a* -order-lag/polls', '']);
  const one = reading({ a: 1, b: 3_000, c: ['error 5'] });
  expect(polls([one, one, reading({ a: 1, b: 1, c: 1 })], {}, null)).toEqual([
    '+b -a',
    '+b',
    '-b -c* -order-lag/polls',
  ]);
  expect(polls([reading({ a: 1, c: ['error 5'] }), below], {}, null)).toEqual(['-a', '-c* -order-lag/polls']);
});

test('topics of one name under two monitors are two alerts', () => {
  const keys = ['order-lag', 'refund-lag'].flatMap((id) =>
    judgeLag({ ...SETTINGS, id }, reading({ orders: 3_000 }), CALM).events.map(({ dedupKey }) => dedupKey),
  );
  expect(keys).toEqual(['order-lag/topic/orders', 'refund-lag/topic/orders']);
});

test('of more topics than an incident needs the worst are given, and the rest is said to be left out', () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`t${index}`, 3_000 + index]));
  const { events, over } = judgeLag(SETTINGS, reading(many), CALM);
  expect(events).toHaveLength(100);
  expect(events[0]).toMatchObject({ dedupKey: 'order-lag/topic/t149', leftOut: 50 });
  const [first] = events;
  expect(first?.details).toMatchObject({ topics: { length: 20 } });
  expect(over).toHaveLength(150);
});
