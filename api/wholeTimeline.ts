/** An incident's whole timeline: what it carries, and what it has moved to the store (lifecycle §9). */
import type { LogEntryView } from '../domain/view.ts';
import type { ApiDeps } from './deps.ts';
import { recordPage } from './incidentRecord.ts';
import { notFound } from './notFound.ts';

/** As many as are ever read of one incident. */
const MOST = 10_000;

/** Oldest first; without those in the store while that is away. Throws NOT_FOUND, and NO_WORKER. */
export async function wholeTimeline(
  { incidents, store }: Pick<ApiDeps, 'incidents' | 'store'>,
  id: string,
): Promise<readonly LogEntryView[]> {
  const carried = await incidents.timeline(id);
  if (carried === undefined) throw notFound(id);
  return (await recordPage(carried, { limit: MOST }, (page) => store.entries(id, page))).items;
}
