/** CEL expressions over `event`, evaluated by @bufbuild/cel (docs/adr/0007). */
import { isCelError, isCelList, isCelMap, isCelUint, parse, plan } from '@bufbuild/cel';
import type { CelInput, CelResult, CelValue } from '@bufbuild/cel';
import { cut, oneLine } from '../domain/text.ts';
import { meterLoops, METERED, withinMeter } from './meter.ts';

/** Characters of what the library says; it may quote the event. */
const MAX_ERROR = 200;

/** True or false, or a sentence that says why it is neither. */
export type Verdict = boolean | { readonly failed: string };

/** Looks at an event as `celEvent` makes it. Never throws. */
export type Condition = (event: CelInput) => Verdict;

/** Compiles an expression that `mistakesIn` finds nothing in; throws the parser's error for one that is none. */
export function condition(text: string): Condition {
  const evaluate = evaluator(text);
  return (event) => {
    const result = evaluate(event);
    if (typeof result === 'boolean') return result;
    return { failed: isCelError(result) ? cut(oneLine(result.message), MAX_ERROR) : 'it is neither true nor false' };
  };
}

/** What an expression gives of an event, as JSON, the members of maps by name. Never throws. */
export type Value = (event: CelInput) => string;

/** As `condition`. Where the expression fails, as on a detail that the event lacks, and where JSON has no such value: `null`. */
export function value(text: string): Value {
  const evaluate = evaluator(text);
  return (event) => {
    const result = evaluate(event);
    return isCelError(result) ? NOTHING : json(result);
  };
}

function evaluator(text: string): (event: CelInput) => CelResult {
  const evaluate = plan(METERED, meterLoops(parse(text)));
  return (event) => withinMeter(() => evaluate({ event }));
}

const NOTHING = 'null';

function json(value: CelValue): string {
  if (typeof value === 'bigint') return String(value);
  if (isCelUint(value)) return String(value.value);
  if (isCelList(value)) return `[${[...value].map(json).join(',')}]`;
  if (isCelMap(value)) {
    const members = [...value].map(
      ([key, each]) => `${JSON.stringify(isCelUint(key) ? String(key.value) : String(key))}:${json(each)}`,
    );
    return `{${members.toSorted().join(',')}}`;
  }
  return typeof value === 'object' ? NOTHING : JSON.stringify(value);
}
