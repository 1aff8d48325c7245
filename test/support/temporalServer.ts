/** A real Temporal server for a test: the `temporal` binary of TEMPORAL_CLI or the PATH, state in memory, a port of its own. */
import { SearchAttributeType } from '@temporalio/common';
import { Connection } from '@temporalio/client';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { SEARCH_ATTRIBUTES } from '../../workflows/searchAttributes.ts';

export interface TestServer {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  /** Ends it, and all that it holds. */
  stop(): Promise<void>;
}

const TYPE_WORDS: Readonly<Partial<Record<SearchAttributeType, string>>> = {
  [SearchAttributeType.KEYWORD]: 'Keyword',
  [SearchAttributeType.KEYWORD_LIST]: 'KeywordList',
  [SearchAttributeType.INT]: 'Int',
};
const STARTS_WITHIN = 60_000;

/** Below the ports that the system gives away by itself: nobody else's connection takes one of these in between. */
const [FIRST_PORT, PORTS] = [12_000, 20_000];

/** A port that was free a moment ago; another test's process hardly comes upon the same one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const probe = createServer().listen(FIRST_PORT + Math.floor(Math.random() * PORTS), '127.0.0.1');
    try {
      await once(probe, 'listening');
    } catch {
      continue;
    }
    const address = probe.address();
    probe.close();
    await once(probe, 'close');
    if (address !== null && typeof address !== 'string') return address.port;
  }
}

/** `port`: to come back on the port of a server that was stopped. */
export async function startTemporalServer(port?: number): Promise<TestServer> {
  const chosen = port ?? (await freePort());
  const attributes = Object.values(SEARCH_ATTRIBUTES).flatMap(({ name, type }) => [
    '--search-attribute',
    `${name}=${TYPE_WORDS[type] ?? type}`,
  ]);
  const args = [
    'server',
    'start-dev',
    '--headless',
    '--ip',
    '127.0.0.1',
    '--port',
    String(chosen),
    '--log-level',
    'error',
  ];
  const server = spawn(process.env['TEMPORAL_CLI'] ?? 'temporal', [...args, ...attributes], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const failed = once(server, 'error').then(([error]) => Promise.reject(error as Error));
  const address = `127.0.0.1:${chosen}`;
  try {
    await Promise.race([answers(address, server), failed]);
  } catch (error) {
    server.kill('SIGKILL');
    throw error;
  }
  return { address, stop: () => end(server) };
}

async function answers(address: string, server: ChildProcess): Promise<void> {
  const last = Date.now() + STARTS_WITHIN;
  for (;;) {
    if (server.exitCode !== null) throw new Error(`the Temporal server ended with ${server.exitCode}`);
    try {
      const connection = await Connection.connect({ address, connectTimeout: 1_000 });
      try {
        // The namespace, and with it the search attributes, come a little after the port.
        await connection.workflowService.describeNamespace({ namespace: 'default' });
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      if (Date.now() > last) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGKILL');
  await ended;
}
