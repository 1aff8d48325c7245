/** Dedup keys that clients choose (lifecycle §2.4, §2.8). */
import { TocsinError } from './errors.ts';

/** Characters. */
export const MAX_DEDUP_KEY = 255;
/** Half a character, which no index can hold. */
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** Trimmed, without what no index can hold; undefined where nothing is left: then there is no key, and the event is unique. */
export function cleanKey(text: string | undefined): string | undefined {
  const clean = text?.replaceAll('\0', '').replace(LONE_SURROGATE, '\u{fffd}').trim();
  return clean === '' ? undefined : clean;
}

/**
 * A key that a client chooses: 1 to 255 characters, case-sensitive, surrounding space trimmed; undefined where there is
 * none. Throws DEDUP_KEY_TOO_LONG naming `member`.
 */
export function chosenKey(text: string | undefined, member: string): string | undefined {
  const key = cleanKey(text);
  // A character has at most two units: a huge text need not be counted.
  if (key !== undefined && (key.length > 2 * MAX_DEDUP_KEY || Array.from(key).length > MAX_DEDUP_KEY)) {
    throw new TocsinError('DEDUP_KEY_TOO_LONG', `'${member}' is longer than ${MAX_DEDUP_KEY} characters`);
  }
  return key;
}
