/** The text alternative of an e-mail. */
import type { Message } from './message.ts';

export function emailText(message: Message): string {
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
