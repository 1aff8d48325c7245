/** A request that is not what its schema says is told what was expected. */
import type { z } from 'zod';
import { validatorCompiler } from '../../api/validation.ts';
import { COMMAND_BODIES, bulkBody, listQuery } from '../../api/schemas/requests.ts';

const faults = (schema: z.ZodType, data: unknown): unknown => {
  const validate = validatorCompiler({ schema, method: 'POST', url: '/' });
  const { error } = validate(data) as { error?: readonly { instancePath: string; message: string }[] };
  return error?.map(({ instancePath, message }) => `${instancePath}: ${message}`);
};

test.each([
  [COMMAND_BODIES.escalate, {}, '/fromLevel: is missing; a number was expected'],
  [COMMAND_BODIES.escalate, { fromLevel: 'two' }, '/fromLevel: a number was expected'],
  [COMMAND_BODIES.escalate, { fromLevel: 1.5 }, '/fromLevel: a whole number was expected'],
  [COMMAND_BODIES.escalate, { fromLevel: -1 }, '/fromLevel: at least 0 expected'],
  [COMMAND_BODIES.priority, { priority: 'P6' }, '/priority: P1, P2, P3, P4 or P5 was expected'],
  [COMMAND_BODIES.urgency, {}, '/urgency: is missing; high or low was expected'],
  [COMMAND_BODIES.notes, { text: ' ' }, '/text: must not be empty'],
  [COMMAND_BODIES.notes, { text: 'x'.repeat(2001) }, '/text: at most 2000 characters expected'],
  [COMMAND_BODIES.acknowledge, { who: 'ana' }, "/: there is no 'who'; there are: as, note"],
  [COMMAND_BODIES.acknowledge, ['ana'], '/: an object was expected'],
  [COMMAND_BODIES.snooze, {}, '/duration: a duration from 1s to 7d, such as 90s, 5m or 1h30m'],
  [bulkBody('notes'), { text: 'x', incidents: [] }, '/incidents: must not be empty'],
  [
    listQuery,
    { since: 'yesterday' },
    '/since: an instant was expected, such as 2026-03-02T09:00:00Z or 2026-03-02T17:00:00+08:00',
  ],
])('%#: %j', (schema, data, told) => {
  expect(faults(schema, data)).toEqual([told]);
});

test('what is right is read: spaces around it are trimmed', () => {
  const validate = validatorCompiler({ schema: COMMAND_BODIES.notes, method: 'POST', url: '/' });
  expect(validate({ text: ' it is back ' })).toEqual({ value: { text: 'it is back' } });
});
