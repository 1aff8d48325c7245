/**
 * The worker is killed between the provider's 200 and the activity's end, on every channel at once: one incident pages a
 * person by each of them, and one kill serves all.
 */
import { ENDPOINT_CHANNELS } from '../../domain/channels.ts';
import type { NotificationView } from '../../domain/view.ts';
import type { HoldingProxy } from '../support/holdingProxy.ts';
import { startHoldingProxy } from '../support/holdingProxy.ts';
import type { HttpServer } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { DINGTALK_SECRET, startDingtalk } from '../support/providers/dingtalk.ts';
import { FEISHU_SECRET, startFeishu } from '../support/providers/feishu.ts';
import { NTFY_TOKEN, startNtfy } from '../support/providers/ntfy.ts';
import { GENIE_KEY, startOpsgenie } from '../support/providers/opsgenie.ts';
import { REST_KEY, ROUTING_KEY, startPagerDuty } from '../support/providers/pagerduty.ts';
import { REACTIO_KEY, startReactio } from '../support/providers/reactio.ts';
import { startSlack } from '../support/providers/slack.ts';
import { startTeams } from '../support/providers/teams.ts';
import { TENCENT, startTencentSms } from '../support/providers/tencentSms.ts';
import { startTwilio } from '../support/providers/twilio.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';
import { startWecomRobot } from '../support/wecomRobot.ts';
import { SECRET } from '../support/worker.ts';
import { SECRET_VARIABLE, type WorkerProcesses, workerProcesses } from '../support/workerProcess.ts';

const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const KEY = 'all-events-key-000000000';
/** Milliseconds, longer than the kill takes. */
const HELD = 9_000;

/** A provider's stand-in behind its proxy. */
interface Provider {
  readonly proxy: HoldingProxy;
  /** How many messages of ours it has. */
  readonly messages: () => number;
  readonly stop: () => Promise<void>;
}

const providers = new Map<string, Provider>();
let tocsin: Tocsin;
let workers: WorkerProcesses;

/** Registers it; resolves to where the channel is to find it. */
async function before(
  channel: string,
  standIn: { readonly server: HttpServer; stop(): Promise<void> },
  messages: () => number,
): Promise<string> {
  const proxy = await startHoldingProxy(standIn.server.url);
  providers.set(channel, {
    proxy,
    messages,
    stop: async () => {
      await proxy.stop();
      await standIn.stop();
    },
  });
  return proxy.url;
}
const at = (url: string, path: string): string => `${url}${new URL(path).pathname}${new URL(path).search}`;

async function configuration(): Promise<string> {
  const hook = await startHttpServer();
  const [wecom, dingtalk, feishu, teams, ntfy] = await Promise.all([
    startWecomRobot(),
    startDingtalk(),
    startFeishu(),
    startTeams(),
    startNtfy(),
  ]);
  const [slack, pagerduty, opsgenie, reactio, twilio, tencent] = await Promise.all([
    startSlack(),
    startPagerDuty(),
    startOpsgenie(),
    startReactio(),
    startTwilio(),
    startTencentSms(),
  ]);
  const url = {
    webhook: await before('webhook', { server: hook, stop: () => hook.stop() }, () => hook.requests.length),
    wecom: at(await before('wecom', wecom, () => wecom.messages.length), wecom.url),
    dingtalk: at(await before('dingtalk', dingtalk, () => dingtalk.messages.length), dingtalk.url),
    feishu: at(await before('feishu', feishu, () => feishu.messages.length), feishu.url),
    teams: at(await before('teams', teams, () => teams.messages.length), teams.url),
    ntfy: at(await before('ntfy', ntfy, () => ntfy.messages.length), ntfy.url),
    slack: await before('slack', slack, () => slack.messages.length),
    pagerduty: await before('pagerduty', pagerduty, () => pagerduty.events.length),
    opsgenie: await before('opsgenie', opsgenie, () => opsgenie.actions.filter((each) => each === 'create').length),
    reactio: await before('reactio', reactio, () => reactio.incidents.flatMap((each) => each.notifications).length),
    voice: await before('voice', twilio, () => twilio.calls.length),
    sms: await before('sms', tencent, () => tencent.messages.length),
  };
  const reached = {
    email: 'ana@example.com',
    sms: '+8613800000000',
    voice: '+4915112345678',
    slack: 'U02ANA',
    ...Object.fromEntries(ENDPOINT_CHANNELS.map((channel) => [channel, 'main'])),
  };
  const users = Object.entries(reached).map(
    ([channel, to]) =>
      `  - { id: ${channel}, name: ${channel}, contacts: [{ id: c, channel: ${channel}, to: '${to}' }] }`,
  );
  const { accountSid, authToken } = twilio.account;
  return `
users:
${users.join('\n')}
teams: [{ id: everybody, members: [${Object.keys(reached).join(', ')}] }]
escalationPolicies: [{ id: all, levels: [{ targets: ['team:everybody'], massNotification: true, escalateAfter: 1h }] }]
services: [{ id: all, escalationPolicy: all, integrations: [{ source: events-v2, key: ${KEY} }] }]
channels:
  email: { smtp: '\${SMTP_URL}', from: 'Tocsin <alerts@example.com>' }
  sms: { provider: tencent, secretId: ${TENCENT.secretId}, secretKey: ${TENCENT.secretKey}, sdkAppId: '${TENCENT.sdkAppId}', signName: ${TENCENT.signName}, templateId: '19', params: ['{{ service }}', '{{ severity }}', '{{ status }}'], paramLength: 6, apiUrl: "${url.sms}" }
  voice: { provider: twilio, accountSid: ${accountSid}, authToken: ${authToken}, from: '${twilio.number}', apiUrl: "${url.voice}" }
  slack: { botToken: ${slack.configured.botToken}, signingSecret: ${slack.configured.signingSecret}, apiUrl: "${at(url.slack, slack.configured.apiUrl)}" }
  webhook: { main: { url: "${url.webhook}/", secret: "${WEBHOOK_SECRET}", allowPrivate: true } }
  wecom: { main: { url: "${url.wecom}" } }
  dingtalk: { main: { url: "${url.dingtalk}", secret: ${DINGTALK_SECRET} } }
  feishu: { main: { url: "${url.feishu}", secret: ${FEISHU_SECRET} } }
  teams: { main: { url: "${url.teams}" } }
  ntfy: { main: { url: "${url.ntfy}", token: ${NTFY_TOKEN} } }
  pagerduty: { main: { routingKey: ${ROUTING_KEY}, url: "${url.pagerduty}", apiUrl: "${url.pagerduty}", apiKey: ${REST_KEY} } }
  opsgenie: { main: { apiKey: ${GENIE_KEY}, url: "${url.opsgenie}" } }
  reactio: { main: { apiKey: ${REACTIO_KEY}, url: "${url.reactio}" } }
`;
}

beforeAll(async () => {
  const yaml = await configuration();
  tocsin = await startTocsin(yaml, { works: false });
  const env = { SMTP_URL: tocsin.smtp.url, [SECRET_VARIABLE]: SECRET };
  workers = await workerProcesses({ address: tocsin.address, publicUrl: tocsin.url, yaml, env });
});
afterAll(async () => {
  await workers?.stop();
  await tocsin?.stop();
  await Promise.all([...providers.values()].map(({ stop }) => stop()));
});

/** Those that can be asked what they have: by these, nobody is told twice. */
const ASKED_FIRST = new Set(['voice', 'reactio', 'pagerduty', 'opsgenie']);

test('each message is in its ledger under one entry; sent twice at most, and once where the provider can be asked', async () => {
  tocsin.smtp.at('message', { hold: HELD }, { times: 1 });
  const worker = await workers.start();
  await tocsin.event(KEY, 'all');
  const taken = (): readonly string[] => [
    ...(tocsin.smtp.mails.length > 0 ? ['email'] : []),
    ...[...providers].filter(([, { proxy }]) => proxy.held() > 0).map(([channel]) => channel),
  ];
  await eventually(
    async () => taken(),
    (channels) => channels.length === providers.size + 1,
    30_000,
  );
  worker.freeze();
  await worker.kill();
  for (const { proxy } of providers.values()) proxy.letThrough();
  await workers.start();

  const { id } = await tocsin.incident('all');
  const ledger = await eventually(
    () => tocsin.ledger(id),
    (all) => all.every(({ status }) => status === 'sent' || status === 'failed'),
    60_000,
  );
  const attempts = ({ attempts: made }: NotificationView) => made.map(({ outcome, code }) => code ?? outcome);
  expect(Object.fromEntries(ledger.map((page) => [page.channel, attempts(page)]))).toEqual(
    Object.fromEntries(['email', ...providers.keys()].map((channel) => [channel, ['WORKER_LOST', 'sent']])),
  );
  const counts = [
    ['email', tocsin.smtp.mails.length],
    ...[...providers].map(([channel, { messages }]) => [channel, messages()]),
  ] as const;
  expect(Object.fromEntries(counts)).toEqual(
    Object.fromEntries(['email', ...providers.keys()].map((channel) => [channel, ASKED_FIRST.has(channel) ? 1 : 2])),
  );
  expect(new Set(tocsin.smtp.mails.map(({ messageId }) => messageId)).size).toBe(1);
}, 200_000);
