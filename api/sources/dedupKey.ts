/** Keys of alerts as they come in a body. */
import { chosenKey, cleanKey } from '../../domain/dedupKey.ts';
import { sha256Hex } from '../../intake/hashes.ts';
import { textOf } from '../../intake/members.ts';

/** Characters. No source's format makes longer keys, and a thousand alerts of a group carry its key each. */
const MAX_MADE_KEY = 4_096;

/** A key that a client chooses, text or number; undefined where there is none. Throws DEDUP_KEY_TOO_LONG naming `member`. */
export const dedupKeyOf = (value: unknown, member: string): string | undefined => chosenKey(textOf(value), member);

/**
 * A key that a source's format makes: kept whole, however long the format lets it be (lifecycle §2.8). One that is longer
 * than any format makes is cut and ends in its hash: it names the same alert still, and the alert is not lost.
 */
export function madeKeyOf(value: unknown): string | undefined {
  const key = cleanKey(textOf(value));
  if (key === undefined || key.length <= MAX_MADE_KEY) return key;
  return cleanKey(`${key.slice(0, MAX_MADE_KEY)}…${sha256Hex(key)}`);
}
