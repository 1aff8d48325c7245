/** What a store promises (store/store.ts), told as tests: the same for PGlite and PostgreSQL. */
import { randomUUID } from 'node:crypto';
import type { MaintenanceWindow } from '../../domain/maintenance.ts';
import type { LogEntryView, NotificationView } from '../../domain/view.ts';
import type { IgnoredEvent, Store } from '../../store/store.ts';
import { changesContract } from './changes.ts';
import { groupContract } from './groups.ts';

/** NUL, which PostgreSQL's texts cannot hold; lone surrogates, which UTF-8 cannot; and what an escape might be taken for. */
export const HOSTILE = 'a\0b \ud800 \udc00 \ud83d\ude00 \\u0000 \\\\u0041 \\ " \' 磁盘 %_';

const newIncident = (): string => `payments.${randomUUID()}`;

export const entry = (number: number, more: Partial<LogEntryView> = {}): LogEntryView => ({
  id: `e${number}`,
  at: '2026-03-02T00:00:00.000Z',
  type: 'assigned',
  actor: { kind: 'system' },
  reason: null,
  text: `entry ${number}`,
  ...more,
});

export const notification = (number: number, more: Partial<NotificationView> = {}): NotificationView => ({
  id: `n${number}`,
  incident: 'payments',
  episode: 1,
  pass: 1,
  level: 1,
  user: 'ana',
  contact: 'mail',
  channel: 'email',
  rule: 0,
  cause: 'trigger',
  idempotencyKey: `key-${number}`,
  status: 'sent',
  reason: null,
  minuteZero: true,
  dueAt: '2026-03-02T00:00:00.000Z',
  sentAt: '2026-03-02T00:00:01.000Z',
  text: null,
  attempts: [{ at: '2026-03-02T00:00:00.000Z', outcome: 'sent', providerId: 'x' }],
  ...more,
});

const ignored = (integration: string, second: number, more: Partial<IgnoredEvent> = {}): IgnoredEvent => ({
  id: randomUUID(),
  at: new Date(Date.UTC(2026, 2, 2, 0, 0, second)).toISOString(),
  outcome: 'ignored',
  reason: 'no open incident',
  integration,
  dedupKey: 'db1/disk',
  action: 'resolve',
  summary: 'disk of db1 is full',
  ...more,
});

const DAY = 86_400_000;
const window = (more: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  id: randomUUID(),
  services: ['payments', 'search'],
  description: HOSTILE,
  start: 1_000 * DAY,
  end: 1_001 * DAY,
  recurs: {
    timezone: 'Europe/Berlin',
    restriction: { kind: 'weekly', from: { day: 'fri', time: '22:00' }, to: { day: 'mon', time: '06:00' } },
  },
  createdAt: 900 * DAY,
  createdBy: { user: null, token: 'grafana' },
  ...more,
});

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const all = { after: 0, limit: 1_000 };

/** Declares the tests; `opened` answers the store, which is empty at first, once `beforeAll` is over. */
export function storeContract(opened: () => Store): void {
  test('the first incidents of an empty store are 1, 2, 3, and stay so however often they are asked', async () => {
    const ids = [newIncident(), newIncident(), newIncident()];
    for (const [index, id] of ids.entries()) expect(await opened().incidentNumber(id)).toBe(index + 1);
    for (const [index, id] of ids.entries()) expect(await opened().incidentNumber(id)).toBe(index + 1);
  });

  test('many that ask at once get numbers without gaps, and those that ask for the same incident the same one', async () => {
    const first = await opened().incidentNumber(newIncident());
    const ids = Array.from({ length: 30 }, newIncident);
    const asked = ids.flatMap((id) => [id, id, id]);
    const numbers = await Promise.all(asked.map((id) => opened().incidentNumber(id)));
    const byId = new Map<string, Set<number>>(ids.map((id) => [id, new Set()]));
    for (const [index, id] of asked.entries()) byId.get(id)?.add(numbers[index]!);
    expect([...byId.values()].map(({ size }) => size)).toEqual(ids.map(() => 1));
    expect([...new Set(numbers)].toSorted((one, other) => one - other)).toEqual(range(first + 1, first + 30));
    expect(await opened().incidentNumber(newIncident())).toBe(first + 31);
  });

  test('an incident is found by its number; a number that was not given is nobody’s', async () => {
    const id = newIncident();
    expect(await opened().incidentOfNumber(await opened().incidentNumber(id))).toBe(id);
    for (const number of [0, -1, 1.5, 2_147_483_647, 2_147_483_648, Number.MAX_SAFE_INTEGER, Number.NaN])
      expect(await opened().incidentOfNumber(number)).toBeUndefined();
  });

  test('[L4.8] round robin: the targets of a level take turns, each incident keeps its own, and each level counts by itself', async () => {
    const policy = newIncident();
    const take = (incident: string, available: readonly number[], level = 1) =>
      opened().roundRobinTarget({ incident, policy, level }, available);
    const taken: number[] = [];
    for (const id of ['a', 'b', 'c', 'd']) taken.push(await take(id, [0, 1, 2]));
    expect(taken).toEqual([0, 1, 2, 0]);
    expect(await take('b', [0, 1, 2])).toBe(1);
    expect(await take('a', [0, 1, 2], 2)).toBe(0);
    expect(await take('e', [0, 1, 2])).toBe(1);
  });

  test('[L4.8] round robin: a target with nobody on call is passed over', async () => {
    const policy = newIncident();
    const take = (incident: string, available: readonly number[]) =>
      opened().roundRobinTarget({ incident, policy, level: 1 }, available);
    expect([await take('a', [1, 2]), await take('b', [0, 2]), await take('c', [0, 2])]).toEqual([1, 2, 0]);
    expect([await take('d', [2]), await take('e', [2]), await take('f', [0, 1, 2])]).toEqual([2, 2, 0]);
  });

  test.each([
    ['three targets', [0, 1, 2], [34, 33, 33]],
    ['three targets, one of them with nobody on call', [0, 2], [50, 0, 50]],
  ])(
    '[L4.8] round robin: 100 incidents at once, some asking twice, among %s: no skips, no repeats',
    async (_what, available, expected) => {
      const policy = newIncident();
      const ids = Array.from({ length: 100 }, (_, index) => `incident-${index}`);
      const take = (incident: string) => opened().roundRobinTarget({ incident, policy, level: 1 }, available);
      const targets = await Promise.all([...ids, ...ids.slice(0, 10)].map(take));
      expect(targets.slice(100)).toEqual(targets.slice(0, 10));
      expect([0, 1, 2].map((place) => targets.slice(0, 100).filter((target) => target === place).length)).toEqual(
        expected,
      );
    },
  );

  test('log entries are kept once, as they first were, and given back oldest first, page by page', async () => {
    const id = newIncident();
    await opened().keepEntries(
      id,
      range(1, 12)
        .toReversed()
        .map((number) => entry(number)),
    );
    await opened().keepEntries(id, [entry(12, { text: 'another' }), entry(13)]);
    await opened().keepEntries(id, []);
    expect(await opened().entries(id, all)).toEqual(range(1, 13).map((number) => entry(number)));
    expect((await opened().entries(id, { after: 8, limit: 3 })).map((each) => each.id)).toEqual(['e9', 'e10', 'e11']);
    expect(await opened().entries(id, { after: 13, limit: 3 })).toEqual([]);
    expect(await opened().entries(newIncident(), all)).toEqual([]);
  });

  test('a notification that is kept again is replaced, also within one call', async () => {
    const id = newIncident();
    await opened().keepNotifications(id, [notification(2), notification(10), notification(1, { status: 'unknown' })]);
    await opened().keepNotifications(id, [
      notification(10, { status: 'failed' }),
      notification(10, { status: 'delivered' }),
    ]);
    expect(await opened().notifications(id, all)).toEqual([
      notification(1, { status: 'unknown' }),
      notification(2),
      notification(10, { status: 'delivered' }),
    ]);
    expect((await opened().notifications(id, { after: 1, limit: 1 })).map((each) => each.id)).toEqual(['n2']);
  });

  test('the text of a later attempt replaces that of an earlier one', async () => {
    const id = newIncident();
    await opened().keepText(id, 'n1', 'first');
    await opened().keepText(id, 'n1', 'second');
    await opened().keepText(id, 'n2', 'other');
    expect(await opened().texts(id, ['n1', 'n2', 'n3'])).toEqual(
      new Map([
        ['n1', 'second'],
        ['n2', 'other'],
      ]),
    );
    expect(await opened().texts(id, [])).toEqual(new Map());
    expect(await opened().texts(newIncident(), ['n1'])).toEqual(new Map());
  });

  test('no character is lost, also those that PostgreSQL cannot hold', async () => {
    const id = `${newIncident()}${HOSTILE}`;
    await opened().keepText(id, HOSTILE, HOSTILE);
    expect(await opened().texts(id, [HOSTILE])).toEqual(new Map([[HOSTILE, HOSTILE]]));
    expect(await opened().texts(id.replace('\0', ''), [HOSTILE])).toEqual(new Map());
    await opened().keepEntries(id, [entry(1, { text: HOSTILE })]);
    expect(await opened().entries(id, all)).toEqual([entry(1, { text: HOSTILE })]);
    expect(await opened().incidentOfNumber(await opened().incidentNumber(id))).toBe(id);
    const event = ignored(newIncident(), 1, { id: HOSTILE + id, summary: HOSTILE, dedupKey: HOSTILE });
    await opened().recordIgnored([event]);
    expect((await opened().ignored({ integration: event.integration, limit: 1 })).events).toEqual([event]);
  });

  test('large texts and long records are kept whole', async () => {
    const id = newIncident();
    const large = '磁盘\n'.repeat(250_000);
    await opened().keepText(id, 'n1', large);
    expect((await opened().texts(id, ['n1'])).get('n1')).toBe(large);
    await opened().keepEntries(
      id,
      range(1, 2_100).map((number) => entry(number)),
    );
    expect(await opened().entries(id, { after: 2_098, limit: 10 })).toEqual([entry(2_099), entry(2_100)]);
  });

  test('ignored events are listed newest first, page by page, and once, however often they are recorded', async () => {
    const integration = newIncident();
    const events = [5, 3, 3, 9, 1].map((second) => ignored(integration, second));
    await opened().recordIgnored(events);
    await opened().recordIgnored([...events, ignored(newIncident(), 4)]);
    await opened().recordIgnored([]);
    const seen: IgnoredEvent[] = [];
    let cursor: string | undefined;
    do {
      const page = await opened().ignored({ integration, limit: 2, cursor });
      expect(page.events.length).toBeGreaterThan(0);
      seen.push(...page.events);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([events[3], events[0], events[2], events[1], events[4]]);
  });

  test('ignored events are told apart by outcome', async () => {
    const integration = newIncident();
    const suppressed = ignored(integration, 1, { outcome: 'suppressed', incident: 'x', actor: 'ana' });
    await opened().recordIgnored([ignored(integration, 2), suppressed]);
    expect(await opened().ignored({ integration, outcome: 'suppressed', limit: 10 })).toEqual({
      events: [suppressed],
      nextCursor: null,
    });
  });

  test('maintenance windows are given back as they are, oldest first, until they are over or taken away', async () => {
    const forEver = window({ end: null, createdAt: 902 * DAY });
    const first = window();
    const second = window({ createdAt: 901 * DAY, end: 1_002 * DAY });
    for (const each of [forEver, second, first]) await opened().addWindow(each);
    const at = async (instant: number) => {
      const own = new Set([forEver.id, first.id, second.id]);
      return (await opened().windows(instant)).filter(({ id }) => own.has(id));
    };
    expect(await at(1_001 * DAY - 1)).toEqual([first, second, forEver]);
    expect(await at(1_001 * DAY)).toEqual([second, forEver]);
    expect(await opened().window(first.id)).toEqual(first);
    expect(await opened().removeWindow(second.id)).toEqual(second);
    expect(await opened().removeWindow(second.id)).toBeUndefined();
    expect(await opened().window(second.id)).toBeUndefined();
    expect(await at(1_001 * DAY)).toEqual([forEver]);
  });

  test('[L7] incidents that ask together for their turn get them in order, a second apart, each the same again', async () => {
    const service = newIncident();
    const low = { service, incident: 'low', urgency: 'low', createdAt: 1 } as const;
    const young = { service, incident: 'young', urgency: 'high', createdAt: 3 } as const;
    const old = { service, incident: 'old', urgency: 'high', createdAt: 2 } as const;
    const now = 5_000_000;
    for (const each of [low, young, old])
      expect(await opened().takeTurn(each, now)).toEqual({ at: now + 1_000, given: false });
    const turns = await Promise.all([low, young, old].map((each) => opened().takeTurn(each, now + 1_000)));
    expect(turns).toEqual([now + 4_000, now + 3_000, now + 2_000].map((at) => ({ at, given: true })));
    expect(await opened().takeTurn(low, now + 2_500)).toEqual(turns[0]);

    const other = { ...young, service: newIncident() };
    await opened().takeTurn(other, now);
    expect(await opened().takeTurn(other, now + 1_000)).toEqual({ at: now + 1_000, given: true });

    const late = { ...old, incident: 'late' };
    await opened().takeTurn(late, now + 1_000);
    expect(await opened().takeTurn(late, now + 2_000)).toEqual({ at: now + 5_000, given: true });
  });

  test('[L7] the urgency at its release counts, not that with which it first asked', async () => {
    const service = newIncident();
    const high = { service, incident: 'high', urgency: 'high', createdAt: 1 } as const;
    const raised = { service, incident: 'raised', urgency: 'low', createdAt: 0 } as const;
    await opened().takeTurn(high, 1_000);
    await opened().takeTurn(raised, 1_000);
    expect(await opened().takeTurn({ ...raised, urgency: 'high' }, 2_000)).toEqual({ at: 3_000, given: true });
    expect(await opened().takeTurn(high, 2_000)).toEqual({ at: 4_000, given: true });
  });

  test('a turn that is over is forgotten, and so is one who asks no more', async () => {
    const service = newIncident();
    const incident = { service, incident: 'one', urgency: 'high', createdAt: 1 } as const;
    await opened().takeTurn({ ...incident, incident: 'gone' }, 1_000);
    await opened().takeTurn(incident, 100_000);
    expect(await opened().takeTurn(incident, 101_000)).toEqual({ at: 101_000, given: true });
    expect(await opened().takeTurn(incident, 111_000)).toEqual({ at: 101_000, given: true });
    expect(await opened().takeTurn(incident, 111_001)).toEqual({ at: 112_001, given: false });
  });

  test.each(['', 'x', '1', '1-', '1-2-3', '-1-2', `${'9'.repeat(30)}-1`])('%j is no cursor', async (cursor) => {
    await expect(opened().ignored({ limit: 1, cursor })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  groupContract(opened);
  changesContract(opened);

  test('a store that works has no trouble, and is not absent', async () => {
    expect(await opened().trouble()).toBeNull();
    expect(opened().absent).toBe(false);
  });
}
