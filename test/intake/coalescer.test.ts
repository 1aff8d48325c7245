/** The coalescer with a commit that remembers what it was given (lifecycle §2.9, §2.10); with Temporal: intake.test.ts. */
import { Coalescer } from '../../intake/coalescer.ts';
import type { Alike, Batch } from '../../intake/coalescer.ts';
import type { IncomingEvent } from '../../intake/ports.ts';
import { TooSlow } from '../../intake/temporalErrors.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { IDS_REMEMBERED } from '../../domain/evolve.ts';
import { configuration, level, person, policy } from '../support/configurations.ts';
import { TRIGGER } from '../support/life.ts';

const whole = configuration({ users: [person('ana')], policy: policy([level('user:ana', '5m')]) });
const integration = whole.integrations.get('payments-events')!;
const all: Alike = () => true;

/** Adds the events in one go; returns the arrivals of each call, and for each event the result of its arrival. */
async function together(events: readonly Partial<SourceEvent>[], alike = all) {
  const calls: Batch['arrivals'][] = [];
  const commit = (_key: string, { arrivals, places }: Batch): Promise<string[]> => {
    calls.push(arrivals);
    return Promise.resolve(places.map((place) => `call ${calls.length}, arrival ${place + 1}`));
  };
  const coalescer = new Coalescer<IncomingEvent, string>(commit, alike);
  const added = events.map((event) => coalescer.add('key', { integration, event: { ...TRIGGER, ...event } }));
  return { calls, results: await Promise.all(added) };
}

const told = (arrivals: Batch['arrivals'] | undefined) =>
  arrivals?.map(({ count, event }) => `${count} ${event.action} ${event.severity} ${event.summary}`);

test('triggers of one key that come together are one arrival, with their count and the latest of them', async () => {
  const { calls, results } = await together([{ summary: 'one' }, { summary: 'two' }, { summary: 'three' }]);
  expect(calls.map(told)).toEqual([['3 trigger critical three']]);
  expect(results).toEqual(Array.from({ length: 3 }, () => 'call 1, arrival 1'));
});

test('every change of state stands, in order', async () => {
  const { calls, results } = await together([
    { summary: 'one', severity: 'warning' },
    { summary: 'two' },
    { summary: 'three', action: 'resolve' },
    { summary: 'four', action: 'resolve' },
    { summary: 'five' },
    { summary: 'six', dedupKey: 'another' },
    { summary: 'seven', dedupKey: 'another', leftOut: 2 },
  ]);
  expect(calls.map(told)).toEqual([
    [
      '1 trigger warning one',
      '1 trigger critical two',
      '1 resolve critical three',
      '1 resolve critical four',
      '1 trigger critical five',
      '1 trigger critical six',
      '1 trigger critical seven',
    ],
  ]);
  expect(results.at(-1)).toBe('call 1, arrival 7');
});

test('events that open different incidents are not merged', async () => {
  const alike: Alike = (earlier, later) => earlier.event.component === later.event.component;
  const { calls } = await together([{ component: 'a' }, { component: 'a' }, { component: 'b' }], alike);
  expect(calls[0]?.map(({ count }) => count)).toEqual([2, 1]);
});

test('a call has no more arrivals than an incident remembers; the rest go in the next', async () => {
  const { calls } = await together(Array.from({ length: IDS_REMEMBERED + 3 }, (_, n) => ({ dedupKey: `alert ${n}` })));
  expect(calls.map(({ length }) => length)).toEqual([IDS_REMEMBERED, 3]);
});

test('a call is no larger than Temporal takes, and one event goes in any case', async () => {
  const large = { note: 'x'.repeat(600_000) };
  const { calls } = await together(['a', 'b', 'c', 'd'].map((dedupKey) => ({ dedupKey, details: large })));
  expect(calls.map(({ length }) => length)).toEqual([2, 2]);
  const alone = await together([{ details: { note: 'x'.repeat(1_500_000) } }]);
  expect(alone.calls).toHaveLength(1);
});

test('where the call fails, each of its events is answered with that, and the next call is made', async () => {
  let calls = 0;
  const coalescer = new Coalescer<IncomingEvent, string>((_key, { places }) => {
    calls += 1;
    return calls === 1 ? Promise.reject(new Error('away')) : Promise.resolve(places.map(() => 'there'));
  }, all);
  const add = (summary: string) => coalescer.add('key', { integration, event: { ...TRIGGER, summary } });
  const first = await Promise.allSettled([add('one'), add('two')]);
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await add('three')).toBe('there');
}, 5_000);

/** More alerts than go in one call, all waiting at once: how many calls there were, and what came of each alert. */
async function storm(fail: (call: number) => Error | undefined) {
  let calls = 0;
  const coalescer = new Coalescer<IncomingEvent, string>(async (_key, { places }) => {
    calls += 1;
    const error = fail(calls);
    if (error !== undefined) throw error;
    return places.map(() => 'accepted');
  }, all);
  const added = Array.from({ length: 3 * IDS_REMEMBERED }, (_, nth) =>
    coalescer
      .add('key', { integration, event: { ...TRIGGER, dedupKey: `alert ${nth}` } })
      .catch((error: Error) => error.name),
  );
  const results = await Promise.all(added);
  return { calls, results };
}

test('with Temporal away, all that wait for a key are told by the one call that found it so', async () => {
  const { calls, results } = await storm(() => new TooSlow('no answer'));
  expect(calls).toBe(1);
  expect(new Set(results)).toEqual(new Set(['TooSlow']));
});

test('a call that fails by what is in it is answered for alone; those behind it are taken in', async () => {
  const { calls, results } = await storm((call) => (call === 1 ? new TypeError('odd') : undefined));
  expect(calls).toBe(3);
  expect(new Set(results.slice(0, IDS_REMEMBERED))).toEqual(new Set(['TypeError']));
  expect(new Set(results.slice(IDS_REMEMBERED))).toEqual(new Set(['accepted']));
});
