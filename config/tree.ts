/** Looking into the configuration as it was written, before the schema has made anything of it. */
import { suggestion } from './nearest.ts';
import type { Path, Problem } from './problems.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** The tree, and the tree before `${NAME}` was replaced: messages may quote that one only. */
export interface Trees {
  readonly tree: unknown;
  readonly written: unknown;
}

/** That `id` is the id of one of the maps in `section`. */
export function reference(
  { tree, written }: Trees,
  path: Path,
  id: unknown,
  kind: string,
  section: Path,
): readonly Problem[] {
  if (typeof id !== 'string' || idsOf(tree, section).includes(id)) return [];
  const hint = suggestion(id, idsOf(written, section));
  return [{ path, says: { sentence: (found) => `${found}: there is no such ${kind}${hint}` } }];
}

export const at = (tree: unknown, path: Path): unknown =>
  path.reduce(
    (value, step) => (typeof value === 'object' && value !== null ? (value as Fields)[step] : undefined),
    tree,
  );

const listAt = (tree: unknown, path: Path): readonly unknown[] => {
  const list = at(tree, path);
  return Array.isArray(list) ? list : [];
};

/** The maps of a list, with their paths. */
export const maps = (tree: unknown, path: Path): readonly (readonly [Path, Fields])[] =>
  listAt(tree, path).flatMap((one, index) =>
    typeof one === 'object' && one !== null && !Array.isArray(one) ? [[[...path, index], one as Fields] as const] : [],
  );

/** The strings of a list, with their paths. */
export const texts = (tree: unknown, path: Path): readonly (readonly [Path, string])[] =>
  listAt(tree, path).flatMap((one, index) => (typeof one === 'string' ? [[[...path, index], one] as const] : []));

const idsOf = (tree: unknown, section: Path): readonly string[] =>
  maps(tree, section).flatMap(([, { id }]) => (typeof id === 'string' ? [id] : []));
