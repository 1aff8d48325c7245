/** What an expression gives, as JSON has it. */
import { isCelList, isCelMap, isCelUint, parse, plan } from '@bufbuild/cel';
import type { CelValue } from '@bufbuild/cel';
import { METERED, spend, weight } from '../routing/meter.ts';

/** Of a time it is ISO 8601, of a duration its seconds: `3s`. */
const writtenOut = plan(METERED, parse('string(value)'));

/** Whole numbers that JavaScript has not exactly are text. Fails where the purse (routing/meter.ts) is too small for all of it. */
export function toJson(value: CelValue): { readonly value: unknown } | { readonly failed: string } {
  try {
    return { value: json(value) };
  } catch (error) {
    return { failed: (error as Error).message };
  }
}

/** Paid for as it is made. */
function json(value: CelValue): unknown {
  spend(0.1 + weight(value));
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? whole(value) : value;
  if (isCelUint(value)) return whole(value.value);
  if (isCelList(value)) return [...value].map(json);
  if (isCelMap(value)) return Object.fromEntries([...value].map(([key, each]) => [String(json(key)), json(each)]));
  const text = writtenOut({ value });
  return typeof text === 'string' ? text : null;
}

const whole = (value: bigint): number | string => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value));
