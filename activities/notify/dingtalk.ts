/**
 * The channel `dingtalk`: a custom robot of a DingTalk (钉钉) group, as `channels.dingtalk` says;
 * https://open.dingtalk.com/document/orgapp/custom-robot-access and custom-bot-to-send-group-chat-messages.
 */
import { createHmac } from 'node:crypto';
import type { User } from '../../domain/configuration.ts';
import type { SignedRobot } from '../../domain/channels.ts';
import { seconds } from '../../domain/duration.ts';
import { dingtalkMarkdown } from './dingtalkMarkdown.ts';
import { idsThere, robotChannel } from './robot.ts';
import type { Codes } from './robotAnswer.ts';
import { readCode } from './robotAnswer.ts';

const CODES: Codes = {
  vendor: 'DingTalk',
  member: 'errcode',
  busy: [-1],
  tooMany: [130101, 410100, 660026],
  tooManyWords: /too fast|exceed \d+ times/,
  limit: '20 messages a minute a robot',
  wait: seconds(60),
  // 310000: the signature, a keyword that is not in the text, or an address that is not on the robot's list.
  wrong: { 300001: 'url', 300005: 'url', 310000: 'secret', 400101: 'url', 400102: 'url', 400106: 'url' },
};

export const dingtalkChannel = robotChannel<'dingtalk'>({
  channel: 'dingtalk',
  called: 'DingTalk robot',
  post(said, endpoint) {
    const at = mentionsOf(said.called, endpoint);
    const { title, text } = dingtalkMarkdown(said, [...at.atUserIds, ...at.atMobiles]);
    return {
      ...signed(endpoint, Date.now()),
      body: { msgtype: 'markdown', markdown: { title, text }, at: { ...at, isAtAll: false } },
      text,
    };
  },
  read: (answer, asked) => readCode(answer, CODES, asked),
});

/** By the id that the endpoint has for them, and else by their phone, as DingTalk has those of mainland China. */
function mentionsOf(users: readonly User[], endpoint: SignedRobot) {
  const unknown = users.filter((user) => idsThere([user], endpoint).length === 0);
  return { atUserIds: idsThere(users, endpoint), atMobiles: unknown.flatMap(phoneOf) };
}

const MAINLAND = '+86';

function phoneOf({ contacts }: User): readonly string[] {
  const phone = contacts.find(({ channel, to }) => /^(voice|sms)$/.test(channel) && to?.startsWith(MAINLAND));
  return phone?.to === undefined ? [] : [phone.to.slice(MAINLAND.length)];
}

/** HMAC-SHA256 under the secret, of the time in milliseconds and the secret. It is good for an hour. */
function signed({ url, secret }: SignedRobot, now: number): { url?: string; secrets?: readonly string[] } {
  if (secret === undefined) return {};
  const sign = createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64');
  const address = new URL(url);
  address.searchParams.set('timestamp', String(now));
  address.searchParams.set('sign', sign);
  return { url: address.href, secrets: [secret, sign] };
}
