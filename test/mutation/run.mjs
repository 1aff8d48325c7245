/**
 * `npm run mutate`: breaks one rule after the other (mutations.json) and asks whether the tests that it names notice. Ends
 * with `N passed, N failed`: passed are the mutations that were found. Another exit code than 0 where one survived or
 * could not be made, or where the tests fail without any. `npm run mutate -- noticing` takes those of one file only;
 * TOCSIN_MUTATIONS=1/2 every second one, beginning with the first.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const [part = ''] = process.argv.slice(2);
const [share, shares] = (process.env.TOCSIN_MUTATIONS ?? '1/1').split('/').map(Number);
const mutations = JSON.parse(readFileSync(new URL('mutations.json', import.meta.url), 'utf8')).filter(
  ({ file }, place) => file.includes(part) && place % shares === share - 1,
);

/** The same lives each time, and not many: what only chance would find is not found. */
const FIXED = { TOCSIN_PROPERTY_RUNS: '200', TOCSIN_PROPERTY_SEED: '1' };
/** A mutated rule may well never come to an end; where the machine is busy, the longest suite takes a minute. */
const PATIENCE_MS = 180_000;
/** What tests leave behind in their process must not add up. */
const RUNS_A_PROCESS = 50;

const startMutant = () => ({
  runs: 0,
  child: fork(fileURLToPath(import.meta.resolve('./mutant.mjs')), {
    cwd: root,
    env: { ...process.env, ...FIXED },
    execArgv: ['--experimental-vm-modules', '--no-warnings'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  }),
});

/** Runs tests in one process after the other: each lives until it has run enough, dies, or comes to no end. */
function tester() {
  let mutant = startMutant();
  return {
    /** The suites that ended, or undefined where none came to an end. */
    async run(tests, mutation) {
      const { child } = mutant;
      const over = new AbortController();
      const { signal } = over;
      const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
      child.send({ tests, mutation });
      const ended = once(child, 'exit', { signal }).then(() => [undefined]);
      const [suites] = await Promise.race([once(child, 'message', { signal }), ended]);
      clearTimeout(late);
      ended.catch(() => undefined);
      over.abort();
      mutant.runs += 1;
      if (suites === undefined || mutant.runs === RUNS_A_PROCESS) {
        child.kill('SIGKILL');
        mutant = startMutant();
      }
      return suites;
    },
    stop: () => mutant.child.kill('SIGKILL'),
  };
}

/** `{}` where all passed, `{ failed }` with the title of a test that did not, or `{ error }` where no test came to a verdict. */
async function verdict(run, tests, mutation) {
  const suites = await run(tests, mutation?.name ?? '');
  if (suites === undefined)
    return { error: `the tests did not end within ${PATIENCE_MS / 1_000} s, or ended their process` };
  // A suite that could not be loaded says nothing about the rule: the mutation is not in its file, or does not compile.
  const { error } = suites.find((suite) => suite.error !== undefined) ?? {};
  if (error !== undefined) return { error: firstLine(error) };
  const failed = suites.flatMap((suite) => suite.failed);
  const holding = failed.find((title) => holds(title, mutation?.holds));
  if (holding !== undefined) return { failed: holding };
  if (failed.length > 0) return { error: `no test of ${mutation.holds} notices, but "${failed[0]}"` };
  return suites.length > 0 ? {} : { error: 'the tests did not run' };
}

/** Whether a title says that its test holds that rule of the lifecycle: `[L4.7]`, `[L2.5, L4.6]`. */
const holds = (title, rule) =>
  rule === undefined || [...title.matchAll(/\[(L[^\]]*)\]/g)].some(([, rules]) => rules.split(/, ?/).includes(rule));

/** What the error says, below the title that jest puts above it. */
const firstLine = (message) =>
  message
    .split('\n')
    .map((line) => line.trim())
    .find((line) => /mutation|error/i.test(line)) ?? message;

/** As many at a time as there are processors, told in the order in which they end. */
async function inTurn(list, judge) {
  const waiting = [...list];
  const testers = Array.from({ length: Math.min(availableParallelism(), list.length) }, async () => {
    const by = tester();
    const run = (tests, mutation) => by.run(tests, mutation);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await judge(next, run);
    by.stop();
  });
  await Promise.all(testers);
}

const count = { passed: 0, failed: 0 };
const tell = (line) => process.stdout.write(`${line}\n`);

/** CI has just seen them pass, without any mutation. */
const tested = process.env.TOCSIN_TESTS_PASSED === '1' ? [] : [...new Set(mutations.map(({ tests }) => tests))];
await inTurn(tested, async (tests, run) => {
  const { failed, error } = await verdict(run, tests);
  const broken = failed ?? error;
  if (broken === undefined) return;
  count.failed += 1;
  tell(`without any mutation ${tests} must pass, and fails: ${broken}`);
});
if (count.failed === 0) {
  await inTurn(mutations, async (mutation, run) => {
    const { failed, error } = await verdict(run, mutation.tests, mutation);
    count[failed === undefined ? 'failed' : 'passed'] += 1;
    const how = failed === undefined ? (error ?? 'SURVIVED') : `found by "${failed}"`;
    tell(`${mutation.name} (${mutation.rule}): ${how}`);
  });
}
tell(`\n${count.passed} passed, ${count.failed} failed`);
process.exitCode = count.failed > 0 ? 1 : 0;
