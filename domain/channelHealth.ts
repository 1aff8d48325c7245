/**
 * Whether a channel fails for everybody (docs/adr/0019): a rule over the outcomes of attempts, as one worker sees them. What
 * fails for one recipient, or one message, alone says nothing of the channel.
 */
import type { Instant } from './duration.ts';
import { minutes } from './duration.ts';
import type { ErrorCode } from './errors.ts';

/** How an attempt ended. `recipient` tells one from another, and is kept nowhere else. */
export type Seen =
  | { readonly at: Instant; readonly recipient: string; readonly sent: true }
  | {
      readonly at: Instant;
      readonly recipient: string;
      readonly sent: false;
      readonly code: ErrorCode;
      readonly detail: string;
    };

export interface ChannelHealth {
  /** Of the attempts since the last success; null where none failed. */
  readonly failing: {
    readonly since: Instant;
    readonly last: Instant;
    readonly attempts: number;
    readonly recipients: readonly string[];
  } | null;
  /** What its incident was told last, and when. */
  readonly said: { readonly word: ChannelWord['word']; readonly at: Instant } | null;
}

/** What the channel's incident is told. */
export type ChannelWord =
  | { readonly word: 'works'; readonly at: Instant }
  | {
      readonly word: 'fails';
      readonly at: Instant;
      readonly since: Instant;
      readonly attempts: number;
      readonly code: ErrorCode;
      readonly detail: string;
    };

export const UNSEEN: ChannelHealth = { failing: null, said: null };

/** The channel's own doing; every other failure is a recipient's, or a message's. */
const OF_THE_CHANNEL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'PROVIDER_LOGIN_REFUSED',
  'PROVIDER_UNREACHABLE',
  'PROVIDER_BUSY',
  'PROVIDER_SILENT',
]);
/** One is enough: no recipient makes a difference to a login. */
const AT_ONCE: ErrorCode = 'PROVIDER_LOGIN_REFUSED';
const FAILS_FOR = minutes(1);
const RECIPIENTS = 2;
/** Of one recipient, where there is no other. */
const ATTEMPTS = 3;
/** Failures that far apart are not of one failing. */
const FORGOTTEN_AFTER = minutes(60);
/** While it goes on failing, its incident hears of it so often at most. */
const FAILS_AGAIN_AFTER = minutes(1);
/** Another worker may have said that it fails: so often a success is told that nobody here had waited for. */
const WORKS_AGAIN_AFTER = minutes(5);

/**
 * The channel fails for everybody when the provider refuses its login, or when all attempts since the last success failed by
 * the channel's own doing, over a minute at least: those to two recipients, or three of one. A success ends it.
 */
export function healthAfter(
  { failing, said }: ChannelHealth,
  seen: Seen,
): { readonly health: ChannelHealth; readonly word: ChannelWord | null } {
  const { at, recipient } = seen;
  const saidAgo = said === null ? Infinity : at - said.at;
  if (seen.sent) {
    const isNews = said?.word === 'fails' || saidAgo >= WORKS_AGAIN_AFTER;
    const word = isNews ? ({ word: 'works', at } as const) : null;
    return { health: { failing: null, said: word ?? said }, word };
  }
  const { code, detail } = seen;
  if (!OF_THE_CHANNEL.has(code)) return { health: { failing, said }, word: null };
  const before = failing !== null && at - failing.last < FORGOTTEN_AFTER ? failing : null;
  const known = before?.recipients ?? [];
  const now = {
    since: before?.since ?? at,
    last: at,
    attempts: (before?.attempts ?? 0) + 1,
    recipients: known.includes(recipient) || known.length >= RECIPIENTS ? known : [...known, recipient],
  };
  const isEverybodys = now.recipients.length >= RECIPIENTS || now.attempts >= ATTEMPTS;
  const fails = code === AT_ONCE || (isEverybodys && at - now.since >= FAILS_FOR);
  if (!fails || (said?.word === 'fails' && saidAgo < FAILS_AGAIN_AFTER)) {
    return { health: { failing: now, said }, word: null };
  }
  const { since, attempts } = now;
  return {
    health: { failing: now, said: { word: 'fails', at } },
    word: { word: 'fails', at, since, attempts, code, detail },
  };
}
