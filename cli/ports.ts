/** Ports are looked at before anything is started on them, so that a taken one is one plain message. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { TocsinError } from '../domain/errors.ts';
import { commandOf } from '../machine/processes.ts';

export interface WantedPort {
  readonly host: string;
  readonly port: number;
  /** The environment variable that changes it. */
  readonly variable: string;
}

const CLOSING_MS = 2_000;

/** Throws PORT_TAKEN where a port cannot be listened on, or two of them are the same. Port 0 (any free one) always can. */
export async function assertPortsFree(wanted: readonly WantedPort[]): Promise<void> {
  const seen = new Map<number, string>();
  for (const { host, port, variable } of wanted) {
    if (port === 0) continue;
    const other = seen.get(port);
    if (other !== undefined)
      throw new TocsinError(
        'PORT_TAKEN',
        `${other} and ${variable} both ask for port ${port}. Give them different ones.`,
      );
    seen.set(port, variable);
    const problem = await whyTaken(host, port);
    if (problem !== undefined) throw new TocsinError('PORT_TAKEN', describe({ host, port, variable }, problem));
  }
}

/** A port that is free now. Nothing holds it until somebody listens, so it is for a start that follows at once. */
export async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Does somebody take connections there? */
export async function isListenedOn(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** A process that was just killed is gone before its sockets are: where nobody has the port open, it is asked for again. */
async function whyTaken(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  const until = Date.now() + CLOSING_MS;
  for (;;) {
    const problem = await tryListening(host, port);
    if (problem?.code !== 'EADDRINUSE' || Date.now() >= until || listenerOf(port) !== undefined) return problem;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function tryListening(host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function describe({ host, port, variable }: WantedPort, problem: NodeJS.ErrnoException): string {
  if (problem.code !== 'EADDRINUSE')
    return `${host}:${port} cannot be listened on (${problem.message}). Set ${variable} (and HOST) to what this machine allows.`;
  const pid = listenerOf(port);
  const holder =
    pid === undefined
      ? 'another process'
      : `process ${pid} (${(commandOf(pid) ?? 'its command may not be read').slice(0, 120)})`;
  return `${host}:${port} is held by ${holder}. End that, or set ${variable} to another port.`;
}

/** The pid that listens on a TCP port, from /proc (proc(5), net/tcp: local address in hex, state 0A, inode). Undefined where it cannot be read. */
function listenerOf(port: number): number | undefined {
  try {
    const hex = port.toString(16).toUpperCase().padStart(4, '0');
    const sockets = ['/proc/net/tcp', '/proc/net/tcp6']
      .flatMap((path) => readFileSync(path, 'utf8').split('\n').slice(1))
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1]?.endsWith(`:${hex}`) === true && fields[3] === '0A')
      .map((fields) => `socket:[${fields[9]}]`);
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .find((pid) => openFiles(pid).some((file) => sockets.includes(file)));
  } catch {
    return undefined;
  }
}

/** What is not there any more, or is somebody else's, is left out. */
function openFiles(pid: number): readonly string[] {
  const links = attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? [];
  return links.flatMap((fd) => attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`)) ?? []);
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
