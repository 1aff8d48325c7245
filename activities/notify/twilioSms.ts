/** Text messages by Twilio: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message. One number a request. */
import type { ApplicationFailure } from '@temporalio/common';
import type { TwilioSms } from '../../domain/channels.ts';
import { CALL_TIMEOUT } from './http.ts';
import type { NumberOutcome } from './smsOutcome.ts';
import { askTwilio } from './twilio.ts';

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
  { text, statusCallback, secrets }: TwilioText,
  timeout: number,
): Promise<NumberOutcome> {
  const { from, messagingServiceSid } = account;
  const form = new URLSearchParams({ To: number, Body: text });
  if (from !== undefined) form.set('From', from);
  if (messagingServiceSid !== undefined) form.set('MessagingServiceSid', messagingServiceSid);
  const calledBack = new URLSearchParams(form);
  if (statusCallback !== undefined) calledBack.set('StatusCallback', statusCallback);
  try {
    const { sid, status } = await askTwilio({
      account,
      channel: 'sms',
      resource: 'Messages.json',
      form: calledBack,
      notCalledBack: form,
      secrets: [number, ...(statusCallback === undefined ? [] : [statusCallback]), ...secrets],
      timeout,
    });
    return { number, receipt: { ...(typeof sid === 'string' ? { providerId: sid } : {}), detail: String(status) } };
  } catch (error) {
    return { number, failure: error as ApplicationFailure };
  }
}
