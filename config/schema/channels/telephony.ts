/** `channels.sms` and `channels.voice`. */
import { z } from 'zod';
import { seconds } from '../../../domain/duration.ts';
import { isMainlandChinese } from '../../../domain/phone.ts';
import { duration, fields, id, list, name, prose, whole } from '../parts.ts';
import { base, called, credential, named, phone } from './parts.ts';

const groups = named(
  'groups of numbers by name, such as { ops: ["+8613800000000"] }',
  list('a list of 1 to 200 phone numbers', phone, 1, 200),
);

const TWILIO =
  '{ provider: twilio, accountSid: "${TWILIO_ACCOUNT_SID}", authToken: "${TWILIO_AUTH_TOKEN}", from: "+1…" }';
const V3 = '{ provider: tencent, secretId: …, secretKey: …, sdkAppId: …, signName: …, templateId: … }';
const LEGACY = '{ provider: tencent, api: legacy, sdkAppId: …, appKey: …, sign: …, templateId: … }';

const account = {
  provider: z.literal('twilio', { error: 'twilio' }),
  accountSid: credential('an account such as "${TWILIO_ACCOUNT_SID}"'),
  authToken: credential('a token such as "${TWILIO_AUTH_TOKEN}"'),
  secondaryAuthToken: credential('a token such as "${TWILIO_SECONDARY_AUTH_TOKEN}"').optional(),
  apiUrl: base('an address such as https://api.twilio.com').default('https://api.twilio.com'),
};

const twilio = fields(TWILIO, {
  ...account,
  from: phone.optional(),
  messagingServiceSid: id.optional(),
  groups,
}).superRefine(({ from, messagingServiceSid }, ctx) => {
  if ((from === undefined) === (messagingServiceSid === undefined)) {
    ctx.addIssue({
      code: 'custom',
      path: ['from'],
      message: 'give one of from and messagingServiceSid: who the messages are from',
    });
  }
});

const numeral = (expected: string) => z.string({ error: expected }).regex(/^\d{1,15}$/, { error: expected });
const appId = numeral('an SDK AppID in quotes, such as "1400006666"');

const template = (lengthLimit: number) => ({
  templateId: numeral('the id of an approved template, in quotes, such as "1110"'),
  template: prose.optional(),
  params: list('a list of the template’s parameters, such as ["{{ service.name }}", "{{ summary }}"]', prose).default(
    [],
  ),
  paramLength: whole('how many characters a parameter may have, 1 to 500', 1, 500).default(lengthLimit),
});

interface Templated {
  readonly template?: string | undefined;
  readonly params: readonly string[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** What Tencent would refuse of every message: another count of parameters, and one call to numbers in and outside mainland China. */
function checkTemplate({ template: text, params, groups: named }: Templated, ctx: z.core.$RefinementCtx): void {
  const places = new Set([...(text ?? '').matchAll(/\{(\d+)\}/g)].map(([, place]) => Number(place)));
  const fits =
    text === undefined ||
    (places.size === params.length && [...places].every((place) => place >= 1 && place <= params.length));
  if (!fits) {
    const message = `the template has ${places.size} parameters, and params has ${params.length}; number them {1} to {${params.length}}`;
    ctx.addIssue({ code: 'custom', path: ['params'], message });
  }
  for (const [group, numbers] of Object.entries(named)) {
    const inChina = numbers.filter(isMainlandChinese).length;
    if (inChina > 0 && inChina < numbers.length) {
      const message =
        'Tencent sends one message to numbers of mainland China (+86) or to others, never to both; make two groups';
      ctx.addIssue({ code: 'custom', path: ['groups', group], message });
    }
  }
}

const tencent = fields(V3, {
  provider: z.literal('tencent'),
  api: z.literal('v3'),
  secretId: credential('a SecretId such as "${TENCENT_SECRET_ID}"'),
  secretKey: credential('a SecretKey such as "${TENCENT_SECRET_KEY}"'),
  region: id.default('ap-guangzhou'),
  sdkAppId: appId,
  signName: name,
  // What an account has that was opened after 2024-01-25: https://cloud.tencent.com/document/api/382/55981#6.
  ...template(6),
  apiUrl: called('an address such as https://sms.tencentcloudapi.com').default('https://sms.tencentcloudapi.com'),
  groups,
}).superRefine((written, ctx) => {
  checkTemplate(written, ctx);
  if (new URL(written.apiUrl).pathname !== '/') {
    ctx.addIssue({
      code: 'custom',
      path: ['apiUrl'],
      message: 'TencentCloud API 3.0 has no path; give the address without one',
    });
  }
});

const legacy = fields(LEGACY, {
  provider: z.literal('tencent'),
  api: z.literal('legacy'),
  sdkAppId: appId,
  appKey: credential('an AppKey such as "${TENCENT_APP_KEY}"'),
  sign: name,
  // https://cloud.tencent.com/document/product/382/3771, 1036.
  ...template(12),
  apiUrl: base('an address such as https://yun.tim.qq.com').default('https://yun.tim.qq.com'),
  groups,
}).superRefine(checkTemplate);

/** Tencent's `api` is `v3` where nothing is said. */
const withApi = (written: unknown): unknown => {
  const { provider, api } = (written ?? {}) as { provider?: unknown; api?: unknown };
  return provider === 'tencent' && api === undefined ? { ...(written as object), api: 'v3' } : written;
};

const PROVIDERS = `${TWILIO}, ${V3} or ${LEGACY}`;

export const sms = z
  .preprocess(
    withApi,
    z.discriminatedUnion(
      'provider',
      [twilio, z.discriminatedUnion('api', [tencent, legacy], { error: 'v3 or legacy' })],
      {
        error: (issue) => (issue.code === 'invalid_union' ? 'twilio or tencent' : PROVIDERS),
      },
    ),
  )
  .optional();

export const voice = fields(
  '{ provider: twilio, accountSid: "${TWILIO_ACCOUNT_SID}", authToken: "${TWILIO_AUTH_TOKEN}", from: "+1…" }',
  { ...account, from: phone, ringFor: duration('5s', '10m').default(seconds(30)) },
).optional();
