/** Where Twilio tells what became of a text message: an address that names the notification, signed, so that nobody else's word counts. */
import type { Instant } from '../domain/duration.ts';
import { days } from '../domain/duration.ts';
import type { ReadToken } from './signedToken.ts';
import { readToken, signToken } from './signedToken.ts';

/** From when it was due: as long as the links of messages, for it may be attempted late, and told of late. */
const VALID_FOR = days(7);
const PURPOSE = 'status of a text message';
export const SMS_STATUS_PATH = '/callbacks/twilio/sms/status/';

interface Texted {
  readonly incident: { readonly id: string };
  readonly notification: string;
  /** ISO 8601. */
  readonly dueAt: string;
}

/** What Twilio does where nobody answers, or with 500 and above; https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides. */
const TRIED_AGAIN = '#rc=2&rp=ct,rt,5xx';

/** The same for every attempt of a notification. */
export function smsStatusUrl(
  { secret, publicUrl }: { readonly secret: string; readonly publicUrl: string },
  { incident, notification, dueAt }: Texted,
): string {
  const token = signToken(secret, PURPOSE, [incident.id, notification, Date.parse(dueAt) + VALID_FOR]);
  return `${publicUrl.replace(/\/+$/, '')}${SMS_STATUS_PATH}${token}${TRIED_AGAIN}`;
}

type ReadStatusLink =
  { readonly ok: true; readonly incident: string; readonly notification: string } | Extract<ReadToken, { ok: false }>;

/** Reads a token, as `readToken` does. */
export function readSmsStatusToken(secret: string, token: string, now: Instant): ReadStatusLink {
  const read = readToken(secret, PURPOSE, token, now);
  if (!read.ok) return read;
  const [incident, notification] = read.payload as [string, string];
  return { ok: true, incident, notification };
}
