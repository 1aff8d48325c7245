/** The store on a real PostgreSQL: the same promises as PGlite, and what only a server does: go away, come back, be shared. */
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { Client } from 'pg';
import { openStore } from '../../store/open.ts';
import { postgresStore } from '../../store/postgres.ts';
import type { Store } from '../../store/store.ts';
import { afterTest, failure, runNode } from '../cli/support.ts';
import { storeContract } from '../store/contract.ts';
import { type PostgresServer, query, startPostgres } from '../support/postgresServer.ts';

let server: PostgresServer;
beforeAll(async () => (server = await startPostgres()));
afterAll(() => server.close());

/** On a database of its own. */
async function newStore(): Promise<{ readonly store: Store; readonly url: string }> {
  const url = await server.newDatabase();
  const store = await openStore({ databaseUrl: url });
  afterTest(() => store.close());
  return { store, url };
}

describe('what every store promises', () => {
  let store: Store;
  beforeAll(async () => (store = postgresStore(await server.newDatabase())));
  afterAll(() => store.close());
  storeContract(() => store);
});

test('the server is not an older one than we say we support', async () => {
  const [row] = await query(await server.newDatabase(), 'show server_version_num');
  expect(Number(row?.['server_version_num'])).toBeGreaterThanOrEqual(150_000);
});

test('three processes that start at once on an empty database all come up, and number together without gaps', async () => {
  const url = await server.newDatabase();
  const starts = [1, 2, 3].map(() => runNode(['--import', 'tsx/esm', 'test/store/numbering.ts', url]));
  await Promise.all(starts.map((started) => started.says('incident-50 is 50\n')));
  const [row] = await query(url, 'select count(*)::int as migrated from tocsin.migrations');
  const migrations = readdirSync('store/migrations').filter((name) => name.endsWith('.sql'));
  expect(row).toEqual({ migrated: migrations.length });
});

test('stores in one process that are used at once on an empty database all work', async () => {
  const url = await server.newDatabase();
  const stores = [1, 2, 3, 4].map(() => postgresStore(url));
  for (const store of stores) afterTest(() => store.close());
  expect(await Promise.all(stores.map((store) => store.trouble()))).toEqual([null, null, null, null]);
});

test('a server that stops under use fails each call with STORE_UNAVAILABLE, and is used again when it is back', async () => {
  const { store, url } = await newStore();
  expect(await store.incidentNumber('one')).toBe(1);
  await store.keepText('one', 'n1', 'kept');

  await server.stop();
  const place = new URL(url).host;
  for (const call of [
    store.incidentNumber('one'),
    store.incidentOfNumber(1),
    store.keepEntries('one', []).then(() => store.entries('one', { after: 0, limit: 1 })),
    store.notifications('one', { after: 0, limit: 1 }),
    store.texts('one', ['n1']),
    store.ignored({ limit: 1 }),
  ]) {
    const error = await failure(call);
    expect(error).toMatchObject({ name: 'TocsinError', code: 'STORE_UNAVAILABLE' });
    expect(error.message).toContain(`PostgreSQL at ${place}/`);
    expect(error.message).toMatch(/ECONNREFUSED|terminat/i);
    expect(JSON.stringify([error.message, String(error.cause), error.stack])).not.toContain('not-checked');
  }
  expect(await store.trouble()).toContain(`PostgreSQL at ${place}/`);

  await server.start();
  expect(await store.trouble()).toBeNull();
  expect(await store.incidentNumber('one')).toBe(1);
  expect(await store.incidentNumber('two')).toBe(2);
  expect(await store.texts('one', ['n1'])).toEqual(new Map([['n1', 'kept']]));
});

test('a store that was made while the server was away migrates at its first success', async () => {
  const url = await server.newDatabase();
  await server.stop();
  const store = postgresStore(url);
  afterTest(() => store.close());
  expect(await store.trouble()).toContain('ECONNREFUSED');
  await server.start();
  expect(await store.incidentNumber('one')).toBe(1);
});

test('a server that takes connections and says nothing is given up', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  afterTest(() => void silent.close());
  const { port } = silent.address() as { port: number };
  const store = postgresStore(`postgres://tocsin@127.0.0.1:${port}/tocsin`);
  expect((await failure(store.incidentNumber('one'))).code).toBe('STORE_UNAVAILABLE');
});

test('a statement that gets no answer is given up, and the next one gets its own', async () => {
  const { store, url } = await newStore();
  expect(await store.incidentNumber('one')).toBe(1);
  const locker = new Client({ connectionString: url });
  await locker.connect();
  await locker.query('begin; lock table tocsin.incident_numbers in access exclusive mode');
  const stuck = ['one', 'two', 'three'].map((id) => failure(store.incidentNumber(id)));
  for (const error of await Promise.all(stuck)) {
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(error.message).toMatch(/no answer within 3 s|timeout/);
  }
  await locker.end();
  expect(await store.incidentNumber('one')).toBe(1);
});

test('whoever calls while another process migrates waits 3 s at most, and the store is used once that is over', async () => {
  const url = await server.newDatabase();
  const migrating = new Client({ connectionString: url });
  await migrating.connect();
  await migrating.query('select pg_advisory_lock(7233080154)');
  const store = postgresStore(url);
  afterTest(() => store.close());
  expect((await failure(store.incidentNumber('one'))).message).toContain('no answer within 3 s');
  await migrating.end();
  expect(await store.incidentNumber('one')).toBe(1);
});

test('a database that lets nobody make tables is told of, and used once it does', async () => {
  const url = await server.newDatabase();
  await query(url, 'create role guest login');
  const asGuest = new URL(url);
  asGuest.username = 'guest';
  const store = postgresStore(asGuest.href);
  afterTest(() => store.close());
  expect(await store.trouble()).toContain('permission denied');
  await query(url, `grant create on database ${asGuest.pathname.slice(1)} to guest`);
  expect(await store.trouble()).toBeNull();
});
