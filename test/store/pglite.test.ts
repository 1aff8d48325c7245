import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../store/open.ts';
import { pgliteStore } from '../../store/pglite.ts';
import type { Store } from '../../store/store.ts';
import { afterTest, failure, runNode } from '../cli/support.ts';
import { storeContract } from './contract.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-store-'));
  afterTest(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A process of its own that numbers incidents in the store of that data folder, until it is killed. */
const otherProcess = (dataDir: string) =>
  runNode(['--import', 'tsx/esm', new URL('numbering.ts', import.meta.url).pathname, dataDir]);

describe('in memory', () => {
  let store: Store;
  beforeAll(async () => (store = await pgliteStore()));
  afterAll(() => store.close());
  storeContract(() => store);
});

test('what was acknowledged is there after kill -9; meanwhile the folder is refused to a second process', async () => {
  const dataDir = newFolder();
  const other = otherProcess(dataDir);
  await other.says('incident-3 is 3');

  const refused = await failure(openStore({ dataDir }));
  expect(refused.code).toBe('DATA_DIR_IN_USE');
  expect(refused.message).toContain(`${join(dataDir, 'store')} is in use by process ${other.child.pid}`);

  other.child.kill('SIGKILL');
  await other.exit;
  const numbered = [...other.said().matchAll(/^(incident-\d+) is (\d+)$/gm)];
  expect(existsSync(join(dataDir, 'store', 'lock'))).toBe(true);
  const store = await openStore({ dataDir });
  afterTest(() => store.close());
  for (const [, id, number] of numbered) expect(await store.incidentNumber(id!)).toBe(Number(number));
});

test('closed and opened again, it has what it had; a second opener in this process is refused too', async () => {
  const dataDir = newFolder();
  const first = await openStore({ dataDir });
  expect(await first.incidentNumber('one')).toBe(1);
  expect((await failure(openStore({ dataDir }))).code).toBe('DATA_DIR_IN_USE');
  await first.close();
  await first.close();
  await expect(first.incidentNumber('one')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });

  const second = await openStore({ dataDir });
  afterTest(() => second.close());
  expect(await second.incidentNumber('two')).toBe(2);
  expect(await second.incidentNumber('one')).toBe(1);
});
