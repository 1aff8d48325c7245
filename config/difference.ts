/** What a reload changed, in counts: names may be anybody's, values may be secrets. */
import { isDeepStrictEqual } from 'node:util';
import type { Configuration } from '../domain/configuration.ts';

type Section = Exclude<keyof Configuration, 'version'>;

const sectionsOf = (configuration: Configuration): readonly Section[] =>
  (Object.keys(configuration) as (keyof Configuration)[]).filter((key) => key !== 'version');

/** Whether both mean the same, whatever their text: a comment is no change, a new value behind a `${NAME_FILE}` is one. */
export const isSame = (before: Configuration, after: Configuration): boolean =>
  sectionsOf(after).every((section) => isDeepStrictEqual(before[section], after[section]));

/** `users: 1 added, 2 changed; services: 1 removed`. Both are not the same. */
export function difference(before: Configuration, after: Configuration): string {
  return sectionsOf(after)
    .flatMap((section) => {
      const [old, now] = [entriesOf(before[section]), entriesOf(after[section])];
      const added = [...now.keys()].filter((id) => !old.has(id)).length;
      const removed = [...old.keys()].filter((id) => !now.has(id)).length;
      const changed = [...now].filter(([id, value]) => old.has(id) && !isDeepStrictEqual(old.get(id), value)).length;
      const counts = Object.entries({ added, changed, removed }).filter(([, count]) => count > 0);
      return counts.length === 0 ? [] : [`${section}: ${counts.map(([what, count]) => `${count} ${what}`).join(', ')}`];
    })
    .join('; ');
}

/** The entries of a section by what names them: their id, their name, or their place. */
function entriesOf(section: Configuration[Section]): ReadonlyMap<string | number, unknown> {
  if (section instanceof Map) return section as ReadonlyMap<string, unknown>;
  if (!Array.isArray(section)) return new Map(Object.entries(section));
  const entries = section as readonly { readonly id?: string }[];
  return new Map(entries.map((entry, place) => [entry.id ?? place, entry]));
}
