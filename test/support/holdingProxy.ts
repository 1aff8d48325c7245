/** Stands before a provider's stand-in, and can keep its answers back: what the provider has done, nobody hears of. */
import { once } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface HoldingProxy {
  /** `http://127.0.0.1:<port>`, in the place of the stand-in's. */
  readonly url: string;
  /** Good answers (2xx) that were kept back so far. */
  readonly held: () => number;
  /** From now on answers go through. Those that were kept back never come. */
  letThrough(): void;
  stop(): Promise<void>;
}

/** `target`: `http://127.0.0.1:<port>` of the stand-in. Keeps back from the start. */
export async function startHoldingProxy(target: string): Promise<HoldingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let holds = true;
  let held = 0;
  const server = createServer((incoming, response) => {
    const { method, url: path, headers } = incoming;
    const onward = forward({ hostname, port, method, path, headers }, (answer) => {
      const { statusCode = 502 } = answer;
      if (!holds) {
        response.writeHead(statusCode, answer.headers);
        answer.pipe(response);
        return;
      }
      answer.resume().once('end', () => {
        if (statusCode >= 200 && statusCode < 300) held += 1;
      });
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    held: () => held,
    letThrough: () => {
      holds = false;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
