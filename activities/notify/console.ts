/** The channel `console`: prints the notification where Tocsin runs. For trying it out, and for a screen on the wall. */
import type { ChannelDeps, Notify } from './channel.ts';
import { recipientOf } from './channel.ts';
import { messageOf } from './message.ts';

const DETAIL_LINES = 6;

/** Throws CONTACT_GONE, terminal. */
export function consoleNotify({ configuration, secret, publicUrl, print }: ChannelDeps): Notify {
  return async (request) => {
    const { user } = recipientOf(configuration(), 'console', request);
    const message = messageOf(request, { secret, publicUrl, timezone: user.timezone });
    const details = message.details === '' ? [] : message.details.split('\n');
    const lines = [
      message.subject,
      ...(message.present === null ? [] : [`Now: ${message.present}`]),
      ...message.facts.map(([label, value]) => `${label}: ${value}`),
      ...message.links.map(({ text, href }) => (href === undefined ? `Link: ${text}` : `${text}: ${href}`)),
      ...details.slice(0, DETAIL_LINES),
      ...(details.length > DETAIL_LINES ? ['…'] : []),
      `Acknowledge: ${message.ackUrl}`,
    ];
    print(`-- to ${user.name} (${user.id})`);
    for (const line of lines) print(`   ${line}`);
    return {};
  };
}
