/** What Slack sends, as far as it matters here: presses of buttons (https://docs.slack.dev/reference/interaction-payloads/block_actions-payload), and messages of threads (https://docs.slack.dev/reference/events/message). */
import { z } from 'zod';

const id = z.string().regex(/^[A-Z0-9]{1,64}$/);
const ts = z.string().regex(/^\d{1,12}\.\d{1,9}$/);

const press = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id }),
  channel: z.object({ id }).optional(),
  response_url: z.string().max(2_000).optional(),
  actions: z
    .array(z.object({ action_id: z.string().max(255), action_ts: ts, value: z.string().max(2_000).optional() }))
    .min(1)
    .max(25),
});
export type SlackPress = z.output<typeof press>;

const reply = z.object({
  type: z.literal('event_callback'),
  event: z.object({
    type: z.literal('message'),
    // One that is shown to the channel too, and one with a file; all others are no person's words, or changes of them.
    subtype: z.enum(['thread_broadcast', 'file_share']).optional(),
    bot_id: z.undefined().optional(),
    user: id,
    text: z.string(),
    ts,
    thread_ts: ts,
    parent_user_id: id.optional(),
    channel: id,
  }),
});
export type SlackReply = z.output<typeof reply>['event'];

const challenge = z.object({ type: z.literal('url_verification'), challenge: z.string().max(2_000) });

export type SlackPayload =
  | { readonly kind: 'press'; readonly press: SlackPress }
  | { readonly kind: 'reply'; readonly reply: SlackReply }
  /** Slack asks whether this address is one of its app (https://docs.slack.dev/reference/events/url_verification). */
  | { readonly kind: 'challenge'; readonly challenge: string }
  /** Nothing of ours: it is taken, and nothing comes of it. */
  | { readonly kind: 'other' };

export function readSlackPayload(payload: unknown): SlackPayload {
  const pressed = press.safeParse(payload);
  if (pressed.success) return { kind: 'press', press: pressed.data };
  const replied = reply.safeParse(payload);
  if (replied.success && replied.data.event.ts !== replied.data.event.thread_ts) {
    return { kind: 'reply', reply: replied.data.event };
  }
  const asked = challenge.safeParse(payload);
  return asked.success ? { kind: 'challenge', challenge: asked.data.challenge } : { kind: 'other' };
}
