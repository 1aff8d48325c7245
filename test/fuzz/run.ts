/**
 * `npm run fuzz`: schemathesis on the OpenAPI document of a started Tocsin with data, 10,000 calls and
 * every boundary; with `--quick` (`npm run test:fuzz`) 1,000 and more, most of them valid boundaries. Every answer must be documented, with its content type and by its schema, and none a 5xx; of
 * every operation's calls a quarter or more must have been answered with success, or the fuzzer only learnt how it says no.
 * A run is repeated by its seed: `npm run fuzz -- --seed 7`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { VERSIONS } from '../compat/versions.ts';
import { pythonPrograms } from '../support/pythonPrograms.ts';
import { type House, startHouse } from '../support/runningHouse.ts';
import { SAMPLES } from './samples.ts';

const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];
const LEAST_SHARE = 1 / 4;
const { values } = parseArgs({ options: { quick: { type: 'boolean' }, seed: { type: 'string' } } });
const quick = values.quick === true;
// The same calls at every run of CI; others at every run by hand.
const seed = Number(values.seed ?? (quick ? 20261121 : Math.floor(Math.random() * 2 ** 31)));
/** Beside those on boundaries; a call that is let in costs the house a workflow or a command of one. */
const wanted = quick ? 570 : 10_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** By operation: how often each status was answered. */
type Counts = Record<string, Record<string, number>>;
const sum = (statuses: Readonly<Record<string, number>>): number =>
  Object.values(statuses).reduce((total, count) => total + count, 0);
const callsOf = (counts: Counts): number => Object.values(counts).reduce((total, one) => total + sum(one), 0);

interface Pass {
  readonly counts: Counts;
  readonly faultless: boolean;
}

/** Its id is the API's own to make. */
async function firstRuleOf(house: House, user: string): Promise<string> {
  const {
    notification_rules: [rule],
  } = await house.read<{ notification_rules: readonly { id: string }[] }>(
    `/pagerduty/users/${user}/notification_rules`,
  );
  return rule?.id ?? '';
}

function pass(
  house: House,
  notificationRule: string,
  folder: string,
  options: readonly string[],
  passSeed: number,
): Pass {
  const counts = join(folder, 'counts.json');
  rmSync(counts, { force: true });
  const configuration = join(folder, 'schemathesis.toml');
  writeFileSync(configuration, `hooks = ${JSON.stringify(resolve('test/fuzz/hooks.py'))}\n`);
  const python = pythonPrograms(VERSIONS.python, say);
  const { status, stdout } = spawnSync(
    join(python, 'st'),
    [
      `--config-file=${configuration}`,
      'run',
      `${house.url}/openapi.json`,
      `--checks=${CHECKS.join(',')}`,
      `--seed=${passSeed}`,
      '--workers=2',
      '--continue-on-failure',
      '--no-color',
      '--warnings=off',
      '--generation-database=none',
      ...options,
    ],
    {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1024 ** 3,
      env: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '1',
        FUZZ_URL: house.url,
        FUZZ_TOKEN: SAMPLES.token,
        FUZZ_COUNTS: counts,
        FUZZ_SEED: String(passSeed),
        FUZZ_SAMPLES: JSON.stringify({ ...SAMPLES, notificationRule }),
      },
    },
  );
  if (!existsSync(counts)) throw new Error(`schemathesis made no call:\n${stdout}`);
  if (status !== 0)
    say(
      stdout
        .split('\n')
        .map((line) => line.slice(0, 400))
        .join('\n'),
    );
  return { counts: JSON.parse(readFileSync(counts, 'utf8')) as Counts, faultless: status === 0 };
}

const folder = mkdtempSync(join(tmpdir(), 'tocsin-fuzz-'));
const house = await startHouse({ config: 'test/fuzz/house.yaml' });
let faultless = true;
const total: Counts = {};
const made = { boundaries: 0 };
try {
  say(`seed ${seed}`);
  const notificationRule = await firstRuleOf(house, 'ana');
  const { paths } = await house.read<{ paths: Readonly<Record<string, object>> }>('/openapi.json');
  const operations = Object.values(paths).reduce((count, methods) => count + Object.keys(methods).length, 0);
  // Each boundary of each schema once, most of them invalid by design: they are no measure of what is let in.
  const mode = quick ? ['--mode=positive'] : [];
  const boundaries = pass(house, notificationRule, folder, ['--phases=coverage', ...mode], seed);
  faultless &&= boundaries.faultless;
  made.boundaries = callsOf(boundaries.counts);
  say(`boundaries: ${made.boundaries} calls`);
  for (let turn = 1; callsOf(total) < wanted; turn++) {
    const examples = Math.ceil((wanted - callsOf(total)) / operations);
    const phases = [
      '--phases=fuzzing,stateful',
      `--max-examples=${Math.max(2, Math.min(examples, 40))}`,
      '--mode=positive',
    ];
    const one = pass(house, notificationRule, folder, phases, seed + turn);
    faultless &&= one.faultless;
    for (const [operation, statuses] of Object.entries(one.counts)) {
      const sums = (total[operation] ??= {});
      for (const [status, count] of Object.entries(statuses)) sums[status] = (sums[status] ?? 0) + count;
    }
    say(`pass ${turn}: ${callsOf(total)} calls`);
  }
} finally {
  await house.stop();
  rmSync(folder, { recursive: true });
}

const shares = Object.entries(total).map(([operation, statuses]) => {
  const successes = Object.entries(statuses).filter(([status]) => status.startsWith('2'));
  return { operation, statuses, share: sum(Object.fromEntries(successes)) / sum(statuses) };
});
const refusing = shares.filter(({ share }) => share < LEAST_SHARE);
for (const { operation, statuses, share } of refusing) {
  say(`too seldom let in: ${operation} ${(share * 100).toFixed(0)} % of ${sum(statuses)}: ${JSON.stringify(statuses)}`);
}
const failed = refusing.length + (faultless ? 0 : 1);
say(`${callsOf(total)} calls of ${shares.length} operations, and ${made.boundaries} on boundaries; seed ${seed}`);
say(`\n${shares.length - refusing.length} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
