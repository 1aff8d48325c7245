import { register } from 'tsx/esm/api';

const WITHOUT_SERVER =
  /test\/(domain|config|oncall|routing|wording|intake\/coalescer|mapping|api\/(?:callbacks|alertmanager|sensu|slack|ackPage|generic|sentry|grafana|cloudwatch|eventsV1|opsgenieAlerts|pagerduty)|activities\/(?!sentText)\w)/;

/**
 * Finds the Temporal server as `npm start` does, and fetches it where it must: then every test finds it in TEMPORAL_CLI.
 * Bundles the workflow code, and sets the embedded store up, for all of them.
 */
export default async function globalSetup({ testPathPatterns }) {
  // Rules and channels need no server; `npm run test:fast` and `npm run mutate` must not wait for one.
  const patterns = testPathPatterns?.patterns ?? [];
  if (patterns.length > 0 && patterns.every((pattern) => WITHOUT_SERVER.test(pattern))) return;
  const unregister = register();
  const { findTemporal } = await import('../../cli/temporalBinary.ts');
  const { prepareStores } = await import('./preparedStore.ts');
  const { cachedBundle } = await import('../../worker/bundleCache.ts');
  const { signal } = new AbortController();
  const say = (line) => process.stdout.write(`${line}\n`);
  process.env.TEMPORAL_CLI = await findTemporal({
    env: process.env,
    temporalCli: process.env.TEMPORAL_CLI,
    say,
    signal,
  });
  // The first of them keeps it for the others.
  await cachedBundle();
  await prepareStores();
  await unregister();
}
