/** The guide to running Tocsin lists what there is: every metric, and every variable that it names is read. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const GUIDE = readFileSync(join(ROOT, 'docs/guides/operations.md'), 'utf8');

const sources = (folder: string): readonly string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8'));

test('every metric is listed, by the name that Prometheus has for it', () => {
  const made = ['api', 'worker', 'workflows', 'activities', 'cli']
    .flatMap(sources)
    .flatMap((text) =>
      [...text.matchAll(/create(Counter|Gauge|Histogram)\(\s*'(tocsin_[a-z_]+)'/g)].map(
        ([, kind, name]) => `${name}${kind === 'Counter' ? '_total' : ''}`,
      ),
    );
  const listed = [...GUIDE.matchAll(/^\| `(tocsin_[a-z_]+)`/gm)].map(([, name]) => name);
  expect(made.length).toBeGreaterThan(5);
  expect(new Set(listed)).toEqual(new Set(made));
});

test('every variable that it names is read', () => {
  const environment = readFileSync(join(ROOT, 'config/environment.ts'), 'utf8');
  const named = [...GUIDE.matchAll(/\b(TOCSIN_[A-Z_]+?)(?:_FILE)?\b/g)].map(([, name]) => String(name));
  expect(named).toEqual(expect.arrayContaining(['TOCSIN_LOG_LEVEL', 'TOCSIN_METRICS_PORT', 'TOCSIN_DEADMAN_URL']));
  for (const name of named) expect(environment).toContain(`${name}:`);
});
