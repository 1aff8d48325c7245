/** Signatures by which a source proves itself: HMAC-SHA256 in hex (RFC 2104), with a secret that it shares with Tocsin. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Instant } from '../../domain/duration.ts';
import { TocsinError } from '../../domain/errors.ts';

/** Seconds that what is signed may be old, and its clock ahead: what comes later is a replay. */
const WINDOW = 5 * 60;

export const refused = (text: string): TocsinError => new TocsinError('SOURCE_REFUSED', text);

/** The one value of a header, however its name is written; undefined where there is none, or several. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name.toLowerCase()];
  return typeof value === 'string' ? value.trim() : undefined;
}

/** Throws SOURCE_REFUSED where `signature` is not that of `signed`, one after the other; says nothing of what it should be. */
export function demandSigned(
  secret: string,
  signed: readonly (string | Buffer)[],
  signature: string | undefined,
): void {
  if (signature === undefined) throw refused('it is not signed; set the secret of this integration at the sender');
  const hmac = createHmac('sha256', secret);
  for (const part of signed) hmac.update(part);
  const given = Buffer.from(/^[0-9a-f]{64}$/i.test(signature) ? signature : '', 'hex');
  const expected = hmac.digest();
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw refused("it is signed with another secret, or was changed on its way; set this integration's at the sender");
  }
}

/** Throws SOURCE_REFUSED where `timestamp`, seconds since 1970, is more than five minutes from `now`. */
export function demandFresh(timestamp: string, now: Instant): void {
  if (/^\d{1,12}$/.test(timestamp) && Math.abs(now / 1_000 - Number(timestamp)) <= WINDOW) return;
  throw refused(
    'its timestamp is more than 5 minutes from now; a repeated request is refused, and so is a wrong clock',
  );
}
