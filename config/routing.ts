/** What the schema cannot know of routing rules: that their expressions hold, and that every event comes somewhere. */
import { checkExpression } from './expressions.ts';
import type { Use } from './expressions.ts';
import type { Path, Problem } from './problems.ts';
import { maps, reference } from './tree.ts';
import type { Fields, Trees } from './tree.ts';

const SECTION: Path = ['routing'];
const CONDITION: Use = { purpose: 'condition', can: 'decide', shownIn: 'timelines' };

/** All that is wrong with the rules, and between them and the integrations of no service. */
export function checkRouting(trees: Trees): readonly Problem[] {
  const rules = maps(trees.tree, SECTION);
  const written = maps(trees.written, SECTION);
  return [
    ...rules.flatMap(([path, rule], index) => [
      ...checkExpression([...path, 'when'], rule['when'], written[index]?.[1]['when'], CONDITION),
      ...checkOutcome(trees, path, rule),
    ]),
    ...unreachable(rules),
    ...uncaught(trees.tree, rules),
  ];
}

function checkOutcome(trees: Trees, path: Path, { set, suppress }: Fields): readonly Problem[] {
  const settings = typeof set === 'object' && set !== null ? (set as Fields) : {};
  if (suppress === true) {
    const sentence = 'a rule that suppresses makes no incident, so it sets nothing; leave out set, or suppress';
    return set === undefined ? [] : [{ path: [...path, 'set'], at: 'key', says: { sentence } }];
  }
  if (settings['service'] === undefined) {
    const sentence = 'says not where its events go; add set: { service: … }, or suppress: true';
    return [{ path, says: { sentence } }];
  }
  return reference(trees, [...path, 'set', 'service'], settings['service'], 'service', ['services']);
}

type Rules = ReturnType<typeof maps>;

/** A rule without `when` takes whatever comes to it. */
function unreachable(rules: Rules): readonly Problem[] {
  const first = rules.findIndex(([, { when }]) => when === undefined);
  const sentence = `is never asked: rule ${first + 1} has no \`when\` and takes everything; put that one last`;
  return first < 0 ? [] : rules.slice(first + 1).map(([path]) => ({ path, says: { sentence } }));
}

function uncaught(tree: unknown, rules: Rules): readonly Problem[] {
  const [integration] = maps(tree, ['integrations']);
  const last = rules.at(-1);
  if (integration === undefined || (last !== undefined && last[1]['when'] === undefined)) return [];
  const what = 'an integration of no service needs a last rule without `when`, so that no event is left over';
  const sentence = `${what}; add - set: { service: … } at the end of routing:`;
  return [{ path: last?.[0] ?? integration[0], says: { sentence } }];
}
