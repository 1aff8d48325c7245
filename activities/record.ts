/** What an incident asks of the store, and can wait for (design §2.9). */
import type { Store } from '../store/store.ts';
import type { RecordActivities } from './contract.ts';

/** Throws STORE_UNAVAILABLE while the store is away: Temporal repeats both until it is back. */
export function recordActivities({ store }: { store: Store }): RecordActivities {
  return {
    numberIncident: async (incident) => (store.absent ? null : store.incidentNumber(incident)),
    keepRecord: async (incident, { entries, notifications }) => {
      if (store.absent) return false;
      if (entries.length > 0) await store.keepEntries(incident, entries);
      if (notifications.length > 0) await store.keepNotifications(incident, notifications);
      return true;
    },
  };
}
