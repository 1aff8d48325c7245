/** Change events over HTTP: taken in as PagerDuty takes them, listed, and known to whatever opens next; and the commands of their guide. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Configuration, Integration } from '../../domain/configuration.ts';
import { changesBefore } from '../../domain/changeEvent.ts';
import { changePage } from '../../api/routes/changes.ts';
import { changeTaken, invalidEvent, problem } from '../../api/schemas/answers.ts';
import { type KnownChanges, knownChanges } from '../../store/knownChanges.ts';
import { load } from '../config/written.ts';
import { type GatedStore, gatedStore } from '../support/gatedStore.ts';
import { block, filled, printed } from '../support/guides.ts';
import { API_TOKEN, apiOnStandIns, authorized, CONFIGURATION, EVENTS_KEY, type StandIns } from './support/standIns.ts';

const NO_SERVICE_KEY = 'routed-key-000000000000';
const routed: Integration = { id: 'routed', key: NO_SERVICE_KEY, source: 'events-v2', service: null };
const configuration: Configuration = {
  ...CONFIGURATION,
  integrations: new Map([...CONFIGURATION.integrations, [routed.id, routed]]),
};
/** Never read by its own clock: what is known is what a request made known. */
const HOUR = 3_600_000;

let gated: GatedStore;
let known: KnownChanges;
let api: StandIns;
beforeAll(async () => {
  gated = await gatedStore();
  known = knownChanges(gated.store, HOUR);
  api = await apiOnStandIns({ store: gated.store, changes: known, configuration: () => configuration });
});
afterAll(async () => {
  known.stop();
  await api.app.close();
  await gated.store.close();
});

const send = (payload: unknown, prefix = '/pagerduty') =>
  api.app.inject({ method: 'POST', url: `${prefix}/v2/change/enqueue`, payload: payload as object });
const change = (more: object = {}, payload: object = {}) => ({
  routing_key: EVENTS_KEY,
  payload: { summary: 'deploy', ...payload },
  ...more,
});
const listed = async (query = '') => {
  const answer = await api.app.inject({ url: `/v1/changes${query}`, headers: authorized('watcher') });
  expect(answer.statusCode).toBe(200);
  return changePage.strict().parse(answer.json());
};

describe('taken in', () => {
  test.each(['/pagerduty', '/pagerduty.com'])(
    'under %s: answered as PagerDuty does, listed, and known at once',
    async (prefix) => {
      const begun = Date.now();
      const payload = {
        summary: `deploy by ${prefix}`,
        source: 'ci',
        timestamp: '2026-03-01T10:00:00.000+0200',
        custom_details: { commit: '8f1c2ab' },
      };
      const links = [{ href: 'https://ci.example.com/1', text: 'Build 1' }, { href: 'javascript:alert(1)' }];
      const answer = await send(change({ links }, payload), prefix);
      expect(answer.statusCode).toBe(202);
      expect(changeTaken.strict().parse(answer.json())).toEqual({
        status: 'success',
        message: 'Change event processed',
      });
      const [found] = (await listed('?until=2026-03-02T00:00:00Z')).changes;
      expect(found).toMatchObject({
        service: 'payments',
        integration: 'payments-events',
        at: '2026-03-01T08:00:00.000Z',
        summary: `deploy by ${prefix}`,
        source: 'ci',
        details: { commit: '8f1c2ab' },
        links: [{ href: 'https://ci.example.com/1', text: 'Build 1' }],
      });
      expect(Date.parse(found!.receivedAt)).toBeGreaterThanOrEqual(begun);
      expect((await send(change())).statusCode).toBe(202);
      expect(changesBefore(known.present(), 'payments', Date.now())).toMatchObject([
        { summary: 'deploy' },
        ...(prefix === '/pagerduty' ? [] : [{}]),
      ]);
    },
  );

  test.each([
    ['nothing beside', {}],
    ['null and empty members', { source: null, timestamp: '', custom_details: null }],
    ['a time that is none', { timestamp: 'yesterday' }],
    ['a time that lies ahead', { timestamp: '2999-01-01T00:00:00Z' }],
  ])('with %s it is of now, and of its integration', async (_what, payload) => {
    await send(change({ links: null, images: 'x' }, { summary: 'least', ...payload }));
    const [found] = (await listed('?limit=1')).changes;
    expect(found).toMatchObject({
      summary: 'least',
      source: 'payments-events',
      details: {},
      links: [],
      at: found?.receivedAt,
    });
  });

  test('texts and details are cut as those of events are', async () => {
    await send(
      change(
        {},
        {
          summary: 's'.repeat(2_000),
          source: 'S'.repeat(300),
          custom_details: { log: 'x'.repeat(40_000), host: 'db1' },
        },
      ),
    );
    const [found] = (await listed('?limit=1')).changes;
    expect([found?.summary.length, found?.source.length]).toEqual([1_024, 255]);
    expect(found?.details).toMatchObject({ host: 'db1', detailsTruncated: true });
  });

  test('by an integration of no service: kept, listed, shown in no incident, and the answer says so', async () => {
    const answer = await send(change({ routing_key: NO_SERVICE_KEY }, { summary: 'of none' }));
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({
      status: 'success',
      message: 'Change event processed; its integration is of no service, so no incident shows it',
    });
    expect((await listed('?limit=1')).changes).toMatchObject([
      { service: null, integration: 'routed', summary: 'of none' },
    ]);
    expect(known.present().map(({ summary }) => summary)).not.toContain('of none');
  });

  test.each([
    [
      'a wrong key',
      change({ routing_key: 'R'.repeat(32) }),
      ["'routing_key' is invalid (no integration of source events-v2 has it)"],
    ],
    ['no key', change({ routing_key: null }), ["'routing_key' is missing or blank"]],
    ['no summary', change({}, { summary: ' ' }), ["'payload.summary' is missing or blank"]],
    ['nothing', {}, ["'routing_key' is missing or blank", "'payload.summary' is missing or blank"]],
    ['no object', [1], ['the body is not a JSON object']],
  ])('%s is refused as PagerDuty does it, and nothing is kept', async (_what, body, errors) => {
    const before = (await listed()).changes.length;
    const answer = await send(body);
    expect(answer.statusCode).toBe(400);
    expect(invalidEvent.strict().parse(answer.json()).errors).toEqual(errors);
    expect((await listed()).changes).toHaveLength(before);
  });

  test('with the store away: 503 with Retry-After in PagerDuty’s shape; events go on, with what is known', async () => {
    await send(change({}, { summary: 'known before' }));
    gated.away(true);
    try {
      const answer = await send(change());
      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
      expect(invalidEvent.strict().parse(answer.json()).status).toBe('error');
      const list = await api.app.inject({ url: '/v1/changes', headers: authorized() });
      expect(problem.strict().parse(list.json()).code).toBe('STORE_UNAVAILABLE');
      expect(await known.read()).toBe(false);
      expect(known.present().map(({ summary }) => summary)).toContain('known before');
      const event = { routing_key: EVENTS_KEY, event_action: 'resolve', dedup_key: 'x' };
      expect((await api.app.inject({ method: 'POST', url: '/pagerduty/v2/enqueue', payload: event })).statusCode).toBe(
        202,
      );
    } finally {
      gated.away(false);
    }
  });
});

describe('listed', () => {
  test('by service and time, page by page', async () => {
    for (const minute of ['01', '02', '03']) {
      await send(change({}, { summary: minute, timestamp: `2026-02-01T10:${minute}:00Z` }));
    }
    const summaries = async (query: string) => (await listed(query)).changes.map(({ summary }) => summary);
    const day = 'since=2026-02-01T00:00:00Z&until=2026-02-02T00:00:00Z';
    expect(await summaries(`?${day}&service=payments`)).toEqual(['03', '02', '01']);
    expect(await summaries(`?${day}&service=search`)).toEqual([]);
    expect(await summaries('?since=2026-02-01T11:02:00%2B01:00&until=2026-02-01T10:03:00Z')).toEqual(['02']);
    const { nextCursor } = await listed(`?${day}&limit=2`);
    expect(await summaries(`?${day}&limit=2&cursor=${nextCursor}`)).toEqual(['01']);
  });

  test.each(['?since=yesterday', '?limit=0', '?cursor=x', '?servic=payments', '?service='])(
    '%s is refused',
    async (query) => {
      const answer = await api.app.inject({ url: `/v1/changes${query}`, headers: authorized() });
      expect([answer.statusCode, problem.strict().parse(answer.json()).code]).toEqual([400, 'BAD_REQUEST']);
    },
  );

  test('to those with a token', async () => {
    expect((await api.app.inject('/v1/changes')).statusCode).toBe(401);
  });
});

test('the guide’s configuration takes what the guide sends, and lists it', async () => {
  const written = load(block('changes', 'yaml', 'services')).configuration;
  const guided = await apiOnStandIns({
    store: gated.store,
    configuration: () => ({ ...CONFIGURATION, integrations: written.integrations }),
  });
  const url = await guided.app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const [enqueue = '', list = ''] = printed('changes', 'sh').map((command) => filled(command, url, {}));
    const run = async (command: string): Promise<unknown> => {
      const env = { ...process.env, TOCSIN_API_TOKEN: API_TOKEN };
      return JSON.parse((await promisify(execFile)('sh', ['-c', command], { env })).stdout);
    };
    const [answered = ''] = printed('changes', 'json');
    expect(await run(enqueue)).toEqual(JSON.parse(answered));
    const [found] = changePage.parse(await run(list)).changes;
    expect(found).toMatchObject({
      service: 'payments',
      summary: 'payments 2.14.0 deployed to production',
      details: { commit: '8f1c2ab' },
      links: [{ text: 'Build 4711' }],
    });
  } finally {
    await guided.app.close();
  }
});
