/** Temporal for the tests of intake and gateway: a real server, a client, and a worker with the real workflow. */
import { Client, Connection } from '@temporalio/client';
import { randomUUID } from 'node:crypto';
import type { Configuration } from '../../../domain/configuration.ts';
import type { SourceEvent } from '../../../domain/event.ts';
import { type TestServer, startTemporalServer } from '../../support/temporalServer.ts';
import { type TestWorker, workerOn } from '../../support/worker.ts';

export { eventually } from '../../support/eventually.ts';

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
  let worker: TestWorker | undefined;
  return {
    server,
    client: new Client({ connection }),
    async stopWorker() {
      await worker?.stop();
    },
    async startWorker() {
      worker ??= await workerOn(server.address, configuration);
      await worker.start();
    },
    async stop() {
      await worker?.close();
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
