/** Temporal for the tests of intake and gateway: a real server, a client, and a worker with the real workflow. */
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import type { Configuration } from '../../../domain/configuration.ts';
import type { SourceEvent } from '../../../domain/event.ts';
import { type RunningWorker, startWorker } from '../../../worker/main.ts';
import { bundleWorkflows } from '../../../worker/bundle.ts';
import { installTelemetry } from '../../../worker/telemetry.ts';
import { type TestServer, startTemporalServer } from '../../support/temporalServer.ts';

export interface Temporal {
  readonly server: TestServer;
  readonly client: Client;
  startWorker(): Promise<void>;
  stopWorker(): Promise<void>;
  stop(): Promise<void>;
}

/** Without a worker; `startWorker` starts one, and again after `stopWorker`. What the console channel prints is dropped. */
export async function startTemporal(configuration: () => Configuration): Promise<Temporal> {
  const server = await startTemporalServer();
  const connection = await Connection.connect({ address: server.address });
  let native: NativeConnection | undefined;
  let bundle: Awaited<ReturnType<typeof bundleWorkflows>> | undefined;
  let worker: RunningWorker | undefined;
  const stopWorker = async (): Promise<void> => {
    await worker?.stop();
    worker = undefined;
  };
  return {
    server,
    client: new Client({ connection }),
    stopWorker,
    async startWorker() {
      // Before anything else of the SDK's runtime, which a connection is.
      installTelemetry();
      native ??= await NativeConnection.connect({ address: server.address });
      bundle ??= await bundleWorkflows();
      worker = await startWorker({
        connection: native,
        namespace: 'default',
        configuration,
        secret: 'a-secret-for-links',
        publicUrl: 'http://127.0.0.1:8080',
        print: () => undefined,
        workflowBundle: bundle,
      });
    },
    async stop() {
      await stopWorker();
      await native?.close();
      await connection.close();
      await server.stop();
    },
  };
}

/** A trigger on a key of its own. */
export const trigger = (more: Partial<SourceEvent> = {}): SourceEvent => ({
  action: 'trigger',
  dedupKey: `key-${randomUUID()}`,
  summary: 'disk of db1 is full',
  source: 'db1',
  severity: 'critical',
  ...more,
});

/** Asks until the answer satisfies, and returns it; the last one after `within` milliseconds. */
export async function eventually<T>(
  ask: () => Promise<T>,
  satisfied: (answer: T) => boolean,
  within = 10_000,
): Promise<T> {
  const last = Date.now() + within;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer) || Date.now() > last) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
