/** A store that can go away and come back: the production one, behind a door that the test opens and closes. */
import { absentStore } from '../../store/absent.ts';
import type { Store } from '../../store/store.ts';
import { openedStore } from './preparedStore.ts';

export interface GatedStore {
  readonly store: Store;
  /** While away, every call fails as it does where the database cannot be reached. */
  away(away: boolean): void;
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
