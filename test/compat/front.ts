/**
 * What stands before Tocsin where its clients take https alone, or have their vendor's address fixed: TLS with a private
 * authority, and a proxy (CONNECT, RFC 9110 §9.3.6) that leads the vendors' names to it. By the name that was asked for it
 * knows whose API is meant, as an operator's own reverse proxy would.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where the paths of a vendor's host begin in Tocsin. */
const VENDORS: Readonly<Record<string, string>> = {
  'events.pagerduty.com': '/pagerduty',
  'api.pagerduty.com': '/pagerduty',
  'api.opsgenie.com': '/opsgenie',
};

export interface Front {
  /** `https://localhost:port` */
  readonly url: string;
  /** `http://127.0.0.1:port` of the proxy. */
  readonly proxy: string;
  /** Path of the authority's certificate, PEM. */
  readonly ca: string;
  stop(): Promise<void>;
}

/** `target`: Tocsin's API, which may start later. Needs the program openssl. */
export async function startFront(target: string): Promise<Front> {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-front-'));
  const { ca, key, cert } = certificates(folder);
  const tls = createTlsServer({ key, cert }, (asked, answer) => forward(asked, answer, target));
  const port = await listening(tls);
  const proxy = createServer((_asked, answer) => answer.writeHead(405).end());
  const tunnels = new Set<Socket>();
  proxy.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
    const known = url.replace(/:443$/, '') in VENDORS;
    if (!known) {
      socket.end(`HTTP/1.1 403 Forbidden\r\n\r\n`);
      return;
    }
    const onward = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      tunnels.add(one);
      one.on('error', () => other.destroy()).pipe(other);
    }
  });
  const proxyPort = await listening(proxy);
  return {
    url: `https://localhost:${port}`,
    proxy: `http://127.0.0.1:${proxyPort}`,
    ca,
    async stop() {
      for (const tunnel of tunnels) tunnel.destroy();
      tls.closeAllConnections();
      await Promise.all([tls, proxy].map((server) => once(server.close(), 'close')));
      rmSync(folder, { recursive: true });
    },
  };
}

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return (server.address() as AddressInfo).port;
}

function forward(asked: IncomingMessage, answer: ServerResponse, target: string): void {
  const { method, headers, url = '/' } = asked;
  const prefix = VENDORS[headers.host?.replace(/:\d+$/, '') ?? ''] ?? '';
  const onward = request(`${target}${prefix}${url}`, { method, headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  asked.pipe(onward);
}

function certificates(folder: string): { readonly ca: string; readonly key: Buffer; readonly cert: Buffer } {
  const file = (name: string): string => join(folder, name);
  const openssl = (...args: readonly string[]): Buffer => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const authority = ['-subj', '/CN=A private authority', '-addext', 'keyUsage=critical,keyCertSign'];
  openssl('req', '-x509', ...newKey, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', ...authority);
  openssl('req', ...newKey, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=localhost');
  const names = ['localhost', ...Object.keys(VENDORS)].map((name) => `DNS:${name}`);
  writeFileSync(file('names'), `subjectAltName=${names.join(',')},IP:127.0.0.1\n`);
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2'];
  openssl('x509', '-req', '-in', 'leaf.csr', '-out', 'leaf.pem', ...signed);
  return { ca: file('ca.pem'), key: readFileSync(file('leaf.key')), cert: readFileSync(file('leaf.pem')) };
}
