/**
 * The channel `feishu`: a custom bot of a Feishu (飞书) or Lark group, as `channels.feishu` says;
 * https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot.
 */
import { createHmac } from 'node:crypto';
import { seconds } from '../../domain/duration.ts';
import { feishuCard } from './feishuCard.ts';
import { idsThere, robotChannel } from './robot.ts';
import type { Codes } from './robotAnswer.ts';
import { readCode, refusedByCode } from './robotAnswer.ts';

const CODES: Codes = {
  vendor: 'Feishu',
  member: 'code',
  busy: [],
  // 9499 is also said of a body that it cannot read.
  tooMany: [11232],
  tooManyWords: /frequency limited|too many request/i,
  limit: '100 messages a minute and 5 a second a bot',
  wait: seconds(10),
  // 19001: no bot has this address. 19021: the signature, or the clock. 19022: an address that is not on the bot's list; 19024: a keyword that is not in the text.
  wrong: { 19001: 'url', 19021: 'secret', 19022: 'url', 19024: 'url' },
};

export const feishuChannel = robotChannel<'feishu'>({
  channel: 'feishu',
  called: 'Feishu bot',
  post(said, endpoint) {
    const { secret } = endpoint;
    const card = feishuCard(said, idsThere(said.called, endpoint));
    const signature = secret === undefined ? {} : signed(secret, Date.now());
    const secrets = secret === undefined ? [] : [secret];
    return { body: { ...signature, msg_type: 'interactive', card }, text: JSON.stringify(card), secrets };
  },
  read: (answer, asked) => readCode(answer, CODES, asked),
  // Its codes come with 400 and 429 too.
  refusal: (answer, asked) => refusedByCode(answer, CODES, asked),
});

/** HMAC-SHA256 of nothing, under the time in seconds and the secret: not as DingTalk's. It is good for an hour. */
function signed(secret: string, now: number): { readonly timestamp: string; readonly sign: string } {
  const timestamp = String(Math.floor(now / 1_000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).digest('base64') };
}
