/** The titles of tests, read off their syntax: what stands in a comment, or in a test that does not run, is none. */
import { parseSync } from '@swc/core';

/** A node of swc's syntax tree, as far as it is looked at. */
interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly [key: string]: unknown;
}

/** The titles in the source of a test file, those of its groups too. Throws where that is no TypeScript. */
export const titlesOf = (source: string): readonly string[] => titlesIn(parseSync(source, { syntax: 'typescript' }));

/** Of each call of `test`, `it`, `describe` or one of their forms (`test.each(…)('title', …)`). */
function titlesIn(code: unknown): readonly string[] {
  if (code === null || typeof code !== 'object') return [];
  const node = code as Node;
  const within = Object.values(node).flatMap(titlesIn);
  if (node.type !== 'CallExpression' || !declares(node['callee'] as Node)) return within;
  const [first] = node['arguments'] as readonly { readonly expression: Node }[];
  return [...titleOf(first?.expression), ...within];
}

function titleOf(argument: Node | undefined): readonly string[] {
  if (argument?.type === 'StringLiteral') return [String(argument.value)];
  if (argument?.type !== 'TemplateLiteral') return [];
  return [(argument['quasis'] as readonly Node[]).map(({ cooked }) => cooked).join('')];
}

const DECLARING: ReadonlySet<string> = new Set(['test', 'it', 'describe']);

/** `test`, `test.each(…)`, `describe`; not `test.skip`, for what does not run holds nothing. */
function declares(callee: Node | undefined): boolean {
  if (callee?.type === 'Identifier') return DECLARING.has(String(callee.value));
  if (callee?.type === 'MemberExpression') {
    return (callee['property'] as Node).value === 'each' && declares(callee['object'] as Node);
  }
  const called = callee?.type === 'TaggedTemplateExpression' ? callee['tag'] : callee?.['callee'];
  return called !== undefined && declares(called as Node);
}
