/** `templates`: an operator's own words, by channel and part, and by language where they are not the same in all. */
import { z } from 'zod';
import { LANGUAGES } from '../../domain/language.ts';
import type { Language } from '../../domain/language.ts';
import type { PartOf, TemplatedChannel } from '../../domain/templates.ts';
import { TEMPLATE_PARTS } from '../../domain/templates.ts';
import { fields } from './parts.ts';

const TEMPLATE = 'a template such as "{{ service.name }}: {{ summary }}"';
const EXPECTED = `${TEMPLATE}, or templates by language: any, ${LANGUAGES.join(', ')}`;

/** What is in it is checked in the tree (config/templates.ts). */
const source = z.string({ error: TEMPLATE }).meta({ description: TEMPLATE }).optional();

const inLanguages = Object.fromEntries(LANGUAGES.map((language) => [language, source]));

/** Written by itself it is that of every language. No union, for one tells not what is wrong in it. */
const template = z
  .preprocess(
    (value) => (typeof value === 'string' ? { any: value } : value),
    fields(EXPECTED, { any: source, ...(inLanguages as Record<Language, typeof source>) }),
  )
  .meta({ alsoTakes: { type: 'string' } })
  .optional();

function partsOf<Kind extends TemplatedChannel>(channel: Kind) {
  const names = Object.keys(TEMPLATE_PARTS[channel]) as PartOf<Kind>[];
  const shape = Object.fromEntries(names.map((name) => [name, template])) as Record<PartOf<Kind>, typeof template>;
  return fields(`templates by part: ${names.join(', ')}`, shape).optional();
}

const CHANNELS = Object.keys(TEMPLATE_PARTS) as TemplatedChannel[];
const byChannel = Object.fromEntries(CHANNELS.map((channel) => [channel, partsOf(channel)]));

export const templates = fields(
  `templates by channel: ${CHANNELS.join(', ')}`,
  byChannel as { [Kind in TemplatedChannel]: ReturnType<typeof partsOf<Kind>> },
);
