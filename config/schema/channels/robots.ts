/** `channels.wecom`, `dingtalk`, `feishu`, `teams` and `ntfy`: an address that one message is posted to. */
import { z } from 'zod';
import { fields, id, unexpected } from '../parts.ts';
import { called, credential, named } from './parts.ts';

const MENTIONS = 'what users are called there, such as { ana: wangqing }';
const MENTIONED = 'an id of 1 to 64 letters, digits and _ . @ -';

/** By the ids of our users; that there are such is looked at in references.ts. */
const mentions = z
  .record(id, z.string({ error: MENTIONED }).regex(/^[A-Za-z0-9_.@-]{1,64}$/, { error: MENTIONED }), {
    error: MENTIONS,
  })
  .meta({ description: MENTIONS })
  .optional();

export const wecom = named(
  'group robots by name, such as { ops: { url: "${WECOM_URL}" } }',
  fields('a group robot such as { url: "${WECOM_URL}" }', {
    url: called('an address such as https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…'),
    mentions,
  }),
);

const signed = (expected: string, address: string) =>
  fields(expected, {
    url: called(`an address such as ${address}`),
    secret: credential('the secret of the robot’s signature').optional(),
    mentions,
  });

export const dingtalk = named(
  'group robots by name, such as { ops: { url: "${DINGTALK_URL}", secret: "${DINGTALK_SECRET}" } }',
  signed('a group robot such as { url: "${DINGTALK_URL}" }', 'https://oapi.dingtalk.com/robot/send?access_token=…'),
);

export const feishu = named(
  'group robots by name, such as { ops: { url: "${FEISHU_URL}", secret: "${FEISHU_SECRET}" } }',
  signed('a group robot such as { url: "${FEISHU_URL}" }', 'https://open.feishu.cn/open-apis/bot/v2/hook/…'),
);

export const teams = named(
  'workflows by name, such as { ops: { url: "${TEAMS_URL}" } }',
  fields('a workflow such as { url: "${TEAMS_URL}" }', { url: called('the address of a Teams workflow') }),
);

const TOPIC = 'an address with its topic, such as https://ntfy.sh/tocsin-ops';

export const ntfy = named(
  'topics by name, such as { ops: { url: "https://ntfy.sh/…", token: "${NTFY_TOKEN}" } }',
  fields('a topic such as { url: "https://ntfy.sh/…" }', {
    url: called(TOPIC).transform((text, ctx) =>
      /\/[A-Za-z0-9_-]{1,64}$/.test(new URL(text).pathname) && !/[?#]/.test(text) ? text : unexpected(ctx, '', TOPIC),
    ),
    token: credential('an access token').optional(),
  }),
);
