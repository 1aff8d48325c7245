/** A WebSocket server on loopback (RFC 6455) that sends and takes short text frames; Node has none. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface OpenSocket {
  send(text: string): void;
}

export interface WebSocketServer {
  /** `ws://127.0.0.1:<port>`. */
  readonly url: string;
  readonly open: () => number;
  /** To one of those that are open. Throws where there is none. */
  send(text: string): void;
  /** Cuts all connections, as a server does that goes away. */
  cut(): void;
  stop(): Promise<void>;
}

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

export async function startWebSocketServer(
  heard: (text: string) => void,
  greet: (socket: OpenSocket) => void,
): Promise<WebSocketServer> {
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on('upgrade', (request, duplex) => {
    const socket = duplex as Socket;
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let rest: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (let frame = readFrame(rest); frame !== null; frame = readFrame(rest)) {
        rest = rest.subarray(frame.length);
        if (frame.opcode === TEXT) heard(frame.payload.toString('utf8'));
        if (frame.opcode === PING) socket.write(frameOf(PONG, frame.payload));
        if (frame.opcode === CLOSE) socket.end(frameOf(CLOSE, frame.payload));
      }
    });
    greet({ send: (text) => void socket.write(frameOf(TEXT, Buffer.from(text))) });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}`,
    open: () => sockets.size,
    send(text) {
      const [socket] = sockets;
      if (socket === undefined) throw new Error('nobody is connected');
      socket.write(frameOf(TEXT, Buffer.from(text)));
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** RFC 6455 §5.2: a server's frames are not masked. */
function frameOf(opcode: number, payload: Buffer): Buffer {
  const short = payload.length < 126;
  const head = Buffer.alloc(short ? 2 : 10);
  head[0] = 0x80 | opcode;
  head[1] = short ? payload.length : 127;
  if (!short) head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}

/** A client's frames are masked. Null while a whole one is not there. */
function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; length: number } | null {
  if (bytes.length < 2) return null;
  const size = bytes[1]! & 0x7f;
  const more = size === 126 ? 2 : size === 127 ? 8 : 0;
  if (bytes.length < 6 + more) return null;
  const length = more === 0 ? size : more === 2 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  const from = 6 + more;
  if (bytes.length < from + length) return null;
  const mask = bytes.subarray(from - 4, from);
  const payload = Buffer.from(bytes.subarray(from, from + length).map((byte, index) => byte ^ mask[index % 4]!));
  return { opcode: bytes[0]! & 0x0f, payload, length: from + length };
}
