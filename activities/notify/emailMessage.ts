/** A notification or a notice as an e-mail: its headers, with its text and HTML alternatives. */
import { domainToASCII } from 'node:url';
import MailComposer from 'nodemailer/lib/mail-composer';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import { oneLine } from '../../domain/text.ts';

export interface Email {
  /** With its angle brackets, as in the header. */
  readonly messageId: string;
  /** The envelope's addresses. */
  readonly from: string;
  readonly to: string;
  readonly raw: Buffer;
}

export interface EmailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
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
  { subject, text, html }: EmailContent,
  { idempotencyKey, incident, userName, from, to }: EmailHead,
): Promise<Email> {
  const sender = senderOf(from);
  const domain = domainToASCII(sender.address.split('@').at(-1) ?? '') || 'localhost';
  const thread = `<incident.${incident}@${domain}>`;
  const composer = new MailComposer({
    from: { ...sender, name: headerText(oneLine(sender.name)) },
    to: { name: headerText(oneLine(userName)), address: to },
    subject: headerText(subject),
    messageId: `<${idempotencyKey}@${domain}>`,
    inReplyTo: thread,
    references: thread,
    headers: { 'Auto-Submitted': 'auto-generated' },
    text,
    html,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const node = composer.compile();
  const envelope = node.getEnvelope();
  return {
    messageId: node.messageId(),
    from: envelope.from === false ? sender.address : envelope.from,
    to: envelope.to[0] ?? to,
    raw: await node.build(),
  };
}

/** Text that looks like an encoded word (RFC 2047) is encoded once more: the composer would pass it through, and the reader decode it. */
const headerText = (text: string): string => (text.includes('=?') ? encodeWord(text, 'Q', 52) : text);

const IN_QUOTES = /^"(?<name>(?:[^"\\]|\\.)*)"$/;

/** `Tocsin <alerts@example.com>`: the name as it is written, in quotes or not (RFC 5322 §3.4). */
export function senderOf(from: string): { readonly name: string; readonly address: string } {
  const [, written = '', address = from] = /^([^<>]*)<([^<>]+)>$/.exec(from) ?? [];
  const quoted = IN_QUOTES.exec(written.trim())?.groups?.['name'];
  return { name: quoted?.replaceAll(/\\(.)/g, '$1') ?? written.trim(), address };
}
