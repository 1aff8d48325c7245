/** What is configured of text messages, by each provider, and who names it. */
import { changed, errorsOf, load, section } from './written.ts';
import type { Case } from './written.ts';

const sms = (fields: string): [string, string] => section(`channels: { sms: { ${fields} } }`);
const TWILIO = 'provider: twilio, accountSid: AC1, authToken: t, from: "+15005550006"';
const TENCENT =
  'provider: tencent, secretId: i, secretKey: k, sdkAppId: "1400006666", signName: 腾讯云, templateId: "19"';
const LEGACY = 'provider: tencent, api: legacy, sdkAppId: "1400006666", appKey: k, sign: 腾讯云, templateId: "19"';
const configured = (fields: string) => load(changed(...sms(fields))).configuration.channels.sms;

test('by Twilio: an account, and who the messages are from', () => {
  expect(configured(TWILIO)).toEqual({
    provider: 'twilio',
    accountSid: 'AC1',
    authToken: 't',
    from: '+15005550006',
    apiUrl: 'https://api.twilio.com',
    groups: {},
  });
});

test('by Tencent Cloud: API 3.0 where nothing is said, and six characters a parameter', () => {
  expect(
    configured(`${TENCENT}, params: ["{{ service.name }}"], template: "{1}告警", groups: { ops: ["+8613800000000"] }`),
  ).toEqual({
    provider: 'tencent',
    api: 'v3',
    secretId: 'i',
    secretKey: 'k',
    region: 'ap-guangzhou',
    sdkAppId: '1400006666',
    signName: '腾讯云',
    templateId: '19',
    template: '{1}告警',
    params: ['{{ service.name }}'],
    paramLength: 6,
    apiUrl: 'https://sms.tencentcloudapi.com',
    groups: { ops: ['+8613800000000'] },
  });
});

test('by the API before: its own key, and twelve characters a parameter', () => {
  expect(configured(LEGACY)).toEqual({
    provider: 'tencent',
    api: 'legacy',
    sdkAppId: '1400006666',
    appKey: 'k',
    sign: '腾讯云',
    templateId: '19',
    params: [],
    paramLength: 12,
    apiUrl: 'https://yun.tim.qq.com',
    groups: {},
  });
});

test('contact methods and subscribers name it', () => {
  const text = changed(...sms(`${TWILIO}, groups: { ops: ["+8613800000000"] }`))
    .replace('{ id: term, channel: console }', '{ id: text, channel: sms, to: "+8613800000000" }')
    .replace('    integrations:', '    subscribers: ["sms:ops"]\n    integrations:');
  const { users, services } = load(text).configuration;
  expect(users.get('ana')?.contacts).toEqual([{ id: 'text', channel: 'sms', to: '+8613800000000' }]);
  expect(services.get('shop')?.subscribers).toEqual([{ channel: 'sms', endpoint: 'ops' }]);
});

const refused: Case[] = [
  [
    'a provider that there is not',
    sms('provider: pigeon'),
    '9:30 channels.sms.provider: expected twilio or tencent, found something else',
  ],
  ['no provider', sms(''), '9:18 channels.sms.provider: is missing; expected twilio or tencent'],
  [
    'an API that there is not',
    sms(`${TENCENT}, api: v2`),
    '9:128 channels.sms.api: expected v3 or legacy, found something else',
  ],
  [
    'messages of nobody',
    sms('provider: twilio, accountSid: AC1, authToken: t'),
    '9:18 channels.sms.from: give one of from and messagingServiceSid: who the messages are from',
  ],
  [
    'messages of two',
    sms(`${TWILIO}, messagingServiceSid: MG1`),
    '9:75 channels.sms.from: give one of from and messagingServiceSid: who the messages are from',
  ],
  [
    'an id that is no text',
    sms(TENCENT.replace('"1400006666"', '1400006666')),
    '9:76 channels.sms.sdkAppId: expected an SDK AppID in quotes, such as "1400006666", found something else',
  ],
  [
    'a template with another count of parameters',
    sms(`${TENCENT}, template: "{1}:{2}", params: ["{{ summary }}"]`),
    '9:152 channels.sms.params: the template has 2 parameters, and params has 1; number them {1} to {1}',
  ],
  [
    'a template whose parameters are not numbered from 1',
    sms(`${LEGACY}, template: "{2}", params: ["{{ summary }}"]`),
    '9:141 channels.sms.params: the template has 1 parameters, and params has 1; number them {1} to {1}',
  ],
  [
    'a parameter that names what there is not',
    sms(`${LEGACY}, params: ["{{ service.name }}", "{{ lag }}"]`),
    expect.stringMatching(
      /^9:147 channels\.sms\.params\[1\]: not a template that can be used: there is no variable lag; there are /,
    ),
  ],
  [
    'a group in and outside mainland China',
    sms(`${TENCENT}, groups: { ops: ["+8613800000000", "+85291234567"] }`),
    '9:138 channels.sms.groups.ops: Tencent sends one message to numbers of mainland China (+86) or to others, never to both; make two groups',
  ],
  [
    'an address of API 3.0 with a path',
    sms(`${TENCENT}, apiUrl: "https://proxy.example.com/sms"`),
    '9:131 channels.sms.apiUrl: TencentCloud API 3.0 has no path; give the address without one',
  ],
  [
    'a contact method that is no phone, where the channel is not configured',
    ['channel: console', 'channel: sms, to: ana'],
    '3:37 users[0].contacts[0].channel: channel sms is not configured; add channels: { sms: { provider: … } }',
    '3:46 users[0].contacts[0].to: expected a phone number in E.164, such as "+8613800000000", found "ana"',
  ],
  [
    'a number that YAML takes for one',
    ['channel: console', 'channel: sms, to: +8613800000000'],
    '3:37 users[0].contacts[0].channel: channel sms is not configured; add channels: { sms: { provider: … } }',
    '3:46 users[0].contacts[0].to: expected text of 1 to 200 characters on one line, a number in quotes: "+8613800000000", found 8613800000000',
    '3:46 users[0].contacts[0].to: expected a phone number in E.164, such as "+8613800000000", found 8613800000000',
  ],
  [
    'a contact method without a number, on voice too',
    ['channel: console', 'channel: voice'],
    '3:16 users[0].contacts[0].to: is missing; expected a phone number in E.164, such as "+8613800000000"',
    '3:37 users[0].contacts[0].channel: channel voice is not configured; add channels: { voice: { provider: … } }',
  ],
];

test.each(refused)('%s is refused where it stands', (_what, change, ...expected) => {
  expect(errorsOf(changed(...change))).toEqual(expected);
});

test('a group that is nearly there is asked about', () => {
  const text = changed(...sms(`${TWILIO}, groups: { ops: ["+8613800000000"] }`)).replace(
    '    integrations:',
    '    subscribers: ["sms:opz"]\n    integrations:',
  );
  expect(errorsOf(text)).toEqual([
    '13:19 services[0].subscribers[0]: "sms:opz": there is no such group in channels.sms.groups; did you mean "ops"?',
  ]);
});
