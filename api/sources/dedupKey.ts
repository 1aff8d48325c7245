/** Dedup keys that a client chooses: 1 to 255 characters, case-sensitive, surrounding space trimmed (lifecycle §2.8). */
import { TocsinError } from '../../domain/errors.ts';
import { textOf } from './source.ts';

export const MAX_DEDUP_KEY = 255;

/**
 * The trimmed key, undefined where there is none. What no index can hold (NUL, half a character) is taken out. Throws
 * DEDUP_KEY_TOO_LONG naming `member`.
 */
export function dedupKeyOf(value: unknown, member: string): string | undefined {
  const text = textOf(value)?.replaceAll('\0', '');
  if (text === undefined || text === '') return undefined;
  // A character has at most two units: a huge text need not be counted.
  if (text.length > 2 * MAX_DEDUP_KEY || Array.from(text).length > MAX_DEDUP_KEY) {
    throw new TocsinError('DEDUP_KEY_TOO_LONG', `'${member}' is longer than ${MAX_DEDUP_KEY} characters`);
  }
  return Buffer.from(text, 'utf8').toString('utf8');
}
