/** Starts a Temporal server on the data folder that its argument names, says so, and stays: for a test to kill. */
import { openDataDir } from '../../cli/dataDir.ts';
import { findTemporal } from '../../cli/temporalBinary.ts';
import { startTemporalServer } from '../../cli/temporalServer.ts';

const { signal } = new AbortController();
const say = (): void => undefined;
const binary = await findTemporal({ env: process.env, temporalCli: process.env['TEMPORAL_CLI'], say, signal });
const dataDir = openDataDir(process.argv[2] ?? '');
const port = Number(process.argv[3]);
const { pid, address } = await startTemporalServer({
  binary,
  dataDir,
  namespace: 'default',
  port,
  uiPort: 0,
  say,
  signal,
});
process.stdout.write(`${JSON.stringify({ pid, address })}\n`);
setInterval(() => undefined, 60_000);
