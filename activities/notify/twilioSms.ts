/** Text messages by Twilio: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message. One number a request. */
import type { ApplicationFailure } from '@temporalio/common';
import type { TwilioSms } from '../../domain/channels.ts';
import { retryable } from '../errors.ts';
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

/** Never throws: each number has an outcome of its own, in their order. `timeout`: of all of them, so that one that is not answered holds up no other. */
export async function sendByTwilio(
  account: TwilioSms,
  numbers: readonly string[],
  message: TwilioText,
  timeout = CALL_TIMEOUT,
): Promise<readonly NumberOutcome[]> {
  const until = Date.now() + timeout;
  const left = numbers.entries();
  const outcomes: NumberOutcome[] = [];
  const sendSome = async (): Promise<void> => {
    for (const [index, number] of left) {
      outcomes[index] = await outcomeOf(account, number, message, until - Date.now());
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendSome));
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
    if (timeout <= 0) throw retryable('PROVIDER_BUSY', 'Twilio SMS: the other numbers took all the time there was');
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
