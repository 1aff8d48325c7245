/** `channels.sms` and `channels.voice`. */
import { z } from 'zod';
import { fields, id, list, name } from '../parts.ts';
import { called, credential, named, phone } from './parts.ts';

const groups = named(
  'groups of numbers by name, such as { ops: ["+8613800000000"] }',
  list('a list of 1 to 200 phone numbers', phone, 1, 200),
);

const account = {
  provider: z.literal('twilio'),
  accountSid: credential('an account such as "${TWILIO_ACCOUNT_SID}"'),
  authToken: credential('a token such as "${TWILIO_AUTH_TOKEN}"'),
  apiUrl: called('an address such as https://api.twilio.com').default('https://api.twilio.com'),
};

const twilio = fields(
  '{ provider: twilio, accountSid: "${TWILIO_ACCOUNT_SID}", authToken: "${TWILIO_AUTH_TOKEN}", from: "+1…" }',
  { ...account, from: phone.optional(), messagingServiceSid: id.optional(), groups },
);

const params = list('a list of the template’s parameters, such as ["{{ service }}", "{{ summary }}"]', name).default(
  [],
);

const tencent = fields('{ provider: tencent, secretId: …, secretKey: …, sdkAppId: …, signName: …, templateId: … }', {
  provider: z.literal('tencent'),
  api: z.literal('v3').default('v3'),
  secretId: credential('a SecretId such as "${TENCENT_SECRET_ID}"'),
  secretKey: credential('a SecretKey such as "${TENCENT_SECRET_KEY}"'),
  region: id.default('ap-guangzhou'),
  sdkAppId: name,
  signName: name,
  templateId: name,
  params,
  apiUrl: called('an address such as https://sms.tencentcloudapi.com').default('https://sms.tencentcloudapi.com'),
  groups,
});

const legacy = fields('{ provider: tencent, api: legacy, sdkAppId: …, appKey: …, sign: …, templateId: … }', {
  provider: z.literal('tencent'),
  api: z.literal('legacy'),
  sdkAppId: name,
  appKey: credential('an AppKey such as "${TENCENT_APP_KEY}"'),
  sign: name,
  templateId: name,
  params,
  apiUrl: called('an address such as https://yun.tim.qq.com').default('https://yun.tim.qq.com'),
  groups,
});

export const sms = z.union([twilio, tencent, legacy]).optional();

export const voice = fields(
  '{ provider: twilio, accountSid: "${TWILIO_ACCOUNT_SID}", authToken: "${TWILIO_AUTH_TOKEN}", from: "+1…" }',
  { ...account, from: phone },
).optional();
