/** Reads what Tocsin made of a client's calls, by its own API. */
import { isDeepStrictEqual } from 'node:util';
import type { IncidentView } from '../../domain/view.ts';
import { eventually } from '../support/eventually.ts';
import type { House } from '../support/runningHouse.ts';

/** An incident that must be there at the end. */
export interface Left {
  readonly by: { readonly dedupKey: string } | { readonly summary: string };
  readonly is: Partial<Pick<IncidentView, 'status' | 'summary' | 'severity' | 'priority'>>;
}

/** The latest incident of a dedup key or with a summary; undefined where there is none. */
export async function incidentWith(house: House, by: Left['by']): Promise<IncidentView | undefined> {
  const query = 'dedupKey' in by ? `?dedupKey=${encodeURIComponent(by.dedupKey)}` : '?limit=250';
  const { incidents } = await house.read<{ incidents: readonly IncidentView[] }>(`/v1/incidents${query}`);
  const found = incidents.find(({ summary }) => !('summary' in by) || summary.includes(by.summary));
  // The list may lag; one incident by its id never does.
  return found === undefined ? undefined : house.read<IncidentView>(`/v1/incidents/${found.id}`);
}

/** Resolves once each of them is there as it must be; rejects with what is there instead. */
export async function assertLeft(house: House, wanted: readonly Left[]): Promise<void> {
  for (const { by, is } of wanted) {
    const asWanted = (incident: IncidentView | undefined): boolean =>
      incident !== undefined &&
      Object.entries(is).every(([name, value]) => isDeepStrictEqual(incident[name as keyof IncidentView], value));
    await eventually(() => incidentWith(house, by), asWanted, 30_000);
  }
}
