/** A real HTTP server on loopback that remembers what it was sent, and can be told how to answer. */
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** As it came. */
  readonly body: string;
  readonly receivedAt: number;
}

/**
 * What is done with a request; 200 and nothing where nothing is said. `hang`: no answer, ever. `reset`: the connection is
 * cut. `trickle`: the head at once, then of the body a byte now and then, for ever. `cutOff`: the answer breaks off in its body.
 */
export interface HttpReaction {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly instead?: 'hang' | 'reset' | 'trickle' | 'cutOff';
}

type Answering = HttpReaction | ((request: ReceivedRequest) => HttpReaction);

export interface HttpServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly port: number;
  /** In the order of arrival, whole ones only. */
  readonly requests: readonly ReceivedRequest[];
  /** Connections so far. */
  readonly connections: () => number;
  /** To requests whose path begins so, from now on; the longest such path counts. */
  answer(path: string, answering: Answering): void;
  /** Requests to paths that begin so, once there are that many. Throws after 30 s. */
  waitFor(path: string, count: number): Promise<readonly ReceivedRequest[]>;
  stop(): Promise<void>;
}

export async function startHttpServer(): Promise<HttpServer> {
  const requests: ReceivedRequest[] = [];
  const answers = new Map<string, Answering>();
  const watchers = new Set<() => void>();
  const sockets = new Set<Socket>();
  let connections = 0;

  const server = createServer((incoming, response) => {
    void receive(incoming).then(
      (request) => {
        requests.push(request);
        for (const watcher of watchers) watcher();
        const [path] = [...answers.keys()]
          .filter((each) => request.path.startsWith(each))
          .toSorted((a, b) => b.length - a.length);
        const answering = answers.get(path ?? '') ?? {};
        reply(response, typeof answering === 'function' ? answering(request) : answering);
      },
      // The caller went away in the middle of its request: nothing was received.
      () => undefined,
    );
  });
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    connections: () => connections,
    answer: (path, answering) => void answers.set(path, answering),
    waitFor: (path, count) =>
      new Promise((resolve, reject) => {
        const there = () => requests.filter((request) => request.path.startsWith(path));
        const timer = setTimeout(() => {
          watchers.delete(look);
          const held = requests.map((request) => request.path).join(', ');
          reject(new Error(`after 30 s: ${there().length} of ${count} requests to ${path}; all there are: ${held}`));
        }, 30_000);
        const look = (): void => {
          if (there().length < count) return;
          clearTimeout(timer);
          watchers.delete(look);
          resolve(there());
        };
        watchers.add(look);
        look();
      }),
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    receivedAt: Date.now(),
  };
}

function reply(response: ServerResponse, { status = 200, headers = {}, body = '', instead }: HttpReaction): void {
  if (instead === 'hang') return;
  if (instead === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (instead === 'trickle') {
    response.writeHead(status, headers);
    const timer = setInterval(() => response.write('.'), 50);
    response.on('close', () => clearInterval(timer));
    return;
  }
  if (instead === 'cutOff') {
    response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(body) + 100) });
    response.write(body, () => response.socket?.destroy());
    return;
  }
  response.writeHead(status, headers).end(body);
}
