/**
 * The signed link of a notification (interfaces §5, the phone page): who may act on which incident with it, until when.
 * `v1.<payload>.<signature>`: base64url of a JSON array, and of its HMAC-SHA256. It is a bearer secret: never log it.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '../domain/duration.ts';
import { days } from '../domain/duration.ts';

/** How long a link is valid, from when its notification was due. */
export const LINK_VALID_FOR = days(7);

export interface AckLink {
  readonly incident: string;
  readonly notification: string;
  /** The user it was sent to, and acts as. */
  readonly user: string;
  /** The first instant at which it is no longer valid. */
  readonly expiresAt: Instant;
}

export type ReadLink =
  | { readonly ok: true; readonly link: AckLink }
  | { readonly ok: false; readonly code: 'LINK_INVALID' | 'LINK_EXPIRED' };

const VERSION = 'v1';
const PURPOSE = `tocsin ${VERSION} acknowledgement link`;

/** A URL-safe token. The same link and secret give the same token, so every attempt of a notification carries the same one. */
export function signAckLink(secret: string, { incident, notification, user, expiresAt }: AckLink): string {
  const payload = Buffer.from(JSON.stringify([incident, notification, user, expiresAt])).toString('base64url');
  return `${VERSION}.${payload}.${signatureOf(secret, payload)}`;
}

/** Reads a token. LINK_INVALID where this secret did not sign exactly this text, whatever its time; else LINK_EXPIRED from `expiresAt` on. */
export function readAckLink(secret: string, token: string, now: Instant): ReadLink {
  const [version, payload, signature, ...rest] = token.split('.');
  if (version !== VERSION || payload === undefined || signature === undefined || rest.length > 0) return INVALID;
  // The texts are compared, not the bytes they stand for: base64 has more than one text for the same bytes.
  const given = Buffer.from(signature);
  const expected = Buffer.from(signatureOf(secret, payload));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return INVALID;
  const [incident, notification, user, expiresAt] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [
    string,
    string,
    string,
    Instant,
  ];
  if (now >= expiresAt) return { ok: false, code: 'LINK_EXPIRED' };
  return { ok: true, link: { incident, notification, user, expiresAt } };
}

const INVALID: ReadLink = { ok: false, code: 'LINK_INVALID' };

/** Under a key of its own, so that whatever else the secret signs is never a valid link. */
function signatureOf(secret: string, payload: string): string {
  const key = createHmac('sha256', secret).update(PURPOSE).digest();
  return createHmac('sha256', key).update(payload).digest('base64url');
}
