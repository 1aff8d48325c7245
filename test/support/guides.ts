/** What the guides print, to be run as it stands there. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const GUIDES = new URL('../../docs/guides/', import.meta.url);
const BLOCK = /^```(\w+)\n([^]*?)^```$/gmu;
/** The one place in the guides that stands for a reader's own: where Tocsin listens. */
const TOCSIN = 'http://tocsin.example.com:8080';

type Members = Readonly<Record<string, unknown>>;

/** The fenced blocks of a guide in that language. */
export function printed(guide: string, language: string): readonly string[] {
  const text = readFileSync(new URL(`${guide}.md`, GUIDES), 'utf8');
  return [...text.matchAll(BLOCK)].flatMap(([, written, body]) => (written === language ? [body ?? ''] : []));
}

/** Those that have the member at their top. */
export const blocks = (guide: string, language: string, member: string): readonly string[] =>
  printed(guide, language).filter((body) => member in (parse(body) as Members));

/** The one such block. */
export function block(guide: string, language: string, member: string): string {
  const [found, ...others] = blocks(guide, language, member);
  if (found === undefined || others.length > 0)
    throw new Error(`${guide}.md: not one ${language} block with ${member}`);
  return found;
}

/** A block with a test's own address of Tocsin, and its own keys in the place of those printed. */
export function filled(text: string, url: string, keys: Readonly<Record<string, string>>): string {
  if (!text.includes(TOCSIN)) throw new Error(`the block names no ${TOCSIN}`);
  return Object.entries(keys).reduce(
    (result, [name, key]) => result.replaceAll(name, key),
    text.replaceAll(TOCSIN, url),
  );
}
