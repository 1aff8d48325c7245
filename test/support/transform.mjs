import swcJest from '@swc/jest';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// `npm run mutate` sets TOCSIN_MUTATION to the name of one committed mutation; the file it names is then compiled with
// that one change, so that a test has to notice. Without the variable this is @swc/jest and nothing else.
const mutations = JSON.parse(readFileSync(new URL('../mutation/mutations.json', import.meta.url), 'utf8'));
const root = fileURLToPath(new URL('../../', import.meta.url));

/** The mutation of that file; undefined for every file but one. Asked each time, for one process makes many of them. */
function mutationOf(filename) {
  const name = process.env.TOCSIN_MUTATION ?? '';
  if (name === '') return undefined;
  return mutations.find((mutation) => mutation.name === name && root + mutation.file === filename);
}

function mutate(source, filename) {
  const active = mutationOf(filename);
  if (active === undefined) return source;
  if (source.split(active.find).length !== 2) {
    throw new Error(`mutation "${active.name}": its text must stand exactly once in ${active.file}`);
  }
  return source.replace(active.find, () => active.replace);
}

export default {
  createTransformer(options) {
    const swc = swcJest.createTransformer(options);
    return {
      ...swc,
      process: (source, filename, jestOptions) => swc.process(mutate(source, filename), filename, jestOptions),
      processAsync: (source, filename, jestOptions) =>
        swc.processAsync(mutate(source, filename), filename, jestOptions),
      getCacheKey: (source, filename, jestOptions) =>
        createHash('sha256')
          // Of jest's own configuration nothing matters here but swc's options, and `npm run mutate` changes it each time.
          .update(swc.getCacheKey(source, filename, { ...jestOptions, configString: '' }))
          // The other files are what they are without it.
          .update(JSON.stringify(mutationOf(filename) ?? ''))
          .digest('hex'),
    };
  },
};
