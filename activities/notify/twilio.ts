/** Requests to Twilio's REST API, and what its refusals mean: https://www.twilio.com/docs/usage/api, https://www.twilio.com/docs/api/errors. */
import type { ApplicationFailure } from '@temporalio/common';
import type { TwilioAccount } from '../../domain/channels.ts';
import type { Milliseconds } from '../../domain/duration.ts';
import { retryable, terminal, unknown } from '../errors.ts';
import type { Answered } from './http.ts';
import { call } from './http.ts';

export interface TwilioRequest {
  readonly account: TwilioAccount;
  /** The channel, as it is configured: `voice`. */
  readonly channel: 'sms' | 'voice';
  /** Of the account: `Calls.json`, with a query where it has one. */
  readonly resource: string;
  /** Posted where there is one. */
  readonly form?: URLSearchParams;
  /** Kept out of what is told of the answer, beside the account's token. */
  readonly secrets: readonly string[];
  /** Milliseconds. */
  readonly timeout: number;
}

const NAMES = { sms: 'Twilio SMS', voice: 'Twilio' } as const;

/** The account's credentials, or itself: wrong (20003), not there (20404), not active (20005, 10001). */
const ACCOUNT = new Set([20003, 20005, 20404, 10001]);
/** Not a number of the account's (21210, 21212, 21606, 21659), or none (21213, 21603). */
const SENDER = new Set([21210, 21212, 21213, 21603, 21606, 21659]);
/** No number (21211, 21217, 21421), one that is not reached (21214, 21612), that a trial account may not call (21219, 21608), no mobile (21614, 21635), a short code (21265), one that sent STOP (21610). */
const ADDRESS = new Set([21211, 21214, 21217, 21219, 21265, 21421, 21608, 21610, 21612, 21614, 21635]);
/** Too many requests (20429), calls at once (10004), messages a second (14107, 30022), or in the sender's queue (21611, 30001). */
const BUSY = new Set([10004, 14107, 20429, 21611, 30001, 30022]);
/** An address that Twilio is to call back is none: 21205, 21609, 11100. */
const CALLBACK = new Set([11100, 21205, 21609]);

/** The answer of 200 to 299, as an object. Throws as `call` does, PROVIDER_LOGIN_REFUSED, retryable, and ADDRESS_REFUSED, terminal. */
export async function askTwilio({
  account: { accountSid, authToken, apiUrl },
  channel,
  resource,
  form,
  secrets,
  timeout,
}: TwilioRequest): Promise<Readonly<Record<string, unknown>>> {
  const what = NAMES[channel];
  const answer = await call({
    method: form === undefined ? 'GET' : 'POST',
    url: `${apiUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/${resource}`,
    headers: {
      authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
      ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(form === undefined ? {} : { body: form.toString() }),
    // The operator's own choice, and perhaps a proxy in their network.
    allowPrivate: true,
    what,
    secrets: [authToken, ...secrets],
    timeout,
    refusal: (refused, after) => refusalOf(refused, after, { what, channel }),
  });
  if (answer.body === null) throw unknown('PROVIDER_SILENT', `${what}: the answer broke off`);
  const read = objectIn(answer.body);
  if (read !== undefined) return read;
  const detail = `${what} answered ${answer.shown} (is it Twilio that answers at channels.${channel}.apiUrl?)`;
  throw retryable('PROVIDER_UNREACHABLE', detail);
}

/** Undefined: what the status says. */
function refusalOf(
  { status, body, shown }: Answered,
  after: Milliseconds | undefined,
  { what, channel }: { readonly what: string; readonly channel: string },
): ApplicationFailure | undefined {
  const code = Number(objectIn(body ?? '')?.['code']);
  const detail = `${what} answered ${status}: ${shown}`;
  if (ACCOUNT.has(code) || status === 401) {
    return retryable('PROVIDER_LOGIN_REFUSED', `${detail} (put right channels.${channel}, or the account)`);
  }
  if (SENDER.has(code))
    return retryable('PROVIDER_LOGIN_REFUSED', `${detail} (put right who channels.${channel} is from)`);
  if (ADDRESS.has(code)) return terminal('ADDRESS_REFUSED', detail);
  if (BUSY.has(code)) return retryable('PROVIDER_BUSY', detail, after === undefined ? {} : { after });
  if (CALLBACK.has(code)) {
    return terminal('PROVIDER_REFUSED', `${detail} (TOCSIN_PUBLIC_URL is to be an address that Twilio can call)`);
  }
  // It has no idempotency key: what failed inside of it may have been taken. A 503 says that it was not (RFC 9110 §15.6.4).
  return status >= 500 && status !== 503 ? unknown('PROVIDER_SILENT', detail) : undefined;
}

function objectIn(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(body);
    return typeof read === 'object' && read !== null ? (read as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
