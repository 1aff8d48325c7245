/** What the buttons of a message in Slack carry: of which incident they are, and where it stood when they were shown (lifecycle §4.7). Who presses is said by Slack, and not by them. */
import type { Instant } from '../domain/duration.ts';
import { days } from '../domain/duration.ts';
import { readToken, signToken } from './signedToken.ts';

/** How long the buttons of a message are valid, from when they were last shown. */
export const BUTTON_VALID_FOR = days(7);

export interface SlackButton {
  /** The incident's id. */
  readonly incident: string;
  readonly level: number;
  readonly pass: number;
  readonly episode: number;
  /** The first instant at which it is no longer valid. */
  readonly expiresAt: Instant;
}

export type ReadButton =
  | { readonly ok: true; readonly button: SlackButton }
  | { readonly ok: false; readonly code: 'LINK_INVALID' | 'LINK_EXPIRED' };

/** The type of the metadata of every message of an incident; its payload has the incident's id. */
export const SLACK_EVENT = 'tocsin_incident';

const PURPOSE = 'slack button';

/** At most 600 characters; Slack takes 2,000. The same for the same button and secret. */
export const signSlackButton = (secret: string, { incident, level, pass, episode, expiresAt }: SlackButton): string =>
  signToken(secret, PURPOSE, [incident, level, pass, episode, expiresAt]);

/** Reads what a button carries, as `readToken` does. */
export function readSlackButton(secret: string, value: string, now: Instant): ReadButton {
  const read = readToken(secret, PURPOSE, value, now);
  if (!read.ok) return read;
  const [incident, level, pass, episode, expiresAt] = read.payload as [string, number, number, number, Instant];
  return { ok: true, button: { incident, level, pass, episode, expiresAt } };
}
