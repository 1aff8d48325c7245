/**
 * A list's cursor: the server's page token, bound to the query it continues. The server answers a token that is none as if
 * it had failed itself, and a token under another filter with a page of it; both are the caller's mistake, told here.
 */
import { badCursor } from '../domain/errors.ts';
import { sha256Hex } from '../intake/hashes.ts';

const bound = (token: string, query: string): string => `${token}.${sha256Hex(`${query}\n${token}`).slice(0, 16)}`;

/** Null at the end of the list, where the server gives an empty token. */
export function cursorOf(token: Uint8Array, query: string): string | null {
  return token.length === 0 ? null : bound(Buffer.from(token).toString('base64url'), query);
}

/** The page token; empty for the first page. Throws BAD_REQUEST. */
export function pageTokenOf(cursor: string | undefined, query: string): Uint8Array {
  const [token = ''] = (cursor ?? '').split('.', 1);
  if (cursor !== undefined && cursor !== bound(token, query)) {
    throw badCursor();
  }
  return Buffer.from(token, 'base64url');
}
