/**
 * What is wrong with an expression, as far as that is known before an event comes: the library has no type checker, so
 * names, arguments, and what must be true or false are looked at here (docs/adr/0007).
 */
import { isCelError, parse, run } from '@bufbuild/cel';
import type { CelFunc } from '@bufbuild/cel';
import { EVENT_MEMBERS } from './celEvent.ts';
import { childrenOf, OWN } from './expressionTree.ts';
import type { Expr, Parsed } from './expressionTree.ts';
import { kindOf, memberOf } from './kinds.ts';
import type { Kind } from './kinds.ts';
import { STANDARD } from './meter.ts';

/** Characters. */
const MAX_LENGTH = 1_000;
const MAX_DEPTH = 50;
/** Loops within loops: each takes as many times the work as an event has entries. */
const MAX_LOOPS = 2;

const MACROS = ['has', 'all', 'exists', 'exists_one', 'map', 'filter'];
/** Names of types, which are values in CEL: `type(event.details.x) == string`. */
const TYPES = ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'list', 'map', 'null_type', 'type'];

/** What an expression may name. */
export interface Vocabulary {
  /** Of `event` the members are known too. */
  readonly variables: readonly string[];
  readonly functions: readonly CelFunc[];
}

const OF_EVENTS: Vocabulary = { variables: ['event'], functions: STANDARD };

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
  readonly vocabulary: Vocabulary;
}

const TEXTS: readonly Kind[] = ['text', 'a number'];
/** What JSON has, but null. */
const VALUES: readonly Kind[] = [...TEXTS, 'true or false', 'a list', 'a map'];

/** What an expression is for, by what it has to give, and what to do with one that is too large. */
const PURPOSES = {
  condition: { gives: ['true or false'], wayOut: 'make it several rules' },
  /** What an event is grouped by, so that two can be said to have the same. */
  value: { gives: VALUES, wayOut: 'make it several' },
  /** Of a mapping (docs/guides/generic.md): which items are events, and what is taken from each. */
  choice: { gives: ['true or false'], wayOut: 'make it shorter' },
  items: { gives: ['a list'], wayOut: 'make it shorter' },
  text: { gives: TEXTS, wayOut: 'make it shorter' },
  instant: { gives: [...TEXTS, 'something else'], wayOut: 'make it shorter' },
  members: { gives: ['a map'], wayOut: 'make it a map of expressions' },
  links: { gives: ['a list', 'text'], wayOut: 'make it a map of expressions' },
  anything: { gives: [...VALUES, 'something else'], wayOut: 'make it shorter' },
} as const satisfies Record<string, { gives: readonly Kind[]; wayOut: string }>;

export type Purpose = keyof typeof PURPOSES;

/** Empty for an expression that can be compiled and that gives what it is for. */
export function mistakesIn(
  text: string,
  purpose: Purpose = 'condition',
  vocabulary: Vocabulary = OF_EVENTS,
): readonly Mistake[] {
  const { gives, wayOut } = PURPOSES[purpose];
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
  walk(expr, { scope: [], depth: 1, loops: 0, wayOut, vocabulary }, report);
  if (mistakes.length > 0) return mistakes;
  if (purpose === 'condition' || purpose === 'choice') mustBeBoolean(expr, report);
  else mustGive(expr, gives, report);
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
      if (exprKind.case === 'callExpr') checkCall(expr, exprKind.value, place.vocabulary, report);
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

function checkName(expr: Expr, written: string, { scope, vocabulary }: Place, report: Report): void {
  const { variables } = vocabulary;
  const name = written.replace(/^\./, '');
  if (name.startsWith(OWN) || [...scope, ...TYPES, ...variables].includes(name)) return;
  const known = [...variables, ...scope.filter((each) => each !== '')];
  report(expr, `${name} is not known here`, { name, known });
}

/** A member of `event` by its name; what lies in details is the source's. */
function checkMember(expr: Expr, { scope, vocabulary }: Place, report: Report): void {
  const isOurs = vocabulary.variables.includes('event') && !scope.includes('event');
  const member = isOurs ? memberOf(expr) : undefined;
  if (member === undefined) return;
  if (!Object.hasOwn(EVENT_MEMBERS, member.name)) {
    report(expr, `event has no member ${member.name}`, { name: member.name, known: Object.keys(EVENT_MEMBERS) });
  } else if (member.tested) {
    report(expr, `has(event.${member.name}) is always true: a member that the source did not send is empty`);
  }
}

type Call = Extract<Expr['exprKind'], { case: 'callExpr' }>['value'];

function checkCall(
  expr: Expr,
  { function: name, target, args }: Call,
  { functions }: Vocabulary,
  report: Report,
): void {
  if (!/^[A-Za-z]/.test(name)) return;
  if (name === 'has') return report(expr, 'has() takes a member, such as event.details.region');
  if (MACROS.includes(name)) return report(expr, `${name}() takes a name and an expression: list.${name}(x, x == "a")`);
  const named = functions.filter((each) => each.name === name);
  if (named.length === 0) {
    const known = new Set(functions.map((each) => each.name).filter((each) => /^[A-Za-z]/.test(each)));
    return report(expr, `${name}() is not known`, { name, known: [...known, ...MACROS] });
  }
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

/** Below `? :` it depends on the event. */
function mustGive(expr: Expr, gives: readonly Kind[], report: Report): void {
  const kind = kindOf(expr);
  if (kind === undefined || gives.includes(kind)) return;
  const needed = gives.filter((each) => each !== 'something else').join(', ');
  report(expr, `this gives ${kind}, and ${needed.replace(/, ([^,]+)$/, ' or $1')} is needed`);
}
