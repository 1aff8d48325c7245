/**
 * Conversations: what a channel said of its first message of the incident to a recipient, so that what comes later goes on from
 * there (Slack's channel and timestamp, an incident of Reactio). One for each recipient, whether it is told by pages or notices.
 */
import type { AttemptResult } from './commands.ts';
import type { Decision } from './decision.ts';
import { SYSTEM } from './decision.ts';
import { lineOf } from './foremost.ts';
import type { IncidentState, Notice, Notification } from './incident.ts';

type Addressed = Pick<Notice, 'channel' | 'to'>;

/** Characters. A longer one is none that this asked for, and is not carried about. */
const LONGEST = 255;

/** A notification's recipient, as notices have it. */
export const addressOf = ({ channel, user, contact }: Notification): Addressed => ({
  channel,
  to: { kind: 'contact', user, contact },
});

/** Remembers what the channel said, if it said anything: a new word takes the place of the one before. */
export function converse(decision: Decision, recipient: Addressed, result: AttemptResult): void {
  if (result.outcome !== 'sent') return;
  const { conversation } = result;
  if (conversation === undefined || conversation.length > LONGEST) return;
  const line = lineOf(recipient);
  if (decision.state.conversations[line] === conversation) return;
  decision.record(SYSTEM, { type: 'conversationBegun', line, conversation });
}

/** Null where the channel said nothing of the kind. */
export const conversationWith = ({ conversations }: IncidentState, recipient: Addressed): string | null =>
  conversations[lineOf(recipient)] ?? null;
