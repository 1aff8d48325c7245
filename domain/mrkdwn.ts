/** Slack's mark-up, mrkdwn: text that others wrote is written so that it is only read, and what people write there is read as text (https://docs.slack.dev/messaging/formatting-message-text). */
import { cut, harmless, oneLine } from './text.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** Marks that format where a word begins or ends; inside of one, as in `node_cpu`, they do not. */
const MARKS = /(?<![\p{L}\p{N}])[*_~`]|[*_~`](?![\p{L}\p{N}])/gu;
/** Begins a quotation, also as an entity. */
const QUOTE = /^>/gmu;

/**
 * One line of text for a place that takes mrkdwn, at most `limit` UTF-16 units of it: nothing in it mentions, links or formats.
 * `& < >` are Slack's own escapes; it has none for its other marks, which are shown by their full-width doubles.
 */
export const mrkdwn = (text: string, limit: number): string => fitted(oneLine(text), limit);

/** As `mrkdwn`, of any length, and keeps its lines. */
export const mrkdwnText = (text: string): string => inert(harmless(text));

/** As `mrkdwn`, and keeps its lines. */
export const mrkdwnLines = (text: string, limit: number): string => fitted(harmless(text).trim(), limit);

function fitted(text: string, limit: number): string {
  // What is escaped is longer: a text full of ampersands is cut earlier.
  for (let kept = limit; ; kept = Math.floor(kept * 0.7)) {
    const escaped = inert(cut(text, kept));
    if (escaped.length <= limit) return escaped;
  }
}

const inert = (text: string): string =>
  text
    .replaceAll(QUOTE, fullWidth)
    .replaceAll(MARKS, fullWidth)
    .replaceAll(/[&<>]/g, (mark) => ENTITIES[mark] ?? mark);

const fullWidth = (mark: string): string => String.fromCodePoint((mark.codePointAt(0) ?? 0) + 0xfee0);

/** An address that `webAddress` gave, as it stands in a link. */
export const mrkdwnAddress = (href: string): string => href.replaceAll('|', '%7C').replaceAll('&', '&amp;');

/** A link with a label; `href` is an address that `webAddress` gave. At most `limit` UTF-16 units, else the label alone. */
export function mrkdwnLink(href: string, label: string, limit: number): string {
  const address = mrkdwnAddress(href);
  const shown = mrkdwn(label, Math.floor(limit / 2)).replaceAll('|', fullWidth);
  const link = `<${address}|${shown === '' ? address : shown}>`;
  return link.length <= limit ? link : shown;
}

/** An instant that every reader sees in their own time zone; `otherwise` where a program cannot show it. */
export const mrkdwnDate = (iso: string, otherwise: string): string =>
  `<!date^${Math.floor(Date.parse(iso) / 1_000)}^{date_num} {time_secs}|${mrkdwn(otherwise, 100).replaceAll('|', fullWidth)}>`;

/** What somebody wrote in Slack, as text: `nameOf` gives the name of a Slack user's id where it is known. */
export const readMrkdwn = (text: string, nameOf: (slackUser: string) => string | undefined): string =>
  text
    .replaceAll(/<([^<>]*)>/g, (_whole, inside: string) => readReference(inside, nameOf))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** `@U2|ana`, `#C1|incidents`, `!subteam^S1|@ops`, `!here`, `https://example.com|label`. */
function readReference(inside: string, nameOf: (slackUser: string) => string | undefined): string {
  const [target = '', label = ''] = inside.split('|', 2);
  if (target.startsWith('@')) return `@${nameOf(target.slice(1)) ?? (label === '' ? target.slice(1) : label)}`;
  if (target.startsWith('#')) return `#${label === '' ? target.slice(1) : label}`;
  if (target.startsWith('!')) return label === '' ? `@${target.slice(1).split('^')[0]}` : label;
  return label === '' || label === target ? target : `${label} (${target})`;
}
