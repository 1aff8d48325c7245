/** The real worker of a test, in this process: a Temporal server started by the test, the production activities. */
import { NativeConnection } from '@temporalio/worker';
import type { Configuration } from '../../domain/configuration.ts';
import { startWorker } from '../../worker/main.ts';
import type { Store } from '../../store/store.ts';
import { NO_STORE } from './noStore.ts';
import { installTelemetry } from '../../worker/telemetry.ts';

export const SECRET = 'a-secret-that-signs-links-in-tests';

export interface TestWorker {
  start(): Promise<void>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

/** A worker that can be stopped and started; what the console channel prints goes to `print`, or nowhere. */
export async function workerOn(
  address: string,
  configuration: () => Configuration,
  {
    publicUrl = 'http://127.0.0.1:8080',
    print = () => undefined,
    store = NO_STORE,
  }: { publicUrl?: string; store?: Store; print?: (line: string) => void } = {},
): Promise<TestWorker> {
  installTelemetry();
  const connection = await NativeConnection.connect({ address });
  let running: Awaited<ReturnType<typeof startWorker>> | undefined;
  const stop = async (): Promise<void> => {
    await running?.stop();
    running = undefined;
  };
  return {
    stop,
    async start() {
      running = await startWorker({
        connection,
        namespace: 'default',
        store,
        configuration,
        secret: SECRET,
        publicUrl,
        print,
      });
    },
    async close() {
      await stop();
      await connection.close();
    },
  };
}
