/** What others wrote, put into a text of each kind so that it is read there and does nothing. One escape a kind. */
import type { TextKind } from '../domain/templates.ts';
import { markup } from '../domain/html.ts';
import { mrkdwnAddress, mrkdwnText } from '../domain/mrkdwn.ts';
import { harmless, oneLine } from '../domain/text.ts';
import { Address } from './variables.ts';

type Escape = (text: string) => string;

/**
 * Text in a Markdown that knows no escape, or not everywhere the same, as those of group robots do: what could be markup, a
 * mention, an entity or an escape is shown by its full-width double. Read by people: U+FF1C for `<`, and so for `> * ` [ ] # & @ \`.
 */
export const fullWidth: Escape = (text) =>
  text.replaceAll(/[<>*`[\]#&@\\]/g, (mark) => String.fromCodePoint((mark.codePointAt(0) ?? 0) + 0xfee0));

/** An address in a link of Markdown, where a bracket would end it. */
export const linkAddress: Escape = (href) =>
  href.replaceAll(/[()<>]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

const escapeHtml: Escape = (text) => markup`${text}`.text;

const ESCAPES: Readonly<Record<TextKind, { readonly text: Escape; readonly address: Escape }>> = {
  line: { text: oneLine, address: (href) => href },
  lines: { text: harmless, address: (href) => href },
  html: { text: (text) => escapeHtml(harmless(text)), address: escapeHtml },
  robot: { text: (text) => fullWidth(harmless(text)), address: linkAddress },
  mrkdwn: { text: mrkdwnText, address: mrkdwnAddress },
};

/** For whatever a template puts out: nothing for what there is not, JSON for what is more than a text. */
export function escaped(kind: TextKind, value: unknown): string {
  const { text, address } = ESCAPES[kind];
  if (value instanceof Address) return address(value.text);
  if (value === null || value === undefined) return '';
  return text(typeof value === 'object' ? JSON.stringify(value) : `${value as string | number | boolean}`);
}
