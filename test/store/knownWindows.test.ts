/** What a process knows of maintenance windows while the store comes and goes. */
import type { MaintenanceWindow } from '../../domain/maintenance.ts';
import { knownWindows } from '../../store/knownWindows.ts';
import { eventually } from '../support/eventually.ts';
import { type GatedStore, gatedStore } from '../support/gatedStore.ts';
import { NO_STORE } from '../support/noStore.ts';
import { afterTest } from '../cli/support.ts';

const window = (id: string): MaintenanceWindow => ({
  id,
  services: ['payments'],
  description: null,
  start: Date.now(),
  end: null,
  recurs: null,
  createdAt: Date.now(),
  createdBy: { user: null, token: 'grafana' },
});
const ids = (windows: readonly MaintenanceWindow[]): readonly string[] => windows.map(({ id }) => id);

let gated: GatedStore;
beforeAll(async () => (gated = await gatedStore()));
afterAll(() => gated?.store.close());

test('they are read anew by themselves, and stay as they were while the store is away', async () => {
  await gated.store.addWindow(window('first'));
  const known = knownWindows(gated.store, 20);
  afterTest(() => known.stop());
  expect(ids(known.present())).toEqual([]);
  expect(await known.read()).toBe(true);
  expect(ids(known.present())).toEqual(['first']);
  await gated.store.addWindow(window('second'));
  await eventually(
    async () => known.present(),
    (windows) => ids(windows).join() === 'first,second',
  );

  gated.away(true);
  expect(await known.read()).toBe(false);
  expect(ids(known.present())).toEqual(['first', 'second']);
  gated.away(false);
  await gated.store.removeWindow('first');
  await eventually(
    async () => known.present(),
    (windows) => ids(windows).join() === 'second',
  );
});

test('a store that does not answer keeps nobody waiting for long', async () => {
  const silent = { ...gated.store, absent: false, windows: () => new Promise<never>(() => undefined) };
  const known = knownWindows(silent);
  afterTest(() => known.stop());
  const begun = Date.now();
  expect(await known.read()).toBe(false);
  expect(Date.now() - begun).toBeLessThan(10_000);
});

test('an answer that is overtaken by a later one does not count', async () => {
  const answers: ((windows: readonly MaintenanceWindow[]) => void)[] = [];
  const slow = {
    ...gated.store,
    absent: false,
    windows: () => new Promise<readonly MaintenanceWindow[]>((resolve) => answers.push(resolve)),
  };
  const known = knownWindows(slow, 60_000);
  afterTest(() => known.stop());
  const [earlier, later] = [known.read(), known.read()];
  answers[1]?.([window('later')]);
  await later;
  answers[0]?.([window('earlier')]);
  await earlier;
  expect(ids(known.present())).toEqual(['later']);
});

test('without a store there are none', async () => {
  const known = knownWindows(NO_STORE);
  expect(await known.read()).toBe(false);
  expect(known.present()).toEqual([]);
  known.stop();
});
