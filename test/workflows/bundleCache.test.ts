import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '../../machine/cacheFolder.ts';
import { bundleName, bundledOnce, cachedBundle } from '../../worker/bundleCache.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OF_THE_CODE = [
  'domain',
  'workflows',
  'activities/contract.ts',
  'worker/bundle.ts',
  'node_modules/.package-lock.json',
];

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tocsin-bundle-cache-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test('a bundle is made once, and again where the file of it is not whole', async () => {
  // Kept by now, for all tests.
  const { code } = await cachedBundle();
  const env = { XDG_CACHE_HOME: folder };
  const path = join(folder, 'tocsin', bundleName(ROOT));
  cpSync(join(cacheFolder(process.env), bundleName(ROOT)), path);
  const whole = readFileSync(path, 'utf8');
  expect(whole.endsWith(code)).toBe(true);
  expect(await cachedBundle(env)).toEqual({ code });

  writeFileSync(path, whole.slice(0, -1));
  expect((await cachedBundle(env)).code).toBe(code);
  expect(readFileSync(path, 'utf8')).toBe(whole);
  expect(readdirSync(join(folder, 'tocsin'))).toEqual([bundleName(ROOT)]);
});

test('where nothing can be kept it is bundled all the same', async () => {
  const file = join(folder, 'a file');
  writeFileSync(file, '');
  const { code } = await cachedBundle({ XDG_CACHE_HOME: file });
  expect(code).toContain('incident');
});

const copyOfTheCode = (): void => {
  for (const part of OF_THE_CODE) cpSync(join(ROOT, part), join(folder, part), { recursive: true });
};

test('code that was changed while it was bundled is not kept under the name of either', async () => {
  copyOfTheCode();
  const cache = join(folder, 'cache');
  const changing = () => {
    appendFileSync(join(folder, 'domain/decide.ts'), ' ');
    return Promise.resolve({ code: 'of neither' });
  };
  expect(await bundledOnce(cache, folder, changing)).toEqual({ code: 'of neither' });
  expect(existsSync(cache)).toBe(false);
  expect(await bundledOnce(cache, folder, () => Promise.resolve({ code: 'of both' }))).toEqual({ code: 'of both' });
  expect(await bundledOnce(cache, folder, () => Promise.reject(new Error('bundled again')))).toEqual({
    code: 'of both',
  });
  expect(readdirSync(cache)).toEqual([bundleName(folder)]);
});

test('its name is of all that it is made of', () => {
  copyOfTheCode();
  const names = new Set([bundleName(folder)]);
  expect(bundleName(folder)).toBe([...names][0]);
  const files = ['domain/decide.ts', 'workflows/incident.ts', ...OF_THE_CODE.slice(2)];
  for (const file of files) {
    appendFileSync(join(folder, file), ' ');
    names.add(bundleName(folder));
  }
  expect(names.size).toBe(1 + files.length);
});
