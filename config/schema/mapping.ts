/** How the JSON of an integration of source `generic` becomes events (docs/guides/generic.md). */
import { z } from 'zod';
import type { Mapping } from '../../domain/mapping.ts';
import { READY, READY_NAMES } from '../../mapping/ready/index.ts';
import { choice, fields } from './parts.ts';

const EXPRESSION = 'a CEL expression such as body.title';
const DETAILS = 'an expression that gives a map, or a map of expressions such as { host: body.host }';
const LINKS = 'an expression that gives a list of addresses, or a map of expressions such as { Dashboard: body.url }';

const expression = z.string({ error: EXPRESSION }).regex(/\S/, { error: EXPRESSION }).meta({ description: EXPRESSION });
const each = (error: string) => z.union([expression, z.record(z.string(), expression)], { error });

const MAPPING = fields('the name of a ready mapping, such as zabbix, or a map such as { summary: body.title }', {
  from: choice(READY_NAMES).exactOptional(),
  each: expression.exactOptional(),
  when: expression.exactOptional(),
  action: expression.exactOptional(),
  dedupKey: expression.exactOptional(),
  groupKey: expression.exactOptional(),
  summary: expression.exactOptional(),
  source: expression.exactOptional(),
  severity: expression.exactOptional(),
  component: expression.exactOptional(),
  group: expression.exactOptional(),
  class: expression.exactOptional(),
  details: each(DETAILS).exactOptional(),
  links: each(LINKS).exactOptional(),
  at: expression.exactOptional(),
});

/** A name is the ready mapping of that name; what stands beside `from` is in the place of what that one has. */
export const mapping = z
  .preprocess((value) => (typeof value === 'string' ? { from: value } : value), MAPPING)
  .transform(({ from, ...own }, ctx): Mapping => {
    const whole = { ...(from === undefined ? {} : READY[from]), ...own };
    if (whole.summary !== undefined) return { ...whole, summary: whole.summary };
    const message =
      'says not what an event is called; add summary: body.title, or from: and the name of a ready mapping';
    ctx.addIssue({ code: 'custom', message, input: '' });
    return z.NEVER;
  })
  .meta({ alsoTakes: { enum: READY_NAMES } });
