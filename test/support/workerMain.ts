/** The production worker as a process of its own: `<address> <configuration file> <public url>`. */
import { NativeConnection } from '@temporalio/worker';
import { loadConfiguration } from '../../config/load.ts';
import { startWorker } from '../../worker/main.ts';
import { installTelemetry } from '../../worker/telemetry.ts';
import { NO_STORE } from './noStore.ts';
import { READY, SECRET_VARIABLE } from './workerProcess.ts';

const [address = '', file = '', publicUrl = ''] = process.argv.slice(2);
installTelemetry();
const { configuration } = loadConfiguration(file, process.env);
const worker = await startWorker({
  connection: await NativeConnection.connect({ address }),
  namespace: 'default',
  store: NO_STORE,
  configuration: () => configuration,
  secret: process.env[SECRET_VARIABLE] ?? '',
  publicUrl,
});
process.stdout.write(READY);
await worker.done;
