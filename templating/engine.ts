/**
 * Liquid as templates of people may use it: with no files, nothing that objects inherit, and limits on time and memory. What
 * a template puts out is always escaped: tags and filters that would put it out as it is are not there.
 */
import { Liquid } from 'liquidjs';
import type { Template as Parsed } from 'liquidjs';
import type { TextKind } from '../domain/templates.ts';
import { escaped } from './escapes.ts';
import type { Variables } from './variables.ts';
import { VARIABLE_NAMES } from './variables.ts';

/** The others put out text unescaped (`echo`, `cycle`, `capture` twice), or read files (`include`, `render`, `layout`). */
const TAGS: readonly string[] = ['assign', 'break', 'case', 'comment', 'continue', 'for', 'if', 'raw', 'unless', '#'];
/** Puts out as it is. */
const NO_FILTERS: readonly string[] = ['raw'];

/** Characters of a template. */
const PARSE_LIMIT = 100_000;
/** Milliseconds: a loop that does not end stops there, and other messages wait for it meanwhile. */
const RENDER_LIMIT = 500;
/** Of the library's own units, about characters and elements: of lists and texts that a template makes. */
const MEMORY_LIMIT = 1_000_000;

const ENGINES: Readonly<Record<TextKind, Liquid>> = {
  line: engineFor('line'),
  lines: engineFor('lines'),
  html: engineFor('html'),
  robot: engineFor('robot'),
  mrkdwn: engineFor('mrkdwn'),
};

function engineFor(kind: TextKind): Liquid {
  const engine = new Liquid({
    templates: {},
    ownPropertyOnly: true,
    strictFilters: true,
    outputEscape: (value: unknown) => escaped(kind, value),
    parseLimit: PARSE_LIMIT,
    renderLimit: RENDER_LIMIT,
    memoryLimit: MEMORY_LIMIT,
  });
  for (const tag of Object.keys(engine.tags)) if (!TAGS.includes(tag)) Reflect.deleteProperty(engine.tags, tag);
  for (const filter of NO_FILTERS) Reflect.deleteProperty(engine.filters, filter);
  return engine;
}

/** An attribute that is not in quotes, which text with a space in it would end. */
const BARE_ATTRIBUTE = /<[^<>]*=\s*\{\{/;
const SCRIPT = /<\s*script/i;

/** Why it is none that can be used, as a clause; null where it can. */
export function mistakeIn(kind: TextKind, source: string): string | null {
  if (kind === 'html' && SCRIPT.test(source)) return 'it has a script, and mail programs run none';
  if (kind === 'html' && BARE_ATTRIBUTE.test(source)) return 'an attribute is not in quotes: write href="{{ … }}"';
  try {
    const parsed = ENGINES[kind].parse(source);
    return ENGINES[kind]
      .globalVariableSegmentsSync(parsed)
      .reduce<string | null>((found, [root, member]) => found ?? unknownName(String(root), member), null);
  } catch (error) {
    return (error as Error).message.replace(/, line:(\d+), col:(\d+)$/, ' (line $1, column $2 of the template)');
  }
}

function unknownName(root: string, member: unknown): string | null {
  if (!Object.hasOwn(VARIABLE_NAMES, root)) {
    return `there is no variable ${root}; there are ${Object.keys(VARIABLE_NAMES).join(', ')}`;
  }
  const members = VARIABLE_NAMES[root as keyof Variables];
  if (members === null || typeof member !== 'string' || members.includes(member)) return null;
  return `${root} has no ${member}; it ${members.length === 0 ? 'is a text' : `has ${members.join(', ')}`}`;
}

/** What templates were parsed to: each is used for as long as its configuration is. */
const PARSED: Readonly<Record<TextKind, Map<string, Parsed[]>>> = {
  line: new Map(),
  lines: new Map(),
  html: new Map(),
  robot: new Map(),
  mrkdwn: new Map(),
};
const KEPT = 500;

/** Throws where it fails, with a message for whoever wrote it. */
export function render(kind: TextKind, source: string, variables: Variables): string {
  const engine = ENGINES[kind];
  const known = PARSED[kind];
  const parsed = known.get(source) ?? engine.parse(source);
  if (known.size >= KEPT) known.clear();
  known.set(source, parsed);
  return String(engine.renderSync(parsed, variables));
}
