/** Whether maintenance holds an incident, asked of a store that comes and goes. */
import { heldNow } from '../../activities/holding.ts';
import type { MaintenanceWindow } from '../../domain/maintenance.ts';
import type { Question } from '../../domain/question.ts';
import { type KnownWindows, knownWindows } from '../../store/knownWindows.ts';
import { sleep } from '../support/eventually.ts';
import { type GatedStore, gatedStore } from '../support/gatedStore.ts';

const HOUR = 3_600_000;
let gated: GatedStore;
let windows: KnownWindows;
beforeAll(async () => {
  gated = await gatedStore();
  windows = knownWindows(gated.store, HOUR);
});
afterEach(async () => {
  gated.away(false);
  for (const { id } of await gated.store.windows(0)) await gated.store.removeWindow(id);
});
afterAll(async () => {
  windows?.stop();
  await gated?.store.close();
});

const window = (id: string, more: Partial<MaintenanceWindow> = {}): MaintenanceWindow => ({
  id,
  services: ['payments'],
  description: null,
  start: Date.now(),
  end: Date.now() + HOUR,
  recurs: null,
  createdAt: Date.now(),
  createdBy: { user: null, token: 'grafana' },
  ...more,
});
const BEFORE = { by: 'before', description: 'new disks', until: 0, turn: false };
const ask = (incident: string, more: Partial<Extract<Question, { kind: 'hold' }>> = {}) =>
  heldNow(
    { kind: 'hold', service: 'payments', urgency: 'high', createdAt: 0, incident, held: BEFORE, ...more },
    { store: gated.store, windows },
  );

test('[L3] what a window holds is held until its end, by what the store says now', async () => {
  const made = window('w');
  await gated.store.addWindow(made);
  expect(await ask('a')).toEqual({ by: 'w', description: null, until: made.end, turn: false });
  await gated.store.removeWindow('w');
  expect(await ask('a', { held: null })).toBeNull();
});

test('[L7] released, it waits until all have come, and then for its turn', async () => {
  const begun = Date.now();
  const first = await ask('b');
  expect(first).toMatchObject({ by: 'before', description: 'new disks', turn: false });
  await sleep((first?.until ?? 0) - Date.now());
  const turn = await ask('b');
  expect(turn).toMatchObject({ by: 'before', turn: true });
  expect(turn?.until).toBeGreaterThanOrEqual(begun + 1_000);
  expect(await ask('b')).toEqual(turn);
});

test('[L7] a window that begins before its turn holds it all the same', async () => {
  const coming = window('coming', { start: Date.now() + 500 });
  await gated.store.addWindow(coming);
  expect(await ask('c')).toEqual({ by: 'coming', description: null, until: coming.end, turn: false });
});

test('with the store away what is known holds; else its turn is by chance, within a minute, the same for one incident', async () => {
  await gated.store.addWindow(window('known'));
  await windows.read();
  gated.away(true);
  expect(await ask('d')).toMatchObject({ by: 'known', turn: false });
  gated.away(false);
  await gated.store.removeWindow('known');
  await windows.read();
  gated.away(true);
  const turns: number[] = [];
  for (const incident of ['e', 'f', 'e']) {
    const now = Date.now();
    const turn = await ask(incident);
    expect(turn).toMatchObject({ by: 'before', turn: true });
    turns.push(Math.round(((turn?.until ?? 0) - now) / 1_000));
  }
  expect(Math.max(...turns)).toBeLessThanOrEqual(31);
  expect(Math.abs(turns[2]! - turns[0]!)).toBeLessThanOrEqual(1);
  expect(turns[1]).not.toBe(turns[0]);
  expect(await ask('g', { held: null })).toBeNull();
});
