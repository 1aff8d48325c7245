import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register } from 'tsx/esm/api';

const WITHOUT_SERVER = /test\/(domain|config|oncall|routing|wording|api\/callbacks|activities\/(?!sentText)\w)/;

/**
 * Finds the Temporal server as `npm start` does, and fetches it where it must: then every test finds it in TEMPORAL_CLI.
 * Bundles the workflow code for all of them, into the file of TOCSIN_TEST_BUNDLE.
 */
export default async function globalSetup({ testPathPatterns }) {
  // Rules and channels need no server; `npm run test:fast` and `npm run mutate` must not wait for one.
  const patterns = testPathPatterns?.patterns ?? [];
  if (patterns.length > 0 && patterns.every((pattern) => WITHOUT_SERVER.test(pattern))) return;
  const unregister = register();
  const { findTemporal } = await import('../../cli/temporalBinary.ts');
  const { bundleWorkflows } = await import('../../worker/bundle.ts');
  const { signal } = new AbortController();
  const say = (line) => process.stdout.write(`${line}\n`);
  process.env.TEMPORAL_CLI = await findTemporal({
    env: process.env,
    temporalCli: process.env.TEMPORAL_CLI,
    say,
    signal,
  });
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-bundle-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.env.TOCSIN_TEST_BUNDLE = join(folder, 'workflows.js');
  writeFileSync(process.env.TOCSIN_TEST_BUNDLE, (await bundleWorkflows()).code);
  await unregister();
}
