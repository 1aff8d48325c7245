/** The files of a configuration: read, merged, and searched for the place of a problem. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Document, Node } from 'yaml';
import { TocsinError } from '../domain/errors.ts';
import { writePath } from './problems.ts';
import type { Path, Place, Problem } from './problems.ts';
import { codeOf } from './variables.ts';

interface Source {
  readonly file: string;
  readonly lines: LineCounter;
  readonly document: Document;
}

/** Part of a section: the entries from `from` on that stand in `source`. */
interface Part {
  readonly source: Source;
  readonly from: number;
  readonly length: number;
}

export interface Sources {
  /** All sections, as plain values, before `${NAME}` is replaced. */
  readonly tree: Readonly<Record<string, unknown>>;
  readonly problems: readonly Problem[];
  readonly locate: (problem: Problem) => Place;
}

const PLAIN = new Set<string | number>([
  'id',
  'source',
  'signatureHeader',
  'timestampHeader',
  'newIssues',
  'verify',
  'insufficientData',
  'role',
  'user',
  'mayActAs',
  'from',
  'allowPrivate',
  'mapping',
]);

/**
 * Reads a file, or the *.yaml and *.yml of a folder in the order of their names. Throws BAD_CONFIGURATION where something
 * cannot be read or is not YAML; what parses but does not merge is among the problems.
 */
export function readSources(path: string): Sources {
  const sources = filesOf(path).map(readSource);
  const broken = sources.flatMap(syntaxErrors);
  if (broken.length > 0) throw new TocsinError('BAD_CONFIGURATION', broken.join('\n'));
  const sections = new Map<string, Part[]>();
  // Without a prototype, so that a section called __proto__ is one like any other.
  const tree: Record<string, unknown> = Object.create(null);
  const problems: Problem[] = [];
  const refused = new Map<Problem, Source>();
  for (const source of sources) {
    for (const [section, value] of Object.entries(valueOf(source))) {
      const before = tree[section] ?? null;
      const parts = sections.get(section) ?? [];
      if (before === null) {
        tree[section] = value;
        sections.set(section, [{ source, from: 0, length: Array.isArray(value) ? value.length : 0 }]);
      } else if (value === null) {
        continue;
      } else if (Array.isArray(before) && Array.isArray(value)) {
        tree[section] = [...(before as unknown[]), ...(value as unknown[])];
        parts.push({ source, from: before.length, length: value.length });
      } else {
        const sentence = `stands in ${parts[0]!.source.file} too; a section that is no list stands in one file only`;
        const problem: Problem = { path: [section], at: 'key', says: { sentence } };
        problems.push(problem);
        refused.set(problem, source);
      }
    }
  }
  const locate = (problem: Problem): Place => {
    const [section, index, ...rest] = problem.path;
    const parts = sections.get(String(section)) ?? [];
    const part = parts.find(({ from, length }) => typeof index === 'number' && index >= from && index < from + length);
    const source = refused.get(problem) ?? (part ?? parts[0])?.source ?? sources[0]!;
    const local = part && typeof index === 'number' ? [String(section), index - part.from, ...rest] : problem.path;
    return placeIn(source, sources.indexOf(source), local, problem.at ?? 'value');
  };
  return { tree, problems, locate };
}

function filesOf(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => /^[^.].*\.ya?ml$/.test(name));
    if (names.length > 0) return names.toSorted().map((name) => join(path, name));
  } catch (error) {
    throw unreadable(path, codeOf(error));
  }
  throw unreadable(path, 'the folder has no *.yaml');
}

function readSource(file: string): Source {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw unreadable(file, codeOf(error));
  }
  const lines = new LineCounter();
  // `prettyErrors` would quote the line, and a secret with it.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  return { file, lines, document };
}

const unreadable = (path: string, why: string): TocsinError =>
  new TocsinError(
    'BAD_CONFIGURATION',
    `${path}: cannot be read (${why}); set TOCSIN_CONFIG to a YAML file or a folder of *.yaml`,
  );

function syntaxErrors({ file, lines, document }: Source): readonly string[] {
  const errors = [...document.errors, ...document.warnings].map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    // Some messages end with what was found there, which may be a secret.
    return `${file}:${line}:${col}: not valid YAML: ${error.message.replace(/: ".*/s, '')}`;
  });
  if (errors.length > 0) return errors;
  try {
    const value: unknown = document.toJS();
    const isSections = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isSections ? [] : [`${file}:1:1: expected sections such as users: and services:, found none`];
  } catch (error) {
    // An alias of nothing, or so many that they would fill the memory.
    return [`${file}:1:1: not valid YAML: ${error instanceof Error ? error.message : String(error)}`];
  }
}

const valueOf = ({ document }: Source): Record<string, unknown> => document.toJS() as Record<string, unknown>;

/** The node at `path`, or the nearest one above it that is there. */
function placeIn(source: Source, order: number, path: Path, at: 'key' | 'value'): Place {
  const { document, lines, file } = source;
  let node: Node | null = document.contents;
  let key: Node | null = null;
  let depth = 0;
  for (const step of path) {
    const within: unknown = isAlias(node) ? node.resolve(document) : node;
    let next: Node | null | undefined;
    if (isMap<Node, Node>(within)) {
      const pair = within.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      key = pair?.key ?? null;
      next = pair && (pair.value ?? pair.key);
    } else if (isSeq<Node>(within)) {
      key = null;
      next = within.items[Number(step)];
    }
    if (!next) break;
    node = next;
    depth += 1;
  }
  const reached = depth === path.length;
  const offset = (reached && at === 'key' ? key : node)?.range?.[0] ?? 0;
  // A scalar that stands for a map (`ackTimeout: 30m`) is itself the place; below a map, the name that is missing is.
  const stopped = reached || isScalar(node);
  const shown = stopped ? path.slice(0, depth) : path;
  return {
    order,
    file,
    ...lines.linePos(offset),
    path: writePath(shown),
    found: stopped ? foundAt(node, shown) : undefined,
  };
}

/** What stands in the file, as a message may show it; undefined for nothing. */
function foundAt(node: Node | null, path: Path): string | undefined {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return `a list of ${node.items.length}`;
  if (!isScalar(node)) return 'something else';
  if (node.value === null || node.value === undefined) return undefined;
  if (mayBeSecret(path)) return 'something else';
  const text = JSON.stringify(node.value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** Where routing keys, hashes and passwords stand, also misplaced ones: only the plain settings there are shown. */
const mayBeSecret = (path: Path): boolean =>
  (path[0] === 'monitors' && path.some((step) => CREDENTIALS.has(step))) ||
  ((path[0] === 'channels' || path[0] === 'tokens' || path.includes('integrations')) &&
    !PLAIN.has(path.at(-1) ?? '') &&
    path.at(-2) !== 'users');
/** Of monitors, whose other settings are all shown. */
const CREDENTIALS: ReadonlySet<string | number> = new Set(['secretId', 'secretKey', 'tls', 'sasl']);
