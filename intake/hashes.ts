/** SHA-256, and comparing secrets by it: digests have one length, so the comparison takes one time. */
import { createHash, timingSafeEqual } from 'node:crypto';

export const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
export const sha256Hex = (text: string): string => sha256(text).toString('hex');

/** What stands for a key in a workflow id (interfaces §6): the first 32 hex digits. */
export const keyHash = (key: string): string => sha256Hex(key).slice(0, 32);

/** The item whose digest is that of `secret`; all are looked at, whichever it is. */
export function findBySecret<T>(items: Iterable<readonly [digest: Buffer, item: T]>, secret: string): T | undefined {
  const digest = sha256(secret);
  let found: T | undefined;
  for (const [itemDigest, item] of items) {
    if (timingSafeEqual(itemDigest, digest)) found = item;
  }
  return found;
}
