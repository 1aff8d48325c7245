/** What an expression gives, as JSON has it. */
import { isCelList, isCelMap, isCelUint, parse, plan } from '@bufbuild/cel';
import type { CelValue } from '@bufbuild/cel';
import { METERED, spend, weight } from '../routing/meter.ts';

/** Of a time it is ISO 8601, of a duration its seconds: `3s`. */
const writtenOut = plan(METERED, parse('string(value)'));

/** Paid for as it is made. Whole numbers that JavaScript has not exactly are text. */
export function toJson(value: CelValue): unknown {
  spend(0.1 + weight(value));
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? whole(value) : value;
  if (isCelUint(value)) return whole(value.value);
  if (isCelList(value)) return [...value].map(toJson);
  if (isCelMap(value)) return Object.fromEntries([...value].map(([key, each]) => [String(toJson(key)), toJson(each)]));
  const text = writtenOut({ value });
  return typeof text === 'string' ? text : null;
}

const whole = (value: bigint): number | string => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value));
