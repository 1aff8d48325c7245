import swcJest from '@swc/jest';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// `npm run mutate` sets TOCSIN_MUTATION to the name of one committed mutation; the file it names is then compiled with
// that one change, so that a test has to notice. Without the variable this is @swc/jest and nothing else.
const mutations = JSON.parse(readFileSync(new URL('../mutation/mutations.json', import.meta.url), 'utf8'));
const active = mutations.find((mutation) => mutation.name === process.env.TOCSIN_MUTATION);
const root = fileURLToPath(new URL('../../', import.meta.url));
const mutated = active === undefined ? undefined : root + active.file;

function mutate(source, filename) {
  if (filename !== mutated) return source;
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
      getCacheKey: (source, filename, ...rest) =>
        createHash('sha256')
          .update(swc.getCacheKey(source, filename, ...rest))
          // The other files are what they are without it.
          .update(filename === mutated ? active.name + active.replace : '')
          .digest('hex'),
    };
  },
};
