/** docs/compatibility.md says what `npm run compat` runs: the same clients, in the versions that are pinned. */
import { readFileSync } from 'node:fs';
import { CLIENTS } from '../compat/clients.ts';
import { versionOf } from '../compat/table.ts';
import { VERSIONS } from '../compat/versions.ts';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

test('the table has each client, with its pinned version, what was set, and at least one call', () => {
  const rows = read('docs/compatibility.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (client|-)/.test(line))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    );
  const told = rows.map(([name, version, set]) => ({ name, version, set }));
  expect(told).toEqual(CLIENTS.map((client) => ({ name: client.name, version: versionOf(client), set: client.set })));
  for (const [name, , , calls] of rows) expect([name, calls]).toEqual([name, expect.stringMatching(/\w/)]);
});

test('what npm and Go install is what is pinned', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
  expect(devDependencies).toMatchObject(VERSIONS.npm);
  const required = [...read('test/compat/clients/go/go.mod').matchAll(/^\t(\S+) (v\S+)$/gm)];
  expect(Object.fromEntries(required.map(([, name, version]) => [name, version]))).toMatchObject(VERSIONS.go);
});
