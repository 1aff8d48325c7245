/** Text that others wrote (alerts, names, links), made fit to be shown. What is shown is never less than what came, but for its length. */

/** Control characters, line separators, lone surrogates, and the marks that make text read in another order than it stands. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u{202A}-\u{202E}\u{2066}-\u{2069}]/gu;

/** As an escape that can be read: `\u{1b}`. A lone surrogate is no character and becomes U+FFFD. */
function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code >= 0xd800 && code <= 0xdfff ? '\u{FFFD}' : `\\u{${code.toString(16)}}`;
}

/** On one line: any run of white space is one space, and nothing in it acts on a header, a terminal or the reading order. */
export const oneLine = (text: string): string => text.replaceAll(/\s+/gu, ' ').trim().replaceAll(UNSEEN, visible);

/** Keeps its lines and tabs; nothing else in it acts on a terminal or the reading order. */
export const harmless = (text: string): string =>
  text
    .replaceAll(/\r\n?|[\u{2028}\u{2029}]/gu, '\n')
    .replaceAll(UNSEEN, (character) => (character === '\n' || character === '\t' ? character : visible(character)));

/** At most `limit` characters (code points), the last of them an ellipsis where something was left out. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  // No more of a huge text is looked at than could be kept: a code point has at most two units.
  const kept = Array.from(text.slice(0, 2 * limit + 2));
  return kept.length <= limit ? text : `${kept.slice(0, limit - 1).join('')}…`;
}

/** Browsers and mail programs follow no link that is much longer. */
const ADDRESS_LIMIT = 4_096;

/**
 * A link as it may be followed: an absolute http or https URL, normalised. Undefined for anything else, such as
 * `javascript:`, and for one beyond 4,096 characters.
 */
export function webAddress(href: string): string | undefined {
  if (href.length > ADDRESS_LIMIT || !URL.canParse(href)) return undefined;
  const url = new URL(href);
  const followed = url.protocol === 'https:' || url.protocol === 'http:';
  return followed && url.href.length <= ADDRESS_LIMIT ? url.href : undefined;
}

/** Its length in UTF-8. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
