import { Client, Connection } from '@temporalio/client';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { commandOf, startOf } from '../../machine/processes.ts';
import { freePort } from '../support/temporalServer.ts';
import { afterTest, failure, newDataDir, newFolder, runNode, startServer } from './support.ts';

const STARTER = fileURLToPath(new URL('./serverStarter.ts', import.meta.url));

async function clientOf(address: string): Promise<Client> {
  const connection = await Connection.connect({ address });
  afterTest(async () => connection.close());
  return new Client({ connection });
}

/** Starts a workflow that no worker serves, so that it stays as it is. */
const startWorkflow = async (client: Client, workflowId: string) =>
  client.workflow.start('waits', { workflowId, taskQueue: 'nobody' });

const statusOf = async (client: Client, workflowId: string): Promise<string> =>
  (await client.workflow.getHandle(workflowId).describe()).status.name;

test('a server on a fresh folder answers, with its UI, and keeps its file in WAL mode with full synchronisation', async () => {
  const dataDir = newDataDir();
  const server = await startServer(dataDir);
  const client = await clientOf(server.address);
  await startWorkflow(client, 'first');
  expect(await statusOf(client, 'first')).toBe('RUNNING');
  // sqlite.org/fileformat2.html §1.3: bytes 18 and 19 are 2 in WAL mode.
  expect([...readFileSync(dataDir.database).subarray(18, 20)]).toEqual([2, 2]);
  expect(commandOf(server.pid)).toContain('synchronous=full');
  expect((await fetch(server.uiUrl)).status).toBe(200);
});

test('a stopped server is gone, and one started again on the folder has the open workflow', async () => {
  const dataDir = newDataDir();
  const first = await startServer(dataDir);
  await startWorkflow(await clientOf(first.address), 'stays');
  await first.stop();
  expect(startOf(first.pid)).toBeUndefined();
  const second = await startServer(dataDir);
  expect(await statusOf(await clientOf(second.address), 'stays')).toBe('RUNNING');
});

test('a Ctrl-C that reaches the server too does not take it from under a worker that is still finishing', async () => {
  const server = await startServer(newDataDir());
  const client = await clientOf(server.address);
  process.kill(server.pid, 'SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  await startWorkflow(client, 'late');
  expect(await statusOf(client, 'late')).toBe('RUNNING');
  await server.stop();
  expect(startOf(server.pid)).toBeUndefined();
});

test('the server that a killed run left behind is ended, its port is not taken, and the open workflow is there', async () => {
  const dataDir = newDataDir();
  const port = await freePort();
  const starter = runNode(['--import', 'tsx', STARTER, dataDir.path, String(port)]);
  await starter.says('}\n');
  const orphan = JSON.parse(starter.said()) as { readonly pid: number; readonly address: string };
  afterTest(() => {
    if (startOf(orphan.pid) !== undefined) process.kill(orphan.pid, 'SIGKILL');
  });
  await startWorkflow(await clientOf(orphan.address), 'stays');
  starter.child.kill('SIGKILL');
  expect(startOf(orphan.pid)).toBeDefined();

  const lines: string[] = [];
  const server = await startServer(dataDir, { port, say: (line) => void lines.push(line) });
  expect(startOf(orphan.pid)).toBeUndefined();
  expect(lines).toEqual([`Ended the Temporal server that an earlier run left running (process ${orphan.pid}).`]);
  expect(await statusOf(await clientOf(server.address), 'stays')).toBe('RUNNING');
});

test('a server on another folder is a stranger: it is left alone, and its port is taken', async () => {
  const stranger = await startServer(newDataDir());
  const port = Number(stranger.address.split(':')[1]);
  const error = await failure(startServer(newDataDir(), { port }));
  expect(error.code).toBe('PORT_TAKEN');
  expect(error.message).toContain(`127.0.0.1:${port} is held by process ${stranger.pid}`);
  expect(error.message).toContain('TOCSIN_TEMPORAL_PORT');
  expect(startOf(stranger.pid)).toBeDefined();
});

test('a taken port of the UI is named with its variable before anything is started', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  afterTest(async () => new Promise((resolve) => holder.close(resolve)));
  const uiPort = (holder.address() as { port: number }).port;
  const error = await failure(startServer(newDataDir(), { uiPort, binary: '/nowhere/temporal' }));
  expect(error.code).toBe('PORT_TAKEN');
  expect(error.message).toContain(`127.0.0.1:${uiPort} is held by process ${process.pid}`);
  expect(error.message).toContain('TOCSIN_TEMPORAL_UI_PORT');
});

test('a server that ends early is reported with the last lines of its log', async () => {
  const binary = `${newFolder()}/temporal`;
  writeFileSync(binary, '#!/bin/sh\necho no such luck >&2\nexit 3\n', { mode: 0o755 });
  const error = await failure(startServer(newDataDir(), { binary }));
  expect(error.code).toBe('TEMPORAL_SERVER_FAILED');
  expect(error.message).toMatch(/ended with code 3[^]*no such luck/);
});

test('a database whose first start was broken off is made anew; a whole one is kept', async () => {
  const dataDir = newDataDir();
  const binary = `${newFolder()}/temporal`;
  writeFileSync(binary, `#!/bin/sh\necho half of a schema > ${dataDir.database}\n`, { mode: 0o755 });
  await failure(startServer(dataDir, { binary }));
  expect(readFileSync(dataDir.database, 'utf8')).toBe('half of a schema\n');
  const first = await startServer(dataDir);
  await startWorkflow(await clientOf(first.address), 'stays');
  await first.stop();
  const second = await startServer(dataDir);
  expect(await statusOf(await clientOf(second.address), 'stays')).toBe('RUNNING');
});
