/** `{id}` takes an incident's number too (interfaces §5): people say 12, not an id of a hundred characters. */
import { TocsinError } from '../domain/errors.ts';
import type { Store } from '../store/store.ts';
import { BoundedMap } from '../intake/boundedMap.ts';

/** No incident's id looks like this: each has two dots. */
const NUMBER = /^[1-9]\d{0,9}$/;
const MAX_KNOWN = 10_000;

/**
 * Answers the id for what may be an incident's number; anything else as it is. A number is never given twice, so the
 * store is asked once for each. Throws NOT_FOUND for a number that was not given, and STORE_UNAVAILABLE.
 */
export function incidentNumbers(store: Store): (idOrNumber: string) => Promise<string> {
  const known = new BoundedMap<string, string>(MAX_KNOWN);
  return async (idOrNumber) => {
    if (!NUMBER.test(idOrNumber)) return idOrNumber;
    const id = known.get(idOrNumber) ?? (await store.incidentOfNumber(Number(idOrNumber)));
    if (id === undefined) throw new TocsinError('NOT_FOUND', `there is no incident with the number ${idOrNumber}`);
    known.set(idOrNumber, id);
    return id;
  };
}
