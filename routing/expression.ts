/** CEL expressions over `event`, evaluated by @bufbuild/cel (docs/adr/0007). */
import { isCelError, parse, plan } from '@bufbuild/cel';
import type { CelInput } from '@bufbuild/cel';
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
  const evaluate = plan(METERED, meterLoops(parse(text)));
  return (event) => {
    const result = withinMeter(() => evaluate({ event }));
    if (typeof result === 'boolean') return result;
    return { failed: isCelError(result) ? cut(oneLine(result.message), MAX_ERROR) : 'it is neither true nor false' };
  };
}
