/** No store: what asks for one hears that there is none. */
import { TocsinError } from '../domain/errors.ts';
import type { Store } from './store.ts';

/** `why` says what to do about it. */
export function absentStore(why: string): Store {
  const refuse = async (): Promise<never> => {
    throw new TocsinError('STORE_UNAVAILABLE', why);
  };
  return {
    absent: true,
    incidentNumber: refuse,
    incidentOfNumber: refuse,
    roundRobinTarget: refuse,
    keepEntries: refuse,
    entries: refuse,
    keepNotifications: refuse,
    notifications: refuse,
    keepText: refuse,
    texts: refuse,
    recordIgnored: refuse,
    ignored: refuse,
    recordChange: refuse,
    changes: refuse,
    latestChanges: refuse,
    addWindow: refuse,
    removeWindow: refuse,
    window: refuse,
    windows: refuse,
    takeTurn: refuse,
    groupsOf: refuse,
    joinGroups: refuse,
    idleGroups: refuse,
    keepGroup: refuse,
    forgetGroup: refuse,
    trouble: async () => why,
    close: async () => undefined,
  };
}
