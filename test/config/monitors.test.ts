/** What is configured of monitors: whom they ask, and as whose events what they find comes in. */
import { changed, errorsOf, load, section } from './written.ts';
import type { Case } from './written.ts';

const COMMON = 'id: order-lag, type: kafka-lag, threshold: 2000, integration: shop-guance, group: order-workers';
const ACCOUNT = 'region: ap-guangzhou, instance: ckafka-1, secretId: "${ID}", secretKey: "${SECRET}"';
const BROKERS = 'api: kafka, brokers: ["kafka-1.example.com:9092"]';
const ENV = { ID: 'an-id', SECRET: 'a-secret' };
const monitor = (fields: string): [string, string] => section(`monitors: [{ ${fields} }]`);
const configured = (fields: string) => load(changed(...monitor(fields)), ENV).configuration.monitors.get('order-lag');

test('of Tencent’s CKafka: every minute, all topics, and API 3.0 where nothing is said', () => {
  expect(configured(`${COMMON}, ${ACCOUNT}`)).toEqual({
    id: 'order-lag',
    type: 'kafka-lag',
    every: 60_000,
    integration: 'shop-guance',
    group: 'order-workers',
    topics: null,
    threshold: 2_000,
    thresholds: {},
    severity: 'critical',
    tellAfterFailures: 3,
    api: 'tencent',
    region: 'ap-guangzhou',
    instance: 'ckafka-1',
    secretId: 'an-id',
    secretKey: 'a-secret',
    apiUrl: 'https://ckafka.tencentcloudapi.com',
  });
});

test('of CKafka by the API before, with what else may be said', () => {
  const more = 'every: 10s, topics: [orders, a.b], thresholds: { orders: 0 }, severity: error, tellAfterFailures: 1';
  expect(configured(`${COMMON}, api: legacy, ${ACCOUNT}, ${more}`)).toMatchObject({
    api: 'legacy',
    apiUrl: 'https://ckafka.api.qcloud.com',
    every: 10_000,
    topics: ['orders', 'a.b'],
    thresholds: { orders: 0 },
    severity: 'error',
    tellAfterFailures: 1,
  });
});

test.each([
  ['in the open', '', null, null],
  ['encrypted', ', tls: true', {}, null],
  ['not encrypted, as it says', ', tls: false', null, null],
  [
    'with a login',
    ', tls: { ca: "-----BEGIN CERTIFICATE-----" }, sasl: { mechanism: PLAIN, username: "${ID}", password: "${SECRET}" }',
    { ca: '-----BEGIN CERTIFICATE-----' },
    { mechanism: 'PLAIN', username: 'an-id', password: 'a-secret' },
  ],
])('of any brokers, %s', (_how, more, tls, sasl) => {
  expect(configured(`${COMMON}, ${BROKERS}${more}`)).toMatchObject({
    api: 'kafka',
    brokers: ['kafka-1.example.com:9092'],
    tls,
    sasl,
  });
});

const wrong: Case[] = [
  ['no list', section('monitors: { id: lag }'), '9:11 monitors: expected a list of monitors, found a map'],
  [
    'an integration that is not there',
    monitor(`${COMMON.replace('shop-guance', 'shop-guanc')}, ${BROKERS}`),
    '9:76 monitors[0].integration: "shop-guanc": there is no such integration; did you mean "shop-guance"?',
  ],
  [
    'a type that is none',
    monitor(`${COMMON.replace('type: kafka-lag', 'type: cpu')}, ${BROKERS}`),
    '9:35 monitors[0].type: expected kafka-lag, found "cpu"',
  ],
  [
    'an API that is none',
    monitor(`${COMMON}, api: v4`),
    '9:116 monitors[0].api: expected tencent, legacy or kafka, found "v4"',
  ],
  [
    'an account without its key',
    monitor(`${COMMON}, region: r, instance: i, secretId: s`),
    '9:12 monitors[0].secretKey: is missing; expected a SecretKey such as "${TENCENT_SECRET_KEY}"',
  ],
  [
    'settings of another API',
    monitor(`${COMMON}, ${BROKERS}, secretKey: s`),
    '9:162 monitors[0].secretKey: secretKey is not known here; there are: id, type, every, integration, group, topics, threshold, thresholds, severity, tellAfterFailures, api, brokers, …',
  ],
  [
    'a poll a second',
    monitor(`${COMMON}, ${BROKERS}, every: 1s`),
    '9:169 monitors[0].every: expected a duration from 10s to 1d, such as 90s, 5m or 1h30m, found "1s"',
  ],
  [
    'a broker without a port',
    monitor(`${COMMON}, api: kafka, brokers: [kafka-1]`),
    '9:133 monitors[0].brokers[0]: expected a broker such as kafka-1.example.com:9092, found "kafka-1"',
  ],
  [
    'a certificate that is none',
    monitor(`${COMMON}, ${BROKERS}, tls: { ca: /etc/ca.pem }`),
    '9:173 monitors[0].tls.ca: expected a certificate or key in PEM, such as "${KAFKA_CA}", found something else',
  ],
  [
    'a threshold of a topic that is not looked at',
    monitor(`${COMMON}, ${BROKERS}, topics: [orders], thresholds: { order: 5 }`),
    '9:201 monitors[0].thresholds.order: this topic is not among the topics of this monitor; add it there, or take it out here',
  ],
  [
    'a threshold of no topic',
    monitor(`${COMMON}, ${BROKERS}, thresholds: { "a b": 5 }`),
    '9:176 monitors[0].thresholds.a b: not a topic of 1 to 249 characters: letters, digits and . _ -',
  ],
  [
    'an address with a path',
    monitor(`${COMMON}, region: r, instance: i, secretId: s, secretKey: k, apiUrl: "https://a/b"`),
    '9:170 monitors[0].apiUrl: TencentCloud API 3.0 has no path; give the address without one',
  ],
  [
    'two of one id',
    section(`monitors: [{ ${COMMON}, ${BROKERS} }, { ${COMMON}, ${BROKERS} }]`),
    '9:170 monitors[1].id: "order-lag" is the id of another one before it; rename one of them',
  ],
];

test.each(wrong)('refused: %s', (_kind, change, ...expected) => {
  expect(errorsOf(changed(...change))).toEqual(expected);
});
