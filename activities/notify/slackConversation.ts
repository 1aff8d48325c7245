/** What the channel `slack` says of its message of an incident to one recipient, to go on from there: `C123/1503435956.000247/n3/#incidents`. */
import type { Posted } from './slackApi.ts';

export interface SlackConversation extends Posted {
  /** The notification whose page it is; null where it came by a notice. */
  readonly notification: string | null;
}

/** `to`: whom it was written to, as the configuration names them. */
export const writeConversation = ({ channel, ts, notification }: SlackConversation, to: string): string =>
  [channel, ts, notification ?? '', to].join('/');

/** Null where there is none, or it is with another than `to`: then the address has changed since. */
export function readConversation(text: string | null | undefined, to: string): SlackConversation | null {
  const [channel = '', ts = '', notification = '', ...address] = (text ?? '').split('/');
  if (ts === '' || address.join('/') !== to) return null;
  return { channel, ts, notification: notification === '' ? null : notification };
}

/** Of one person: direct messages with the app. */
export const isDirect = ({ channel }: Posted): boolean => channel.startsWith('D');
