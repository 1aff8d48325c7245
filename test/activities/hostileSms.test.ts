/** Text of an alert stays text in a text message: it adds no line to it, no answer of its own, and no length; and in a template's parameters. */
import type { NotifyRequest } from '../../activities/contract.ts';
import { segmentsOf } from '../../activities/notify/gsm.ts';
import { smsChannel } from '../../activities/notify/sms.ts';
import type { LegacyTencentSms, SmsChannel, TencentSms } from '../../domain/channels.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { TencentStandIn } from '../support/providers/tencentSms.ts';
import { TENCENT, startTencentSms } from '../support/providers/tencentSms.ts';
import type { Twilio } from '../support/providers/twilio.ts';
import { startTwilio } from '../support/providers/twilio.ts';
import { ACTS, counting, HOSTILE } from './hostileTexts.ts';
import { PUBLIC_URL, SECRET, configured, noticeTo, requestWith } from './requests.ts';

const everywhere = (text: string): NotifyRequest =>
  requestWith(
    {
      summary: text,
      dedupKey: text,
      details: { [text]: text },
      links: [{ href: text, text }],
      service: { id: 'payments', name: text, description: text, runbook: text },
    },
    { why: text, present: text, contact: 'text' },
  );

let twilio: Twilio;
let tencent: TencentStandIn;
beforeAll(async () => {
  [twilio, tencent] = await Promise.all([startTwilio(), startTencentSms()]);
  tencent.approve('19', { parameters: 4, length: 12 });
});
afterAll(() => Promise.all([twilio.stop(), tencent.stop()]));

const channel = (sms: SmsChannel) =>
  smsChannel({ configuration: () => configured({ sms }), secret: SECRET, store: NO_STORE, publicUrl: PUBLIC_URL });
const groups = { ops: ['+8613800000001'] };
const byTwilio = (): SmsChannel => ({ ...twilio.account, from: twilio.number, groups });
const template = {
  templateId: '19',
  params: ['{{ summary }}', '{{ service.name }}', '{{ why }}', '{{ incident.details }}'],
  paramLength: 12,
};
const v3 = (): TencentSms => ({
  provider: 'tencent',
  api: 'v3',
  ...template,
  secretId: TENCENT.secretId,
  secretKey: TENCENT.secretKey,
  region: 'ap-guangzhou',
  sdkAppId: TENCENT.sdkAppId,
  signName: TENCENT.signName,
  apiUrl: tencent.url,
  groups,
});
const legacy = (): LegacyTencentSms => ({
  provider: 'tencent',
  api: 'legacy',
  ...template,
  sdkAppId: TENCENT.sdkAppId,
  appKey: TENCENT.appKey,
  sign: TENCENT.signName,
  apiUrl: tencent.url,
  groups,
});

const count = counting('hostileSms', ['API 3.0', 'the API before']);
describe.each(HOSTILE.map((text) => [JSON.stringify(text).slice(0, 60), text] as const))('%s', (_name, text) => {
  test('stays text in a page of ours', async () => {
    count.tries('sms', text);
    await channel(byTwilio()).notify(everywhere(text));
    const body = String(twilio.messages.at(-1)?.form['Body']);
    expect(body).not.toMatch(ACTS);
    const lines = body.split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[0]).toMatch(/^\[89abcdef\] /);
    expect(lines[2]).toMatch(/^Now:/);
    expect(lines[3]).toMatch(/^https:\/\/tocsin\.example\.com\/ack\/v1\.[\w-]+\.[\w-]+$/);
    expect(lines[4]).toBe('Reply 4 ack, 6 resolve, 5 escalate');
    expect(body.length).toBeLessThanOrEqual(1_600);
    expect(segmentsOf(body)).toBeLessThanOrEqual(10);
  });

  test('stays text in a notice', async () => {
    const notice = noticeTo('sms', null, { summary: text });
    const service = { id: 'payments', name: text };
    await channel(byTwilio()).tell({ ...notice, to: { kind: 'subscriber', endpoint: 'ops' }, text, service });
    const body = String(twilio.messages.at(-1)?.form['Body']);
    expect(body).not.toMatch(ACTS);
    expect(body.split('\n').length).toBeLessThanOrEqual(2);
    expect(segmentsOf(body)).toBeLessThanOrEqual(5);
  });

  test.each([
    ['API 3.0', v3],
    ['the API before', legacy],
  ])('stays text in the parameters of a template, as many and as long as it takes: %s', async (api, account) => {
    count.tries(api, text);
    await channel(account()).notify(everywhere(text));
    const { params = [] } = tencent.messages.at(-1) ?? {};
    expect(params).toHaveLength(4);
    for (const param of params) {
      expect(param).not.toMatch(ACTS);
      expect(param).not.toMatch(/[\n【】]|:\/\//);
      expect(Array.from(param).length).toBeGreaterThan(0);
      expect(Array.from(param).length).toBeLessThanOrEqual(12);
    }
  });
});

test('by each provider sixty and more were tried', () => expect(count.short()).toEqual([]));
