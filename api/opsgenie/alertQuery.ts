/**
 * The search query of Opsgenie's lists, as far as it says something of what alerts have here
 * (https://docs.opsgenie.com/docs/alerts-search-query-help): `status: open AND tag: (critical OR disk) AND NOT owner: ana`.
 * Words without a field are looked for in what the alert says; of terms beside each other all must hold.
 */
import type { WholeAlert } from './alertJson.ts';
import { type Asking, type Comparison, type Field, ANYWHERE, OF_USERS, QUERY_FIELDS } from './queryFields.ts';

type Predicate = (alert: WholeAlert) => boolean;

/** `status`: all that match have it, where the query says so plainly. `says`: what is wrong with it. */
export type ReadQuery =
  | { readonly ok: true; readonly matches: Predicate; readonly status?: 'open' | 'closed' }
  | { readonly ok: false; readonly says: string };

const MAX_LENGTH = 1_000;
const MAX_DEPTH = 20;

/** A parenthesis, a text in quotes, a field with its comparison, or a word. */
const TOKEN = /\s*(?:([()])|"([^"]*)"|([A-Za-z][\w.]*)\s*(>=|<=|[:=<>])\s*|([^\s()"]+))/y;

type Token =
  | { readonly kind: '(' | ')' | 'AND' | 'OR' | 'NOT' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string; readonly comparison: Comparison };

/** An empty query is of all alerts. `idOf`: the id of the user whom a text names, by e-mail address too; the text itself where it names none. */
export function readQuery(text: string, idOf: (name: string) => string): ReadQuery {
  if (text.length > MAX_LENGTH) return wrong(`it is longer than ${MAX_LENGTH} characters`);
  const tokens = tokensOf(text);
  if (typeof tokens === 'string') return wrong(tokens);
  if (tokens.length === 0) return { ok: true, matches: () => true };
  const reader: Reader = { tokens, idOf, at: 0 };
  const read = anyOf(reader, (value) => ANYWHERE('=', value), 0);
  if (typeof read === 'string') return wrong(read);
  if (reader.at < tokens.length) return wrong('a `)` stands there that nothing opens');
  const status = statusIn(tokens);
  return { ok: true, matches: read, ...(status !== undefined && { status }) };
}

/** Of terms that must all hold, and nothing else: whatever is more than that is asked of the alerts alone. */
function statusIn(tokens: readonly Token[]): 'open' | 'closed' | undefined {
  if (tokens.some(({ kind }) => kind !== 'text' && kind !== 'field' && kind !== 'AND')) return undefined;
  const at = tokens.findIndex((token) => token.kind === 'field' && token.name.toLowerCase() === 'status');
  const value = tokens[at + 1];
  const asked = at >= 0 && value?.kind === 'text' ? value.text.toLowerCase() : undefined;
  return asked === 'open' || asked === 'closed' ? asked : undefined;
}

const wrong = (says: string): ReadQuery => ({ ok: false, says });

function tokensOf(query: string): readonly Token[] | string {
  const tokens: Token[] = [];
  const text = query.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const [, parenthesis, quoted, name, comparison, word] = TOKEN.exec(text) ?? [];
    if (parenthesis !== undefined) tokens.push({ kind: parenthesis as '(' | ')' });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else if (name !== undefined) tokens.push({ kind: 'field', name, comparison: comparisonOf(comparison) });
    else if (word === 'AND' || word === 'OR' || word === 'NOT') tokens.push({ kind: word });
    else if (word !== undefined) tokens.push({ kind: 'text', text: word });
    else return 'a quotation mark is not closed';
  }
  return tokens;
}

const comparisonOf = (written: string | undefined): Comparison => (written === ':' ? '=' : (written as Comparison));

interface Reader {
  readonly tokens: readonly Token[];
  readonly idOf: (name: string) => string;
  at: number;
}

/** What a text without a field asks, there. */
type Bare = (value: string) => Asking;

function anyOf(reader: Reader, bare: Bare, depth: number): Asking {
  const found = [allOf(reader, bare, depth)];
  while (reader.tokens[reader.at]?.kind === 'OR') {
    reader.at += 1;
    found.push(allOf(reader, bare, depth));
  }
  return together(found, (each, alert) => each.some((matches) => matches(alert)));
}

function allOf(reader: Reader, bare: Bare, depth: number): Asking {
  const found = [one(reader, bare, depth)];
  for (let next = reader.tokens[reader.at]; next !== undefined; next = reader.tokens[reader.at]) {
    if (next.kind === 'OR' || next.kind === ')' || typeof found.at(-1) === 'string') break;
    if (next.kind === 'AND') reader.at += 1;
    found.push(one(reader, bare, depth));
  }
  return together(found, (each, alert) => each.every((matches) => matches(alert)));
}

function one(reader: Reader, bare: Bare, depth: number): Asking {
  if (depth > MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH}`;
  const token = reader.tokens[reader.at];
  reader.at += 1;
  if (token === undefined) return 'it ends where a term was expected';
  switch (token.kind) {
    case 'NOT':
      return together([one(reader, bare, depth + 1)], ([matches], alert) => matches?.(alert) === false);
    case '(':
      return closed(reader, anyOf(reader, bare, depth + 1));
    case 'field':
      return ofField(reader, token, depth);
    case 'text':
      return bare(token.text);
    case ')':
    case 'AND':
    case 'OR':
      return `\`${token.kind}\` stands where a term was expected`;
    default:
      return token satisfies never;
  }
}

function ofField(reader: Reader, { name, comparison }: Extract<Token, { kind: 'field' }>, depth: number): Asking {
  const field: Field | undefined = QUERY_FIELDS.get(name.toLowerCase());
  if (field === undefined) return `there is no field '${name}'; there are: ${[...QUERY_FIELDS.keys()].join(', ')}`;
  const asking: Bare = (value) => {
    const asked = field(comparison, OF_USERS.has(name.toLowerCase()) ? reader.idOf(value) : value);
    return typeof asked === 'string' ? `${name} ${asked}` : asked;
  };
  const next = reader.tokens[reader.at]?.kind;
  if (next === 'text' || next === '(') return one(reader, asking, depth + 1);
  return `${name} needs a value; a text with spaces or signs stands in quotation marks`;
}

function closed(reader: Reader, inside: Asking): Asking {
  if (typeof inside === 'string') return inside;
  const closes = reader.tokens[reader.at]?.kind === ')';
  reader.at += 1;
  return closes ? inside : 'a `(` is not closed';
}

/** The first that is wrong, or what they say together. */
function together(found: readonly Asking[], say: (each: readonly Predicate[], alert: WholeAlert) => boolean): Asking {
  const mistake = found.find((each) => typeof each === 'string');
  return mistake ?? ((alert) => say(found as readonly Predicate[], alert));
}
