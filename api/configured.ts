/** What a request names of the configuration. */
import { TocsinError } from '../domain/errors.ts';

/** The thing of that id; `what` names its kind. Throws NOT_FOUND, with where the ids that there are stand. */
export function configured<T>(things: ReadonlyMap<string, T>, id: string, what: 'schedule' | 'user'): T {
  const thing = things.get(id);
  if (thing !== undefined) return thing;
  throw new TocsinError(
    'NOT_FOUND',
    `there is no ${what} '${id.slice(0, 255)}' in the configuration; GET /v1/${what}s lists them`,
  );
}
