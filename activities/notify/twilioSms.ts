/** Text messages by Twilio: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message. One number a request. */
import type { ApplicationFailure } from '@temporalio/common';
import type { TwilioSms } from '../../domain/channels.ts';
import type { Milliseconds } from '../../domain/duration.ts';
import type { NotifyReceipt } from '../contract.ts';
import { retryable, terminal, unknown } from '../errors.ts';
import type { Answered } from './http.ts';
import { CALL_TIMEOUT, call } from './http.ts';
import type { NumberOutcome } from './smsOutcome.ts';

const WHAT = 'Twilio SMS';
/** Requests at once: of a group, for a page goes to one number. */
const AT_ONCE = 50;

interface TwilioText {
  readonly text: string;
  /** Where Twilio is to tell what became of it; none where nothing is to be told. */
  readonly statusCallback?: string;
  /** Kept out of what is told of an answer. */
  readonly secrets: readonly string[];
}

/** Never throws: each number has an outcome of its own. `timeout`: of all of them. */
export async function sendByTwilio(
  account: TwilioSms,
  numbers: readonly string[],
  message: TwilioText,
  timeout = CALL_TIMEOUT,
): Promise<readonly NumberOutcome[]> {
  const rounds = Math.ceil(numbers.length / AT_ONCE);
  const outcomes: NumberOutcome[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const some = numbers.slice(round * AT_ONCE, (round + 1) * AT_ONCE);
    const sent = some.map((number) => outcomeOf(account, number, message, Math.floor(timeout / rounds)));
    outcomes.push(...(await Promise.all(sent)));
  }
  return outcomes;
}

async function outcomeOf(
  account: TwilioSms,
  number: string,
  message: TwilioText,
  timeout: number,
): Promise<NumberOutcome> {
  const { statusCallback: _, ...notCalledBack } = message;
  let code = 0;
  const send = (text: TwilioText): Promise<NotifyReceipt> =>
    sendOne(account, number, text, { timeout, heard: (refused) => (code = refused) });
  try {
    // Twilio calls nothing back but addresses of the internet, and refuses a message with any other: it goes out without.
    const receipt = await send(message).catch((error: unknown) => {
      if (code === CALLBACK_REFUSED) return send(notCalledBack);
      throw error;
    });
    return { number, receipt };
  } catch (error) {
    return { number, failure: error as ApplicationFailure };
  }
}

/** `heard`: the code of Twilio's refusal. */
async function sendOne(
  { accountSid, authToken, apiUrl, from, messagingServiceSid }: TwilioSms,
  number: string,
  { text, statusCallback, secrets }: TwilioText,
  { timeout, heard }: { readonly timeout: number; readonly heard: (code: number) => void },
): Promise<NotifyReceipt> {
  const form = new URLSearchParams({ To: number, Body: text });
  if (from !== undefined) form.set('From', from);
  if (messagingServiceSid !== undefined) form.set('MessagingServiceSid', messagingServiceSid);
  if (statusCallback !== undefined) form.set('StatusCallback', statusCallback);
  const answer = await call({
    url: `${apiUrl.replace(/\/+$/, '')}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`,
    headers: {
      authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: form.toString(),
    allowPrivate: true,
    what: WHAT,
    secrets: [authToken, number, ...(statusCallback === undefined ? [] : [statusCallback]), ...secrets],
    timeout,
    refusal(refused, after) {
      const code = Number(read(refused.body ?? '').code);
      heard(code);
      return refusalOf(code, refused, after);
    },
  });
  if (answer.body === null) throw unknown('PROVIDER_SILENT', `${WHAT}: the answer broke off`);
  const { sid, status } = read(answer.body);
  if (typeof sid === 'string') return { providerId: sid, detail: String(status) };
  const detail = `${WHAT} answered ${answer.shown} (is it Twilio that answers at channels.sms.apiUrl?)`;
  throw retryable('PROVIDER_UNREACHABLE', detail);
}

interface TwilioAnswer {
  readonly sid?: unknown;
  readonly status?: unknown;
  readonly code?: unknown;
}

function read(body: string): TwilioAnswer {
  try {
    return (JSON.parse(body) ?? {}) as TwilioAnswer;
  } catch {
    return {};
  }
}

/** Bad credentials (20003), no such account (20404), account not active (20005, 10001): the operator's, and mended while the incident is open. */
const ACCOUNT = new Set([20003, 20404, 20005, 10001]);
/** No number (21211, 21217, 21421), one that cannot be reached or is no mobile (21214, 21612, 21614, 21635), a short code (21265), one that sent STOP (21610). */
const ADDRESS = new Set([21211, 21214, 21217, 21265, 21421, 21610, 21612, 21614, 21635]);
/** Too many requests (20429), messages a second (14107, 30022), or in the sender's queue (21611, 30001). */
const BUSY = new Set([14107, 20429, 21611, 30001, 30022]);

/** https://www.twilio.com/docs/api/errors/21609. */
const CALLBACK_REFUSED = 21609;

/** https://www.twilio.com/docs/api/errors. Undefined: what the status says. */
function refusalOf(
  code: number,
  { status, shown }: Answered,
  after: Milliseconds | undefined,
): ApplicationFailure | undefined {
  const detail = `${WHAT} answered ${status}: ${shown}`;
  if (ACCOUNT.has(code) || status === 401) {
    return retryable('PROVIDER_LOGIN_REFUSED', `${detail} (put right channels.sms, or the account)`);
  }
  if (ADDRESS.has(code)) return terminal('ADDRESS_REFUSED', detail);
  if (BUSY.has(code)) return retryable('PROVIDER_BUSY', detail, after === undefined ? {} : { after });
  return undefined;
}
