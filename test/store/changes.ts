/** What a store promises of change events, told as tests: the same for PGlite and PostgreSQL. */
import { randomUUID } from 'node:crypto';
import type { ChangeEvent } from '../../domain/changeEvent.ts';
import type { Store } from '../../store/store.ts';

const DAY = 86_400_000;
const NOW = 20_000 * DAY;

const change = (service: string | null, at: number, more: Partial<ChangeEvent> = {}): ChangeEvent => ({
  id: randomUUID(),
  service,
  integration: 'payments-events',
  at,
  receivedAt: NOW,
  summary: 'deploy',
  source: 'ci',
  details: { nul: 'a\0b', list: [1, null] },
  links: [{ href: 'https://ci.example.com/1', text: 'build' }],
  ...more,
});
const ids = (changes: readonly ChangeEvent[]): readonly string[] => changes.map(({ id }) => id);

/** Declares the tests; `opened` answers the store once `beforeAll` is over. */
export function changesContract(opened: () => Store): void {
  const record = async (...changes: readonly ChangeEvent[]): Promise<void> => {
    for (const each of changes) await opened().recordChange(each);
  };
  const listed = async (filter: Omit<Parameters<Store['changes']>[0], 'limit'>, now = NOW) =>
    (await opened().changes({ limit: 100, ...filter }, now)).changes;

  test('change events are listed as they were given, newest first, of a service and between two instants', async () => {
    const service = randomUUID();
    const [old, same, sameToo, other] = [
      change(service, NOW - 2_000),
      change(service, NOW - 1_000),
      change(service, NOW - 1_000),
      change(randomUUID(), NOW),
    ];
    await record(same, old, sameToo, other, change(null, NOW - 500));
    expect(await listed({ service })).toEqual([sameToo, same, old]);
    expect(await listed({ service, since: NOW - 1_000 })).toEqual([sameToo, same]);
    expect(await listed({ service, until: NOW - 1_000 })).toEqual([old]);
    const all = await listed({ since: NOW - 500, until: NOW + 1 });
    expect(all.map((each) => each.service)).toEqual([other.service, null]);
  });

  test('change events come page by page', async () => {
    const service = randomUUID();
    const made = [3, 2, 2, 1, 1].map((seconds) => change(service, NOW - seconds * 1_000));
    await record(...made);
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const page = await opened().changes({ service, limit: 2, cursor }, NOW);
      pages.push([...ids(page.changes)]);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(pages.flat()).toEqual(ids(made.toReversed()));
    expect(pages.map(({ length }) => length)).toEqual([2, 2, 1]);
    await expect(opened().changes({ limit: 1, cursor: 'x' }, NOW)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('the latest of each service since an instant, none of no service', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    const ofOne = [1, 2, 3, 4].map((seconds) => change(one, NOW + DAY - seconds * 1_000));
    const ofTwo = [change(two, NOW + DAY - 3_000), change(two, NOW + DAY - 3_001)];
    await record(...ofOne, ...ofTwo, change(null, NOW + DAY));
    const latest = await opened().latestChanges(NOW + DAY - 3_000, 2);
    expect(new Set(ids(latest))).toEqual(new Set(ids([...ofOne.slice(0, 2), ...ofTwo.slice(0, 1)])));
  });

  test('change events are kept for 90 days from when they came, and go when the next one does', async () => {
    const service = randomUUID();
    const [kept, gone] = [
      change(service, NOW - 200 * DAY, { receivedAt: NOW - 90 * DAY }),
      change(service, NOW - 10, { receivedAt: NOW - 90 * DAY - 1 }),
    ];
    await record(kept, gone);
    expect(await listed({ service })).toEqual([kept]);
    const then = NOW - 1;
    expect(await listed({ service }, then)).toEqual([gone, kept]);
    await record(change(randomUUID(), NOW));
    expect(await listed({ service }, then)).toEqual([kept]);
  });
}
