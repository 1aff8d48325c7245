/** What an alert carries besides its summary, as text that a person reads on a phone. */
import { cut, harmless, oneLine } from '../../domain/text.ts';

const LINES = 60;
const CHARACTERS = 4_000;
const DEPTH = 8;

/** Nested values as an indented outline, one a line: at most 60 lines and 4,000 characters, and `restIsCut` says where it was cut. */
export function outline(details: Readonly<Record<string, unknown>>, restIsCut: string): string {
  const lines: string[] = [];
  let left = CHARACTERS;
  for (const line of linesOf(details, '', DEPTH)) {
    if (lines.length === LINES || left <= 0) {
      lines.push(restIsCut);
      break;
    }
    lines.push(cut(line, left));
    left -= line.length + 1;
  }
  return lines.join('\n');
}

function* linesOf(value: unknown, indent: string, depth: number): Generator<string> {
  if (typeof value !== 'object' || value === null) {
    yield* textOf(value)
      .split('\n')
      .map((line) => indent + line);
  } else if (depth === 0) {
    yield `${indent}…`;
  } else if (Array.isArray(value)) {
    for (const item of value) yield* entry('-', item, indent, depth);
  } else {
    for (const [name, item] of Object.entries(value)) yield* entry(`${oneLine(name)}:`, item, indent, depth);
  }
}

/** A plain value stands beside its name, everything else below it. */
function* entry(label: string, value: unknown, indent: string, depth: number): Generator<string> {
  const plain = typeof value !== 'object' || value === null;
  if (plain && !textOf(value).includes('\n')) {
    yield `${indent}${label} ${textOf(value)}`;
  } else if (!plain && Object.keys(value).length === 0) {
    yield `${indent}${label} ${Array.isArray(value) ? '[]' : '{}'}`;
  } else {
    yield indent + label;
    yield* linesOf(value, `${indent}  `, depth - 1);
  }
}

const textOf = (value: unknown): string => harmless(cut(String(value), CHARACTERS)).trim();
