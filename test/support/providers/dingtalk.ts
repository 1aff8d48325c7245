/**
 * DingTalk's custom robots as they are known, on loopback, all answered with 200:
 * https://open.dingtalk.com/document/orgapp/custom-robot-access (20 messages a minute, `errcode`),
 * …/orgapp/customize-robot-security-settings (`timestamp` and `sign`, good for an hour), and the error table of
 * https://help.aliyun.com/zh/arms/alarm-operation-center/faq (130101, 300005, 310000, 460101). DingTalk publishes no SDK for
 * custom robots but its sample code, which signs as is checked here.
 */
import { createHmac } from 'node:crypto';
import type { ReceivedRequest } from '../httpServer.ts';
import type { Robot } from './robot.ts';
import { json, parsed, startRobot } from './robot.ts';

export interface DingtalkMessage {
  readonly title: string;
  readonly text: string;
  readonly at: {
    readonly atMobiles: readonly string[];
    readonly atUserIds: readonly string[];
    readonly isAtAll: boolean;
  };
}

export const DINGTALK_SECRET = 'SEC0123456789abcdef';
const TOKEN = '566cc69da782ec33e42541b09b08551f09fbe864eb8008112e994b43887c0905';
const MESSAGES_A_MINUTE = 20;
const BYTES = 20_000;
const AN_HOUR = 3_600_000;

export const startDingtalk = (): Promise<Robot<DingtalkMessage>> =>
  startRobot<DingtalkMessage>(`/robot/send?access_token=${TOKEN}`, (request, taken) => {
    const [errcode, errmsg, message] = judge(request, taken);
    const answer = json({ errcode, errmsg });
    return message === undefined ? { refused: answer } : { message, answer };
  });

function judge(
  { method, path, headers, body }: ReceivedRequest,
  taken: number,
): readonly [errcode: number, errmsg: string, message?: DingtalkMessage] {
  const { pathname, searchParams } = new URL(path, 'http://robot');
  if (pathname !== '/robot/send') return [404, 'requested resource is not available'];
  if (method !== 'POST') return [43002, 'need POST'];
  if (!headers['content-type']?.startsWith('application/json')) return [43004, 'invalid http header Content-Type'];
  const token = searchParams.get('access_token');
  if (token === null || token === '') return [40035, 'miss param access_token'];
  if (token !== TOKEN) return [300005, 'token is not exist'];
  if (!isSigned(searchParams)) return [310000, 'sign not match'];
  const { msgtype, markdown, at } = (parsed(body) ?? {}) as {
    msgtype?: unknown;
    markdown?: { title?: unknown; text?: unknown };
    at?: DingtalkMessage['at'];
  };
  if (msgtype !== 'markdown') return [400105, 'unsupported msgtype'];
  const { title, text } = markdown ?? {};
  if (typeof title !== 'string' || title === '') return [40035, 'miss param : markdown->title'];
  if (typeof text !== 'string' || text === '') return [40035, 'miss param : markdown->text'];
  if (Buffer.byteLength(body) > BYTES) return [460101, 'message too long, exceed 20000 bytes'];
  if (taken >= MESSAGES_A_MINUTE) return [130101, 'send too fast, exceed 20 times per minute'];
  return [0, 'ok', { title, text, at: at ?? { atMobiles: [], atUserIds: [], isAtAll: false } }];
}

function isSigned(parameters: URLSearchParams): boolean {
  const timestamp = parameters.get('timestamp') ?? '';
  const sign = createHmac('sha256', DINGTALK_SECRET).update(`${timestamp}\n${DINGTALK_SECRET}`).digest('base64');
  return (
    /^\d{13}$/.test(timestamp) && Math.abs(Date.now() - Number(timestamp)) < AN_HOUR && parameters.get('sign') === sign
  );
}
