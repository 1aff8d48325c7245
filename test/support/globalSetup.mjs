import { register } from 'tsx/esm/api';

/** Finds the Temporal server as `npm start` does, and fetches it where it must: then every test finds it in TEMPORAL_CLI. */
export default async function globalSetup({ testPathPatterns }) {
  // The rules need no server; `npm run test:fast` must not wait for one.
  const patterns = testPathPatterns?.patterns ?? [];
  if (patterns.length > 0 && patterns.every((pattern) => /test\/(domain|config)/.test(pattern))) return;
  const unregister = register();
  const { findTemporal } = await import('../../cli/temporalBinary.ts');
  const { signal } = new AbortController();
  const say = (line) => process.stdout.write(`${line}\n`);
  process.env.TEMPORAL_CLI = await findTemporal({
    env: process.env,
    temporalCli: process.env.TEMPORAL_CLI,
    say,
    signal,
  });
  await unregister();
}
