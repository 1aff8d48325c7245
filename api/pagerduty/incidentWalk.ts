/**
 * Incidents by offset, over a list that has cursors: a walk from its beginning, page by page, and what the walk has found
 * is kept for a while. Who asks for the next page is answered from where the walk stands, so that pages join without gap or
 * repetition although incidents come and go; a first page always begins a new walk, and is as fresh as the list itself.
 */
import { BoundedMap } from '../../intake/boundedMap.ts';
import type { IncidentFilter, IncidentGateway, ListedIncident } from '../ports.ts';
import { FARTHEST } from './asked.ts';

/** The list's own limit. */
const AT_ONCE = 250;
/** Of one walk: what is wanted may be rare, or nowhere. */
const PAGES = FARTHEST / AT_ONCE;
/** Milliseconds, and walks: each looks through at most 10,000 incidents. */
const KEPT_FOR = 60_000;
const KEPT = 4;

export interface Wanted {
  readonly filter: Omit<IncidentFilter, 'limit' | 'cursor'>;
  /** What no filter of the list says, and its name. */
  readonly also: { readonly name: string; readonly holds: (incident: ListedIncident['incident']) => boolean };
  /** So many from the first on; what comes behind the first 10,000 that the filter leaves is not found. */
  readonly first: number;
  /** The offset of the page: at 0 the walk begins anew. */
  readonly from: number;
  /** Whose walk it is. */
  readonly token: string;
}

interface Walk {
  readonly found: Map<string, ListedIncident>;
  cursor: string | null | undefined;
  pages: number;
}

/** In the order of the list, from the first on: those wanted, and what came along with them. Throws what the gateway's list throws. */
export function incidentWalks({
  list,
}: Pick<IncidentGateway, 'list'>): (wanted: Wanted) => Promise<readonly ListedIncident[]> {
  const walks = new BoundedMap<string, Promise<Walk>>(KEPT, KEPT_FOR);

  async function onward(before: Promise<Walk> | undefined, { filter, also, first }: Wanted): Promise<Walk> {
    const walk: Walk = (await before?.catch(() => undefined)) ?? { found: new Map(), cursor: undefined, pages: 0 };
    while (walk.cursor !== null && walk.found.size < first && walk.pages < PAGES) {
      const { cursor } = walk;
      const page = await list({ ...filter, limit: AT_ONCE, ...(cursor !== undefined && { cursor }) });
      for (const item of page.incidents) {
        // One that is resolved meanwhile comes again, among the resolved ones.
        if (also.holds(item.incident) && !walk.found.has(item.incident.id)) walk.found.set(item.incident.id, item);
      }
      walk.cursor = page.nextCursor;
      walk.pages += 1;
    }
    return walk;
  }

  return async (wanted) => {
    const name = JSON.stringify([wanted.token, wanted.filter, wanted.also.name]);
    // One after the other: two that go on from one place would both take the page behind it.
    const going = onward(wanted.from === 0 ? undefined : walks.get(name), wanted);
    walks.set(name, going);
    going.catch(() => walks.delete(name));
    return [...(await going).found.values()];
  };
}
