/** A machine of its own for a test of the whole command: ports, a data folder, and what `up` leaves there. */
import { join } from 'node:path';
import { putStoreInto } from '../support/preparedStore.ts';
import { freePort } from '../support/temporalServer.ts';
import { allProcesses } from '../../machine/processes.ts';
import { afterTest, newFolder, runNode, temporalBinary, type Started } from './support.ts';

/** The last line that `up` says once it runs. */
export const RUNNING = 'started again, open incidents go on.';

export interface Machine {
  readonly env: NodeJS.ProcessEnv;
  readonly dataDir: string;
  readonly api: string;
}

/** Ports and a data folder of its own, with a store that is set up unless it is `new`; what is left running is ended after the test. */
export async function machine(folder: 'new' | 'used' = 'used'): Promise<Machine> {
  const dataDir = join(newFolder(), 'data');
  if (folder === 'used') putStoreInto(dataDir);
  const [port, temporal, ui] = await Promise.all([1, 2, 3].map(async () => freePort()));
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    npm_lifecycle_event: 'test', // it is to end with us, as with the npm that starts it
    TEMPORAL_CLI: await temporalBinary(),
    TOCSIN_DATA_DIR: dataDir,
    PORT: String(port),
    TOCSIN_TEMPORAL_PORT: String(temporal),
    TOCSIN_TEMPORAL_UI_PORT: String(ui),
  };
  afterTest(() => {
    for (const { pid } of leftOf(dataDir)) process.kill(pid, 'SIGKILL');
  });
  return { env, dataDir, api: `http://127.0.0.1:${port}` };
}

/** The Temporal servers on that data folder. */
export const leftOf = (dataDir: string) =>
  allProcesses().filter(({ command }) => command.includes(`${dataDir}/temporal.db`));

export const up = ({ env }: Machine): Started => runNode(['cli/tocsin.mjs', 'up'], env);
