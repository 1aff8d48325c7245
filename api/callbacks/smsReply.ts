/** What people write back to a text message. */
import type { ChannelAction } from './acting.ts';

export interface SmsReply {
  readonly action: Extract<ChannelAction, 'acknowledge' | 'resolve' | 'escalate'>;
  /** Of the incident; null: the last one that they were texted about. */
  readonly number: number | null;
}

const ACTIONS: Readonly<Record<string, SmsReply['action']>> = {
  4: 'acknowledge',
  a: 'acknowledge',
  ack: 'acknowledge',
  acknowledge: 'acknowledge',
  6: 'resolve',
  resolve: 'resolve',
  close: 'resolve',
  5: 'escalate',
  escalate: 'escalate',
};
/** Quotation marks that phones set, and full stops. */
const AROUND = /^[\s'"‘’“”«»「」『』]+|[\s'"‘’“”«»「」『』.!。]+$/gu;

/**
 * `4`, `ack 12`, `'6 #12'`: a word or a key of the phone menu, and a number where it is not of the last incident. Capitals
 * and full-width signs are as good. Undefined for anything else, a word more included: who writes sentences means more than a key.
 */
export function readReply(text: string): SmsReply | undefined {
  const plain = text.normalize('NFKC').replaceAll(AROUND, '').toLowerCase();
  const [, word = '', number] = /^([a-z]+|[456])(?: +#? *(\d{1,9}))?$/.exec(plain) ?? [];
  const action = Object.hasOwn(ACTIONS, word) ? ACTIONS[word] : undefined;
  return action && { action, number: number === undefined ? null : Number(number) };
}
