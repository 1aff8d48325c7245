/**
 * What expressions of mappings have beside CEL's own functions (docs/adr/0023). A member that is missing is null there,
 * and no error: what a sender leaves out is asked for at every step, and nobody writes has() before each at night.
 */
import { CelScalar, celFunc, isCelList, isCelMap } from '@bufbuild/cel';
import type { CelFunc, CelInput, CelValue } from '@bufbuild/cel';
import { celInput } from '../routing/celInput.ts';
import { call, childrenOf, OWN } from '../routing/expressionTree.ts';
import type { Expr, Parsed } from '../routing/expressionTree.ts';

const { BOOL, DYN, STRING } = CelScalar;
const MEMBER = `${OWN}member`;
const HAS = `${OWN}has`;
/** Values that `first` takes at most. */
const MOST = 6;

/** The member of a map, or the entry of a list; undefined where it has none. */
function memberOf(operand: CelValue, key: CelValue): CelValue | undefined {
  if (isCelMap(operand)) {
    const isKey = typeof key === 'string' || typeof key === 'bigint' || typeof key === 'boolean';
    return isKey || typeof key === 'number' ? operand.get(key) : undefined;
  }
  if (!isCelList(operand) || (typeof key !== 'bigint' && typeof key !== 'number')) return undefined;
  return operand.get(Number(key)) ?? undefined;
}

/** What an expression gives that gives nothing. */
export const isNothing = (value: unknown): boolean =>
  value === null || value === undefined || (typeof value === 'string' && value.trim() === '');

function fromJson(text: string): CelInput {
  try {
    return celInput(JSON.parse(text));
  } catch {
    throw new Error('json() is given a text that is not JSON');
  }
}

/** `first(a, b, …)`: the first that is neither null nor blank, else null. `json(text)`: what the text says, which is JSON. */
const WRITTEN: readonly CelFunc[] = [
  ...Array.from({ length: MOST }, (_, index) =>
    celFunc(
      'first',
      Array.from({ length: index + 1 }, () => DYN),
      DYN,
      (...values: CelValue[]) => values.find((value) => !isNothing(value)) ?? null,
    ),
  ),
  celFunc('json', [STRING], DYN, fromJson),
];

const LENIENT: readonly CelFunc[] = [
  celFunc(MEMBER, [DYN, DYN], DYN, (operand, key) => memberOf(operand, key) ?? null),
  celFunc(HAS, [DYN, DYN], BOOL, (operand, key) => memberOf(operand, key) !== undefined),
];

/** Those that people write, and those that `leniently` puts in. */
export const OF_MAPPINGS = { written: WRITTEN, all: [...WRITTEN, ...LENIENT] } as const;

/** Makes `a.b`, `a["b"]`, `a[0]` and `has(a.b)` ask for the member and not demand it. Changes the tree in place. */
export function leniently(parsed: Parsed): Parsed {
  const walk = (expr: Expr): void => {
    childrenOf(expr).forEach(walk);
    const { exprKind, id } = expr;
    if (exprKind.case === 'selectExpr' && exprKind.value.operand !== undefined) {
      const { operand, field, testOnly } = exprKind.value;
      expr.exprKind = call(id, testOnly ? HAS : MEMBER, [operand, text(id, field)]).exprKind;
    } else if (exprKind.case === 'callExpr' && exprKind.value.function === '_[_]') {
      exprKind.value.function = MEMBER;
    }
  };
  if (parsed.expr !== undefined) walk(parsed.expr);
  return parsed;
}

const text = (id: bigint, value: string): Expr => ({
  $typeName: 'cel.expr.Expr',
  id,
  exprKind: {
    case: 'constExpr',
    value: { $typeName: 'cel.expr.Constant', constantKind: { case: 'stringValue', value } },
  },
});
