import { type Batch, Coalescer } from '../../api/coalescer.ts';
import { TooSlow } from '../../api/temporalErrors.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { IDS_REMEMBERED } from '../../domain/evolve.ts';

const integration = { id: 'prom', key: 'prom-key-of-a-test', source: 'alertmanager', service: 'payments' } as const;
const event = (dedupKey: string): SourceEvent => ({ action: 'trigger', dedupKey, summary: 'disk', source: 'db1' });

/** More alerts than go in one call, all waiting at once; what came of them, and of how many calls. */
async function storm(fail: (call: number) => Error | undefined) {
  const calls: Batch[] = [];
  const coalescer = new Coalescer<string>(
    async (_key, batch) => {
      calls.push(batch);
      const error = fail(calls.length);
      if (error !== undefined) throw error;
      return batch.places.map(() => 'accepted');
    },
    () => true,
  );
  const added = Array.from({ length: 3 * IDS_REMEMBERED }, (_, nth) =>
    coalescer.add('key', { integration, event: event(`alert-${nth}`) }).catch((error: Error) => error.name),
  );
  const results = await Promise.all(added);
  return { calls: calls.length, results };
}

test('with Temporal away, all that wait for a key are told by the one call that found it so', async () => {
  const { calls, results } = await storm(() => new TooSlow('no answer'));
  expect(calls).toBe(1);
  expect(new Set(results)).toEqual(new Set(['TooSlow']));
});

test('a call that fails by what is in it is answered for alone; those behind it are taken in', async () => {
  const { calls, results } = await storm((call) => (call === 1 ? new TypeError('odd') : undefined));
  expect(calls).toBe(3);
  expect(results.map((result, nth) => result === (nth < IDS_REMEMBERED ? 'TypeError' : 'accepted'))).not.toContain(
    false,
  );
});
