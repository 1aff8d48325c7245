/** What is wrong with a configuration, and how it is told: one line each, with its position. */

/** Where in the configuration, sections of all files taken together: `['users', 0, 'contacts', 1, 'to']`. */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  /** `key` points at the name itself, for names that nothing is known of. */
  readonly at?: 'key' | 'value';
  /**
   * A noun phrase of what belongs there, or a sentence. A sentence may quote what stands in the file, as given; never
   * what a `${NAME}` in it stands for, which may be a secret.
   */
  readonly says: { readonly expected: string } | { readonly sentence: string | ((found: string) => string) };
}

/** Where a problem is, as an editor and a reader find it. `found` is what the file has there; undefined where it has nothing. */
export interface Place {
  readonly order: number;
  readonly file: string;
  readonly line: number;
  readonly col: number;
  readonly path: string;
  readonly found: string | undefined;
}

/** `users[0].contacts[1].to` */
export const writePath = (path: Path): string =>
  path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`)).join('');

/** One line a problem, `file:line:col path: text`, in the order of the files' text, each line once. */
export function writeProblems(problems: readonly Problem[], locate: (problem: Problem) => Place): readonly string[] {
  const placed = problems.map((problem) => ({ problem, place: locate(problem) }));
  placed.sort((a, b) => a.place.order - b.place.order || a.place.line - b.place.line || a.place.col - b.place.col);
  const lines = placed.map(({ problem, place }) => {
    const path = place.path === '' ? '' : ` ${place.path}`;
    return `${place.file}:${place.line}:${place.col}${path}: ${write(problem, place)}`;
  });
  return [...new Set(lines)];
}

function write({ says }: Problem, { found }: Place): string {
  if ('expected' in says) {
    return found === undefined ? `is missing; expected ${says.expected}` : `expected ${says.expected}, found ${found}`;
  }
  return typeof says.sentence === 'string' ? says.sentence : says.sentence(found ?? 'nothing');
}
