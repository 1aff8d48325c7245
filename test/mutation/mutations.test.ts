/** Mutations that still can be made: `npm run mutate` is not run with every change, and a rule that has moved would be found broken late. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface Mutation {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly tests: string;
}
const MUTATIONS = JSON.parse(readFileSync(new URL('mutations.json', import.meta.url), 'utf8')) as readonly Mutation[];

test('the text of each stands exactly once in its file, and there are tests to find it', () => {
  const suites = readdirSync('test', { recursive: true, encoding: 'utf8' }).map((each) => `test/${each}`);
  const broken = MUTATIONS.filter(
    ({ file, find, tests }) =>
      !existsSync(file) ||
      readFileSync(file, 'utf8').split(find).length !== 2 ||
      !suites.some((suite) => suite.includes(tests) && suite.endsWith('.test.ts')),
  );
  expect(broken.map(({ name, file }) => `${name}: ${file}`)).toEqual([]);
});

test('no two have one name, for the name is how one is asked for', () => {
  const names = MUTATIONS.map(({ name }) => name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
