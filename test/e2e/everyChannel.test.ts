/** One incident by every channel there is: each page comes, one press on a phone acknowledges for all, and who subscribes hears of every change in order. */
import type { Channel } from '../../domain/channels.ts';
import { CHANNELS } from '../../domain/channels.ts';
import { textOf } from '../support/history.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { DINGTALK_SECRET, startDingtalk } from '../support/providers/dingtalk.ts';
import { FEISHU_SECRET, startFeishu } from '../support/providers/feishu.ts';
import { NTFY_TOKEN, startNtfy } from '../support/providers/ntfy.ts';
import { GENIE_KEY, startOpsgenie } from '../support/providers/opsgenie.ts';
import { ROUTING_KEY, startPagerDuty } from '../support/providers/pagerduty.ts';
import { REACTIO_KEY, startReactio } from '../support/providers/reactio.ts';
import { startSlack } from '../support/providers/slack.ts';
import { startTeams } from '../support/providers/teams.ts';
import { startTwilio } from '../support/providers/twilio.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';
import { startWecomRobot } from '../support/wecomRobot.ts';

const HOOK_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const PHONE = '+8613800000000';
const PAGED = 'paged-events-key-000000';
const SUBSCRIBED = 'subscribed-events-key-000';

/** All of them, on loopback. */
async function startProviders() {
  const [hook, wecom, dingtalk, feishu, teams, ntfy, pagerduty, opsgenie, reactio, slack, twilio] = await Promise.all([
    startHttpServer(),
    startWecomRobot(),
    startDingtalk(),
    startFeishu(),
    startTeams(),
    startNtfy(),
    startPagerDuty(),
    startOpsgenie(),
    startReactio(),
    startSlack(),
    startTwilio(),
  ]);
  return { hook, wecom, dingtalk, feishu, teams, ntfy, pagerduty, opsgenie, reactio, slack, twilio };
}
type Providers = Awaited<ReturnType<typeof startProviders>>;

/** What a contact method on each channel is addressed to; a user has at most ten of them. */
const TO: Readonly<Record<Channel, string | undefined>> = {
  email: 'ana@example.com',
  sms: PHONE,
  voice: PHONE,
  slack: 'U02ANA',
  console: undefined,
  wecom: 'ops',
  dingtalk: 'ops',
  feishu: 'ops',
  teams: 'ops',
  ntfy: 'ops',
  webhook: 'ops',
  pagerduty: 'ops',
  opsgenie: 'ops',
  reactio: 'ops',
};
const user = (id: string, channels: readonly Channel[]): object => ({
  id,
  contacts: channels.map((channel) => ({
    id: channel,
    channel,
    ...(TO[channel] === undefined ? {} : { to: TO[channel] }),
  })),
  notificationRules: { high: channels.map((contact) => ({ after: '0s', contact })) },
});

/** JSON is YAML. */
const configuration = (to: Providers): string =>
  JSON.stringify({
    users: [
      user('ana', CHANNELS.slice(0, 7)),
      user('bob', CHANNELS.slice(7)),
      { id: 'cho', contacts: [{ id: 'term', channel: 'console' }] },
    ],
    escalationPolicies: [
      { id: 'paged', levels: [{ targets: ['user:ana', 'user:bob'], escalateAfter: '1h' }] },
      { id: 'subscribed', levels: [{ targets: ['user:cho'], escalateAfter: '1h' }] },
    ],
    services: [
      { id: 'paged', escalationPolicy: 'paged', integrations: [{ source: 'events-v2', key: PAGED }] },
      {
        id: 'subscribed',
        escalationPolicy: 'subscribed',
        integrations: [{ source: 'events-v2', key: SUBSCRIBED }],
        subscribers: SUBSCRIBERS.map((channel) => `${channel}:${channel === 'slack' ? '#incidents' : 'ops'}`),
      },
    ],
    channels: {
      email: { smtp: '${SMTP_URL}', from: 'Tocsin <alerts@example.com>' },
      sms: { ...to.twilio.account, from: to.twilio.number, groups: { ops: [PHONE] } },
      voice: { ...to.twilio.account, from: to.twilio.number },
      slack: { botToken: to.slack.configured.botToken, apiUrl: to.slack.configured.apiUrl },
      wecom: { ops: { url: to.wecom.url } },
      dingtalk: { ops: { url: to.dingtalk.url, secret: DINGTALK_SECRET } },
      feishu: { ops: { url: to.feishu.url, secret: FEISHU_SECRET } },
      teams: { ops: { url: to.teams.url } },
      ntfy: { ops: { url: to.ntfy.url, token: NTFY_TOKEN } },
      webhook: { ops: { url: `${to.hook.url}/hook`, secret: HOOK_SECRET, allowPrivate: true } },
      pagerduty: { ops: { routingKey: ROUTING_KEY, url: to.pagerduty.url } },
      opsgenie: { ops: { apiKey: GENIE_KEY, url: to.opsgenie.url } },
      reactio: { ops: { apiKey: REACTIO_KEY, url: to.reactio.url } },
    },
  });
const SUBSCRIBERS: readonly Channel[] = CHANNELS.filter((channel) => !['email', 'voice', 'console'].includes(channel));

/** What lets its holder send, or act, as the configuration has it. */
const secrets = (): readonly string[] => {
  const { wecom, dingtalk, feishu, teams, ntfy, slack, twilio } = providers;
  const addresses = [wecom, dingtalk, feishu, teams, ntfy].map(({ url }) => new URL(url));
  return [
    ...addresses.map(({ pathname, search }) => pathname + search),
    DINGTALK_SECRET,
    FEISHU_SECRET,
    NTFY_TOKEN,
    HOOK_SECRET,
    ROUTING_KEY,
    GENIE_KEY,
    REACTIO_KEY,
    slack.configured.botToken,
    twilio.account.authToken,
  ];
};

let providers: Providers;
let tocsin: Tocsin;
beforeAll(async () => {
  providers = await startProviders();
  tocsin = await startTocsin(configuration(providers));
});
afterAll(async () => {
  await tocsin?.stop();
  await Promise.all(Object.values(providers ?? {}).map((provider) => provider.stop()));
});

test('a page goes out on every channel, and one press on a phone acknowledges for all of them', async () => {
  await tocsin.event(PAGED, 'disk');
  const { id } = await tocsin.incident('disk');
  const ledger = await eventually(
    () => tocsin.ledger(id),
    (all) => all.length === CHANNELS.length && all.every(({ status }) => status === 'sent' || status === 'delivered'),
    30_000,
  );
  expect(ledger.map(({ channel }) => channel).toSorted()).toEqual(CHANNELS.toSorted());
  for (const { attempts } of ledger) expect(attempts).toMatchObject([{ outcome: 'sent' }]);

  const { ntfy, reactio, pagerduty, opsgenie, twilio, hook, slack } = providers;
  for (const { messages } of [providers.wecom, providers.dingtalk, providers.feishu, providers.teams, ntfy]) {
    expect(messages).toHaveLength(1);
    expect(JSON.stringify(messages)).toContain('summary of disk');
  }
  expect(reactio.calls()).toBe(1);
  expect(pagerduty.incidents).toMatchObject([{ status: 'triggered' }]);
  expect(opsgenie.alerts).toMatchObject([{ status: 'open', acknowledged: false }]);
  expect([twilio.calls.length, twilio.messages.length]).toEqual([1, 1]);
  expect(hook.requests).toHaveLength(1);
  expect(slack.messages[0]?.text).toContain('summary of disk');
  expect(tocsin.smtp.mails.map(({ subject }) => subject)).toEqual([expect.stringContaining('summary of disk')]);

  const [button] = ntfy.messages[0]!.actions!;
  const { url, method = '', headers = {}, body = '' } = button!;
  expect((await fetch(url, { method, headers, body })).status).toBe(200);
  expect(await tocsin.read(id)).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'bob' }] });
  // Where the page can be kept up to date, it is.
  await eventually(
    async () => [
      pagerduty.incidents[0]!.status,
      opsgenie.alerts[0]!.acknowledged,
      reactio.incidents[0]!.messages.length,
    ],
    ([theirs, acknowledged, messages]) => theirs === 'acknowledged' && acknowledged === true && messages === 2,
  );
  await tocsin.event(PAGED, 'disk', 'resolve');
  await eventually(
    async () => [pagerduty.incidents[0]!.status, opsgenie.alerts[0]!.status, reactio.incidents[0]!.messages.length],
    ([theirs, alert, messages]) => theirs === 'resolved' && alert === 'closed' && messages === 3,
  );
  expect(reactio.calls()).toBe(1);

  const { workflowId } = await tocsin.incident('disk');
  const read = await textOf(tocsin.client, workflowId);
  expect(read).toContain('summary of disk');
  for (const secret of [...secrets(), PHONE, PHONE.slice(3), 'ana@example.com', '/ack/', '/callbacks/', 'v1.']) {
    expect(read).not.toContain(secret);
  }
});

test('who subscribes hears of every change, in order, on every channel that can be subscribed', async () => {
  const { wecom, dingtalk, feishu, teams, ntfy, reactio, pagerduty, opsgenie, hook, twilio } = providers;
  const before = new Map(
    [wecom, dingtalk, feishu, teams, ntfy].map((robot) => [robot, robot.messages.length] as const),
  );
  const [hooks, texts] = [hook.requests.length, twilio.messages.length];
  await tocsin.event(SUBSCRIBED, 'queue');
  const { id } = await tocsin.incident('queue');
  await tocsin.command(id, 'acknowledge', { as: 'cho' });
  await tocsin.command(id, 'resolve', { as: 'cho' });

  const words = (texts: readonly string[]): readonly string[] =>
    texts.map((text) => /triggered|acknowledged|resolved/i.exec(text)?.[0].toLowerCase() ?? text);
  for (const [{ messages }, count] of before) {
    const told = await eventually(
      async () => messages.slice(count).map((message) => JSON.stringify(message)),
      (all) => all.length === 3,
      20_000,
    );
    expect(words(told)).toEqual(['triggered', 'acknowledged', 'resolved']);
  }
  const heard = await eventually(
    async () => hook.requests.slice(hooks).map(({ body }) => (JSON.parse(body) as { type: string }).type),
    (all) => all.length === 3,
  );
  expect(heard).toEqual(['incident.triggered', 'incident.acknowledged', 'incident.resolved']);
  await eventually(
    async () => [
      reactio.incidents[1]?.messages.length,
      pagerduty.incidents[1]?.status,
      opsgenie.alerts[1]?.status,
      twilio.messages.length - texts,
    ],
    ([messages, theirs, alert, sms]) => messages === 3 && theirs === 'resolved' && alert === 'closed' && sms === 3,
    20_000,
  );
  expect(reactio.incidents[1]!.notifications).toHaveLength(1);
});
