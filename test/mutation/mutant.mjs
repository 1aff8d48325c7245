/**
 * A process that runs tests for `npm run mutate`, one mutation after the other, for jest itself then loads once. It is told
 * `{ tests, mutation }`, a name or '', and answers with what suites.mjs heard of each suite.
 */
import { fileURLToPath } from 'node:url';
import { runCLI } from 'jest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const reporter = fileURLToPath(import.meta.resolve('./suites.mjs'));

async function run({ tests, mutation }) {
  process.env.TOCSIN_MUTATION = mutation;
  globalThis.suites = [];
  // Jest remembers what it compiled, by its configuration: so each mutation has one of its own.
  const globals = JSON.stringify({ mutation });
  await runCLI({ _: [tests], globals, runInBand: true, silent: true, reporters: [reporter] }, [root]);
  process.send(globalThis.suites);
}

process.on('message', (told) => void run(told));
