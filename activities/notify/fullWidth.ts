/**
 * Text in a Markdown that knows no escape, or not everywhere the same, as those of group robots do: what could be markup, a
 * mention, an entity or an escape is shown by its full-width double. Read by people: U+FF1C for `<`, and so for `> * ` [ ] # & @ \`.
 */
import { cut } from '../../domain/text.ts';

const LINE_LIMIT = 200;

/** At most `limit` characters. */
export const fullWidth = (text: string, limit = LINE_LIMIT): string =>
  cut(text, limit).replaceAll(/[<>*`[\]#&@\\]/g, (mark) => String.fromCodePoint((mark.codePointAt(0) ?? 0) + 0xfee0));

/** An address in a link, where a bracket would end it. */
export const linkAddress = (href: string): string =>
  href.replaceAll(/[()<>]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
