/** WeCom's group robots as they are known (https://developer.work.weixin.qq.com/document/path/91770), on loopback: limits enforced, all answered with 200. WeCom has no SDK for them. */
import type { ReceivedRequest } from './httpServer.ts';
import type { Robot } from './providers/robot.ts';
import { json, parsed, startRobot } from './providers/robot.ts';

/** Its messages are in Markdown. */
export type WecomRobot = Robot<string>;

const KEY = '693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa';
const MARKDOWN_BYTES = 4_096;
const MESSAGES_A_MINUTE = 20;

export const startWecomRobot = (): Promise<WecomRobot> =>
  startRobot<string>(`/cgi-bin/webhook/send?key=${KEY}`, (request, taken) => {
    const [errcode, errmsg, message = ''] = judge(request, taken);
    const answer = json({ errcode, errmsg });
    return errcode === 0 ? { message, answer } : { refused: answer };
  });

function judge(
  { path, body, headers }: ReceivedRequest,
  taken: number,
): readonly [errcode: number, errmsg: string, content?: string] {
  if (new URL(path, 'http://robot').searchParams.get('key') !== KEY) return [93000, 'invalid webhook url'];
  if (headers['content-type'] !== 'application/json') return [40008, 'invalid message type'];
  const { msgtype, markdown } = (parsed(body) ?? {}) as { msgtype?: unknown; markdown?: { content?: unknown } };
  if (msgtype !== 'markdown') return [40008, 'invalid message type'];
  const content = markdown?.content;
  if (typeof content !== 'string' || content === '') return [44004, 'empty content'];
  if (Buffer.byteLength(content) > MARKDOWN_BYTES) return [40058, 'markdown.content exceed max length 4096'];
  return taken >= MESSAGES_A_MINUTE ? [45009, 'api freq out of limit'] : [0, 'ok', content];
}
