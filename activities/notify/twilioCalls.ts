/** Calls by Twilio: made, and looked for where nobody knows whether one was; https://www.twilio.com/docs/voice/api/call-resource. */
import { ApplicationFailure } from '@temporalio/common';
import type { VoiceChannel } from '../../domain/channels.ts';
import type { Instant } from '../../domain/duration.ts';
import type { NotifyReceipt } from '../contract.ts';
import { ATTEMPT_FAILURES } from '../contract.ts';
import { retryable } from '../errors.ts';
import { CALL_TIMEOUT } from './http.ts';
import { askTwilio } from './twilio.ts';

export interface PhoneCall {
  readonly to: string;
  readonly twiml: string;
  /** Where Twilio tells how the call goes, and whether a person answered; none where nobody waits for that. */
  readonly tells: {
    readonly status: string;
    readonly answeredBy: string;
    /** The TwiML of a call that Twilio will not call back about: it asks for no keys. */
    readonly twimlWithout: string;
  } | null;
  /** Kept out of what is told of an answer. */
  readonly secrets: readonly string[];
}

/** Milliseconds: clocks differ, and an attempt takes ten seconds at most once a worker has it. */
const BEFORE = 5_000;
const AFTER = 15_000;
/** Milliseconds of an attempt that the question may take. */
const QUESTION_TIMEOUT = 3_500;
/** Seconds: a call that nobody ends is ended. */
const LONGEST = 300;
/** A call with one of these never rang. */
const NEVER_RANG: ReadonlySet<unknown> = new Set(['failed', 'canceled']);

/** Makes the call. Throws as `askTwilio`. `timeout` in milliseconds. */
export async function makeCall(
  account: VoiceChannel,
  { to, twiml, tells, secrets }: PhoneCall,
  timeout = CALL_TIMEOUT,
): Promise<NotifyReceipt> {
  const formWith = (document: string): URLSearchParams =>
    new URLSearchParams({
      To: to,
      From: account.from,
      Twiml: document,
      Timeout: String(Math.round(account.ringFor / 1_000)),
      TimeLimit: String(LONGEST),
    });
  const form = formWith(twiml);
  if (tells !== null) {
    form.set('StatusCallback', tells.status);
    for (const event of ['initiated', 'answered', 'completed']) form.append('StatusCallbackEvent', event);
    // Beside the call, so that a person hears the first word at once.
    form.set('MachineDetection', 'Enable');
    form.set('AsyncAmd', 'true');
    form.set('AsyncAmdStatusCallback', tells.answeredBy);
  }
  const answer = await askTwilio({
    account,
    channel: 'voice',
    resource: 'Calls.json',
    form,
    ...(tells === null ? {} : { notCalledBack: formWith(tells.twimlWithout) }),
    secrets: [to, ...secrets],
    timeout,
  });
  return receiptOf(answer);
}

/**
 * The call that an attempt made which began at `at`, and of which nobody knows: of those to that number in the seconds about it that are
 * nobody else's, the nearest. Undefined where there is none. Throws, retryable, what `askTwilio` throws, for a question may be asked again.
 */
export async function callMadeAt(
  account: VoiceChannel,
  to: string,
  at: Instant,
  isAnothers: (sid: string) => boolean,
): Promise<NotifyReceipt | undefined> {
  const query = new URLSearchParams({ To: to, From: account.from, PageSize: '50' });
  const { calls } = await askTwilio({
    account,
    channel: 'voice',
    resource: `Calls.json?${query.toString()}`,
    secrets: [to],
    timeout: QUESTION_TIMEOUT,
  }).catch((error: unknown) => {
    if (error instanceof ApplicationFailure && error.type === ATTEMPT_FAILURES.unknown) {
      throw retryable('PROVIDER_UNREACHABLE', `asked whether it made the call: ${error.message}`);
    }
    throw error;
  });
  const found = (Array.isArray(calls) ? (calls as readonly TwilioCall[]) : [])
    .filter(({ sid, status }) => typeof sid === 'string' && !NEVER_RANG.has(status) && !isAnothers(sid))
    .map((one) => ({ one, made: Date.parse(String(one.date_created)) }))
    .filter(({ made }) => made >= Math.floor((at - BEFORE) / 1_000) * 1_000 && made <= at + AFTER)
    .toSorted((one, other) => Math.abs(at - one.made) - Math.abs(at - other.made))[0];
  return found && receiptOf(found.one);
}

interface TwilioCall {
  readonly sid?: unknown;
  readonly status?: unknown;
  /** RFC 2822. */
  readonly date_created?: unknown;
}

const receiptOf = ({ sid, status }: TwilioCall): NotifyReceipt => ({
  ...(typeof sid === 'string' ? { providerId: sid } : {}),
  detail: String(status),
});
