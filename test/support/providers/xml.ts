/** A strict reader of XML 1.0 without DTD, as providers read theirs: what is not well-formed is refused, with the place. */

export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Elements and texts, in their order. */
  readonly children: readonly (Element | string)[];
}

const NAME = String.raw`[A-Za-z_][\w.-]*`;
const DECLARATION = /^<\?xml version="1\.0"(?: encoding="UTF-8")?\?>\s*/;
const OPENING = new RegExp(String.raw`<(${NAME})((?:\s+${NAME}="[^"<]*")*)\s*(/?)>`, 'y');
const CLOSING = new RegExp(String.raw`</(${NAME})\s*>`, 'y');
const TEXT = /[^<]+/y;
const ATTRIBUTE = new RegExp(String.raw`(${NAME})="([^"]*)"`, 'g');
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
/** XML 1.0 §2.2: characters that no document may hold. */
const NO_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** The root element. Throws where the document is not well-formed. */
export function parseXml(document: string): Element {
  if (NO_CHARACTER.test(document)) throw new Error('not XML: it holds a character that XML has not');
  const body = document.replace(DECLARATION, '');
  const root = { name: '', attributes: {}, children: [] as (Element | string)[] };
  const open = [root];
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(body);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  while (at < body.length) {
    const present = open.at(-1)!;
    const text = next(TEXT);
    if (text !== null) {
      present.children.push(decoded(text[0]));
      continue;
    }
    const opening = next(OPENING);
    if (opening !== null) {
      const element = { name: opening[1]!, attributes: attributesOf(opening[2]!), children: [] };
      present.children.push(element);
      if (opening[3] === '') open.push(element);
      continue;
    }
    const closing = next(CLOSING);
    if (closing === null || closing[1] !== present.name || open.length === 1) {
      throw new Error(`not XML at ${at}: ${body.slice(at, at + 40)}`);
    }
    open.pop();
  }
  const [element, ...rest] = root.children.filter((each) => typeof each !== 'string' || each.trim() !== '');
  if (open.length > 1 || typeof element !== 'object' || rest.length > 0)
    throw new Error('not XML: not one root element');
  return element;
}

/**
 * Of HTML that is written as XML is, but for its document type and its elements without an end (HTML Living Standard §13.1.2):
 * whatever of it a browser would mend and so could read in another way is refused.
 */
export const parseHtml = (document: string): Element =>
  parseXml(document.replace(/^<!doctype html>\s*/, '').replaceAll(/<(meta|br|input)\b([^<>]*?)\s*\/?>/g, '<$1$2/>'));

/** The element and all that are in it, in the order in which they stand. */
export const elementsOf = (element: Element): readonly Element[] => [
  element,
  ...element.children.flatMap((child) => (typeof child === 'string' ? [] : elementsOf(child))),
];

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const [, name, value] of text.matchAll(ATTRIBUTE)) {
    if (Object.hasOwn(attributes, name!)) throw new Error(`not XML: attribute ${name} twice`);
    attributes[name!] = decoded(value!);
  }
  return attributes;
}

const decoded = (text: string): string =>
  text.replaceAll(/&([^;&\s]*)(;?)/g, (whole, name: string, end: string) => {
    const code = /^#(?:x([\da-fA-F]+)|(\d+))$/.exec(name);
    const character =
      code === null
        ? ENTITIES[name]
        : String.fromCodePoint(code[2] === undefined ? parseInt(code[1]!, 16) : Number(code[2]));
    if (character === undefined || end === '' || NO_CHARACTER.test(character)) throw new Error(`not XML: ${whole}`);
    return character;
  });
