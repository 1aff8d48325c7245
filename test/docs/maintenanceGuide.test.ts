/** The guide to maintenance windows: its commands, run by a shell with a real `curl`. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { maintenanceWindow, windowList } from '../../api/schemas/maintenance.ts';
import { knownWindows } from '../../store/knownWindows.ts';
import { API_TOKEN, apiOnStandIns } from '../api/support/standIns.ts';
import { afterTest } from '../cli/support.ts';
import { openedStore } from '../support/preparedStore.ts';
import { filled, printed } from '../support/guides.ts';

/** What the guide shows as days to come. */
const LATER = { '2026-12-05': '2998-12-05', '2026-12-06': '2998-12-06', '2027-07-01': '2999-07-01' };

test('its commands make two windows, list them, and take one away', async () => {
  const store = await openedStore();
  const windows = knownWindows(store);
  const api = await apiOnStandIns({ store, windows });
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 });
  afterTest(async () => {
    windows.stop();
    await api.app.close();
    await store.close();
  });
  const run = async (command: string, WINDOW = ''): Promise<string> => {
    const env = { ...process.env, TOCSIN_API_TOKEN: API_TOKEN, WINDOW };
    const { stdout } = await promisify(execFile)('sh', ['-c', filled(command, url, LATER)], { env });
    return stdout;
  };
  const [once = '', recurring = '', listing = ''] = printed('maintenance', 'sh');
  const [list = '', remove = ''] = listing.trim().split('\n');

  const made = maintenanceWindow.parse(JSON.parse(await run(once)));
  expect(made).toMatchObject({ services: ['payments'], start: '2998-12-05T14:00:00.000Z', recurring: null });
  const nightly = maintenanceWindow.parse(JSON.parse(await run(recurring)));
  expect(nightly.recurring).toMatchObject({ timezone: 'Asia/Shanghai', days: ['sat', 'sun'], from: '02:00' });
  const listed = async () => windowList.parse(JSON.parse(await run(list))).maintenanceWindows.map(({ id }) => id);
  expect(await listed()).toEqual([made.id, nightly.id]);
  expect(await run(remove, made.id)).toBe('');
  expect(await listed()).toEqual([nightly.id]);
});
