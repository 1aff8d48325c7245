import { readFileSync } from 'node:fs';
import { ERRORS } from '../../domain/errors.ts';

test('docs/errors.md lists the table of errors as it is', () => {
  const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');
  const listed = page
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
  const table = Object.entries(ERRORS).map(([code, error]) => [
    '',
    `\`${code}\``,
    'status' in error ? String(error.status) : '–',
    error.title,
    '',
  ]);
  expect(listed).toEqual(table);
});
