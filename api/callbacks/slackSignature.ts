/** Whether a request is Slack's: `v0=` and the HMAC-SHA256 of `v0:<timestamp>:<raw body>` (https://docs.slack.dev/authentication/verifying-requests-from-slack). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Instant } from '../../domain/duration.ts';

/** Seconds that a request may be old, and its clock ahead: what is heard later is a replay. */
const WINDOW = 5 * 60;

/** Why it is not taken for Slack's, in words that hold no secret; null where it is. */
export function notOfSlack(
  signingSecret: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
  now: Instant,
): string | null {
  const { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature } = headers;
  // Headers that come several times are joined, and then are neither.
  if (typeof timestamp !== 'string' || !/^\d{1,12}$/.test(timestamp)) return 'it has no timestamp';
  if (typeof signature !== 'string' || !/^v0=[0-9a-f]{64}$/.test(signature)) return 'it has no signature of version v0';
  if (Math.abs(now / 1_000 - Number(timestamp)) > WINDOW) return 'its timestamp is more than 5 minutes away from now';
  const expected = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest();
  return timingSafeEqual(Buffer.from(signature.slice('v0='.length), 'hex'), expected)
    ? null
    : 'its signature is not made with channels.slack.signingSecret';
}
