/** The text alternative of an e-mail. */
import type { Message, MessageLink } from './message.ts';

export function emailText(message: Message): string {
  const { line, labels } = message.wording;
  const shown = ({ text, href }: MessageLink) => (href === undefined || href === text ? text : line(text, href));
  const blocks = [
    [message.summary, ...(message.present === null ? [] : [line(labels.now, message.present)])],
    message.ackUrl === null ? [] : [line(labels.acknowledgeOrResolve, '').trim(), message.ackUrl],
    message.facts.map(([label, value]) => line(label, value)),
    message.links.map(shown),
    message.changes.length === 0 ? [] : [line(labels.changes, '').trim(), ...message.changes.map(shown)],
    message.details === '' ? [] : [labels.details, message.details],
    [message.footer],
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}
