/** What a call gives its provider to come back with: who is called about what, and what they are shown. */
import type { Instant } from '../domain/duration.ts';
import type { NotifyRequest } from '../domain/effects.ts';
import { readToken, signToken } from './signedToken.ts';

export interface CallToken {
  /** Ids. */
  readonly incident: string;
  readonly notification: string;
  readonly user: string;
  readonly contact: string;
  /** Undefined where an earlier version asked for the call. */
  readonly shownAt: NotifyRequest['shownAt'];
  /** The first instant at which it is no longer valid. */
  readonly expiresAt: Instant;
}

export type ReadCallToken =
  | { readonly ok: true; readonly token: CallToken }
  | { readonly ok: false; readonly code: 'LINK_INVALID' | 'LINK_EXPIRED' };

const PURPOSE = 'call';

/** A URL-safe token of some 400 characters. */
export function signCallToken(
  secret: string,
  { incident, notification, user, contact, shownAt, expiresAt }: CallToken,
): string {
  const shown = shownAt === undefined ? [null, null, null] : [shownAt.level, shownAt.pass, shownAt.episode];
  return signToken(secret, PURPOSE, [incident, notification, user, contact, ...shown, expiresAt]);
}

/** Reads a token, as `readToken` does. */
export function readCallToken(secret: string, text: string, now: Instant): ReadCallToken {
  const read = readToken(secret, PURPOSE, text, now);
  if (!read.ok) return read;
  const [incident, notification, user, contact, level, pass, episode, expiresAt] = read.payload as [
    ...[string, string, string, string],
    ...([number, number, number] | [null, null, null]),
    Instant,
  ];
  const shownAt = level === null || pass === null || episode === null ? undefined : { level, pass, episode };
  return { ok: true, token: { incident, notification, user, contact, shownAt, expiresAt } };
}
