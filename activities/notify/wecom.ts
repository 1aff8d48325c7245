/** The channel `wecom`: a group robot of WeCom (企业微信), as `channels.wecom` says; https://developer.work.weixin.qq.com/document/path/91770. */
import { seconds } from '../../domain/duration.ts';
import { idsThere, robotChannel } from './robot.ts';
import type { Codes } from './robotAnswer.ts';
import { readCode } from './robotAnswer.ts';
import { wecomMarkdown } from './wecomMarkdown.ts';

/** https://developer.work.weixin.qq.com/document/path/90313. */
const CODES: Codes = {
  vendor: 'WeCom',
  member: 'errcode',
  busy: [-1],
  tooMany: [45009],
  tooManyWords: /freq out of limit/,
  limit: '20 messages a minute a robot',
  wait: seconds(60),
  wrong: { 93000: 'url' },
};

export const wecomChannel = robotChannel<'wecom'>({
  channel: 'wecom',
  called: 'WeCom robot',
  post(said, endpoint) {
    const content = wecomMarkdown(said, idsThere(said.called, endpoint));
    return { body: { msgtype: 'markdown', markdown: { content } }, text: content };
  },
  read: (answer, asked) => readCode(answer, CODES, asked),
});
