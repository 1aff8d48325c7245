/**
 * What is wrong with an expression, as far as that is known before an event comes: the library has no type checker, so
 * names, arguments, and what must be true or false are looked at here (docs/adr/0007).
 */
import { isCelError, parse, run } from '@bufbuild/cel';
import { EVENT_MEMBERS } from './celEvent.ts';
import { childrenOf, OWN } from './expressionTree.ts';
import type { Expr, Parsed } from './expressionTree.ts';
import { kindOf, memberOf } from './kinds.ts';
import { STANDARD } from './meter.ts';

/** Characters. */
const MAX_LENGTH = 1_000;
const MAX_DEPTH = 50;
/** Loops within loops: each takes as many times the work as an event has entries. */
const MAX_LOOPS = 2;

const MACROS = ['has', 'all', 'exists', 'exists_one', 'map', 'filter'];
/** Names of types, which are values in CEL: `type(event.details.x) == string`. */
const TYPES = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'list', 'map', 'null_type', 'type'];
const FUNCTIONS = [...new Set(STANDARD.map(({ name }) => name))].filter((name) => /^[A-Za-z]/.test(name));

export interface Mistake {
  /** Character of the expression, from 1. */
  readonly at: number;
  readonly says: string;
  /** A name that nothing is known of, and those that are known in its place. */
  readonly unknown?: { readonly name: string; readonly known: readonly string[] };
}

interface Place {
  /** Names that the loops around give. */
  readonly scope: readonly string[];
  readonly depth: number;
  readonly loops: number;
  readonly wayOut: string;
}

/** What an expression is for: `condition` gives true or false, `value` what an event is grouped by. */
export type Purpose = 'condition' | 'value';

const WAYS_OUT: Readonly<Record<Purpose, string>> = { condition: 'make it several rules', value: 'make it several' };

/** Empty for an expression that expression.ts compiles and that gives what it is for. */
export function mistakesIn(text: string, purpose: Purpose = 'condition'): readonly Mistake[] {
  const wayOut = WAYS_OUT[purpose];
  if (text.length > MAX_LENGTH) {
    return [{ at: 1, says: `it has ${text.length} characters, and may have ${MAX_LENGTH}; ${wayOut}` }];
  }
  let parsed: Parsed;
  try {
    parsed = parse(text);
  } catch (error) {
    return [notParsed(error)];
  }
  const { expr, sourceInfo } = parsed;
  if (expr === undefined) return [{ at: 1, says: 'it is empty' }];
  const mistakes: Mistake[] = [];
  const report: Report = ({ id }, says, unknown) => {
    if (mistakes.some((one) => one.says === says)) return;
    mistakes.push({ at: (sourceInfo?.positions[String(id)] ?? 0) + 1, says, ...(unknown && { unknown }) });
  };
  walk(expr, { scope: [], depth: 1, loops: 0, wayOut }, report);
  if (mistakes.length > 0) return mistakes;
  if (purpose === 'condition') mustBeBoolean(expr, report);
  else mustBeComparable(expr, report);
  return mistakes;
}

type Report = (expr: Expr, says: string, unknown?: Mistake['unknown']) => void;

/** The parser's errors carry their place as text, `<input>:1:16: found …`, and as numbers. */
function notParsed(error: unknown): Mistake {
  const { message, location } = error as Error & { location?: { start: { offset: number } } };
  const says = message.replace(/^<input>:\d+:\d+: /, '');
  return { at: (location?.start.offset ?? 0) + 1, says };
}

function walk(expr: Expr, place: Place, report: Report): void {
  if (place.depth > MAX_DEPTH) return report(expr, `it is nested deeper than ${MAX_DEPTH}; ${place.wayOut}`);
  const below = { ...place, depth: place.depth + 1 };
  const { exprKind } = expr;
  switch (exprKind.case) {
    case 'identExpr':
      checkName(expr, exprKind.value.name, place, report);
      break;
    case 'selectExpr':
    case 'callExpr':
      checkMember(expr, place, report);
      if (exprKind.case === 'callExpr') checkCall(expr, exprKind.value, report);
      break;
    case 'structExpr':
      if (exprKind.value.messageName !== '')
        report(expr, `messages such as ${exprKind.value.messageName} are not known`);
      break;
    case 'comprehensionExpr': {
      const { iterVar, iterVar2, iterRange } = exprKind.value;
      if (place.loops === MAX_LOOPS) return report(expr, `loops are nested deeper than ${MAX_LOOPS}`);
      const within = { ...below, scope: [...place.scope, iterVar, iterVar2], loops: place.loops + 1 };
      for (const child of childrenOf(expr)) walk(child, child === iterRange ? below : within, report);
      return;
    }
    case 'constExpr':
    case 'listExpr':
    case undefined:
      break;
    default:
      exprKind satisfies never;
  }
  for (const child of childrenOf(expr)) walk(child, below, report);
}

function checkName(expr: Expr, written: string, { scope }: Place, report: Report): void {
  const name = written.replace(/^\./, '');
  if (name.startsWith(OWN) || scope.includes(name) || TYPES.includes(name) || name === 'event') return;
  const known = ['event', ...scope.filter((each) => each !== '')];
  report(expr, `${name} is not known here`, { name, known });
}

/** A member of `event` by its name; what lies in details is the source's. */
function checkMember(expr: Expr, { scope }: Place, report: Report): void {
  const member = scope.includes('event') ? undefined : memberOf(expr);
  if (member === undefined) return;
  if (!Object.hasOwn(EVENT_MEMBERS, member.name)) {
    report(expr, `event has no member ${member.name}`, { name: member.name, known: Object.keys(EVENT_MEMBERS) });
  } else if (member.tested) {
    report(expr, `has(event.${member.name}) is always true: a member that the source did not send is empty`);
  }
}

type Call = Extract<Expr['exprKind'], { case: 'callExpr' }>['value'];

function checkCall(expr: Expr, { function: name, target, args }: Call, report: Report): void {
  if (!/^[A-Za-z]/.test(name)) return;
  if (name === 'has') return report(expr, 'has() takes a member, such as event.details.region');
  if (MACROS.includes(name)) return report(expr, `${name}() takes a name and an expression: list.${name}(x, x == "a")`);
  const named = STANDARD.filter((each) => each.name === name);
  if (named.length === 0) return report(expr, `${name}() is not known`, { name, known: [...FUNCTIONS, ...MACROS] });
  const called = named.filter((each) => (each.target === undefined) === (target === undefined));
  if (called.length === 0) {
    const way = target === undefined ? `text.${name}(…)` : `${name}(…)`;
    report(expr, `${name}() is called as ${way}`);
  } else if (called.every((each) => each.arguments.length !== args.length)) {
    const counts = [...new Set(called.map((each) => each.arguments.length))].join(' or ');
    report(expr, `${name}() has ${args.length} arguments here, and takes ${counts}`);
  } else if (name === 'matches') {
    checkPattern(args[0] ?? expr, report);
  }
}

/** Written out, so that nobody who sends an event chooses what is searched for. */
function checkPattern(pattern: Expr, report: Report): void {
  const { exprKind } = pattern;
  const value = exprKind.case === 'constExpr' ? exprKind.value.constantKind : undefined;
  if (value?.case !== 'stringValue') return report(pattern, 'the pattern of matches() must be text, as it is');
  const tried = run('"".matches(pattern)', { pattern: value.value });
  if (isCelError(tried)) report(pattern, tried.message);
}

/** Also below `&&`, `||`, `!` and `? :`, where CEL would fail on every event. */
function mustBeBoolean(expr: Expr, report: Report): void {
  const kind = kindOf(expr);
  if (kind !== 'true or false' && kind !== undefined) {
    return report(expr, `this gives ${kind}, and true or false is needed: compare it with something`);
  }
  if (expr.exprKind.case !== 'callExpr') return;
  const { function: name, args } = expr.exprKind.value;
  if (['_&&_', '_||_', '!_', '_?_:_'].includes(name)) for (const each of args) mustBeBoolean(each, report);
}

/** What JSON has, so that two events can be said to have the same. */
function mustBeComparable(expr: Expr, report: Report): void {
  const kind = kindOf(expr);
  if (kind === 'null' || kind === 'bytes' || kind === 'something else') {
    report(expr, `this gives ${kind}, and text, a number, true or false, a list or a map is needed`);
  }
}
