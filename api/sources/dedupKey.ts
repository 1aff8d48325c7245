/** Keys of alerts and incidents as they come in (lifecycle §2.8). */
import { TocsinError } from '../../domain/errors.ts';
import { sha256Hex } from '../hashes.ts';
import { textOf } from './source.ts';

export const MAX_DEDUP_KEY = 255;
/** Characters. No source's format makes longer keys, and a thousand alerts of a group carry its key each. */
const MAX_MADE_KEY = 4_096;

/** Trimmed, without what no index can hold: NUL, half a character. */
function cleanKey(value: unknown): string | undefined {
  const text = textOf(value)?.replaceAll('\0', '');
  return text === undefined || text === '' ? undefined : Buffer.from(text, 'utf8').toString('utf8');
}

/**
 * A key that a client chooses: 1 to 255 characters, case-sensitive; undefined where there is none. Throws
 * DEDUP_KEY_TOO_LONG naming `member`.
 */
export function dedupKeyOf(value: unknown, member: string): string | undefined {
  const key = cleanKey(value);
  // A character has at most two units: a huge text need not be counted.
  if (key !== undefined && (key.length > 2 * MAX_DEDUP_KEY || Array.from(key).length > MAX_DEDUP_KEY)) {
    throw new TocsinError('DEDUP_KEY_TOO_LONG', `'${member}' is longer than ${MAX_DEDUP_KEY} characters`);
  }
  return key;
}

/**
 * A key that a source's format makes: kept whole, however long the format lets it be. One that is longer than any format
 * makes is cut and ends in its hash: it names the same alert still, and the alert is not lost.
 */
export function madeKeyOf(value: unknown): string | undefined {
  const key = cleanKey(value);
  if (key === undefined || key.length <= MAX_MADE_KEY) return key;
  return cleanKey(`${key.slice(0, MAX_MADE_KEY)}…${sha256Hex(key)}`);
}
