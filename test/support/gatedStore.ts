/** A store that can go away and come back: the production one, behind a door that the test opens and closes. */
import { absentStore } from '../../store/absent.ts';
import { pgliteStore } from '../../store/pglite.ts';
import type { Store } from '../../store/store.ts';

export interface GatedStore {
  readonly store: Store;
  /** While away, every call fails as it does where the database cannot be reached. */
  away(away: boolean): void;
}

/** PGlite in memory, opened by now: its first opening takes longer than an attempt of an activity may. */
export async function openedStore(): Promise<Store> {
  const store = await pgliteStore();
  await store.trouble();
  return store;
}

export async function gatedStore(): Promise<GatedStore> {
  const behind = await openedStore();
  const closed: Store = { ...absentStore('the test keeps it away'), absent: false };
  let present = behind;
  const store = new Proxy(behind, {
    get: (_, name) => present[name as keyof Store],
  });
  return {
    store,
    away: (away) => {
      present = away ? closed : behind;
    },
  };
}
