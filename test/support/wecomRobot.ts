/** WeCom's group robots as they are known (https://developer.work.weixin.qq.com/document/path/91770), on loopback: limits enforced, all answered with 200. */
import type { HttpServer, ReceivedRequest } from './httpServer.ts';
import { startHttpServer } from './httpServer.ts';

export interface WecomRobot {
  /** The address of a robot that exists. */
  readonly url: string;
  readonly server: HttpServer;
  /** Markdown of the messages that it took. */
  readonly messages: readonly string[];
  /** Of a minute that goes on; a new one begins where it is called. */
  newMinute(): void;
  stop(): Promise<void>;
}

const KEY = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa';
const MARKDOWN_BYTES = 4_096;
const MESSAGES_A_MINUTE = 20;

export async function startWecomRobot(): Promise<WecomRobot> {
  const server = await startHttpServer();
  const messages: string[] = [];
  let taken = 0;
  const take = ({ path, body, headers }: ReceivedRequest): readonly [errcode: number, errmsg: string] => {
    if (new URL(path, 'http://robot').searchParams.get('key') !== KEY) return [93000, 'invalid webhook url'];
    if (headers['content-type'] !== 'application/json') return [40008, 'invalid message type'];
    const { msgtype, markdown } = JSON.parse(body) as { msgtype?: unknown; markdown?: { content?: unknown } };
    if (msgtype !== 'markdown') return [40008, 'invalid message type'];
    const content = markdown?.content;
    if (typeof content !== 'string' || content === '') return [44004, 'empty content'];
    if (Buffer.byteLength(content) > MARKDOWN_BYTES) return [40058, 'markdown.content exceed max length 4096'];
    if (taken >= MESSAGES_A_MINUTE) return [45009, 'api freq out of limit'];
    taken += 1;
    messages.push(content);
    return [0, 'ok'];
  };
  server.answer('/cgi-bin/webhook/send', (request) => {
    const [errcode, errmsg] = take(request);
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ errcode, errmsg }) };
  });
  return {
    url: `${server.url}/cgi-bin/webhook/send?key=${KEY}`,
    server,
    messages,
    newMinute: () => {
      taken = 0;
    },
    stop: () => server.stop(),
  };
}
