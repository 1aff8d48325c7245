/**
 * What is wrong with a request, in words that say what to do: zod's own are for developers. What a schema says itself stands
 * (zod.dev/error-customization: the schema's error comes before that of the parse).
 */
import type { FastifySchemaCompiler } from 'fastify';
import { z } from 'zod';

/** Reads a part of a request by its schema. A fault is `place: words` in api/problems.ts. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (data: unknown) => {
    const read = z.safeParse(schema, data, { error: inWords });
    if (read.success) return { value: read.data };
    const faults = read.error.issues.map(({ code, path, message }) => ({
      keyword: code,
      instancePath: `/${path.join('/')}`,
      schemaPath: '',
      params: {},
      message,
    }));
    return { error: faults as unknown as Error };
  };

const NAMED: Readonly<Record<string, string>> = { int: 'a whole number', array: 'a list', object: 'an object' };
const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' entries' };

/** Undefined: as zod says it. */
function inWords(issue: z.core.$ZodRawIssue): string | undefined {
  const missing = issue.input === undefined ? 'is missing; ' : '';
  if (issue.code === 'invalid_type') return `${missing}${NAMED[issue.expected] ?? `a ${issue.expected}`} was expected`;
  if (issue.code === 'invalid_value') return `${missing}${oneOf(issue.values)} was expected`;
  if (issue.code === 'too_small') {
    const { origin, minimum } = issue;
    return minimum === 1 && origin in UNITS
      ? 'must not be empty'
      : `at least ${minimum}${UNITS[origin] ?? ''} expected`;
  }
  if (issue.code === 'too_big') return `at most ${issue.maximum}${UNITS[issue.origin] ?? ''} expected`;
  if (issue.code === 'unrecognized_keys') return `there is no ${issue.keys.map(quoted).join(', ')}${known(issue.inst)}`;
  if (issue.code === 'invalid_format' && issue.format === 'datetime') return AN_INSTANT;
  return undefined;
}

const AN_INSTANT = 'an instant was expected, such as 2026-03-02T09:00:00Z or 2026-03-02T17:00:00+08:00';

const quoted = (key: string): string => `'${key}'`;

const oneOf = (values: readonly unknown[]): string =>
  values
    .map(String)
    .join(', ')
    .replace(/, ([^,]+)$/, ' or $1');

/** What the object takes. */
const known = (schema: unknown): string =>
  schema instanceof z.ZodObject ? `; there are: ${Object.keys(schema.shape).join(', ')}` : '';
