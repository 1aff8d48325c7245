/** How urgent a service's incidents are: a word, or support hours (interfaces §3; lifecycle §8, §10). */
import { z } from 'zod';
import { WEEKDAYS } from '../../domain/configuration.ts';
import { parseTimeOfDay } from '../../domain/time.ts';
import { choice, fields, list, unexpected, zone } from './parts.ts';

const time = (last: string) => {
  const expected = `a time such as "09:00", to ${last}`;
  return z
    .string({ error: expected })
    .meta({ pattern: String.raw`^\d{1,2}:\d\d$`, description: expected })
    .transform((text, ctx): string => {
      const read = parseTimeOfDay(text);
      return read === undefined || read > Number(parseTimeOfDay(last)) ? unexpected(ctx, text, expected) : text;
    });
};

const supportHours = fields('hours such as { days: [mon], from: "09:00", to: "18:00", inside: high, outside: low }', {
  timezone: zone.optional(),
  days: list('a list of at least one day, such as [mon, fri]', choice(WEEKDAYS), 1).default([...WEEKDAYS]),
  from: time('23:59'),
  to: time('24:00'),
  inside: choice(['high', 'low']),
  outside: choice(['high', 'low']),
  raise: choice(['start', 'end']).optional(),
}).superRefine(({ from, to }, ctx) => {
  if (parseTimeOfDay(from) !== parseTimeOfDay(to)) return;
  const message = 'from and to are the same; a whole day is from "00:00" to "24:00"';
  ctx.addIssue({ code: 'custom', message, path: ['to'], input: '' });
});

const WORDS = ['high', 'low', 'bySeverity'] as const;
const BY_HOURS = fields('high, low, bySeverity or { supportHours: … }', { supportHours });

type Written = (typeof WORDS)[number] | z.output<typeof BY_HOURS>;

const inWords = ({ $schema: _schema, ...schema }: z.core.JSONSchema.JSONSchema) => schema;
const WRITTEN_HOURS = inWords(z.toJSONSchema(BY_HOURS, { io: 'input', target: 'draft-7', unrepresentable: 'any' }));

/** What is no word is told as what is wrong with it as a map. */
export const urgency = z
  .unknown()
  .transform((value, ctx): Written => {
    const word = WORDS.find((one) => one === value);
    if (word !== undefined) return word;
    const hours = BY_HOURS.safeParse(value);
    if (hours.success) return hours.data;
    ctx.issues.push(...hours.error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue));
    return z.NEVER;
  })
  .meta({ enum: [...WORDS], alsoTakes: WRITTEN_HOURS });
