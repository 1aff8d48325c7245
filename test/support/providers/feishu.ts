/**
 * Custom bots of Feishu and Lark as they are known, on loopback: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 * (100 messages a minute, 20 KB a request, signature good for an hour, codes 9499, 19001, 19021, 11232), and of cards
 * https://open.feishu.cn/document/common-capabilities/message-card/message-cards-content/card-structure/card-content. Feishu's SDK has nothing for custom bots.
 */
import { createHmac } from 'node:crypto';
import type { ReceivedRequest } from '../httpServer.ts';
import type { Robot } from './robot.ts';
import { json, parsed, startRobot } from './robot.ts';

interface Text {
  readonly tag: string;
  readonly content: string;
}
interface Button {
  readonly tag: string;
  readonly text: Text;
  readonly url: string;
}
export interface FeishuCard {
  readonly header: { readonly template: string; readonly title: Text };
  readonly elements: readonly { readonly tag: string; readonly text?: Text; readonly actions?: readonly Button[] }[];
}

export const FEISHU_SECRET = 'a-feishu-secret';
const HOOK = '/open-apis/bot/v2/hook/0d6e7c4a-5b1f-4b7c-8f7e-1f0e6d1c2b3a';
const MESSAGES_A_MINUTE = 100;
const BYTES = 20 * 1_024;
const AN_HOUR = 3_600;
const TEMPLATES = 'blue wathet turquoise green yellow orange red carmine violet purple indigo grey'.split(' ');

export const startFeishu = (): Promise<Robot<FeishuCard>> =>
  startRobot<FeishuCard>(HOOK, (request, taken) => {
    const [status, code, msg, message] = judge(request, taken);
    const answer = json({ code, msg, data: {} }, status);
    return message === undefined ? { refused: answer } : { message, answer };
  });

function judge(
  { method, path, headers, body }: ReceivedRequest,
  taken: number,
): readonly [status: number, code: number, msg: string, message?: FeishuCard] {
  if (path !== HOOK) return [400, 19001, 'param invalid: incoming webhook access token invalid'];
  if (method !== 'POST' || headers['content-type'] !== 'application/json') return [400, 9499, 'Bad Request'];
  const { timestamp, sign, msg_type, card } = (parsed(body) ?? {}) as {
    timestamp?: unknown;
    sign?: unknown;
    msg_type?: unknown;
    card?: FeishuCard;
  };
  if (Buffer.byteLength(body) > BYTES || msg_type !== 'interactive') return [400, 9499, 'Bad Request'];
  if (!isSigned(timestamp, sign))
    return [200, 19021, 'sign match fail or timestamp is not within one hour from current time'];
  if (card === undefined || !isCard(card)) return [200, 11246, 'ErrCode: 200621; ErrMsg: parse card json err'];
  if (taken >= MESSAGES_A_MINUTE)
    return [200, 11232, 'frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]'];
  return [200, 0, 'success', card];
}

function isSigned(timestamp: unknown, sign: unknown): boolean {
  const at = Number(timestamp);
  // The time and the secret are the key, and there is no message.
  const expected = createHmac('sha256', `${at}\n${FEISHU_SECRET}`).update('').digest('base64');
  return Math.abs(Date.now() / 1_000 - at) < AN_HOUR && sign === expected;
}

const isCard = ({ header, elements }: FeishuCard): boolean =>
  TEMPLATES.includes(header.template) &&
  header.title.tag === 'plain_text' &&
  elements.every(({ tag, text, actions }) =>
    tag === 'div' ? isText(text) : tag === 'action' && actions !== undefined && actions.every(isButton),
  );

const isText = (text: Text | undefined): boolean =>
  text !== undefined && ['plain_text', 'lark_md'].includes(text.tag) && text.content !== '';

const isButton = ({ tag, text, url }: Button): boolean => tag === 'button' && isText(text) && URL.canParse(url);
