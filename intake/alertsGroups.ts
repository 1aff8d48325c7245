/** In which groups' incidents the alerts of a dedup key are, so that an incident is found by what its sender knows of it. */
import type { Configuration } from '../domain/configuration.ts';
import { TocsinError } from '../domain/errors.ts';
import type { Store } from '../store/store.ts';
import { groupIdentity } from './groupKey.ts';
import { mayBeGrouped } from './grouping.ts';

interface AlertsGroups {
  readonly store: Store;
  readonly configuration: () => Configuration;
}

/** Workflow ids, of alerts of any integration. None while the store is away: a list then has what goes by its own key. */
export function alertsGroups({ store, configuration }: AlertsGroups): (dedupKey: string) => Promise<readonly string[]> {
  return async (dedupKey) => {
    const present = configuration();
    const grouped = [...present.integrations.values()].filter((integration) => mayBeGrouped(present, integration));
    if (store.absent || grouped.length === 0) return [];
    try {
      const names = grouped.map(({ id }) => ({ integration: id, dedupKey }));
      const groups = await store.groupsOf(names, Date.now());
      return [...new Set(groups.flatMap((group) => (group === undefined ? [] : [groupIdentity(group).workflowId])))];
    } catch (error) {
      if (!(error instanceof TocsinError) || error.code !== 'STORE_UNAVAILABLE') throw error;
      return [];
    }
  };
}
