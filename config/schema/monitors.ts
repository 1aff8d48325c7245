/** `monitors`: what Tocsin looks at by itself (interfaces §3). */
import { z } from 'zod';
import { minutes } from '../../domain/duration.ts';
import { SEVERITIES } from '../../domain/event.ts';
import { SASL_MECHANISMS } from '../../domain/monitors.ts';
import { base, called, credential } from './channels/parts.ts';
import { choice, duration, fields, id, list, unexpected, whole } from './parts.ts';

const TENCENT =
  '{ id: order-lag, type: kafka-lag, threshold: 2000, integration: …, group: …, region: …, instance: …, secretId: …, secretKey: … }';
const KAFKA =
  '{ id: order-lag, type: kafka-lag, threshold: 2000, integration: …, group: …, api: kafka, brokers: [ … ] }';

const matching = (expected: string, pattern: RegExp) =>
  z.string({ error: expected }).regex(pattern, { error: expected }).meta({ description: expected });

const MESSAGES = 'a number of messages: a whole one of at least 0';
const messages = whole(MESSAGES, 0, Number.MAX_SAFE_INTEGER);
const TOPIC_NAME = /^[A-Za-z0-9._-]{1,249}$/;
const TOPIC = 'a topic of 1 to 249 characters: letters, digits and . _ -';
const topic = matching(TOPIC, TOPIC_NAME);
const BROKER = 'a broker such as kafka-1.example.com:9092';
const broker = matching(BROKER, /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/);

const settings = {
  id,
  type: choice(['kafka-lag']),
  every: duration('10s', '1d').default(minutes(1)),
  integration: id,
  // What Kafka takes: anything that is not blank.
  group: matching('a consumer group of 1 to 255 characters', /^(?=.*\S)[^\p{Cc}]{1,255}$/u),
  topics: list('a list of 1 to 1000 topics', topic, 1, 1_000).optional(),
  threshold: messages,
  thresholds: z
    .record(topic, messages, {
      error: (issue) => (issue.code === 'invalid_key' ? `not ${TOPIC}` : 'messages by topic, such as { orders: 500 }'),
    })
    .default({}),
  severity: choice(SEVERITIES).default('critical'),
  tellAfterFailures: whole('how many polls in a row may fail, 1 to 100', 1, 100).default(3),
};

const account = {
  secretId: credential('a SecretId such as "${TENCENT_SECRET_ID}"'),
  secretKey: credential('a SecretKey such as "${TENCENT_SECRET_KEY}"'),
  region: id,
  instance: id,
};

const tencent = fields(TENCENT, {
  ...settings,
  api: z.literal('tencent'),
  ...account,
  apiUrl: called('an address such as https://ckafka.tencentcloudapi.com').default('https://ckafka.tencentcloudapi.com'),
}).superRefine((written, ctx) => {
  checkThresholds(written, ctx);
  if (new URL(written.apiUrl).pathname !== '/') {
    const message = 'TencentCloud API 3.0 has no path; give the address without one';
    ctx.addIssue({ code: 'custom', path: ['apiUrl'], message });
  }
});

const legacy = fields(TENCENT, {
  ...settings,
  api: z.literal('legacy'),
  ...account,
  apiUrl: base('an address such as https://ckafka.api.qcloud.com').default('https://ckafka.api.qcloud.com'),
}).superRefine(checkThresholds);

const PEM = 'a certificate or key in PEM, such as "${KAFKA_CA}"';
const pem = credential(PEM).transform((text, ctx) => (text.includes('-----BEGIN ') ? text : unexpected(ctx, '', PEM)));
const tls = fields('true, false, or { ca: "${KAFKA_CA}" }', {
  ca: pem.exactOptional(),
  cert: pem.exactOptional(),
  key: pem.exactOptional(),
});
const encryption = z
  .preprocess((value) => (value === true ? {} : value === false ? null : value), tls.nullable())
  .meta({ alsoTakes: { type: 'boolean' } })
  .default(null);

const sasl = fields('{ mechanism: SCRAM-SHA-512, username: …, password: … }', {
  mechanism: choice(SASL_MECHANISMS),
  username: credential('a user such as "${KAFKA_USER}"'),
  password: credential('a password such as "${KAFKA_PASSWORD}"'),
});

const kafka = fields(KAFKA, {
  ...settings,
  api: z.literal('kafka'),
  brokers: list('a list of 1 to 50 brokers such as [kafka-1.example.com:9092]', broker, 1, 50),
  tls: encryption,
  sasl: sasl.optional(),
}).superRefine(checkThresholds);

interface Thresholds {
  readonly topics?: readonly string[] | undefined;
  readonly thresholds: Readonly<Record<string, number>>;
}

/** A threshold of a topic that is not looked at would be waited for in vain. */
function checkThresholds({ topics, thresholds }: Thresholds, ctx: z.core.$RefinementCtx): void {
  for (const name of Object.keys(thresholds)) {
    if (topics === undefined || topics.includes(name)) continue;
    const message = 'this topic is not among the topics of this monitor; add it there, or take it out here';
    ctx.addIssue({ code: 'custom', path: ['thresholds', name], message, input: '' });
  }
}

/** `api` is `tencent` where nothing is said. */
const withApi = (written: unknown): unknown =>
  typeof written === 'object' && written !== null && !('api' in written) ? { ...written, api: 'tencent' } : written;

export const monitor = z.preprocess(
  withApi,
  z.discriminatedUnion('api', [tencent, legacy, kafka], {
    error: (issue) => (issue.code === 'invalid_union' ? 'tencent, legacy or kafka' : `${TENCENT} or ${KAFKA}`),
  }),
);
