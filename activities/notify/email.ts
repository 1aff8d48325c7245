/** The channel `email`: SMTP, as `channels.email` of the configuration says. */
import { terminal } from '../errors.ts';
import type { ChannelDeps, Notify } from './channel.ts';
import { recipientOf } from './channel.ts';
import { compose } from './emailMessage.ts';
import { messageOf } from './message.ts';
import { deliver } from './smtp.ts';

/** One attempt ends within this many milliseconds, so that it ends by itself before its start-to-close timeout of 10 s. */
const ATTEMPT_TIMEOUT = 8_500;

/**
 * The receipt has the Message-ID as `providerId`, and the server's reply as `detail`. Throws, terminal: CONTACT_GONE,
 * CHANNEL_NOT_CONFIGURED, ADDRESS_REFUSED, PROVIDER_REFUSED; retryable: PROVIDER_BUSY, PROVIDER_UNREACHABLE,
 * PROVIDER_LOGIN_REFUSED; unknown: PROVIDER_SILENT. `timeout` in milliseconds is for tests.
 */
export function emailNotify({
  configuration,
  secret,
  publicUrl,
  timeout = ATTEMPT_TIMEOUT,
}: Omit<ChannelDeps, 'print'> & { timeout?: number }): Notify {
  return async (request) => {
    const present = configuration();
    const { user, contact } = recipientOf(present, 'email', request);
    const { email: channel } = present.channels;
    if (channel === undefined) {
      throw terminal('CHANNEL_NOT_CONFIGURED', 'channels.email is not in the configuration: give its smtp and from');
    }
    if (contact.to === undefined) {
      throw terminal('CONTACT_GONE', `user ${user.id}: contact method ${contact.id} has no address; give its \`to\``);
    }
    const message = messageOf(request, { secret, publicUrl, timezone: user.timezone });
    const email = await compose(message, { request, from: channel.from, to: contact.to });
    const reply = await deliver({ url: channel.smtp, from: email.from, to: email.to, message: email.raw, timeout });
    return { providerId: email.messageId, detail: reply };
  };
}
