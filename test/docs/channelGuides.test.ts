/** The guides of channels do what they say: their configurations load, and their receiver takes what Tocsin sends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { webhookChannel } from '../../activities/notify/webhook.ts';
import { configured, failureOf, noticeTo, PUBLIC_URL, SECRET } from '../activities/requests.ts';
import { load } from '../config/written.ts';
import { NO_STORE } from '../support/noStore.ts';

const OPS_BUS_SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const page = (name: string): string => readFileSync(new URL(`../../docs/guides/${name}.md`, import.meta.url), 'utf8');
const blocks = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

test.each(['webhook', 'wecom', 'dingtalk', 'feishu', 'teams', 'ntfy', 'pagerduty', 'opsgenie'])(
  'the configuration of the guide %s loads',
  (name) => {
    const env = {
      OPS_BUS_SECRET,
      PAYMENTS_KEY: '0123456789abcdef0123456789abcdef',
      WECOM_URL: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k',
      DINGTALK_URL: 'https://oapi.dingtalk.com/robot/send?access_token=t',
      DINGTALK_SECRET: 'SEC1',
      FEISHU_URL: 'https://open.feishu.cn/open-apis/bot/v2/hook/h',
      FEISHU_SECRET: 's1',
      TEAMS_URL: 'https://prod-1.westeurope.logic.azure.com/workflows/w/triggers/manual/paths/invoke?sig=x',
      NTFY_URL: 'https://ntfy.sh/tocsin-ops',
      NTFY_TOKEN: 'tk_1',
      PAGERDUTY_ROUTING_KEY: '4f1c0a6e2b9d4d0f8a7b6c5d4e3f2a1b',
      PAGERDUTY_API_KEY: 'y_NbAkKc66ryYTWUXYEu',
      PAGERDUTY_WEBHOOK_SECRET: 'kqg5Yr7TtYJ9qeWnHjDDTWlE3lHcTQDbFXyg6kVxrGmu',
      OPSGENIE_API_KEY: '37c8f316-17c6-49d7-899b-9c7e540c048d',
      OPSGENIE_WEBHOOK_SECRET: 'c0ffee00c0ffee00c0ffee00c0ffee00',
    };
    const [yaml = '', ...others] = blocks(page(name), 'yaml');
    expect(others).toEqual([]);
    expect(load(yaml, env).configuration.services.get('payments')?.subscribers).toMatchObject([{ channel: name }]);
  },
);

test('the receiver of the guide takes what is signed with its secret, once an id, and refuses the rest', async () => {
  const [program = ''] = blocks(page('webhook'), 'js');
  const receiver = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: process.env['PATH'], OPS_BUS_SECRET, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    let said = '';
    receiver.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    while (!said.includes('listening on')) await once(receiver.stdout, 'data');
    const [, port] = /listening on (\d+)/.exec(said) ?? [];
    const channel = (secret: string) =>
      webhookChannel({
        configuration: () =>
          configured({ webhook: { bus: { url: `http://127.0.0.1:${port}/`, secret, allowPrivate: true } } }),
        secret: SECRET,
        store: NO_STORE,
        publicUrl: PUBLIC_URL,
      });
    const notice = noticeTo('webhook', null);
    expect(await channel(OPS_BUS_SECRET).tell(notice)).toEqual({ detail: '204' });
    expect(await channel(OPS_BUS_SECRET).tell(notice)).toEqual({ detail: '204' });
    const forged = channel(`whsec_${Buffer.alloc(32, 4).toString('base64')}`).tell(notice);
    expect(await failureOf(forged)).toMatchObject({ code: 'PROVIDER_REFUSED', detail: 'webhook bus answered 401' });
    expect(said.split('\n').filter((line) => line.startsWith('incident.'))).toEqual([
      'incident.acknowledged acknowledged disk of db1 is full',
    ]);
  } finally {
    receiver.kill('SIGKILL');
  }
});
