/** What of a message fits a vendor's limit. */
import type { Message, MessageLink } from './message.ts';

/** As many of them as fit, from the front, and whether that is all. `size`: what each takes. */
function fitting<Part>(
  parts: readonly Part[],
  room: number,
  size: (part: Part) => number,
): { readonly kept: readonly Part[]; readonly isCut: boolean } {
  let left = room;
  const beyond = parts.findIndex((part) => (left -= size(part)) < 0);
  return beyond === -1 ? { kept: parts, isCut: false } : { kept: parts.slice(0, beyond), isCut: true };
}

/**
 * As many of the lines as fit, from the front; where that is not all, `rest` stands at the end and says so. `size`: what a
 * line takes with its line break, bytes of UTF-8 where absent.
 */
export function fittingLines(
  lines: readonly string[],
  room: number,
  rest: string,
  size: (line: string) => number = (line) => Buffer.byteLength(line) + 1,
): string {
  const whole = fitting(lines, room, size);
  if (!whole.isCut) return lines.join('\n');
  return [...fitting(lines, room - size(rest), size).kept, rest].join('\n');
}

/** Bytes that a text takes in JSON, with what stands between it and the next. */
export const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value)) + 1;

/** A link that can be followed. */
export type CardLink = Required<MessageLink>;
type CardPart = { readonly line: string } | { readonly link: CardLink };

const LINKS = 5;

/**
 * A card of what a message has: its facts, links and details as far as they fit, in this order; where that is not all, it
 * says so. `card` makes one of lines and links, and what it adds to them is always there. `size`: what a card takes, the
 * bytes of its JSON where absent.
 */
export function fittingCard(
  { facts, links, details, wording: { labels, line } }: Pick<Message, 'facts' | 'links' | 'details' | 'wording'>,
  card: (lines: readonly string[], links: readonly CardLink[]) => object,
  room: number,
  size: (card: object) => number = jsonBytes,
): object {
  const parts: readonly CardPart[] = [
    ...facts.map(([label, value]) => ({ line: line(label, value) })),
    ...links.slice(0, LINKS).map(({ text, href }) => (href === undefined ? { line: text } : { link: { text, href } })),
    ...(details === '' ? [] : details.split('\n').map((each) => ({ line: each }))),
  ];
  const of = (kept: readonly CardPart[], more: readonly string[] = []): object =>
    card(
      [...kept.flatMap((part) => ('line' in part ? [part.line] : [])), ...more],
      kept.flatMap((part) => ('link' in part ? [part.link] : [])),
    );
  if (size(of(parts)) <= room) return of(parts);
  const empty = size(of([]));
  const left = room - size(of([], [labels.restIsCut]));
  return of(fitting(parts, left, (part) => size(of([part])) - empty + 1).kept, [labels.restIsCut]);
}
