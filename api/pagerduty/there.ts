/** What the address names of the configuration. */
import { TocsinError } from '../../domain/errors.ts';

/** The thing of that id. Throws NOT_FOUND; `what` is PagerDuty's word for it, in the plural. */
export function there<Thing>(things: ReadonlyMap<string, Thing>, id: string, what: string): Thing {
  const thing = things.get(id);
  if (thing !== undefined) return thing;
  throw new TocsinError('NOT_FOUND', `there is nothing with the id '${id.slice(0, 200)}' among the ${what}`);
}

/** The one of that id in a list. Throws as `there` does. */
export const oneOfThem = <Thing extends { readonly id: string }>(
  things: readonly Thing[],
  id: string,
  what: string,
): Thing => there(new Map(things.map((thing) => [thing.id, thing])), id, what);
