/** What an expression gives, where that is certain before an event comes. */
import { EVENT_MEMBERS } from './celEvent.ts';
import type { Expr } from './expressionTree.ts';
import { STANDARD } from './meter.ts';

export type Kind = 'true or false' | 'text' | 'a number' | 'a list' | 'a map' | 'null' | 'bytes' | 'something else';

const OF_CONSTANTS: Readonly<Record<string, Kind>> = {
  boolValue: 'true or false',
  stringValue: 'text',
  bytesValue: 'bytes',
  int64Value: 'a number',
  uint64Value: 'a number',
  doubleValue: 'a number',
  nullValue: 'null',
};

/** By the names that CEL has for its types; of all others nothing is certain. */
const OF_TYPES: Readonly<Record<string, Kind>> = {
  bool: 'true or false',
  string: 'text',
  bytes: 'bytes',
  int: 'a number',
  uint: 'a number',
  double: 'a number',
  type: 'something else',
};

/** Undefined where it depends on the event. */
export function kindOf(expr: Expr): Kind | undefined {
  const { exprKind } = expr;
  switch (exprKind.case) {
    case 'constExpr':
      return OF_CONSTANTS[exprKind.value.constantKind.case ?? ''];
    case 'identExpr':
      return exprKind.value.name === 'event' ? 'a map' : undefined;
    case 'selectExpr':
      return exprKind.value.testOnly ? 'true or false' : kindOfMember(expr);
    case 'callExpr':
      return kindOfMember(expr) ?? kindOfCall(exprKind.value.function);
    case 'listExpr':
      return 'a list';
    case 'structExpr':
      return 'a map';
    case 'comprehensionExpr': {
      // map() and filter() begin with an empty list, all() and exists() with true or false.
      const start = exprKind.value.accuInit && kindOf(exprKind.value.accuInit);
      return start === 'a number' ? 'true or false' : start;
    }
    case undefined:
      return undefined;
    default:
      return exprKind satisfies never;
  }
}

function kindOfMember(expr: Expr): Kind | undefined {
  const name = memberOf(expr)?.name ?? '';
  return Object.hasOwn(EVENT_MEMBERS, name) ? EVENT_MEMBERS[name as keyof typeof EVENT_MEMBERS] : undefined;
}

/** Where all forms of a function give the same. */
function kindOfCall(name: string): Kind | undefined {
  if (['_&&_', '_||_'].includes(name)) return 'true or false';
  const kinds = new Set(STANDARD.filter((each) => each.name === name).map(({ result }) => OF_TYPES[result.name]));
  const [only] = kinds;
  return kinds.size === 1 ? only : undefined;
}

/** `event.<name>`, `event["<name>"]` or `has(event.<name>)`; undefined for anything else. */
export function memberOf({ exprKind }: Expr): { readonly name: string; readonly tested: boolean } | undefined {
  if (exprKind.case === 'selectExpr') {
    const { operand, field, testOnly } = exprKind.value;
    return isEvent(operand) ? { name: field, tested: testOnly } : undefined;
  }
  if (exprKind.case !== 'callExpr' || exprKind.value.function !== '_[_]') return undefined;
  const [operand, index] = exprKind.value.args;
  const constant = index?.exprKind.case === 'constExpr' ? index.exprKind.value.constantKind : undefined;
  return isEvent(operand) && constant?.case === 'stringValue' ? { name: constant.value, tested: false } : undefined;
}

const isEvent = (expr: Expr | undefined): boolean =>
  expr?.exprKind.case === 'identExpr' && /^\.?event$/.test(expr.exprKind.value.name);
