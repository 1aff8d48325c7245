/** Values that come from outside the file: `NAME`, or the file that `NAME_FILE` names (interfaces §2). */
import { readFileSync } from 'node:fs';
import type { Path, Problem } from './problems.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** `$${` stands for a plain `${`; the last alternative is a `${` that is no reference. */
const REFERENCE = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}|\$\{/g;

/**
 * The value of `name`, or of the file that `name`_FILE names, less one final newline. An empty one counts as not set.
 * `trouble` is a sentence where both are set, or the file cannot be read; no value is ever in it.
 */
export function variable(env: Variables, name: string): { readonly value?: string; readonly trouble?: string } {
  const file = env[`${name}_FILE`];
  const value = env[name];
  if (!file) return value ? { value } : {};
  if (value) return { trouble: `${name} and ${name}_FILE are both set; unset one of them` };
  try {
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return text === '' ? { trouble: `the file that ${name}_FILE names is empty` } : { value: text };
  } catch (error) {
    return { trouble: `the file that ${name}_FILE names, ${file}, cannot be read (${codeOf(error)})` };
  }
}

/** The code of a file system's error: `ENOENT`. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);

/**
 * The tree with every `${NAME}` and `${NAME:-default}` in its strings replaced, and what could not be. An empty
 * value of a map is undefined: `channels:` with nothing behind it is as good as absent. A string with a problem stays as it is.
 */
export function expand(
  tree: unknown,
  env: Variables,
): { readonly tree: unknown; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const walk = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return expandText(value, path);
    if (Array.isArray(value)) return value.map((one, index) => walk(one, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, one === null ? undefined : walk(one, [...path, key])]),
    );
  };
  const expandText = (text: string, path: Path): string => {
    const troubles: string[] = [];
    const expanded = text.replaceAll(REFERENCE, (found: string, name?: string, fallback?: string) => {
      if (found === '$${') return '${';
      if (name === undefined) {
        troubles.push('a "${" here begins no ${NAME} or ${NAME:-default}; write $${ for a plain one');
        return found;
      }
      const { value, trouble } = variable(env, name);
      if (trouble !== undefined) troubles.push(trouble);
      else if (value === undefined && fallback === undefined) {
        troubles.push(`${name} is not set; set it, or ${name}_FILE, or write \${${name}:-default} here`);
      }
      return value ?? fallback ?? found;
    });
    problems.push(...troubles.map((sentence) => ({ path, says: { sentence } })));
    return troubles.length === 0 ? expanded : text;
  };
  return { tree: walk(tree, []), problems };
}
