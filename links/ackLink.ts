/** The signed link of a notification (interfaces §5, the phone page): who may act on which incident with it, until when. */
import type { Instant } from '../domain/duration.ts';
import { days } from '../domain/duration.ts';
import { readToken, signToken } from './signedToken.ts';

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

const PURPOSE = 'acknowledgement link';

/** A URL-safe token: the same link and secret give the same one, so every attempt of a notification carries the same. */
export const signAckLink = (secret: string, { incident, notification, user, expiresAt }: AckLink): string =>
  signToken(secret, PURPOSE, [incident, notification, user, expiresAt]);

/** Reads a token, as `readToken` does. */
export function readAckLink(secret: string, token: string, now: Instant): ReadLink {
  const read = readToken(secret, PURPOSE, token, now);
  if (!read.ok) return read;
  const [incident, notification, user, expiresAt] = read.payload as [string, string, string, Instant];
  return { ok: true, link: { incident, notification, user, expiresAt } };
}
