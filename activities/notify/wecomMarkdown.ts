/** A message in the Markdown of WeCom's group robots: titles, links, quotes, three font colours, and no way to escape any of them. */
import type { Severity } from '../../domain/event.ts';
import type { IncidentView } from '../../domain/view.ts';
import { cut, oneLine } from '../../domain/text.ts';
import type { Message } from './message.ts';

/** Green, grey and orange. */
export type Colour = 'info' | 'comment' | 'warning';

/** Bytes of UTF-8 that a message may have. */
const BYTES = 4_096;
const REST_IS_CUT = '> … (the rest is cut)';
const TITLE_LIMIT = 200;
const LINE_LIMIT = 200;
const LINKS = 5;

const COLOURS: Readonly<Record<Severity, Colour>> = {
  critical: 'warning',
  error: 'warning',
  warning: 'comment',
  info: 'info',
};

/** An alert without a severity counts as an error (lifecycle §8). */
export const severityColour = (severity: Severity | null): Colour => COLOURS[severity ?? 'error'];

export const noticeColour = ({ status, severity }: Pick<IncidentView, 'status' | 'severity'>): Colour =>
  status === 'resolved' ? 'info' : status === 'acknowledged' ? 'comment' : severityColour(severity);

/** At most 4,096 bytes: what does not fit is left out by the line, from the end, and that is said. `userName`: whose page it is. */
export function wecomMarkdown(message: Message, colour: Colour, userName = ''): string {
  const { subject, summary, present, facts, links, details, ackUrl } = message;
  const [prefix = ''] = /^\[[^\]]*\]/.exec(subject) ?? [];
  const lines = [
    `**${plain(prefix)}** <font color="${colour}">${shown(summary, TITLE_LIMIT)}</font>`,
    ...(present === null ? [] : [`**Now: ${shown(present)}**`]),
    ...(ackUrl === null ? [] : [`[Acknowledge as ${shown(oneLine(userName))}](${ackUrl})`]),
    ...facts.map(([label, value]) => `> ${label}: <font color="comment">${shown(value)}</font>`),
    ...links
      .slice(0, LINKS)
      .map(({ text, href }) => (href === undefined ? `> ${shown(text)}` : `> [${shown(text)}](${address(href)})`)),
    ...(details === '' ? [] : details.split('\n').map((line) => `> ${shown(line)}`)),
  ];
  return fitted(lines);
}

function fitted(lines: readonly string[]): string {
  const whole = lines.join('\n');
  if (Buffer.byteLength(whole) <= BYTES) return whole;
  const kept: string[] = [];
  let left = BYTES - Buffer.byteLength(REST_IS_CUT);
  for (const line of lines) {
    left -= Buffer.byteLength(line) + 1;
    if (left < 0) break;
    kept.push(line);
  }
  return [...kept, REST_IS_CUT].join('\n');
}

/**
 * WeCom knows no escape, so what could be markup, a mention (`<@userid>`) or an entity is shown by its full-width double.
 * Read by people: U+FF1C for `<`, and so for `> * ` [ ] # & @`.
 */
const plain = (text: string): string =>
  text.replaceAll(/[<>*`[\]#&@]/g, (mark) => String.fromCodePoint((mark.codePointAt(0) ?? 0) + 0xfee0));

const shown = (text: string, limit = LINE_LIMIT): string => plain(cut(text, limit));

/** In a link a bracket would end it. */
const address = (href: string): string =>
  href.replaceAll(/[()<>]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
