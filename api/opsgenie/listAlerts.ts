/** The alerts of one integration, from the list of incidents: it may lag by 2 s (design §2.8). */
import type { Integration } from '../../domain/configuration.ts';
import type { ApiDeps } from '../deps.ts';
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

/** Throws TEMPORAL_UNAVAILABLE. */
export async function listAlerts(deps: ApiDeps, integration: Integration): Promise<readonly WholeAlert[]> {
  const { incidents } = deps;
  const found: ListedIncident[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES; page++) {
    const filter = { integration: integration.id, limit: PAGE, ...(cursor !== null && { cursor }) };
    const { incidents: listed, nextCursor } = await incidents.list(filter);
    found.push(...listed.filter((item) => isOf(integration, item)));
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
  const whole = new Map<string, ListedIncident>();
  const lacking = listed.filter(({ incident }) => !(OPSGENIE in incident.details)).slice(0, COMPLETED);
  const waiting = lacking.values();
  const lane = async (): Promise<void> => {
    for (const { incident } of waiting) {
      const found = await read(incident.id).catch(() => undefined);
      if (found !== undefined) whole.set(incident.id, found);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return listed.map((item) => whole.get(item.incident.id) ?? item);
}
