/** The channel `email`: SMTP, as `channels.email` of the configuration says. */
import type { Configuration, ContactMethod, User } from '../../domain/configuration.ts';
import type { NotifyReceipt } from '../contract.ts';
import { terminal } from '../errors.ts';
import type { ChannelActivities, ChannelDeps } from './channel.ts';
import { keepText, namesIn, personTold, recipientOf } from './channel.ts';
import { emailHtml } from './emailHtml.ts';
import type { EmailContent } from './emailMessage.ts';
import { compose } from './emailMessage.ts';
import { emailText } from './emailText.ts';
import type { Message } from './message.ts';
import { messageOf, noticeMessageOf } from './message.ts';
import { deliver } from './smtp.ts';
import { templated } from './templates.ts';

/** One attempt ends within this many milliseconds, so that it ends by itself before its start-to-close timeout of 10 s. */
const ATTEMPT_TIMEOUT = 8_500;

/**
 * The receipt has the Message-ID as `providerId`, and the server's reply as `detail`. Throws, terminal: CONTACT_GONE,
 * CHANNEL_NOT_CONFIGURED, ADDRESS_REFUSED, PROVIDER_REFUSED; retryable: PROVIDER_BUSY, PROVIDER_UNREACHABLE,
 * PROVIDER_LOGIN_REFUSED; unknown: PROVIDER_SILENT. `timeout` in milliseconds is for tests.
 */
export function emailChannel({
  timeout = ATTEMPT_TIMEOUT,
  ...deps
}: Omit<ChannelDeps, 'print'> & { timeout?: number }): ChannelActivities {
  const { configuration, secret, publicUrl } = deps;
  return {
    async notify(request) {
      const present = configuration();
      const { user, contact } = recipientOf(present, 'email', request);
      const message = messageOf(request, { ...user, secret, publicUrl });
      const { idempotencyKey, incident, userName } = request;
      const head = { idempotencyKey, incident: incident.id, userName, ...addresses(present, user, contact) };
      const own = templated(present.templates, 'email', message);
      const content = {
        subject: named(
          own.part('subject', () => message.subject),
          message,
        ),
        text: own.part('text', () => emailText(message)),
        html: own.part('html', () => emailHtml(message).text),
      };
      const receipt = await send(content, head, timeout);
      keepText(deps, request, `Subject: ${content.subject}\n\n${content.text}`, message.ackUrl);
      return own.told(receipt);
    },
    async tell(request) {
      const present = configuration();
      const { user, contact } = personTold(present, request);
      const message = noticeMessageOf(request, { ...user, nameOf: namesIn(present) });
      const { idempotencyKey, incident } = request;
      const head = { idempotencyKey, incident: incident.id, userName: user.name };
      const own = templated(present.templates, 'email', message);
      const content = {
        subject: named(
          own.part('noticeSubject', () => message.subject),
          message,
        ),
        text: own.part('noticeText', () => emailText(message)),
        html: own.part('noticeHtml', () => emailHtml(message).text),
      };
      return own.told(await send(content, { ...head, ...addresses(present, user, contact) }, timeout));
    },
  };
}

interface Addresses {
  readonly smtp: string;
  readonly from: string;
  readonly to: string;
}

function addresses({ channels: { email } }: Configuration, user: User, contact: ContactMethod): Addresses {
  if (email === undefined) {
    throw terminal('CHANNEL_NOT_CONFIGURED', 'channels.email is not in the configuration: give its smtp and from');
  }
  if (contact.to === undefined) {
    throw terminal('CONTACT_GONE', `user ${user.id}: contact method ${contact.id} has no address; give its \`to\``);
  }
  return { ...email, to: contact.to };
}

/** Every subject names the incident (interfaces §5), one by a template too. */
function named(subject: string, { variables }: Message): string {
  const { number } = variables().incident;
  return subject.includes(number) ? subject : `[${number}] ${subject}`;
}

async function send(
  content: EmailContent,
  { smtp, ...head }: Parameters<typeof compose>[1] & Addresses,
  timeout: number,
): Promise<NotifyReceipt> {
  const email = await compose(content, head);
  const reply = await deliver({ url: smtp, from: email.from, to: email.to, message: email.raw, timeout });
  return { providerId: email.messageId, detail: reply };
}
