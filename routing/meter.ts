/**
 * Bounds what one evaluation costs, in steps that are counted and not in time: the same event is routed the same way on a
 * busy machine. The library has no bound of its own, and an event may hold lists of thousands.
 */
import { celEnv, CelScalar, celFunc, isCelError, isCelList, isCelMap } from '@bufbuild/cel';
import type { CelEnv, CelFunc, CelValue } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { call, childrenOf, OWN } from './expressionTree.ts';
import type { Expr, Parsed } from './expressionTree.ts';

/** Enough to look at each of the 16,000 entries that an event can hold; about a tenth of a second. */
const MAX_STEPS = 50_000;
const STEP = `${OWN}step`;

let purse = 0;
let left = 0;

/** Throws where more than there is would be spent. */
export function spend(steps: number): void {
  left -= steps;
  if (left < 0) throw new Error(`it takes more than ${purse} steps on this event`);
}

/** What looking through a value costs: a character of a text far less than an entry of a list. */
export function weight(value: CelValue | undefined): number {
  if (typeof value === 'string') return value.length / 50;
  return isCelList(value) || isCelMap(value) ? value.size / 10 : 0;
}

/** The same function, paid for before it is called; and what it makes, which may be far larger, after it. */
const metered = (standard: CelFunc): CelFunc =>
  Object.create(standard, {
    call: {
      value: (id: number, target: CelValue | undefined, args: CelValue[]) => {
        spend(1 + [target, ...args].reduce<number>((sum, each) => sum + weight(each), 0));
        const made = standard.call(id, target, args);
        if (!isCelError(made)) spend(weight(made));
        return made;
      },
    },
  }) as CelFunc;

/** Of the library's extension for texts. Not `replace` and `format`, whose work grows faster than what they are given. */
const OF_TEXTS = ['charAt', 'indexOf', 'join', 'lastIndexOf', 'lowerAscii', 'split', 'substring', 'trim', 'upperAscii'];

/** CEL's standard functions and those for texts, of which `name`, `target`, `arguments` and `result` say what they are. */
export const STANDARD: readonly CelFunc[] = [
  ...celEnv().funcs,
  ...strings.filter(({ name }) => OF_TEXTS.includes(name)),
];

const step = celFunc(STEP, [], CelScalar.BOOL, () => {
  spend(1);
  return true;
});

/** In which expressions are evaluated: the standard functions and `own`, all of them paid for. */
export const meteredWith = (own: readonly CelFunc[]): CelEnv =>
  celEnv({ funcs: [...[...STANDARD, ...own].map(metered), step] });

export const METERED = meteredWith([]);

/** `evaluate` with a full purse. Evaluation is synchronous, so one purse serves all. */
export function withinMeter<Result>(evaluate: () => Result, steps = MAX_STEPS): Result {
  [purse, left] = [steps, steps];
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
