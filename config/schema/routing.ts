/** Rules that route events of integrations of no service (interfaces §3). */
import { z } from 'zod';
import { PRIORITIES } from '../../domain/commands.ts';
import { SEVERITIES } from '../../domain/event.ts';
import { choice, fields, flag, holdFor, id } from './parts.ts';

const WHEN = 'a CEL expression such as event.severity == "critical"';

export const rule = fields('a rule such as { when: \'event.severity == "critical"\', set: { service: payments } }', {
  when: z.string({ error: WHEN }).regex(/\S/, { error: WHEN }).optional(),
  set: fields('what the rule sets, such as { service: payments, priority: P1 }', {
    service: id.optional(),
    severity: choice(SEVERITIES).optional(),
    priority: choice(PRIORITIES).optional(),
    urgency: choice(['high', 'low']).optional(),
    holdFor: holdFor.optional(),
  }).optional(),
  suppress: flag.default(false),
});
