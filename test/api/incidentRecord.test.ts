/** What of an incident is in the store: its number, and what it carries no longer. On a real one, in memory. */
import { openStore } from '../../store/open.ts';
import { openedStore } from '../support/preparedStore.ts';
import type { Store } from '../../store/store.ts';
import { entry, notification } from '../store/contract.ts';
import { INCIDENT_ID, type StandIns, apiOnStandIns, authorized } from './support/standIns.ts';

interface RecordAnswer {
  readonly entries: readonly { readonly id: string; readonly text: string }[];
  readonly notifications: readonly { readonly id: string; readonly status: string; readonly text: string | null }[];
  readonly nextCursor: string | null;
  readonly incomplete?: string;
}

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
const ids = (letter: string, numbers: readonly number[]): string[] => numbers.map((number) => `${letter}${number}`);

describe('an incident and the store', () => {
  let store: Store;
  let api: StandIns;
  beforeAll(async () => {
    store = await openedStore();
    await store.incidentNumber('another');
    expect(await store.incidentNumber(INCIDENT_ID)).toBe(2);
    await store.keepEntries(
      INCIDENT_ID,
      range(1, 6).map((number) => entry(number, { text: 'kept' })),
    );
    await store.keepNotifications(
      INCIDENT_ID,
      [1, 3, 4, 5, 6].map((number) => notification(number)),
    );
    await store.keepText(INCIDENT_ID, 'n1', 'Disk of db1 is full');
    await store.keepText(INCIDENT_ID, 'n2', '磁盘');
    await store.keepText('another', 'n3', 'no');
  });
  afterAll(() => store.close());
  beforeEach(async () => {
    api = await apiOnStandIns({ store });
  });
  afterEach(() => api.app.close());

  /** From here on the API's store is one whose server is not there. */
  async function storeAway(): Promise<void> {
    await api.app.close();
    api = await apiOnStandIns({ store: await openStore({ databaseUrl: 'postgres://127.0.0.1:1/tocsin' }) });
  }

  const get = (path: string) => api.app.inject({ url: `/v1/incidents${path}`, headers: authorized() });
  const read = async (path: string): Promise<RecordAnswer> => {
    const answer = await get(`/${INCIDENT_ID}${path}`);
    expect(answer.statusCode).toBe(200);
    return answer.json<RecordAnswer>();
  };
  const acknowledge = (id: string, key: string) =>
    api.app.inject({
      method: 'POST',
      url: `/v1/incidents/${id}/acknowledge`,
      headers: { ...authorized('anas'), 'idempotency-key': key },
      payload: {},
    });

  describe('its number', () => {
    it.each(['', '/timeline', '/notifications', '/next'])('stands for the id in /v1/incidents/{id}%s', async (what) => {
      const answer = await get(`/2${what}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toEqual((await get(`/${INCIDENT_ID}${what}`)).json());
    });

    it('stands for the id in commands: with one key, one command by either', async () => {
      expect((await acknowledge('2', 'a')).json()).toMatchObject({ id: INCIDENT_ID });
      await acknowledge(INCIDENT_ID, 'a');
      expect(api.commands.map(({ id }) => id)).toEqual([INCIDENT_ID, INCIDENT_ID]);
      expect(new Set(api.commands.map(({ command }) => command.id)).size).toBe(1);
    });

    it.each(['3', '2147483648', '9999999999'])('is nobody’s: %s', async (number) => {
      const answer = await get(`/${number}`);
      expect(answer.statusCode).toBe(404);
      expect(answer.json()).toMatchObject({ code: 'NOT_FOUND' });
      expect(answer.json().detail).toContain(`number ${number}`);
    });

    it.each(['0', '02', '-2', '2.0', '2a'])('is not meant by %s', async (id) => {
      expect((await get(`/${id}`)).json().detail).toContain(`'${id}'`);
    });

    it('is looked up for nobody who may not read', async () => {
      expect((await api.app.inject({ url: '/v1/incidents/2' })).statusCode).toBe(401);
      expect((await api.app.inject({ url: '/v1/incidents/3' })).statusCode).toBe(401);
      const noCommand = async (number: number) =>
        (await api.app.inject({ method: 'POST', url: `/v1/incidents/${number}/nonsense` })).json<{ detail: string }>();
      expect((await noCommand(3)).detail).toBe((await noCommand(2)).detail);
    });

    it('cannot be told while the store is away; ids go on', async () => {
      await storeAway();
      const answer = await get('/2');
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({ code: 'STORE_UNAVAILABLE' });
      expect((await get(`/${INCIDENT_ID}`)).statusCode).toBe(200);
      expect((await api.app.inject({ url: '/readyz' })).statusCode).toBe(200);
    });
  });

  describe('its record', () => {
    const page = (what: string, query: string) => read(`/${what}?${query}`);

    it('begins with what it carries no longer, and has each entry once, as the incident has it', async () => {
      api.behaviour.entries = range(5, 9).map((number) => entry(number, { text: 'carried' }));
      const { entries, nextCursor } = await read('/timeline');
      expect(entries.map(({ id }) => id)).toEqual(ids('e', range(1, 9)));
      expect(entries.map(({ text }) => text)).toEqual([
        ...range(1, 4).map(() => 'kept'),
        ...range(5, 9).map(() => 'carried'),
      ]);
      expect(nextCursor).toBeNull();
    });

    it.each([1, 2, 3, 4, 5, 7, 8, 9])('comes in pages of %d, also while it grows', async (limit) => {
      api.behaviour.entries = range(5, 8).map((number) => entry(number));
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const answer: RecordAnswer = await page(
          'timeline',
          `limit=${limit}${cursor === '' ? '' : `&cursor=${cursor}`}`,
        );
        expect(answer.entries.length).toBeGreaterThan(0);
        expect(answer.entries.length).toBeLessThanOrEqual(limit);
        seen.push(...answer.entries.map(({ id }) => id));
        cursor = answer.nextCursor;
        if (api.behaviour.entries.length === 4) api.behaviour.entries = range(5, 9).map((number) => entry(number));
      }
      expect(seen).toEqual(ids('e', range(1, limit >= 8 ? 8 : 9)));
    });

    it('has the settled notifications of the store between those that are still carried', async () => {
      api.behaviour.notifications = [2, 7, 4].map((number) => notification(number, { status: 'queued', attempts: [] }));
      const first = await page('notifications', 'limit=4');
      expect(first.notifications.map(({ id, status }) => [id, status])).toEqual([
        ['n1', 'sent'],
        ['n2', 'queued'],
        ['n3', 'sent'],
        ['n4', 'queued'],
      ]);
      expect(first.nextCursor).toBe('n4');
      const second = await page('notifications', 'limit=4&cursor=n4');
      expect(second.notifications.map(({ id }) => id)).toEqual(['n5', 'n6', 'n7']);
      expect(second.nextCursor).toBeNull();
    });

    it('has the texts as they were sent, by carried and kept notifications', async () => {
      api.behaviour.notifications = [notification(2), notification(3, { attempts: [] })];
      expect((await page('notifications', 'limit=3')).notifications.map(({ text }) => text)).toEqual([
        'Disk of db1 is full',
        '磁盘',
        null,
      ]);
    });

    it('is what the incident carries while the store is away, and says what is missing', async () => {
      await storeAway();
      api.behaviour.entries = [entry(2), entry(3)];
      api.behaviour.notifications = [notification(1)];
      const timeline = await read('/timeline');
      expect(timeline.entries.map(({ id }) => id)).toEqual(['e2', 'e3']);
      expect(timeline.incomplete).toContain('cannot be used');
      expect(await read('/notifications')).toEqual({
        notifications: [notification(1)],
        nextCursor: null,
      });
      api.behaviour.entries = [entry(1), entry(2)];
      expect(await read('/timeline')).toEqual({ entries: [entry(1), entry(2)], nextCursor: null });
    });

    it.each(['cursor=x', 'cursor=e0', 'cursor=e1e', 'cursor=12', 'limit=0', 'limit=251', 'after=3'])(
      'refuses %s',
      async (query) => {
        expect((await get(`/${INCIDENT_ID}/timeline?${query}`)).statusCode).toBe(400);
      },
    );
  });
});
