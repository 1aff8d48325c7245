/** The alerts of one integration, from the list of incidents: it may lag by 2 s (design §2.8), and is kept for 2 s more. */
import type { Integration } from '../../domain/configuration.ts';
import { BoundedMap } from '../../intake/boundedMap.ts';
import type { ApiDeps } from '../deps.ts';
import { inLanes } from '../inLanes.ts';
import type { ListedIncident } from '../ports.ts';
import { type WholeAlert, wholeAlert } from './alertJson.ts';
import { aliasOf, isOf } from './foundAlert.ts';
import { OPSGENIE } from './genieKey.ts';

/** Incidents of one page of the list, and pages: more than that nobody reads by offsets. */
const PAGE = 250;
const PAGES = 20;
/** Incidents that are looked up because their details are too long for a list. */
const COMPLETED = 200;
const AT_ONCE = 8;

/** How long one list serves all who ask, in milliseconds, and how many are kept: Temporal takes few lists a second. */
const LIFETIME = 2_000;
const KEPT = 20;

/** Those of that status, or all; up to 2 s later than the list that they are of. Throws TEMPORAL_UNAVAILABLE. */
export type ListAlerts = (integration: Integration, status?: 'open' | 'closed') => Promise<readonly WholeAlert[]>;

/** One for all routes, for it remembers its last lists. */
export function alertLister({ incidents }: Pick<ApiDeps, 'incidents'>): ListAlerts {
  const lists = new BoundedMap<string, readonly WholeAlert[]>(KEPT, LIFETIME);
  // Of long lists, which may take longer than they are kept.
  const asking = new Map<string, Promise<readonly WholeAlert[]>>();
  const ask = async (name: string, ...of: Parameters<ListAlerts>): Promise<readonly WholeAlert[]> => {
    try {
      const alerts = await listed(incidents, ...of);
      lists.set(name, alerts);
      return alerts;
    } finally {
      asking.delete(name);
    }
  };
  return async (integration, status) => {
    const name = JSON.stringify([integration.id, status]);
    const known = lists.get(name) ?? asking.get(name);
    if (known !== undefined) return known;
    const asked = ask(name, integration, status);
    asking.set(name, asked);
    return asked;
  };
}

async function listed(
  incidents: ApiDeps['incidents'],
  integration: Integration,
  status?: 'open' | 'closed',
): Promise<readonly WholeAlert[]> {
  const wanted = status === undefined ? {} : ({ status: status === 'open' ? 'open' : 'resolved' } as const);
  const found: ListedIncident[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page++) {
    const filter = { integration: integration.id, ...wanted, limit: PAGE, ...(cursor !== null && { cursor }) };
    const { incidents: listedNow, nextCursor } = await incidents.list(filter);
    found.push(...listedNow.filter((item) => isOf(integration, item)));
    cursor = nextCursor;
    if (cursor === null) break;
  }
  const whole = await completed(found, incidents);
  return whole.map((item) => wholeAlert(item, aliasOf(integration, item), integration));
}

/** With the details that a list leaves out; as it is listed where no worker says more. */
async function completed(
  listed: readonly ListedIncident[],
  { read }: Pick<ApiDeps['incidents'], 'read'>,
): Promise<readonly ListedIncident[]> {
  const lacking = listed.filter(({ incident }) => !(OPSGENIE in incident.details)).slice(0, COMPLETED);
  const found = await inLanes(lacking, ({ incident }) => read(incident.id).catch(() => undefined), AT_ONCE);
  const whole = new Map<string, ListedIncident>(
    lacking.flatMap(({ incident }, place) => {
      const one = found[place];
      return one === undefined ? [] : [[incident.id, one] as const];
    }),
  );
  return listed.map((item) => whole.get(item.incident.id) ?? item);
}
