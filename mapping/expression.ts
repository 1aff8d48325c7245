/** An expression of a mapping, compiled (docs/adr/0023). */
import { isCelError, parse, plan } from '@bufbuild/cel';
import type { CelInput, CelValue } from '@bufbuild/cel';
import { cut, oneLine } from '../domain/text.ts';
import type { Vocabulary } from '../routing/check.ts';
import { meteredWith, meterLoops, STANDARD } from '../routing/meter.ts';
import { leniently, OF_MAPPINGS } from './functions.ts';

/** Characters of what the library says; it may quote the body. */
const MAX_ERROR = 200;

/** What expressions see of a request. `item` is one of those that `each` gives. */
export const VARIABLES = ['body', 'headers', 'query', 'item'] as const;

export type Variables = Readonly<Partial<Record<(typeof VARIABLES)[number], CelInput>>>;

/** For `mistakesIn`: what expressions of mappings may name. */
export const vocabulary = (member: string): Vocabulary => ({
  variables: member === 'each' ? VARIABLES.filter((name) => name !== 'item') : VARIABLES,
  functions: [...STANDARD, ...OF_MAPPINGS.written],
});

const ENVIRONMENT = meteredWith(OF_MAPPINGS.all);

/** What it gives, or a sentence that says why it gives nothing. Spends of the purse that is open (routing/meter.ts). */
export type Evaluate = (variables: Variables) => { readonly value: CelValue } | { readonly failed: string };

/** Compiles an expression that `mistakesIn` finds nothing in; throws the parser's error for one that is none. */
export function compile(text: string): Evaluate {
  const evaluate = plan(ENVIRONMENT, meterLoops(leniently(parse(text))));
  return (variables) => {
    const value = evaluate({ ...variables });
    return isCelError(value) ? { failed: explained(cut(oneLine(value.message), MAX_ERROR)) } : { value };
  };
}

/** CEL's own words for what surprises most: that nothing becomes text, or another kind of number, by itself. */
function explained(message: string): string {
  const [, types] = /applied to '\((.*)\)'/.exec(message) ?? [];
  if (types === undefined) return message;
  if (types.includes('double') && types.includes('int'))
    return `${message}: numbers of JSON are doubles, write 1.0 for 1`;
  if (types.includes('string') && types.includes('double')) return `${message}: string(…) makes text of a number`;
  return message;
}
