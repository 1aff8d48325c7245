/** What a source sent, as expressions take it. */
import type { CelInput } from '@bufbuild/cel';

/** Deeper than this nobody looks, and a sender could make it as deep as the stack. */
const MAX_DEPTH = 32;

/**
 * Of a value of JSON: maps with no prototype, so that an expression finds only what was sent. Without what JSON has not,
 * and what lies too deep.
 */
export const celInput = (value: unknown): CelInput => input(value, MAX_DEPTH) ?? null;

function input(value: unknown, depth: number): CelInput | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') {
    return value;
  }
  if (typeof value !== 'object' || depth === 0) return undefined;
  if (Array.isArray(value)) return value.map((each: unknown) => input(each, depth - 1) ?? null);
  return new Map(
    Object.entries(value).flatMap(([key, each]): [string, CelInput][] => {
      const found = input(each, depth - 1);
      return found === undefined ? [] : [[key, found]];
    }),
  );
}
