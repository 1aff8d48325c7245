/** The latest change events of every service as this process knows them: those that an incident which opens now shows. */
import { SHOWN_FOR, SHOWN_MOST } from '../domain/changeEvent.ts';
import type { ChangeEvent } from '../domain/changeEvent.ts';
import { type Known, known } from './known.ts';
import type { Store } from './store.ts';

export type KnownChanges = Known<ChangeEvent>;

export const knownChanges = (store: Store, every?: number): KnownChanges =>
  known(store, () => store.latestChanges(Date.now() - SHOWN_FOR, SHOWN_MOST), every);
