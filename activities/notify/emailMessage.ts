/** A notification or a notice as an e-mail: its headers, and its text and HTML alternatives. */
import addressparser from 'nodemailer/lib/addressparser';
import MailComposer from 'nodemailer/lib/mail-composer';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import { oneLine } from '../../domain/text.ts';
import { emailHtml } from './emailHtml.ts';
import type { Message } from './message.ts';

export interface Email {
  /** With its angle brackets, as in the header. */
  readonly messageId: string;
  /** The envelope's addresses. */
  readonly from: string;
  readonly to: string;
  /** The text alternative. */
  readonly text: string;
  readonly raw: Buffer;
}

export interface EmailHead {
  readonly idempotencyKey: string;
  readonly incident: string;
  readonly userName: string;
  readonly from: string;
  readonly to: string;
}

/**
 * Message-ID is made of the idempotency key, so that a receiver can tell a repeated attempt; all e-mails of an incident
 * answer one root that is never sent, and so are one thread (RFC 5322 §3.6.4). `Auto-Submitted` keeps auto-responders quiet (RFC 3834).
 */
export async function compose(
  message: Message,
  { idempotencyKey, incident, userName, from, to }: EmailHead,
): Promise<Email> {
  const sender = addressparser(from, { flatten: true })[0] ?? { name: '', address: from };
  const domain = sender.address.split('@').at(-1) ?? 'localhost';
  const thread = `<incident.${incident}@${domain}>`;
  const text = textOf(message);
  const composer = new MailComposer({
    from: sender,
    to: { name: headerText(oneLine(userName)), address: to },
    subject: headerText(message.subject),
    messageId: `<${idempotencyKey}@${domain}>`,
    inReplyTo: thread,
    references: thread,
    headers: { 'Auto-Submitted': 'auto-generated' },
    text,
    html: emailHtml(message).text,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const node = composer.compile();
  const envelope = node.getEnvelope();
  return {
    messageId: node.messageId(),
    from: envelope.from === false ? sender.address : envelope.from,
    to: envelope.to[0] ?? to,
    text,
    raw: await node.build(),
  };
}

/** Text that looks like an encoded word (RFC 2047) is encoded once more: the composer would pass it through, and the reader decode it. */
const headerText = (text: string): string => (text.includes('=?') ? encodeWord(text, 'Q', 52) : text);

function textOf(message: Message): string {
  const { line, labels } = message.wording;
  const links = message.links.map(({ text, href }) => (href === undefined || href === text ? text : line(text, href)));
  const blocks = [
    [message.summary, ...(message.present === null ? [] : [line(labels.now, message.present)])],
    message.ackUrl === null ? [] : [line(labels.acknowledgeOrResolve, '').trim(), message.ackUrl],
    message.facts.map(([label, value]) => line(label, value)),
    links,
    message.details === '' ? [] : [labels.details, message.details],
    [message.footer],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}
