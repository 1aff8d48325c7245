/** What an incident asks of the store, and can wait for (design §2.9). */
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { TocsinError } from '../domain/errors.ts';
import type { Store } from '../store/store.ts';
import type { RecordActivities } from './contract.ts';

/** Both throw STORE_UNAVAILABLE while the store is away, benign: Temporal repeats them until it is back. */
export function recordActivities({ store }: { store: Store }): RecordActivities {
  return {
    numberIncident: async (incident) => (store.absent ? null : patiently(() => store.incidentNumber(incident))),
    keepRecord: async (incident, { entries, notifications }) => {
      if (store.absent) return false;
      await patiently(() => store.keepEntries(incident, entries));
      await patiently(() => store.keepNotifications(incident, notifications));
      return true;
    },
  };
}

/** That the store is away is said by `tocsin_store_up`; no line in the log for each incident that waits for it. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof TocsinError) || error.code !== 'STORE_UNAVAILABLE') throw error;
    throw ApplicationFailure.create({
      type: error.code,
      message: error.message,
      category: ApplicationFailureCategory.BENIGN,
    });
  }
}
