/** The configuration's schema as JSON Schema (draft 7), which editors complete and check YAML by. */
import { z } from 'zod';
import { configurationSchema } from './schema.ts';

type Json = { readonly [key: string]: unknown };

/** Wherever a string stands, `${NAME}` may. */
const REFERENCE = { type: 'string', pattern: String.raw`\$\{` } as const;

/**
 * Made from the schema that the loader checks by. What no JSON Schema can say (whether an id is there, bounds of durations)
 * the loader alone says; so what is valid is valid here, and the rest is not always told.
 */
export function configurationJsonSchema(): Json {
  const schema = z.toJSONSchema(configurationSchema, { io: 'input', target: 'draft-7', unrepresentable: 'any' });
  const { $schema, ...rest } = schema;
  return { $schema, title: 'Tocsin configuration', ...(shaped(rest) as Json) };
}

function shaped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shaped);
  if (typeof value !== 'object' || value === null) return value;
  const { alsoTakes, ...node } = value as Json;
  // A list without an end has none, and a default is filled in by the loader: one of milliseconds would only mislead.
  const kept = Object.entries(node).filter(([key, one]) => !(key === 'maxItems' && one === null) && key !== 'default');
  const inner = Object.fromEntries(kept.map(([key, one]) => [key, key === 'enum' ? one : shaped(one)]));
  const { description, ...rules } = inner;
  const ways = [rules, ...(alsoTakes === undefined ? [] : [shaped(alsoTakes)]), ...(isText(rules) ? [REFERENCE] : [])];
  return ways.length === 1 ? inner : { ...(description === undefined ? {} : { description }), anyOf: ways };
}

/** A rule about strings that a reference to a variable would break. */
const isText = ({ pattern, enum: values }: Json): boolean =>
  pattern !== undefined || (Array.isArray(values) && values.some((value) => typeof value === 'string'));
