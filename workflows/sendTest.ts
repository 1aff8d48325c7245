/** A test message: one attempt by the channel's own activity, on its own queue, with no incident. */
import type { NotifyRequest } from '../activities/contract.ts';
import type { AttemptResult } from '../domain/commands.ts';
import type { Channel } from '../domain/channels.ts';
import { attempt } from './activities.ts';

/** Never fails: whatever comes of it is its result. */
export async function sendTest(channel: Channel, request: NotifyRequest): Promise<AttemptResult> {
  const { notification, user, contact } = request;
  const summary = `A test for ${user}, ${contact} (${channel})`;
  return attempt({
    kind: 'notify',
    key: notification,
    notification,
    channel,
    request: () => request,
    summary,
    void: false,
  });
}
