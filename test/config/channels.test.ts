/** Endpoints of webhooks and group robots, and who names them: contact methods and subscribers. */
import { changed, errorsOf, load, section, service } from './written.ts';
import type { Case } from './written.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const CHANNELS = `channels:
  webhook: { ops-bus: { url: "https://ops.example.com/hook", secret: ${SECRET} } }
  wecom: { ops: { url: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k" } }`;
const CONTACTS = '{ id: hook, channel: webhook, to: ops-bus }, { id: group, channel: wecom, to: ops }';
const EXPECTED_SECRET =
  'expected whsec_ and 24 to 64 random bytes in base64, as of: echo "whsec_$(openssl rand -base64 32)", found something else';

const webhook = (fields: string): [string, string] => section(`channels: { webhook: { bus: { ${fields} } } }`);

test('an endpoint is named by contact methods and by subscribers', () => {
  const text = changed('{ id: term, channel: console }', CONTACTS)
    .replace('services:', `${CHANNELS}\nservices:`)
    .replace('    integrations:', '    subscribers: ["webhook:ops-bus", "wecom:ops"]\n    integrations:');
  const { users, services, channels } = load(text).configuration;
  expect(channels.webhook).toEqual({
    'ops-bus': { url: 'https://ops.example.com/hook', secret: SECRET, allowPrivate: false },
  });
  expect(channels.wecom).toEqual({ ops: { url: 'https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k' } });
  expect(users.get('ana')?.contacts).toEqual([
    { id: 'hook', channel: 'webhook', to: 'ops-bus' },
    { id: 'group', channel: 'wecom', to: 'ops' },
  ]);
  expect(services.get('shop')?.subscribers).toEqual([
    { channel: 'webhook', endpoint: 'ops-bus' },
    { channel: 'wecom', endpoint: 'ops' },
  ]);
});

test('services of PagerDuty and integrations of Opsgenie have the vendors’ addresses, and take no webhooks, by themselves', () => {
  const text = changed(
    ...section('channels: { pagerduty: { main: { routingKey: k } }, opsgenie: { main: { apiKey: g } } }'),
  );
  expect(load(text).configuration.channels).toEqual({
    pagerduty: {
      main: {
        routingKey: 'k',
        url: 'https://events.pagerduty.com',
        apiUrl: 'https://api.pagerduty.com',
        webhookSecrets: [],
        users: {},
      },
    },
    opsgenie: { main: { apiKey: 'g', url: 'https://api.opsgenie.com' } },
  });
});

test('an endpoint may be allowed to be private, and a user may ask for status updates', () => {
  const text = changed(
    ...section(`channels: { webhook: { bus: { url: "http://10.0.0.7/", secret: ${SECRET}, allowPrivate: true } } }`),
  ).replace('contacts:', 'statusUpdates: true\n    contacts:');
  const { users, channels } = load(text).configuration;
  expect(channels.webhook?.['bus']?.allowPrivate).toBe(true);
  expect(users.get('ana')?.statusUpdates).toBe(true);
});

test('group robots may be signed, and know what people are called there; a topic may have a token', () => {
  const text = changed(
    ...section(`channels:
  dingtalk: { ops: { url: "https://oapi.dingtalk.com/robot/send?access_token=t", secret: SEC1, mentions: { ana: manager1 } } }
  feishu: { ops: { url: "https://open.feishu.cn/open-apis/bot/v2/hook/h", secret: s2 } }
  teams: { ops: { url: "https://prod-1.westeurope.logic.azure.com/workflows/w/triggers/manual/paths/invoke?sig=x" } }
  ntfy: { ops: { url: "https://ntfy.sh/tocsin-ops", token: tk_1 } }`),
  );
  const { dingtalk, feishu, teams, ntfy } = load(text).configuration.channels;
  expect(dingtalk?.['ops']).toEqual({
    url: 'https://oapi.dingtalk.com/robot/send?access_token=t',
    secret: 'SEC1',
    mentions: { ana: 'manager1' },
  });
  expect(feishu?.['ops']).toEqual({ url: 'https://open.feishu.cn/open-apis/bot/v2/hook/h', secret: 's2' });
  expect(Object.keys(teams ?? {})).toEqual(['ops']);
  expect(ntfy?.['ops']).toEqual({ url: 'https://ntfy.sh/tocsin-ops', token: 'tk_1' });
});

test('an organization of Reactio rings phones, unless it is told not to', () => {
  const organization = (more: string) =>
    load(
      changed(...section(`channels: { reactio: { main: { apiKey: k, url: "https://example.reactio.jp"${more} } } }`)),
    ).configuration.channels.reactio?.['main'];
  const known = { apiKey: 'k', url: 'https://example.reactio.jp' };
  expect(organization('')).toEqual({ ...known, call: true, detection: 'internal' });
  expect(organization(', call: false, detection: system')).toEqual({ ...known, call: false, detection: 'system' });
});

test.each([24, 64])('a secret of %i bytes is taken', (bytes) => {
  const secret = `whsec_${Buffer.alloc(bytes, 1).toString('base64')}`;
  const text = changed(...webhook(`url: "https://a.example", secret: "${secret}"`));
  expect(load(text).configuration.channels.webhook?.['bus']?.secret).toBe(secret);
});

const refused: Case[] = [
  ...[
    ['of 23 bytes', `whsec_${Buffer.alloc(23, 1).toString('base64')}`],
    ['of 65 bytes', `whsec_${Buffer.alloc(65, 1).toString('base64')}`],
    ['without its prefix', Buffer.alloc(32, 1).toString('base64')],
    ['that is no base64', `whsec_${'-_'.repeat(20)}`],
    ['with a space in it', `whsec_${Buffer.alloc(32, 1).toString('base64')} `],
    ['that is asymmetric', `whsk_${Buffer.alloc(32, 1).toString('base64')}`],
  ].map(([what = '', secret = '']): Case => [
    `a secret ${what}`,
    webhook(`url: "https://a.example", secret: "${secret}"`),
    `9:65 channels.webhook.bus.secret: ${EXPECTED_SECRET}`,
  ]),
  [
    'an endpoint without a secret',
    webhook('url: "https://a.example"'),
    '9:29 channels.webhook.bus.secret: is missing; expected whsec_ and 24 to 64 random bytes in base64, as of: echo "whsec_$(openssl rand -base64 32)"',
  ],
  [
    'an endpoint that is no web address',
    webhook(`url: "ftp://a.example", secret: "${SECRET}"`),
    '9:36 channels.webhook.bus.url: expected an address such as https://ops.example.com/hook, found something else',
  ],
  [
    'an address with a login, which nobody would be sent',
    webhook(`url: "https://ana:pass@a.example", secret: "${SECRET}"`),
    '9:36 channels.webhook.bus.url: expected an address such as https://ops.example.com/hook, without user and password, found something else',
  ],
  [
    'an unknown setting of an endpoint',
    webhook(`url: "https://a.example", secret: "${SECRET}", allowprivate: true`),
    '9:119 channels.webhook.bus.allowprivate: allowprivate is not known here; did you mean "allowPrivate"?',
  ],
  [
    'a permission that is neither true nor false',
    webhook(`url: "https://a.example", secret: "${SECRET}", allowPrivate: maybe`),
    '9:133 channels.webhook.bus.allowPrivate: expected true or false, found "maybe"',
  ],
  [
    'a group robot without an address',
    section('channels: { wecom: { ops: {} } }'),
    '9:27 channels.wecom.ops.url: is missing; expected an address such as https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…',
  ],
  [
    'a name of an endpoint that cannot stand in a reference',
    section('channels: { wecom: { "o p s": { url: "https://a.example" } } }'),
    '9:22 channels.wecom.o p s: not a name of 1 to 64 characters: letters, digits and _ . @ -',
  ],
  [
    'somebody to mention who is no user',
    section('channels: { wecom: { ops: { url: "https://a.example", mentions: { anna: wangqing } } } }'),
    '9:73 channels.wecom.ops.mentions.anna: there is no user "anna"; did you mean "ana"?',
  ],
  [
    'a mention that could be more than an id',
    section('channels: { feishu: { ops: { url: "https://a.example", mentions: { ana: "ou_1></at><at id=all" } } } }'),
    '9:73 channels.feishu.ops.mentions.ana: expected an id of 1 to 64 letters, digits and _ . @ -, found something else',
  ],
  [
    'mentions that are no names',
    section('channels: { dingtalk: { ops: { url: "https://a.example", mentions: [ana] } } }'),
    '9:68 channels.dingtalk.ops.mentions: expected what users are called there, such as { ana: wangqing }, found a list of 1',
  ],
  [
    'a topic of ntfy that is none',
    section('channels: { ntfy: { ops: { url: "https://ntfy.sh/" } } }'),
    '9:33 channels.ntfy.ops.url: expected an address with its topic, such as https://ntfy.sh/tocsin-ops, found something else',
  ],
  [
    'a topic of ntfy with a query',
    section('channels: { ntfy: { ops: { url: "https://ntfy.sh/tocsin?auth=x" } } }'),
    '9:33 channels.ntfy.ops.url: expected an address with its topic, such as https://ntfy.sh/tocsin-ops, found something else',
  ],
  [
    'a way of noticing that Reactio does not know',
    section('channels: { reactio: { main: { apiKey: k, url: "https://a.example", detection: alert } } }'),
    '9:80 channels.reactio.main.detection: expected msp, system, client or internal, found something else',
  ],
  [
    'endpoints without names',
    section('channels: { wecom: [] }'),
    '9:20 channels.wecom: expected group robots by name, such as { ops: { url: "${WECOM_URL}" } }, found a list of 0',
  ],
  [
    'an act in PagerDuty by somebody who is no user',
    section('channels: { pagerduty: { main: { routingKey: k, users: { PLH1HKV: anna } } } }'),
    '9:67 channels.pagerduty.main.users.PLH1HKV: "anna": there is no such user; did you mean "ana"?',
  ],
  [
    'a user of PagerDuty that is no id of theirs',
    section('channels: { pagerduty: { main: { routingKey: k, users: { "ana wei": ana } } } }'),
    '9:58 channels.pagerduty.main.users.ana wei: not an id such as PLH1HKV: capital letters and digits',
  ],
  [
    'a secret of Opsgenie’s webhook that could be guessed',
    section(`channels: { opsgenie: { main: { apiKey: k, webhookSecret: ${'x'.repeat(19)} } } }`),
    '9:59 channels.opsgenie.main.webhookSecret: expected a secret of 20 to 200 letters, digits, _ and -, as of: openssl rand -hex 32, found something else',
  ],
  [
    'a contact method that names no endpoint',
    ['channel: console', 'channel: webhook'],
    '3:16 users[0].contacts[0].to: is missing; expected the name of an endpoint in channels.webhook',
  ],
  [
    'a contact method of an endpoint that is not there',
    ['channel: console', 'channel: wecom, to: ops'],
    '3:48 users[0].contacts[0].to: "ops": there is no such endpoint in channels.wecom; there are none',
  ],
  [
    'a subscriber without a channel',
    service('subscribers: [ops-bus]'),
    '12:19 services[0].subscribers[0]: expected a subscriber such as webhook:ops-bus or slack:#incidents; channels that may be subscribed: wecom, dingtalk, feishu, teams, ntfy, webhook, pagerduty, opsgenie, reactio, slack, sms, found "ops-bus"',
  ],
];

test.each(refused)('%s is refused where it stands', (_what, change, ...expected) => {
  expect(errorsOf(changed(...change))).toEqual(expected);
});

test('a name that is nearly an endpoint is asked about, of contact methods and of subscribers', () => {
  const text = changed('{ id: term, channel: console }', '{ id: hook, channel: webhook, to: ops-buss }')
    .replace('services:', `${CHANNELS}\nservices:`)
    .replace('    integrations:', '    subscribers: ["webhook:opsbus", "wecom:opz"]\n    integrations:');
  expect(errorsOf(text)).toEqual([
    '3:50 users[0].contacts[0].to: "ops-buss": there is no such endpoint in channels.webhook; did you mean "ops-bus"?',
    '15:19 services[0].subscribers[0]: "webhook:opsbus": there is no such endpoint in channels.webhook; did you mean "ops-bus"?',
    '15:37 services[0].subscribers[1]: "wecom:opz": there is no such endpoint in channels.wecom; did you mean "ops"?',
  ]);
});

test('paths are put below the address of an API, whether it ends with a slash or not', () => {
  const reactio = 'reactio: { main: { apiKey: k, url: "https://example.reactio.jp/" } }';
  const opsgenie = 'opsgenie: { main: { apiKey: k, url: "https://proxy.example.com/opsgenie//" } }';
  const { channels } = load(changed(...section(`channels: { ${reactio}, ${opsgenie} }`))).configuration;
  expect(channels.reactio?.['main']?.url).toBe('https://example.reactio.jp');
  expect(channels.opsgenie?.['main']?.url).toBe('https://proxy.example.com/opsgenie');
});
