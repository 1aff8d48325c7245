/** Requests to Twilio's REST API, and what its refusals mean: https://www.twilio.com/docs/usage/api, https://www.twilio.com/docs/api/errors. */
import type { ApplicationFailure } from '@temporalio/common';
import type { TwilioAccount } from '../../domain/channels.ts';
import type { Milliseconds } from '../../domain/duration.ts';
import { retryable, terminal, unknown } from '../errors.ts';
import type { Members } from './answer.ts';
import { bodyOf, objectIn, stranger } from './answer.ts';
import type { Answered } from './http.ts';
import { call } from './http.ts';

export interface TwilioRequest {
  readonly account: TwilioAccount;
  /** The channel, as it is configured. */
  readonly channel: 'sms' | 'voice';
  /** Of the account: `Calls.json`, with a query where it has one. */
  readonly resource: string;
  /** Posted; nothing is where absent. */
  readonly form?: URLSearchParams;
  /** Posted instead where Twilio refuses an address that it is to call back: it calls none but public ones. */
  readonly notCalledBack?: URLSearchParams;
  /** Kept out of what is told of the answer, beside the account's token. */
  readonly secrets: readonly string[];
  /** Milliseconds for everything. */
  readonly timeout: number;
}

const NAMES = { sms: 'Twilio SMS', voice: 'Twilio' } as const;

/** The account's credentials, or itself: wrong (20003), not there (20404), not active (20005, 10001). */
const ACCOUNT = new Set([20003, 20005, 20404, 10001]);
/** Not a number of the account's (21210, 21212, 21606, 21659). */
const SENDER = new Set([21210, 21212, 21606, 21659]);
/**
 * No number (21211, 21217, 21421), one that is not reached (21214, 21612), that a trial account may not tell (21219, 21608),
 * no mobile (21614, 21635), a short code (21265), one that sent STOP (21610).
 */
const ADDRESS = new Set([21211, 21214, 21217, 21219, 21265, 21421, 21608, 21610, 21612, 21614, 21635]);
/** Too many requests (20429), calls at once (10004), messages a second (14107, 30022), or in the sender's queue (21611, 30001). */
const BUSY = new Set([10004, 14107, 20429, 21611, 30001, 30022]);
/** An address to call back that is none, or not public. */
const NOT_CALLABLE = new Set([11100, 21609]);

/**
 * The object of an answer of 200 to 299. Throws as `call` does; PROVIDER_LOGIN_REFUSED, retryable; ADDRESS_REFUSED,
 * terminal; and PROVIDER_SILENT, unknown, for what failed inside of Twilio.
 */
export async function askTwilio(request: TwilioRequest): Promise<Members> {
  const { form, notCalledBack, timeout } = request;
  const until = Date.now() + timeout;
  let code = 0;
  try {
    return await ask(request, form, timeout, (refused) => (code = refused));
  } catch (error) {
    if (notCalledBack === undefined || !NOT_CALLABLE.has(code)) throw error;
    return ask(request, notCalledBack, Math.max(1, until - Date.now()), () => undefined);
  }
}

/** `heard`: the code of a refusal. */
async function ask(
  { account: { accountSid, authToken, apiUrl }, channel, resource, secrets }: TwilioRequest,
  form: URLSearchParams | undefined,
  timeout: number,
  heard: (code: number) => void,
): Promise<Members> {
  const what = NAMES[channel];
  const answer = await call({
    method: form === undefined ? 'GET' : 'POST',
    url: `${apiUrl}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/${resource}`,
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
    refusal(refused, after) {
      const code = Number(objectIn(refused.body)?.['code']);
      heard(code);
      return refusalOf(code, refused, after, channel);
    },
  });
  const asked = { what, path: `channels.${channel}` };
  const read = objectIn(bodyOf(answer, asked));
  // What it made has an id.
  if (read !== undefined && (form === undefined || typeof read['sid'] === 'string')) return read;
  throw stranger(answer, 'Twilio', asked, 'apiUrl');
}

/** Undefined: what the status says. */
function refusalOf(
  code: number,
  { status, shown }: Answered,
  after: Milliseconds | undefined,
  channel: TwilioRequest['channel'],
): ApplicationFailure | undefined {
  const detail = `${NAMES[channel]} answered ${status}: ${shown}`;
  if (ACCOUNT.has(code) || status === 401) {
    return retryable('PROVIDER_LOGIN_REFUSED', `${detail} (put right channels.${channel}, or the account)`);
  }
  if (SENDER.has(code)) {
    return retryable('PROVIDER_LOGIN_REFUSED', `${detail} (put right channels.${channel}.from)`);
  }
  if (ADDRESS.has(code)) return terminal('ADDRESS_REFUSED', detail);
  if (BUSY.has(code)) return retryable('PROVIDER_BUSY', detail, after === undefined ? {} : { after });
  // There is no idempotency key: what failed inside of it may have been taken. A 503 says that it was not (RFC 9110 §15.6.4).
  return status >= 500 && status !== 503 ? unknown('PROVIDER_SILENT', detail) : undefined;
}
