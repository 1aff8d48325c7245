/**
 * Bounds what one evaluation costs, in steps that are counted and not in time: the same event is routed the same way on a
 * busy machine. The library has no bound of its own, and an event may hold lists of thousands.
 */
import { celEnv, CelScalar, celFunc, isCelList, isCelMap } from '@bufbuild/cel';
import type { CelFunc, CelValue } from '@bufbuild/cel';
import { childrenOf, OWN } from './expressionTree.ts';
import type { Expr, Parsed } from './expressionTree.ts';

/** Enough to look at each of the 16,000 entries that an event can hold; about a tenth of a second. */
const MAX_STEPS = 50_000;
const STEP = `${OWN}step`;

let left = 0;

function spend(steps: number): void {
  left -= steps;
  if (left < 0) throw new Error(`it takes more than ${MAX_STEPS} steps on this event`);
}

/** What looking through a value costs: a character of a text far less than an entry of a list. */
function weight(value: CelValue | undefined): number {
  if (typeof value === 'string') return value.length / 50;
  return isCelList(value) || isCelMap(value) ? value.size / 10 : 0;
}

/** The same function, paid for before it is called. */
const metered = (standard: CelFunc): CelFunc =>
  Object.create(standard, {
    call: {
      value: (id: number, target: CelValue | undefined, args: CelValue[]) => {
        spend(1 + [target, ...args].reduce<number>((sum, each) => sum + weight(each), 0));
        return standard.call(id, target, args);
      },
    },
  }) as CelFunc;

/** CEL's standard functions, of which `name`, `target`, `arguments` and `result` say what they are. */
export const STANDARD: readonly CelFunc[] = [...celEnv().funcs];

const step = celFunc(STEP, [], CelScalar.BOOL, () => {
  spend(1);
  return true;
});

export const METERED = celEnv({ funcs: [...STANDARD.map(metered), step] });

/** `evaluate` with a full purse. Evaluation is synchronous, so one purse serves all. */
export function withinMeter<Result>(evaluate: () => Result): Result {
  left = MAX_STEPS;
  return evaluate();
}

/** Makes each round of each loop of the expression cost a step, for a loop need not call anything. Changes it in place. */
export function meterLoops(parsed: Parsed): Parsed {
  const walk = (expr: Expr): void => {
    childrenOf(expr).forEach(walk);
    const { exprKind, id } = expr;
    if (exprKind.case !== 'comprehensionExpr' || exprKind.value.loopCondition === undefined) return;
    exprKind.value.loopCondition = call(id, '_&&_', [call(id, STEP, []), exprKind.value.loopCondition]);
  };
  if (parsed.expr !== undefined) walk(parsed.expr);
  return parsed;
}

const call = (id: bigint, name: string, args: Expr[]): Expr => ({
  $typeName: 'cel.expr.Expr',
  id,
  exprKind: { case: 'callExpr', value: { $typeName: 'cel.expr.Expr.Call', function: name, args } },
});
