/** Which incident an alert of Opsgenie's API is: one of those that came by the integration whose key was given. */
import type { Integration } from '../../domain/configuration.ts';
import { TocsinError } from '../../domain/errors.ts';
import { ownerIn } from '../../domain/identity.ts';
import { incidentNumbers } from '../incidentNumbers.ts';
import type { ApiDeps } from '../deps.ts';
import type { FoundIncident, ListedIncident } from '../ports.ts';
import { madeKeyOf } from '../sources/dedupKey.ts';

/** `id`: an incident's id, `tiny`: its number, `alias`: the dedup key of an alert that is open. */
export type IdentifierType = 'id' | 'alias' | 'tiny';

export interface FoundAlert extends FoundIncident {
  readonly alias: string;
}

/** Undefined where there is none, or it came by another integration. Throws NO_WORKER, and while Temporal or the store is away. */
export type FindAlert = (
  integration: Integration,
  identifier: string,
  type: IdentifierType,
) => Promise<FoundAlert | undefined>;

/** One for all routes, for it remembers numbers. */
export function alertFinder({ incidents, store }: Pick<ApiDeps, 'incidents' | 'store'>): FindAlert {
  const idOf = incidentNumbers(store);
  return async (integration, identifier, type) => {
    if (type === 'alias') {
      const alias = madeKeyOf(identifier);
      const found = alias === undefined ? undefined : await incidents.openOf(integration.id, alias);
      return found === undefined || alias === undefined ? undefined : { ...found, alias };
    }
    const id = type === 'tiny' ? await idOf(identifier).catch(unknown) : identifier;
    const found = id === undefined ? undefined : await incidents.read(id);
    return found !== undefined && isOf(integration, found)
      ? { ...found, alias: aliasOf(integration, found) }
      : undefined;
  };
}

function unknown(error: unknown): undefined {
  if (error instanceof TocsinError && error.code === 'NOT_FOUND') return undefined;
  throw error;
}

/** Of a group, one alert that came by it is enough. */
export const isOf = ({ id }: Pick<Integration, 'id'>, { incident, workflowId }: ListedIncident): boolean =>
  ownerIn(workflowId) === id || incident.alerts.some(({ integration }) => integration === id);

/** The dedup key of its first alert of the integration, one that fires before one that does not. */
export function aliasOf({ id }: Pick<Integration, 'id'>, { incident }: Pick<ListedIncident, 'incident'>): string {
  const own = incident.alerts.filter(({ integration }) => integration === id);
  return (own.find(({ status }) => status === 'triggered') ?? own[0])?.dedupKey ?? incident.dedupKey;
}
