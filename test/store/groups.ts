/** What a store promises of the groups of alerts (lifecycle §2.3): part of contract.ts. */
import { randomUUID } from 'node:crypto';
import { minutes } from '../../domain/duration.ts';
import type { AlertGroup, Joining, Store } from '../../store/store.ts';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-03-02T12:00:00Z');

export function groupContract(opened: () => Store): void {
  /** A service of its own, so that tests on one store do not meet. */
  const newService = () => {
    const service = randomUUID();
    const joining = (dedupKey: string, more: Partial<Joining> = {}): Joining => ({
      integration: `${service}-events`,
      dedupKey,
      service,
      key: 'cluster="eu"',
      window: minutes(5),
      ...more,
    });
    return {
      service,
      joining,
      join: async (at: number, dedupKey: string, more: Partial<Joining> = {}): Promise<AlertGroup> =>
        (await opened().joinGroups([joining(dedupKey, more)], at))[0]!,
      of: async (dedupKey: string, at = NOON) =>
        (await opened().groupsOf([{ integration: `${service}-events`, dedupKey }], at))[0],
      since: (at: number | null, key = 'cluster="eu"'): AlertGroup => ({ service, key, since: at }),
    };
  };

  test('[L2.3] new alerts within the window are of one group, from its first on; each is found there', async () => {
    const { join, of, since } = newService();
    expect(await of('a')).toBeUndefined();
    expect(await join(NOON, 'a')).toEqual(since(NOON));
    expect(await join(NOON + 1, 'b')).toEqual(since(NOON));
    expect(await join(NOON + 1, 'c', { key: 'cluster="us"' })).toEqual(since(NOON + 1, 'cluster="us"'));
    expect(await of('a')).toEqual(since(NOON));
    expect(await of('b')).toEqual(since(NOON));
    expect(await of('c')).toEqual(since(NOON + 1, 'cluster="us"'));
    expect(await of('d')).toBeUndefined();
  });

  test('[L2.3] the window counts from the last new alert: at its end it holds still, and later the next one begins', async () => {
    const { join, of, since } = newService();
    const window = minutes(5);
    await join(NOON, 'a');
    expect(await join(NOON + window, 'b')).toEqual(since(NOON));
    expect(await join(NOON + 2 * window, 'c')).toEqual(since(NOON));
    const next = NOON + 3 * window + 1;
    expect(await join(next, 'd')).toEqual(since(next));
    expect(await join(next + 1, 'e')).toEqual(since(next));
    expect(await of('c')).toEqual(since(NOON));
  });

  test('[L2.3] an alert that is in a group stays there, whatever the window, and keeps no window open', async () => {
    const { join, since } = newService();
    await join(NOON, 'a');
    expect(await join(NOON + HOUR, 'a')).toEqual(since(NOON));
    expect(await join(NOON + HOUR, 'a', { key: 'cluster="us"' })).toEqual(since(NOON));
    expect(await join(NOON + HOUR, 'b')).toEqual(since(NOON + HOUR));
  });

  test('[L2.3] an alert whose group is gone joins the present window; one that another process put elsewhere meanwhile stays there', async () => {
    const { join, of, since } = newService();
    const gone = await join(NOON, 'a');
    expect(await join(NOON + 1, 'a', { gone })).toEqual(since(NOON));
    expect(await join(NOON + HOUR, 'a', { gone })).toEqual(since(NOON + HOUR));
    expect(await join(NOON + 2 * HOUR, 'a', { gone })).toEqual(since(NOON + HOUR));
    expect(await of('a', NOON + 2 * HOUR)).toEqual(since(NOON + HOUR));
  });

  test('[L2.3] without a window a group has no beginning', async () => {
    const { join, of, since } = newService();
    expect(await join(NOON, 'a', { window: null })).toEqual(since(null));
    expect(await join(NOON + 1_000 * HOUR, 'b', { window: null })).toEqual(since(null));
    expect(await of('a')).toEqual(since(null));
    expect(await join(NOON, 'a', { window: null, gone: since(null) })).toEqual(since(null));
  });

  test('[L2.3] one call may bring several alerts of several groups, the same one twice', async () => {
    const { joining, since } = newService();
    const other = { key: 'cluster="us"' };
    const wanted = [joining('a'), joining('b', other), joining('a'), joining('c')];
    expect(await opened().joinGroups(wanted, NOON)).toEqual([
      since(NOON),
      since(NOON, other.key),
      since(NOON),
      since(NOON),
    ]);
    const many = Array.from({ length: 2_100 }, (_, nth) => joining(`many ${nth}`));
    expect(new Set((await opened().joinGroups(many, NOON + 1)).map((group) => group.since))).toEqual(new Set([NOON]));
    expect((await opened().groupsOf(many, NOON)).filter((group) => group?.since === NOON)).toHaveLength(2_100);
  });

  test('[L2.3] alerts that come first at once are in one window', async () => {
    const { join } = newService();
    const groups = await Promise.all(Array.from({ length: 20 }, (_, nth) => join(NOON + nth, `a${nth}`)));
    expect(new Set(groups.map((group) => group.since)).size).toBe(1);
  });

  test('[L2.3] equal dedup keys of two integrations are two alerts; no character of a key is lost', async () => {
    const { service, join, since } = newService();
    const dedupKey = 'a\0b \ud800 "x" 磁'.repeat(300);
    const key = 'cluster="\ud800\\u0000"';
    await join(NOON, dedupKey, { key });
    const names = [`${service}-events`, `${service}-guance`].map((integration) => ({ integration, dedupKey }));
    expect(await opened().groupsOf(names, NOON)).toEqual([since(NOON, key), undefined]);
  });

  test('[L2.3] what nothing was heard of is forgotten; what was heard of meanwhile is kept', async () => {
    const { service, join, of, since } = newService();
    const own = async (before: number) =>
      (await opened().idleGroups(before, 1_000)).filter((group) => group.service === service);
    await join(NOON, 'a');
    await join(NOON, 'b');
    await join(NOON + HOUR, 'c', { window: null });
    expect(await own(NOON)).toEqual([]);
    expect(await own(NOON + 1)).toEqual([since(NOON)]);
    expect(await own(NOON + HOUR + 1)).toHaveLength(2);

    // Heard of again, after more than an hour.
    expect(await of('b', NOON + 2 * HOUR)).toEqual(since(NOON));
    await opened().forgetGroup(since(NOON), NOON + 1);
    expect([await of('a'), await of('b')]).toEqual([undefined, since(NOON)]);
    expect(await own(NOON + HOUR + 1)).toEqual([since(null)]);

    await opened().keepGroup(since(null), NOON + HOUR + 1, NOON + 9 * HOUR);
    await opened().forgetGroup(since(null), NOON + HOUR + 1);
    expect(await of('c')).toEqual(since(null));
    expect(await own(NOON + 9 * HOUR)).toEqual([since(NOON)]);
  });
}
