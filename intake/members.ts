/** What JSON holds, read without trust. */

export type Members = Readonly<Record<string, unknown>>;

/** The members of a JSON object; undefined for arrays, null, and everything else. */
export function membersOf(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
}

/** Trimmed text of a string or number; undefined where it is missing, null, blank, or of another type. */
export function textOf(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined;
}

/** Those of these members that say something: neither missing, nor null, nor empty. */
export const pick = (members: Members, names: readonly string[]): Members =>
  Object.fromEntries(names.flatMap((name) => ((members[name] ?? '') === '' ? [] : [[name, members[name]] as const])));
