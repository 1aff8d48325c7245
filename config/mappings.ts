/** What the schema cannot know of mappings: that their expressions hold, and that a generic integration has one. */
import type { Mapping } from '../domain/mapping.ts';
import { vocabulary } from '../mapping/expression.ts';
import type { Purpose } from '../routing/check.ts';
import { checkExpression } from './expressions.ts';
import { integrationsOf } from './integrations.ts';
import type { Path, Problem } from './problems.ts';
import { at } from './tree.ts';
import type { Fields, Trees } from './tree.ts';

/** What each member needs. */
const PURPOSES: Readonly<Record<keyof Mapping, Purpose>> = {
  each: 'items',
  when: 'choice',
  action: 'text',
  dedupKey: 'text',
  groupKey: 'text',
  summary: 'text',
  source: 'text',
  severity: 'text',
  component: 'text',
  group: 'text',
  class: 'text',
  details: 'members',
  links: 'links',
  at: 'instant',
};
/** What a member of it needs where it is a map of expressions. */
const WITHIN: Readonly<Record<string, Purpose>> = { details: 'anything', links: 'text' };

export const checkMappings = (trees: Trees): readonly Problem[] =>
  integrationsOf(trees.tree).flatMap(({ path, source, settings: { mapping } }): readonly Problem[] => {
    if (source !== 'generic') return [];
    if (mapping === undefined) {
      const sentence =
        'source generic needs a mapping: the name of a ready one, such as zabbix, or { summary: body.title, … }';
      return [{ path, says: { sentence } }];
    }
    if (typeof mapping !== 'object' || mapping === null) return [];
    return Object.entries(PURPOSES).flatMap(([member, purpose]) =>
      checkMember(trees, [...path, 'mapping', member], member, purpose),
    );
  });

function checkMember({ tree, written }: Trees, path: Path, member: string, purpose: Purpose): readonly Problem[] {
  const value = at(tree, path);
  const check = (place: Path, text: unknown, needed: Purpose): readonly Problem[] =>
    checkExpression(place, text, at(written, place), {
      purpose: needed,
      can: `give ${place.slice(path.length - 1).join('.')}`,
      shownIn: 'answers to its sender',
      vocabulary: vocabulary(member),
    });
  if (typeof value !== 'object' || value === null) return check(path, value, purpose);
  const within = WITHIN[member];
  if (within === undefined) return [];
  return Object.entries(value as Fields).flatMap(([name, text]) => check([...path, name], text, within));
}
