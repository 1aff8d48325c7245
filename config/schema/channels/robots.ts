/** `channels.wecom`, `dingtalk`, `feishu`, `teams` and `ntfy`: an address that one message is posted to. */
import { fields } from '../parts.ts';
import { called, credential, named } from './parts.ts';

export const wecom = named(
  'group robots by name, such as { ops: { url: "${WECOM_URL}" } }',
  fields('a group robot such as { url: "${WECOM_URL}" }', {
    url: called('an address such as https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…'),
  }),
);

const signed = (expected: string, address: string) =>
  fields(expected, {
    url: called(`an address such as ${address}`),
    secret: credential('the secret of the robot’s signature').optional(),
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

export const ntfy = named(
  'topics by name, such as { ops: { url: "https://ntfy.sh/…", token: "${NTFY_TOKEN}" } }',
  fields('a topic such as { url: "https://ntfy.sh/…" }', {
    url: called('an address with its topic, such as https://ntfy.sh/tocsin-ops'),
    token: credential('an access token').optional(),
  }),
);
