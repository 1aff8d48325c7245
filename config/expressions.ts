/** What the schema cannot know of expressions: that they hold. */
import { mistakesIn } from '../routing/check.ts';
import type { Purpose } from '../routing/check.ts';
import { suggestion } from './nearest.ts';
import type { Path, Problem } from './problems.ts';
import { at, maps, texts } from './tree.ts';
import type { Trees } from './tree.ts';

const CAN: Readonly<Record<Purpose, string>> = { condition: 'decide', value: 'group' };

/** An expression stands in incidents' timelines and keys, so nothing that may be secret is put into it. */
export function checkExpression(path: Path, text: unknown, written: unknown, purpose: Purpose): readonly Problem[] {
  if (typeof text !== 'string' || text.trim() === '') return [];
  if (written !== text) {
    const sentence = 'a ${NAME} is not taken here: the expression is shown in timelines; write the value itself';
    return [{ path, says: { sentence } }];
  }
  return mistakesIn(text, purpose).map(({ at, says, unknown }) => {
    const hint = unknown === undefined ? '' : suggestion(unknown.name, unknown.known);
    return {
      path,
      says: { sentence: `not an expression that can ${CAN[purpose]}, at character ${at}: ${says}${hint}` },
    };
  });
}

/** What services group by. */
export const checkGroupings = ({ tree, written }: Trees): readonly Problem[] =>
  maps(tree, ['services']).flatMap(([service]) =>
    texts(tree, [...service, 'grouping', 'by']).flatMap(([path, text]) =>
      checkExpression(path, text, at(written, path), 'value'),
    ),
  );
