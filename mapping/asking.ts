/** Asking the expressions of a mapping about a request, and saying what is wrong with what they give. */
import { TocsinError } from '../domain/errors.ts';
import type { Mapping } from '../domain/mapping.ts';
import { cut, oneLine } from '../domain/text.ts';
import { textOf } from '../intake/members.ts';
import { compile, type Evaluate, type Variables } from './expression.ts';
import { isNothing } from './functions.ts';
import { toJson } from './json.ts';
import { lacksOf } from './missing.ts';

/** Characters of an expression in a sentence. */
const MAX_SHOWN = 120;

// A configuration is never changed in place; a reload makes new mappings.
const compiled = new WeakMap<Mapping, Map<string, Evaluate>>();

function evaluateOf(mapping: Mapping, expression: string): Evaluate {
  const known = compiled.get(mapping) ?? new Map<string, Evaluate>();
  compiled.set(mapping, known);
  const evaluate = known.get(expression) ?? compile(expression);
  known.set(expression, evaluate);
  return evaluate;
}

/** As JSON; null for nothing, and a blank text is nothing. Or why there is none. */
export type Found = { readonly value: unknown } | { readonly failed: string };

/** About one item, or about a body as a whole. `member` is the mapping's: `summary`, `each`. */
export interface Asking {
  readonly found: (expression: string) => Found;
  /** As `found`. Throws BAD_EVENT where the expression fails. */
  readonly value: (member: string, expression: string) => unknown;
  /** Trimmed; undefined for nothing. Throws BAD_EVENT for what is no text and no number, too. */
  readonly text: (member: string, expression: string | undefined) => string | undefined;
  /** BAD_EVENT that names the member and its expression. */
  readonly wrong: (member: string, expression: string, how: string) => TocsinError;
  /** The same, with what the expression asks for and does not find. */
  readonly lacking: (member: string, expression: string, how: string) => TocsinError;
}

/** `seen`: the variables as JSON, for what is said of them. `place`: ` of item 2`, or nothing where there is but one. */
export function asking(
  mapping: Mapping,
  variables: Variables,
  seen: Readonly<Record<string, unknown>>,
  place = '',
): Asking {
  const wrong = (member: string, expression: string, how: string): TocsinError => {
    const shown = cut(oneLine(expression), MAX_SHOWN);
    return new TocsinError('BAD_EVENT', `mapping.${member}${place} ${how}. It is: ${shown}`);
  };
  const lacking: Asking['lacking'] = (member, expression, how) =>
    wrong(member, expression, [how, ...lacksOf(expression, seen)].join('; '));
  const found = (expression: string): Found => {
    const result = evaluateOf(mapping, expression)(variables);
    if ('failed' in result) return result;
    return isNothing(result.value) ? { value: null } : toJson(result.value);
  };
  const value = (member: string, expression: string): unknown => {
    const result = found(expression);
    if ('failed' in result) throw lacking(member, expression, `fails: ${result.failed}`);
    return result.value;
  };
  const text = (member: string, expression: string | undefined): string | undefined => {
    if (expression === undefined) return undefined;
    const given = value(member, expression);
    if (given === null || isText(given)) return textOf(given);
    throw wrong(member, expression, `gives ${kindOf(given)}, and text or a number is needed`);
  };
  return { found, value, text, wrong, lacking };
}

/** Text, or a number that is taken for one. */
export const isText = (value: unknown): boolean => typeof value === 'string' || typeof value === 'number';

/** Of a value of JSON, as a sentence names it. */
export function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return value === null ? 'nothing' : 'a map';
  if (typeof value === 'boolean') return String(value);
  return typeof value === 'number' ? 'a number' : 'text';
}
