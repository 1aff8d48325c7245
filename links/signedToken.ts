/**
 * What is signed and given away, to come back: `v1.<payload>.<signature>`, base64url of a JSON array, and of its
 * HMAC-SHA256. It is a bearer secret: never log it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../domain/duration.ts';

/** What a token may be of; its last member is the first instant at which it is no longer valid. */
export type Payload = readonly (string | number | null)[];

export type ReadToken =
  | { readonly ok: true; readonly payload: Payload }
  | { readonly ok: false; readonly code: 'LINK_INVALID' | 'LINK_EXPIRED' };

const VERSION = 'v1';

/** A URL-safe token. The same purpose, payload and secret give the same token. */
export function signToken(secret: string, purpose: string, payload: Payload): string {
  const text = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `${VERSION}.${text}.${signatureOf(secret, purpose, text)}`;
}

/** Reads a token. LINK_INVALID where this secret did not sign exactly this text for this purpose, whatever its time; else LINK_EXPIRED from its last member on. */
export function readToken(secret: string, purpose: string, token: string, now: Instant): ReadToken {
  const [version, text, signature, ...rest] = token.split('.');
  if (version !== VERSION || text === undefined || signature === undefined || rest.length > 0) return INVALID;
  // The texts are compared, not the bytes they stand for: base64 has more than one text for the same bytes.
  const given = Buffer.from(signature);
  const expected = Buffer.from(signatureOf(secret, purpose, text));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return INVALID;
  const payload = JSON.parse(Buffer.from(text, 'base64url').toString()) as Payload;
  const expiresAt = payload.at(-1);
  return typeof expiresAt === 'number' && now < expiresAt ? { ok: true, payload } : { ok: false, code: 'LINK_EXPIRED' };
}

const INVALID: ReadToken = { ok: false, code: 'LINK_INVALID' };

/** Under a key of each purpose's own, so that what is signed for one is never valid for another. */
function signatureOf(secret: string, purpose: string, text: string): string {
  const key = createHmac('sha256', secret).update(`tocsin ${VERSION} ${purpose}`).digest();
  return createHmac('sha256', key).update(text).digest('base64url');
}
