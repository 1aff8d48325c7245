/** The maintenance windows as this process knows them. */
import type { MaintenanceWindow } from '../domain/maintenance.ts';
import { type Known, known } from './known.ts';
import type { Store } from './store.ts';

export type KnownWindows = Known<MaintenanceWindow>;

export const knownWindows = (store: Store, every?: number): KnownWindows =>
  known(store, () => store.windows(Date.now()), every);
