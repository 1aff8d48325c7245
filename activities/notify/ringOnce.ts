/** A call that is made once: where nobody knows whether it was, Twilio is asked before it is made. */
import type { VoiceChannel } from '../../domain/channels.ts';
import type { NotifyRequest } from '../../domain/effects.ts';
import type { NotifyReceipt } from '../contract.ts';
import { CALL_TIMEOUT } from './http.ts';
import type { PhoneCall } from './twilioCalls.ts';
import { callMadeAt, makeCall } from './twilioCalls.ts';

type Owed = Pick<NotifyRequest, 'idempotencyKey' | 'mayHaveBeenSent'>;

/** Throws as `makeCall` and `callMadeAt` do. */
export type RingOnce = (account: VoiceChannel, owed: Owed, call: PhoneCall) => Promise<NotifyReceipt>;

/** Milliseconds for the call, after the question: together they end before their attempt does. */
const AFTER_THE_QUESTION = 5_000;
/** Calls of this process that are remembered. */
const REMEMBERED = 1_000;

/** `timeout` in milliseconds, of a call that nothing is asked about. */
export function ringOnce(timeout = CALL_TIMEOUT): RingOnce {
  /** Whose each call is, by Twilio's id of it: Twilio cannot say what a call was about. */
  const madeFor = new Map<string, string>();
  const remember = ({ providerId }: NotifyReceipt, key: string): void => {
    if (providerId !== undefined) madeFor.set(providerId, key);
    const [oldest] = madeFor.size > REMEMBERED ? madeFor.keys() : [];
    if (oldest !== undefined) madeFor.delete(oldest);
  };

  async function made(account: VoiceChannel, { idempotencyKey, mayHaveBeenSent }: Owed, call: PhoneCall) {
    if (mayHaveBeenSent === undefined || mayHaveBeenSent === null) return makeCall(account, call, timeout);
    const isAnothers = (sid: string): boolean => (madeFor.get(sid) ?? idempotencyKey) !== idempotencyKey;
    const found = await callMadeAt(account, call.to, Date.parse(mayHaveBeenSent), isAnothers);
    return found ?? makeCall(account, call, AFTER_THE_QUESTION);
  }

  return async (account, owed, call) => {
    const receipt = await made(account, owed, call);
    remember(receipt, owed.idempotencyKey);
    return receipt;
  };
}
