/** Instants as sources write them. */
import { textOf } from '../../intake/members.ts';

const ISO_START = /^\d{4}-\d{2}-\d{2}/;
const HAS_OFFSET = /(?:z|[+-]\d{2}:?\d{2})$/i;

/**
 * ISO 8601, also `+0000` and with nanoseconds; without an offset it is UTC. Milliseconds since 1970; undefined where it
 * cannot be read: a strange time loses no alert.
 */
export function parseTimestamp(value: unknown): number | undefined {
  const text = textOf(value);
  if (text === undefined || !ISO_START.test(text)) return undefined;
  const withTime = text.length > 10;
  const at = Date.parse(withTime && !HAS_OFFSET.test(text) ? `${text}Z` : text);
  return Number.isNaN(at) ? undefined : at;
}

/** Seconds since 1970, as a number or a text of one; in milliseconds. */
export function parseSeconds(value: unknown): number | undefined {
  const seconds = Number(textOf(value));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}
