/** What the schema cannot know of expressions: that they hold. */
import { mistakesIn } from '../routing/check.ts';
import type { Purpose, Vocabulary } from '../routing/check.ts';
import { suggestion } from './nearest.ts';
import type { Path, Problem } from './problems.ts';
import { at, maps, texts } from './tree.ts';
import type { Trees } from './tree.ts';

/** What an expression is for. */
export interface Use {
  readonly purpose: Purpose;
  /** `decide` */
  readonly can: string;
  /** Where it can be read: nothing that may be secret is put into it. */
  readonly shownIn: string;
  /** `event` where absent. */
  readonly vocabulary?: Vocabulary;
}

const GROUPING: Use = { purpose: 'value', can: 'group', shownIn: 'timelines' };

export function checkExpression(path: Path, text: unknown, written: unknown, use: Use): readonly Problem[] {
  if (typeof text !== 'string' || text.trim() === '') return [];
  if (written !== text) {
    const sentence = `a \${NAME} is not taken here: the expression is shown in ${use.shownIn}; write the value itself`;
    return [{ path, says: { sentence } }];
  }
  return mistakesIn(text, use.purpose, use.vocabulary).map(({ at, says, unknown }) => {
    const hint = unknown === undefined ? '' : suggestion(unknown.name, unknown.known);
    return {
      path,
      says: { sentence: `not an expression that can ${use.can}, at character ${at}: ${says}${hint}` },
    };
  });
}

/** What services group by. */
export const checkGroupings = ({ tree, written }: Trees): readonly Problem[] =>
  maps(tree, ['services']).flatMap(([service]) =>
    texts(tree, [...service, 'grouping', 'by']).flatMap(([path, text]) =>
      checkExpression(path, text, at(written, path), GROUPING),
    ),
  );
