/** CloudWatch's alarms by Amazon SNS (wire-formats §1h), by the real server; SNS is a stand-in that signs as it does. */
import { readFileSync } from 'node:fs';
import type { SourceEvent } from '../../domain/event.ts';
import { type SnsService, TOPIC, startSns } from '../support/providers/sns.ts';
import { CLOUDWATCH_KEY, type StandIns, apiOnStandIns, withIntegrations } from './support/standIns.ts';

type Json = Record<string, unknown>;
const fixture = (name: string): Json =>
  JSON.parse(readFileSync(new URL(`../fixtures/cloudwatch-${name}.json`, import.meta.url), 'utf8')) as Json;
const ALARM = fixture('alarm');
const COMPOSITE = fixture('composite');
const OK = { ...ALARM, NewStateValue: 'OK', OldStateValue: 'ALARM' };
const SIGNED = 'cloudwatch-signed-0000';
const ONE_TOPIC = 'cloudwatch-topic-00000';
const AMAZONS = 'cloudwatch-amazon-0000';
const OTHER_TOPIC = 'arn:aws:sns:us-east-1:999999999999:others';

describe('POST /integrations/cloudwatch/{routing key}', () => {
  let api: StandIns;
  let sns: SnsService;
  let expired: SnsService;
  beforeAll(async () => {
    [sns, expired] = await Promise.all([startSns(), startSns({ expired: true })]);
    const endpoints = [sns.url, expired.url];
    const more = { source: 'cloudwatch', endpoints };
    const configuration = withIntegrations(
      { ...more, id: 'signed', key: SIGNED },
      { ...more, id: 'one-topic', key: ONE_TOPIC, topics: [TOPIC] },
      { source: 'cloudwatch', id: 'amazons', key: AMAZONS },
      {
        source: 'cloudwatch',
        id: 'resolves',
        key: 'cloudwatch-resolves-00',
        verify: false,
        insufficientData: 'resolve',
      },
      { source: 'cloudwatch', id: 'ignores', key: 'cloudwatch-ignores-000', verify: false, insufficientData: 'ignore' },
    );
    api = await apiOnStandIns({ configuration: () => configuration });
  });
  afterAll(async () => {
    await Promise.all([api.app.close(), sns.stop(), expired.stop()]);
  });
  beforeEach(() => api.events.splice(0));

  const post = (body: unknown, key = CLOUDWATCH_KEY, headers: Record<string, string> = {}) =>
    api.app.inject({
      method: 'POST',
      url: `/integrations/cloudwatch/${key}`,
      headers: { 'content-type': 'text/plain; charset=UTF-8', ...headers },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const eventsOf = async (
    body: unknown,
    key?: string,
    headers?: Record<string, string>,
  ): Promise<readonly SourceEvent[]> => {
    const answer = await post(body, key, headers);
    expect([answer.statusCode, answer.statusCode === 202 ? '' : answer.body]).toEqual([202, '']);
    return api.events.splice(0).map(({ event }) => event);
  };
  const refusal = async (body: unknown, key = SIGNED): Promise<string> => {
    const answer = await post(body, key);
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'SOURCE_REFUSED' });
    expect(api.events).toEqual([]);
    return answer.json<{ detail: string }>().detail;
  };
  const notice = (message: unknown, more: Record<string, string> = {}, version?: '1' | '2') =>
    sns.message(
      'Notification',
      { Message: typeof message === 'string' ? message : JSON.stringify(message), ...more },
      version,
    );

  it('opens an incident for an alarm, named by its ARN, with the severity that its description says', async () => {
    expect(await eventsOf(notice(ALARM, { Subject: 'ALARM: "orders-cpu-high"' }), SIGNED)).toEqual([
      {
        action: 'trigger',
        dedupKey: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:orders-cpu-high',
        summary: expect.stringMatching(/^orders-cpu-high: Threshold Crossed: 1 out of/),
        source: '123456789012/us-east-1',
        severity: 'critical',
        component: 'CPUUtilization',
        class: 'AWS/EC2',
        at: Date.parse('2026-01-14T10:20:30.640Z'),
        details: expect.objectContaining({
          NewStateValue: 'ALARM',
          OldStateValue: 'OK',
          Region: 'US East (N. Virginia)',
          metric: expect.objectContaining({ Threshold: 90, Statistic: 'AVERAGE', Period: 300 }),
          dimensions: { InstanceId: 'i-0abc12de' },
        }),
        links: [
          {
            text: 'CloudWatch',
            href: 'https://console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/orders-cpu-high',
          },
        ],
      },
    ]);
  });

  it('resolves the same incident by the state OK, and takes a repeat as the same event', async () => {
    const events = [
      ...(await eventsOf(notice(ALARM), SIGNED)),
      ...(await eventsOf(notice(ALARM), SIGNED)),
      ...(await eventsOf(notice(OK), SIGNED)),
    ];
    expect(events.map(({ action }) => action)).toEqual(['trigger', 'trigger', 'resolve']);
    expect(new Set(events.map(({ dedupKey }) => dedupKey)).size).toBe(1);
    expect(events[2]).not.toHaveProperty('severity');
  });

  it('has a composite alarm’s rule, and the alarms that triggered it', async () => {
    const [event] = await eventsOf(notice(COMPOSITE), SIGNED);
    expect(event).toMatchObject({
      action: 'trigger',
      severity: 'error',
      details: {
        AlarmRule: expect.stringContaining(' OR '),
        triggeringChildren: ['arn:aws:cloudwatch:us-east-1:427809481713:alarm:orders-errors'],
      },
    });
    expect(event?.details).not.toHaveProperty('metric');
  });

  it.each([
    [CLOUDWATCH_KEY, ['trigger', 'warning']],
    ['cloudwatch-resolves-00', ['resolve', undefined]],
    ['cloudwatch-ignores-000', undefined],
  ])('takes an alarm without data as the integration %s says', async (key, expected) => {
    const blank = { ...ALARM, AlarmDescription: null, NewStateValue: 'INSUFFICIENT_DATA' };
    const [event] = await eventsOf(notice(blank), key);
    expect(event && [event.action, event.severity]).toEqual(expected);
  });

  it('opens an incident for any other message, with its subject as the summary, once however often it is sent', async () => {
    const message = notice('The backup of db1 failed.\nSee the log.', { Subject: 'Backup failed' });
    const [event] = await eventsOf(message, SIGNED);
    expect(event).toMatchObject({
      action: 'trigger',
      dedupKey: message['MessageId'],
      summary: 'Backup failed',
      source: TOPIC,
      details: { message: 'The backup of db1 failed.\nSee the log.', topic: TOPIC },
    });
    expect(await eventsOf(message, SIGNED)).toEqual([event]);
    expect((await eventsOf(notice('The backup of db1 failed.\nSee the log.'), SIGNED))[0]?.summary).toBe(
      'The backup of db1 failed.',
    );
  });

  it.each(['1', '2'] as const)(
    'takes signatures of version %s, with a certificate that is asked for once',
    async (version) => {
      for (let times = 0; times < 3; times++) await eventsOf(notice(ALARM, {}, version), SIGNED);
      const asked = sns.server.requests.filter(({ path }) => path.endsWith('.pem'));
      expect(asked).toHaveLength(1);
    },
  );

  it.each([
    [
      'changed on its way',
      () => ({ ...notice(ALARM), Message: JSON.stringify(OK) }),
      'its signature is not of its content',
    ],
    ['of another subject', () => ({ ...notice(ALARM), Subject: 'x' }), 'its signature is not of its content'],
    [
      'signed by the other version',
      () => ({ ...notice(ALARM, {}, '1'), SignatureVersion: '2' }),
      'its signature is not',
    ],
    ['of no version', () => ({ ...notice(ALARM), SignatureVersion: '3' }), 'no signature of version 1 or 2'],
    ['without a signature', () => ({ ...notice(ALARM), Signature: '' }), 'no signature of version 1 or 2'],
    [
      'of three hours ago',
      () => notice(ALARM, { Timestamp: new Date(Date.now() - 3 * 3_600_000).toISOString() }),
      'more than 2 hours from now',
    ],
    [
      'of another host',
      () => ({ ...notice(ALARM), SigningCertURL: 'https://sns.us-east-1.amazonaws.com.evil.example/a.pem' }),
      'SigningCertURL',
    ],
    [
      'whose certificate is not valid any more',
      () => expired.message('Notification', { Message: '{}' }),
      'is not valid now',
    ],
    ['delivered raw', () => ALARM, 'turn raw message delivery off'],
  ])('refuses a message %s', async (_what, message, reason) => {
    expect(await refusal(message())).toContain(reason);
  });

  it.each([
    'http://sns.us-east-1.amazonaws.com/SimpleNotificationService-7ff5318490ec183f.pem',
    'https://sns.us-east-1.amazonaws.com:8443/SimpleNotificationService-7ff5318490ec183f.pem',
    'https://user@sns.us-east-1.amazonaws.com/SimpleNotificationService-7ff5318490ec183f.pem',
    'https://sns.us-east-1.amazonaws.com/?Action=Publish&x=SimpleNotificationService-7ff5318490ec183f.pem',
    'https://evil.sns.us-east-1.amazonaws.com/SimpleNotificationService-7ff5318490ec183f.pem',
    'https://sns.us-east-1.amazonaws.com.cn.example/SimpleNotificationService-7ff5318490ec183f.pem',
    'http://169.254.169.254/latest/meta-data/',
    'file:///etc/passwd',
    '',
  ])('asks only Amazon for a certificate, and only for one: %s', async (SigningCertURL) => {
    expect(await refusal({ ...notice(ALARM), SigningCertURL }, AMAZONS)).toContain('SigningCertURL is not one');
  });

  it('answers 502 where the certificate cannot be had, so that SNS tries again', async () => {
    const gone = `${sns.url}/gone.pem`;
    for (const status of [500, 503, 408, 429]) {
      sns.server.answer('/gone.pem', { status });
      const answer = await post({ ...notice(ALARM), SigningCertURL: gone }, SIGNED);
      expect(answer.statusCode).toBe(502);
      expect(answer.json()).toMatchObject({ code: 'PROVIDER_UNREACHABLE' });
    }
    sns.server.answer('/gone.pem', { body: 'no certificate' });
    expect((await post({ ...notice(ALARM), SigningCertURL: gone }, SIGNED)).statusCode).toBe(502);
    // What failed is not kept.
    sns.server.answer('/gone.pem', { status: 302, headers: { location: sns.certificateUrl } });
    expect((await post({ ...notice(ALARM), SigningCertURL: gone }, SIGNED)).statusCode).toBe(502);
    expect(api.events).toEqual([]);
  });

  it.each([400, 403, 404, 410])('refuses a message whose certificate is answered with %i for good', async (status) => {
    sns.server.answer('/never.pem', { status });
    const reason = await refusal({ ...notice(ALARM), SigningCertURL: `${sns.url}/never.pem` });
    expect(reason).toContain(`it answered ${status}`);
  });

  it('confirms a subscription by a visit to its address, and again where it is asked again', async () => {
    const confirmation = sns.message('SubscriptionConfirmation');
    for (let times = 0; times < 2; times++) expect(await eventsOf(confirmation, SIGNED)).toEqual([]);
    expect(sns.confirmed()).toEqual([confirmation['Token'], confirmation['Token']]);
    expect(api.log.join('')).toContain('the subscription of a topic is confirmed');
  });

  it('confirms nothing that is not signed, not of its topics, or not of SNS', async () => {
    const before = sns.confirmed().length;
    const confirmation = sns.message('SubscriptionConfirmation');
    await refusal({ ...confirmation, Token: 'forged' });
    await refusal({ ...confirmation, SubscribeURL: `${sns.url}/?Action=ConfirmSubscription&Token=forged` });
    await refusal(sns.message('SubscriptionConfirmation', { TopicArn: OTHER_TOPIC }), ONE_TOPIC);
    await refusal(sns.message('SubscriptionConfirmation', { SubscribeURL: 'http://127.0.0.1:1/' }));
    // Not even where nothing has to be signed.
    await refusal(confirmation, CLOUDWATCH_KEY);
    await refusal(
      { ...confirmation, SubscribeURL: 'https://sns.us-east-1.amazonaws.com/?Action=Publish' },
      CLOUDWATCH_KEY,
    );
    expect(sns.confirmed()).toHaveLength(before);
    expect(await eventsOf(confirmation, ONE_TOPIC)).toEqual([]);
  });

  it('takes the topics that it is told, and no other', async () => {
    expect(await eventsOf(notice(ALARM), ONE_TOPIC)).toHaveLength(1);
    expect(await refusal(notice(ALARM, { TopicArn: OTHER_TOPIC }), ONE_TOPIC)).toContain(
      `'${OTHER_TOPIC}' is not among`,
    );
  });

  it('tells in the log that a topic is subscribed no more', async () => {
    expect(await eventsOf(sns.message('UnsubscribeConfirmation'), SIGNED)).toEqual([]);
    expect(api.log.join('')).toMatch(/"topic":"arn:aws:sns:us-east-1:123456789012:alarms".*its alarms come no more/);
  });

  describe('where nothing has to be signed', () => {
    it('takes what has another key’s signature, as moto’s has', async () => {
      const [event] = await eventsOf({ ...notice(ALARM), Signature: 'EXAMPLE', SigningCertURL: 'https://x.example' });
      expect(event?.action).toBe('trigger');
      expect(await eventsOf(fixture('notification'))).toMatchObject([
        { summary: 'My First Message', details: { message: 'Hello world!' } },
      ]);
    });

    it('takes messages delivered raw, alarms and others', async () => {
      const raw = { 'x-amz-sns-rawdelivery': 'true', 'x-amz-sns-message-id': 'm-1', 'x-amz-sns-topic-arn': TOPIC };
      expect((await eventsOf(ALARM, CLOUDWATCH_KEY, raw))[0]).toMatchObject({
        action: 'trigger',
        component: 'CPUUtilization',
      });
      expect((await eventsOf(OK, CLOUDWATCH_KEY, { ...raw, 'content-type': 'application/json' }))[0]?.action).toBe(
        'resolve',
      );
      expect(await eventsOf('just text', CLOUDWATCH_KEY, raw)).toMatchObject([
        { dedupKey: 'm-1', summary: 'just text', source: TOPIC },
      ]);
      const deep = '['.repeat(50_000) + ']'.repeat(50_000);
      expect((await eventsOf(deep, CLOUDWATCH_KEY, raw))[0]?.details).toMatchObject({ detailsTruncated: true });
    });
  });

  it.each([
    ['a message without an id', { ...fixture('notification'), MessageId: ' ' }, 'missing or blank: MessageId'],
    ['an empty message', { ...fixture('notification'), Message: '' }, 'missing or blank: Message'],
    ['a state that is none', { ...ALARM, NewStateValue: 'MAYBE' }, "NewStateValue is 'MAYBE'"],
    ['nothing', '', 'the message is empty'],
  ])('refuses %s with 400', async (_what, body, text) => {
    const answer = await post(body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ detail: string }>().detail).toContain(text);
    expect(api.events).toEqual([]);
  });

  it('refuses JSON that is neither SNS’s nor an alarm', async () => {
    const answer = await post({ any: 'thing' }, CLOUDWATCH_KEY, { 'content-type': 'application/json' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json<{ detail: string }>().detail).toContain('neither a message of SNS');
  });
});
