/** The list of what made or found no open incident: how it is written without anybody waiting, and how it is read. */
import { TocsinError } from '../../domain/errors.ts';
import { ignoredEvents } from '../../api/ignoredEvents.ts';
import type { AcceptedEvent } from '../../intake/ports.ts';
import { problem } from '../../api/schemas/answers.ts';
import { openedStore } from '../support/preparedStore.ts';
import type { IgnoredEvent, Store } from '../../store/store.ts';
import { NO_STORE } from '../support/noStore.ts';
import { EVENTS_KEY, type StandIns, apiOnStandIns, authorized } from './support/standIns.ts';

/** There is one, and it takes nothing. */
const AWAY: Store = { ...NO_STORE, absent: false };

const nothingOpen = async (events: readonly { event: { dedupKey: string } }[]): Promise<readonly AcceptedEvent[]> =>
  events.map(({ event: { dedupKey } }) => ({ dedupKey, outcome: 'ignored', opened: false, reason: 'noOpenIncident' }));

const resolve = (api: StandIns, dedupKey: string) =>
  api.app.inject({
    method: 'POST',
    url: '/pagerduty/v2/enqueue',
    payload: { routing_key: EVENTS_KEY, event_action: 'resolve', dedup_key: dedupKey },
  });

const ignored = (id: string, more: Partial<IgnoredEvent> = {}): IgnoredEvent => ({
  id,
  at: '2026-03-02T00:00:00.000Z',
  outcome: 'ignored',
  reason: 'noOpenIncident',
  integration: 'prom',
  dedupKey: id,
  action: 'resolve',
  summary: '',
  ...more,
});

/** A store that takes nothing until it is let, and remembers what it was given. */
function slowStore() {
  const writes: (readonly IgnoredEvent[])[] = [];
  let open = (): void => undefined;
  const held = new Promise<void>((done) => (open = done));
  const recordIgnored = async (events: readonly IgnoredEvent[]): Promise<void> => {
    writes.push(events);
    await held;
  };
  return { writes, release: () => open(), store: { ...AWAY, recordIgnored } satisfies Store };
}

describe('written', () => {
  test('no answer waits for the store, and closing the API waits for what is being written', async () => {
    const { writes, release, store } = slowStore();
    const api = await apiOnStandIns({ store, intake: { accept: nothingOpen } });
    expect((await resolve(api, 'disk')).statusCode).toBe(202);
    expect(writes).toMatchObject([[{ dedupKey: 'disk', action: 'resolve', reason: 'noOpenIncident' }]]);
    let closed = false;
    const closing = api.app.close().then(() => (closed = true));
    await new Promise((soon) => setTimeout(soon, 20));
    expect(closed).toBe(false);
    release();
    await closing;
  });

  test('with the store away the answer is the same; the log says that the event is not listed', async () => {
    const api = await apiOnStandIns({ store: AWAY, intake: { accept: nothingOpen } });
    expect((await resolve(api, 'disk')).statusCode).toBe(202);
    await api.app.close();
    expect(api.log.join('')).toContain('ignored events are not listed for now: the store does not take them');
  });

  test('with the store away the log says so once, and how many there were once it is back', async () => {
    let away = true;
    const errors: unknown[] = [];
    const recordIgnored = async (): Promise<void> => {
      if (away) throw new Error('away');
    };
    const list = ignoredEvents(
      { ...AWAY, recordIgnored },
      { error: (...said: unknown[]) => void errors.push(said[1]) },
    );
    const record = async (id: string): Promise<void> => {
      list.record([ignored(id)]);
      await list.settled();
    };
    for (let nth = 0; nth < 5; nth++) await record(`lost-${nth}`);
    expect(errors).toEqual(['ignored events are not listed for now: the store does not take them']);
    away = false;
    await record('kept');
    await record('kept too');
    expect(errors.slice(1)).toEqual(['ignored events are listed again: the store is back']);
  });

  test('where there is no store, the log says nothing of each event', async () => {
    const api = await apiOnStandIns({ intake: { accept: nothingOpen } });
    expect((await resolve(api, 'disk')).statusCode).toBe(202);
    await api.app.close();
    expect(api.log.join('')).not.toContain('not listed');
  });

  test('what the store did not take, being away, is listed once it is back', async () => {
    const { writes, release, store } = slowStore();
    release();
    let away = true;
    const recordIgnored = async (events: readonly IgnoredEvent[]): Promise<void> => {
      if (away) throw new TocsinError('STORE_UNAVAILABLE', 'it is away');
      await store.recordIgnored(events);
    };
    const listed = async (): Promise<{ events: readonly IgnoredEvent[]; nextCursor: null }> => ({
      events: writes.flat(),
      nextCursor: null,
    });
    const api = await apiOnStandIns({
      store: { ...store, absent: false, recordIgnored, ignored: listed },
      intake: { accept: nothingOpen },
    });
    await resolve(api, 'disk');
    await resolve(api, 'memory');
    away = false;
    const answer = await api.app.inject({ url: '/v1/events', headers: authorized() });
    expect(answer.json<{ events: IgnoredEvent[] }>().events.map(({ dedupKey }) => dedupKey)).toEqual([
      'disk',
      'memory',
    ]);
    await api.app.close();
  });

  test('accepted events are not written', async () => {
    const { writes, store } = slowStore();
    const api = await apiOnStandIns({ store });
    expect((await resolve(api, 'disk')).statusCode).toBe(202);
    await api.app.close();
    expect(writes).toEqual([]);
  });

  test('a storm goes together in the next write, the same again once, and past 1,000 it is counted and told', async () => {
    const { writes, release, store } = slowStore();
    const errors: unknown[] = [];
    const list = ignoredEvents(store, { error: (...said: unknown[]) => void errors.push(said) });
    list.record([ignored('first')]);
    for (let nth = 0; nth < 200; nth++) list.record([ignored(`${nth}`, { dedupKey: 'same', summary: `${nth}` })]);
    for (let nth = 0; nth < 1_010; nth++) list.record([ignored(`key-${nth}`)]);
    list.record([ignored('again', { dedupKey: 'same', summary: 'the latest' })]);
    release();
    await list.settled();
    expect(writes.map(({ length }) => length)).toEqual([1, 1_000]);
    expect(writes[1]?.filter(({ dedupKey }) => dedupKey === 'same')).toMatchObject([{ summary: 'the latest' }]);
    expect(errors).toEqual([[{ events: 11 }, 'ignored events are not listed: there were too many at once']]);
  });
});

describe('read', () => {
  let store: Store;
  let api: StandIns;
  beforeAll(async () => {
    store = await openedStore();
    api = await apiOnStandIns({ store });
    await store.recordIgnored([
      ignored('a', { at: '2026-03-02T00:00:01.000Z' }),
      ignored('b', { at: '2026-03-02T00:00:02.000Z', outcome: 'suppressed', reason: 'suppressed; rule 1' }),
      ignored('c', { at: '2026-03-02T00:00:03.000Z', integration: 'other' }),
    ]);
  });
  afterAll(async () => {
    await api?.app.close();
    await store?.close();
  });
  const get = (query: string, headers: Record<string, string> = authorized('watcher')) =>
    api.app.inject({ url: `/v1/events${query}`, headers });
  const idsOf = async (query: string) =>
    (await get(query)).json<{ events: IgnoredEvent[] }>().events.map(({ id }) => id);

  test('newest first, by outcome and integration', async () => {
    expect(await idsOf('')).toEqual(['c', 'b', 'a']);
    expect(await idsOf('?outcome=ignored')).toEqual(['c', 'a']);
    expect(await idsOf('?outcome=suppressed')).toEqual(['b']);
    expect(await idsOf('?outcome=ignored&integration=prom')).toEqual(['a']);
  });

  test('page by page', async () => {
    const { events, nextCursor } = (await get('?limit=2')).json<{ events: IgnoredEvent[]; nextCursor: string }>();
    expect(events).toHaveLength(2);
    expect((await get(`?limit=2&cursor=${nextCursor}`)).json()).toEqual({
      events: [ignored('a', { at: '2026-03-02T00:00:01.000Z' })],
      nextCursor: null,
    });
  });

  test.each(['?outcome=accepted', '?limit=0', '?limit=251', '?outcom=ignored', '?cursor=nonsense'])(
    '%s is refused',
    async (query) => {
      const answer = await get(query);
      expect(answer.statusCode).toBe(400);
      expect(problem.strict().parse(answer.json()).code).toBe('BAD_REQUEST');
    },
  );

  test('needs a token, and with no store says so and when to try again', async () => {
    expect((await get('', {})).statusCode).toBe(401);
    const without = await apiOnStandIns();
    const answer = await without.app.inject({ url: '/v1/events', headers: authorized() });
    await without.app.close();
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('5');
    expect(problem.strict().parse(answer.json()).code).toBe('STORE_UNAVAILABLE');
  });
});
