/** What the schema cannot know of templates: that they are Liquid, and name what there is. */
import type { TemplatePart, TemplatedChannel, TextKind } from '../domain/templates.ts';
import { TEMPLATE_PARTS } from '../domain/templates.ts';
import { mistakeIn } from '../templating/engine.ts';
import type { Path, Problem } from './problems.ts';
import { at, texts } from './tree.ts';
import type { Trees } from './tree.ts';

/** What is sent is kept, and may be read by all who may read incidents. */
const NO_VARIABLES = 'a ${NAME} is not taken here, for what is sent is kept and shown; write the value itself';

/** Of each template the first mistake. */
export const checkTemplates = (trees: Trees): readonly Problem[] => [
  ...(Object.keys(TEMPLATE_PARTS) as TemplatedChannel[]).flatMap((channel) =>
    Object.entries<TemplatePart>(TEMPLATE_PARTS[channel]).flatMap(([part, { kind }]) =>
      textsAt(trees.tree, ['templates', channel, part]).flatMap((found) => checkTemplate(trees, found, kind)),
    ),
  ),
  ...passedOver(trees),
  // What a provider's own template is filled with.
  ...texts(trees.tree, ['channels', 'sms', 'params']).flatMap((found) => checkTemplate(trees, found, 'line')),
];

/** Nothing that is written is ignored. */
function passedOver({ tree }: Trees): readonly Problem[] {
  const isTencent = at(tree, ['channels', 'sms', 'provider']) === 'tencent';
  if (!isTencent || at(tree, ['templates', 'sms']) === undefined) return [];
  const sentence =
    'Tencent Cloud sends an approved template of its own; word what is put into it in channels.sms.params';
  return [{ path: ['templates', 'sms'], at: 'key', says: { sentence } }];
}

function checkTemplate({ written }: Trees, [path, text]: readonly [Path, string], kind: TextKind): readonly Problem[] {
  const mistake = at(written, path) === text ? mistakeIn(kind, text) : NO_VARIABLES;
  return mistake === null ? [] : [{ path, says: { sentence: `not a template that can be used: ${mistake}` } }];
}

/** A part's template, or those of each language. */
function textsAt(tree: unknown, path: Path): readonly (readonly [Path, string])[] {
  const found = at(tree, path);
  if (typeof found === 'string') return [[path, found]];
  if (typeof found !== 'object' || found === null) return [];
  return Object.entries(found).flatMap(([language, text]) =>
    typeof text === 'string' ? [[[...path, language], text] as const] : [],
  );
}
