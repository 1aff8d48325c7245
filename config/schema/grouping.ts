/** What a service groups its alerts by (interfaces §3, lifecycle §2.3). */
import { z } from 'zod';
import { duration, fields, list, OFF } from './parts.ts';

const BY = 'a list of 1 to 10 expressions such as event.details.cluster';
const EXPRESSION = 'a CEL expression such as event.details.cluster';

const GROUPING = fields("off, or what alerts are grouped by, such as { by: ['event.details.cluster'], window: 5m }", {
  by: list(BY, z.string({ error: EXPRESSION }).regex(/\S/, { error: EXPRESSION }), 1, 10),
  window: duration('1s', '30d').optional(),
});

/** Undefined where it is off. */
export const grouping = z
  .preprocess((value) => (OFF.some((off) => off === value) ? undefined : value), GROUPING.optional())
  .meta({ alsoTakes: { enum: [...OFF] } })
  .optional();
