/** Which members an expression asks for and a body has not: what to look at where it gives nothing. */
import { parse } from '@bufbuild/cel';
import { cut, oneLine } from '../domain/text.ts';
import { membersOf } from '../intake/members.ts';
import { childrenOf } from '../routing/expressionTree.ts';
import type { Expr } from '../routing/expressionTree.ts';

/** Sentences, and names in one. */
const MAX_TOLD = 3;
const MAX_NAMES = 12;
const MAX_NAME = 40;

type Step = string | number;

/** `item.labels["a b"]` as its steps; undefined for what is no such path. `has()` asks, and misses nothing. */
function pathOf({ exprKind }: Expr): readonly Step[] | undefined {
  if (exprKind.case === 'identExpr') return [exprKind.value.name];
  if (exprKind.case === 'selectExpr') {
    const { operand, field, testOnly } = exprKind.value;
    const before = operand === undefined || testOnly ? undefined : pathOf(operand);
    return before && [...before, field];
  }
  if (exprKind.case !== 'callExpr' || exprKind.value.function !== '_[_]') return undefined;
  const [operand, index] = exprKind.value.args;
  const constant = index?.exprKind.case === 'constExpr' ? index.exprKind.value.constantKind : undefined;
  const before = operand && pathOf(operand);
  if (before === undefined) return undefined;
  if (constant?.case === 'stringValue') return [...before, constant.value];
  return constant?.case === 'int64Value' ? [...before, Number(constant.value)] : undefined;
}

const written = (path: readonly Step[]): string =>
  path
    .map((step, index) => {
      if (index === 0) return step;
      const isName = typeof step === 'string' && /^[A-Za-z_]\w*$/.test(step);
      return isName ? `.${step}` : `[${typeof step === 'number' ? step : JSON.stringify(step)}]`;
    })
    .join('');

/** Names of members alone; what they are is nobody's but the sender's. */
function namesIn(value: object): string {
  const names = Object.keys(value);
  if (names.length === 0) return 'it is empty';
  const told = names.slice(0, MAX_NAMES).map((name) => cut(oneLine(name), MAX_NAME));
  const rest = names.length > MAX_NAMES ? `, and ${names.length - MAX_NAMES} more` : '';
  return `it has: ${told.join(', ')}${rest}`;
}

/** What is missing on the way along `path`, or null at its end; undefined where nothing is. */
function lackOf(path: readonly Step[], variables: Readonly<Record<string, unknown>>): string | undefined {
  const [root = '', ...steps] = path;
  let value = variables[root];
  for (const [index, step] of steps.entries()) {
    const before = written(path.slice(0, index + 1));
    if (Array.isArray(value)) {
      if (typeof step !== 'number') return `${before} is a list, and has no member ${step}`;
      if (step >= value.length) return `${before} has ${value.length} entries, and no [${step}]`;
      value = value[step];
      continue;
    }
    const members = membersOf(value);
    if (members === undefined) return `${before} is ${value === null ? 'null' : `a ${typeof value}`}, and no map`;
    if (!Object.hasOwn(members, step)) return `${before} has no member ${String(step)}; ${namesIn(members)}`;
    value = members[step];
  }
  return value === null || value === undefined ? `${written(path)} is null` : undefined;
}

/** Sentences that say what `expression` lacks, of the variables as JSON; empty where it lacks nothing that can be told. */
export function lacksOf(expression: string, variables: Readonly<Record<string, unknown>>): readonly string[] {
  const found = new Set<string>();
  const walk = (expr: Expr): void => {
    if (found.size === MAX_TOLD) return;
    const path = pathOf(expr);
    if (path === undefined) return childrenOf(expr).forEach(walk);
    const lack = Object.hasOwn(variables, path[0] ?? '') ? lackOf(path, variables) : undefined;
    if (lack !== undefined) found.add(lack);
  };
  const { expr } = parse(expression);
  if (expr !== undefined) walk(expr);
  return [...found];
}
