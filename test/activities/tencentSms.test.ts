/** What Tencent Cloud is given, by its API 3.0 and by the one before, and what its answers come to. */
import { sms as sdk } from 'tencentcloud-sdk-nodejs-sms';
import { smsChannel } from '../../activities/notify/sms.ts';
import type { LegacyTencentSms, SmsChannel, TencentSms } from '../../domain/channels.ts';
import type { NoticeRequest } from '../../domain/notice.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { TencentStandIn } from '../support/providers/tencentSms.ts';
import { TENCENT, startTencentSms } from '../support/providers/tencentSms.ts';
import { configured, failureOf, noticeTo, PHONE, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

let tencent: TencentStandIn;
beforeEach(async () => {
  tencent = await startTencentSms();
});
afterEach(() => tencent.stop());

const PARAMS = ['{{ service.name }}', '{{ incident.summary }}', '{{ status }}'];
const GROUPS = { ops: [PHONE, '+8613800000001', '+8613800000002'] };
const v3 = (more: Partial<TencentSms> = {}): TencentSms => ({
  provider: 'tencent',
  api: 'v3',
  secretId: TENCENT.secretId,
  secretKey: TENCENT.secretKey,
  region: 'ap-guangzhou',
  sdkAppId: TENCENT.sdkAppId,
  signName: TENCENT.signName,
  templateId: '19',
  params: PARAMS,
  paramLength: 6,
  apiUrl: tencent.url,
  groups: GROUPS,
  ...more,
});
const legacy = (more: Partial<LegacyTencentSms> = {}): LegacyTencentSms => ({
  provider: 'tencent',
  api: 'legacy',
  sdkAppId: TENCENT.sdkAppId,
  appKey: TENCENT.appKey,
  sign: TENCENT.signName,
  templateId: '19',
  params: PARAMS,
  paramLength: 6,
  apiUrl: tencent.url,
  groups: GROUPS,
  ...more,
});
const kept: string[] = [];
const channel = (account: SmsChannel, timeout = 3_000) =>
  smsChannel({
    configuration: () => configured({ sms: account }),
    secret: SECRET,
    store: { ...NO_STORE, keepText: async (_incident, _notification, text) => void kept.push(text) },
    publicUrl: PUBLIC_URL,
    timeout,
  });
const page = (incident: Parameters<typeof requestWith>[0] = {}) => requestWith(incident, { contact: 'text' });
const toGroup = (endpoint = 'ops', incident: Partial<NoticeRequest['incident']> = {}): NoticeRequest => ({
  ...noticeTo('sms', null, incident),
  to: { kind: 'subscriber', endpoint },
});

describe.each([
  [
    'v3',
    v3,
    { number: 'InvalidParameterValue.IncorrectPhoneNumber', thirty: 'LimitExceeded.PhoneNumberThirtySecondLimit' },
  ],
  ['legacy', legacy, { number: 1016, thirty: 1023 }],
] as const)('%s', (api, account, codes) => {
  test('a page is the template’s parameters, each no longer than the account may have', async () => {
    const receipt = await channel(account()).notify(page({ summary: 'disk of db1 is full' }));
    expect(receipt).toEqual({
      providerId: expect.stringMatching(/^(2028|8):f825bd277c9a0000$/),
      detail: api === 'v3' ? 'Ok' : 'OK',
    });
    expect(tencent.messages).toEqual([{ numbers: [PHONE], params: ['Payme…', 'disk …', 'trigg…'] }]);
  });

  test('a group is told in one call, and the receipt counts them', async () => {
    expect(await channel(account()).tell(toGroup())).toEqual({ detail: '3 of 3 numbers' });
    expect(tencent.messages).toEqual([{ numbers: GROUPS.ops, params: ['Payme…', 'disk …', 'ackno…'] }]);
    expect(tencent.server.requests).toHaveLength(1);
  });

  test('of a group some of whose numbers are refused, the receipt says which', async () => {
    tencent.refuse('+8613800000001', codes.number);
    const { detail } = await channel(account()).tell(toGroup());
    expect(detail).toMatch(/^2 of 3 numbers; \+86138…01: ADDRESS_REFUSED: Tencent .* answered (Inv|1016)/);
    expect(detail).not.toContain('8613800000001');
    expect(tencent.messages[0]?.numbers).toEqual([PHONE, '+8613800000002']);
  });

  test('a group all of whose numbers are refused has failed, as the one with most hope', async () => {
    tencent.refuse(PHONE, codes.number);
    tencent.refuse('+8613800000001', codes.thirty);
    tencent.refuse('+8613800000002', codes.number);
    const failure = await failureOf(channel(account()).tell(toGroup()));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY', after: 30_000 });
  });

  test('a number that Tencent refuses is terminal, and is in no failure', async () => {
    tencent.refuse(PHONE, codes.number);
    const failure = await failureOf(channel(account()).notify(page()));
    expect(failure).toMatchObject({ type: 'terminal', code: 'ADDRESS_REFUSED' });
    expect(failure.detail).not.toContain(PHONE.slice(3));
  });

  test('a number that had too many in 30 seconds is retryable after them', async () => {
    tencent.refuse(PHONE, codes.thirty);
    const failure = await failureOf(channel(account()).notify(page()));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY', after: 30_000 });
  });

  test('an answer that never comes is unknown, and may have been sent', async () => {
    tencent.answerBy({ instead: 'hang' }, true);
    const failure = await failureOf(channel(account(), 300).notify(page()));
    expect(failure).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
    expect(tencent.messages).toHaveLength(1);
  });

  test('an answer that breaks off is unknown', async () => {
    tencent.answerBy({ body: '{"Resp', instead: 'cutOff' }, true);
    expect(await failureOf(channel(account(), 300).notify(page()))).toMatchObject({
      type: 'unknown',
      code: 'PROVIDER_SILENT',
    });
  });

  test('where nothing listens nothing was sent', async () => {
    const apiUrl = tencent.url;
    await tencent.stop();
    const failure = await failureOf(channel({ ...account(), apiUrl }).notify(page()));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
    tencent = await startTencentSms();
  });

  test.each(['<html>log in to the network</html>', '', 'null', '[]', '"ok"', '{"Response":{}}'])(
    'an answer that is not Tencent’s is no success, and retryable: %s',
    async (body) => {
      tencent.answerBy({ body });
      const failure = await failureOf(channel(account()).notify(page()));
      expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
      expect(failure.detail).toContain('channels.sms.apiUrl');
    },
  );

  test.each([
    [429, 'retryable', 'PROVIDER_BUSY'],
    [503, 'retryable', 'PROVIDER_BUSY'],
    [404, 'terminal', 'PROVIDER_REFUSED'],
  ])('the status %i is %s', async (status, type, code) => {
    tencent.answerBy({ status });
    expect(await failureOf(channel(account()).notify(page()))).toMatchObject({ type, code });
  });

  test('another count of parameters than the template has is refused for good, and said', async () => {
    const failure = await failureOf(channel({ ...account(), params: ['{{ summary }}'] }).notify(page()));
    expect(failure).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED' });
    expect(failure.detail).toContain('as many parameters as channels.sms.params has');
  });

  test('parameters longer than the account may have are refused for good, and said', async () => {
    const failure = await failureOf(channel({ ...account(), paramLength: 7 }).notify(page()));
    expect(failure).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED' });
    expect(failure.detail).toContain('lower channels.sms.paramLength');
  });

  test('an address in a parameter, which Tencent refuses, is shown by its double', async () => {
    tencent.approve('20', { parameters: 1, length: 100 });
    const wide = { ...account(), templateId: '20', params: ['{{ summary }}'], paramLength: 100 };
    await channel(wide).notify(page({ summary: '【fake】 see https://evil.example/x and db1.prod.example.com' }));
    expect(tencent.messages[0]?.params).toEqual(['［fake］ see https：//evil．example/x and db1．prod．example．com']);
  });

  test('what the phone showed is kept where the template’s text is configured', async () => {
    kept.length = 0;
    await channel({ ...account(), template: '{1}告警:{2},状态{3}' }).notify(page());
    await channel(account()).notify(page());
    expect(kept).toEqual(['Payme…告警:disk …,状态trigg…', 'template 19\nPayme…\ndisk …\ntrigg…']);
  });

  test('a parameter that fails is the summary, and the receipt says so', async () => {
    const { detail } = await channel({ ...account(), params: ['{{ summary | nope }}', '-', '-'] }).notify(page());
    expect(tencent.messages[0]?.params).toEqual(['disk …', '-', '-']);
    expect(detail).toMatch(/channels\.sms\.params\[0\] failed, and the summary was sent: undefined filter: nope/);
  });

  test('of a drill the first parameter says so, once', async () => {
    await channel(account()).notify(page({ drill: true }));
    await channel({ ...account(), params: ['{{ incident.summary }}', '-', '-'] }).notify(page({ drill: true }));
    expect(tencent.messages.map(({ params }) => params[0])).toEqual(['DRILL…', 'DRILL…']);
  });

  test('the Kafka lag of each topic, as the parameter of an approved template', async () => {
    tencent.approve('20', { parameters: 1, length: 200 });
    const lag =
      '{% for each in incident.details.topics %}Topic:{{ each.topic }},积压数据量:{{ each.lag }};{% endfor %}';
    const details = {
      topics: [
        { topic: 'orders', lag: 2314 },
        { topic: 'payments', lag: 8021 },
      ],
    };
    await channel({ ...account(), templateId: '20', params: [lag], paramLength: 200 }).notify(page({ details }));
    expect(tencent.messages[0]?.params).toEqual(['Topic:orders,积压数据量:2314;Topic:payments,积压数据量:8021;']);
  });
});

test.each([
  ['AuthFailure.SignatureExpire', 'retryable', 'PROVIDER_LOGIN_REFUSED'],
  ['UnauthorizedOperation.ServiceSuspendDueToArrears', 'retryable', 'PROVIDER_LOGIN_REFUSED'],
  ['FailedOperation.InsufficientBalanceInSmsPackage', 'retryable', 'PROVIDER_LOGIN_REFUSED'],
  ['FailedOperation.PhoneNumberInBlacklist', 'terminal', 'ADDRESS_REFUSED'],
  ['UnsupportedOperation.UnsupportedRegion', 'terminal', 'ADDRESS_REFUSED'],
  ['FailedOperation.ContainSensitiveWord', 'terminal', 'PROVIDER_REFUSED'],
  ['LimitExceeded.PhoneNumberCountLimit', 'terminal', 'PROVIDER_REFUSED'],
  ['LimitExceeded.PhoneNumberDailyLimit', 'retryable', 'PROVIDER_BUSY'],
  ['RequestLimitExceeded', 'retryable', 'PROVIDER_BUSY'],
  ['InternalError.UnknownError', 'retryable', 'PROVIDER_BUSY'],
  ['InternalError.Timeout', 'unknown', 'PROVIDER_SILENT'],
])('of API 3.0, %s is %s, of the whole request and of one number', async (word, type, code) => {
  tencent.refuse(PHONE, word);
  expect(await failureOf(channel(v3()).notify(page()))).toMatchObject({ type, code });
  const error = { Response: { Error: { Code: word, Message: word }, RequestId: 'r' } };
  tencent.answerBy({ body: JSON.stringify(error) });
  expect(await failureOf(channel(v3()).notify(page()))).toMatchObject({ type, code });
});

test.each([
  [1001, 'retryable', 'PROVIDER_LOGIN_REFUSED'],
  [1033, 'retryable', 'PROVIDER_LOGIN_REFUSED'],
  [1015, 'terminal', 'ADDRESS_REFUSED'],
  [1002, 'terminal', 'PROVIDER_REFUSED'],
  [1025, 'retryable', 'PROVIDER_BUSY'],
  [1008, 'unknown', 'PROVIDER_SILENT'],
  [60008, 'unknown', 'PROVIDER_SILENT'],
])('of the old API, %i is %s', async (result, type, code) => {
  tencent.refuse(PHONE, result);
  expect(await failureOf(channel(legacy()).notify(page()))).toMatchObject({ type, code });
});

test.each([
  ['secretKey', { secretKey: 'wrong' }],
  ['secretId', { secretId: 'wrong' }],
])('a wrong %s is a login refused, which is retryable', async (_what, wrong) => {
  const failure = await failureOf(channel(v3(wrong)).notify(page()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_LOGIN_REFUSED' });
});

test('a wrong AppKey is a login refused, and neither key nor signature is in the failure', async () => {
  const failure = await failureOf(channel(legacy({ appKey: 'wrong-key' })).notify(page()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_LOGIN_REFUSED' });
  expect(failure.detail).not.toContain('wrong-key');
});

test('one number goes to sendsms, several to sendmultisms2, split into nation code and number', async () => {
  await channel(legacy({ groups: { far: ['+15005550006', '+4915112345678', '+85291234567'] } })).tell(toGroup('far'));
  await channel(legacy()).notify(page());
  const [many, one] = tencent.server.requests.map(({ path, body }) => ({ path, tel: JSON.parse(body).tel as unknown }));
  expect(many?.path).toMatch(/^\/v5\/tlssmssvr\/sendmultisms2\?sdkappid=1400006666&random=\d+$/);
  expect(many?.tel).toEqual([
    { nationcode: '1', mobile: '5005550006' },
    { nationcode: '49', mobile: '15112345678' },
    { nationcode: '852', mobile: '91234567' },
  ]);
  expect(one?.path).toMatch(/^\/v5\/tlssmssvr\/sendsms\?/);
  expect(one?.tel).toEqual({ nationcode: '86', mobile: '13800000000' });
});

test('the signature of the vendor’s page comes out as it stands there', async () => {
  const { createHash } = await import('node:crypto');
  const text =
    'appkey=5f03a35d00ee52a21327ab048186a2c4&random=7226249334&time=1457336869&mobile=13788888888,13788888889';
  expect(createHash('sha256').update(text).digest('hex')).toBe(
    'be66bb4aeb54701ed0637d0996a0b75111d5b8eda9b3a71bdc579a3d26f3edfb',
  );
});

test('a group that is gone from the configuration is terminal', async () => {
  expect(await failureOf(channel(v3()).tell(toGroup('gone')))).toMatchObject({
    type: 'terminal',
    code: 'CHANNEL_NOT_CONFIGURED',
  });
});

test('the stand-in takes what the vendor’s own SDK signs for Tencent’s own address, and nothing else', async () => {
  const client = (secretKey: string, endpoint: string) =>
    new sdk.v20210111.Client({
      credential: { secretId: TENCENT.secretId, secretKey },
      region: 'ap-guangzhou',
      profile: { httpProfile: { endpoint, protocol: 'http://' } },
    });
  const request = {
    PhoneNumberSet: [PHONE],
    SmsSdkAppId: TENCENT.sdkAppId,
    SignName: TENCENT.signName,
    TemplateId: '19',
    TemplateParamSet: ['a', 'b', 'c'],
  };
  // Of `127.0.0.1` the SDK takes the first label for the service: no service of Tencent's.
  const byAddress = client(TENCENT.secretKey, new URL(tencent.url).host).SendSms(request);
  await expect(byAddress).rejects.toMatchObject({ code: 'AuthFailure.SignatureFailure' });
  const { default: http } = await import('node:http');
  const { connect } = await import('node:net');
  const agent = new http.Agent();
  agent.createConnection = () => connect(tencent.server.port, '127.0.0.1');
  const byName = (secretKey: string) => {
    const known = client(secretKey, 'sms.tencentcloudapi.com');
    known.profile.httpProfile!.agent = agent;
    return known.SendSms(request);
  };
  expect((await byName(TENCENT.secretKey)).SendStatusSet).toMatchObject([{ Code: 'Ok', PhoneNumber: PHONE }]);
  await expect(byName('wrong')).rejects.toMatchObject({ code: 'AuthFailure.SignatureFailure' });
});
