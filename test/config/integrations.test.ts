/** What an integration is told beside its key: of which source each setting is, and what it may be. */
import { changed, errorsOf, load } from './written.ts';

const told = (settings: string): string => changed('source: guance', `source: ${settings}`);

test.each([
  ['guance, secret: s3cret', 'secret is a setting of source grafana, sentry; this one is of source guance'],
  [
    'events-v2, signatureHeader: X-S',
    'signatureHeader is a setting of source grafana; this one is of source events-v2',
  ],
])('a setting of another source is refused, naming both: %s', (settings, sentence) => {
  expect(errorsOf(told(settings))).toEqual([
    expect.stringMatching(
      new RegExp(String.raw`^13:\d+ services\[0\]\.integrations\[0\]\.\w+: ${sentence}: leave it out$`),
    ),
  ]);
});

test('a setting of a source that nobody knows is no second error', () => {
  expect(errorsOf(told('guanze, secret: s3cret'))).toEqual([expect.stringContaining('.source: expected ')]);
});

test('CloudWatch is told its topics, and what an alarm without data is', () => {
  const topic = 'arn:aws:sns:us-east-1:123456789012:alarms';
  const written = `cloudwatch, topics: ["${topic}"], insufficientData: ignore, endpoints: [http://127.0.0.1:4566/]`;
  const { configuration, warnings } = load(told(written));
  expect(configuration.integrations.get('shop-cloudwatch')).toMatchObject({
    topics: [topic],
    insufficientData: 'ignore',
    endpoints: ['http://127.0.0.1:4566'],
  });
  expect(configuration.integrations.get('shop-cloudwatch')).not.toHaveProperty('verify');
  expect(warnings).toEqual([]);
});

test('messages of SNS that are taken unsigned are warned of', () => {
  expect(load(told('cloudwatch, verify: false')).warnings).toEqual([
    expect.stringMatching(/c\.yaml:13:\d+ services\[0\]\.integrations\[0\]\.verify: whoever has this address/),
  ]);
  expect(load(told('cloudwatch, verify: true')).warnings).toEqual([]);
});

test('Grafana is told what it signs with, and where', () => {
  const written = 'grafana, secret: "${S}", signatureHeader: X-Sig, timestampHeader: X-Time';
  const { integrations } = load(told(written), { S: 's3cret' }).configuration;
  expect(integrations.get('shop-grafana')).toMatchObject({
    secret: 's3cret',
    signatureHeader: 'X-Sig',
    timestampHeader: 'X-Time',
  });
});

test.each([
  ['cloudwatch, topics: [alarms]', 'expected the ARN of a topic, such as arn:aws:sns:us-east-1:123456789012:alarms'],
  ['cloudwatch, topics: []', 'expected a list of topics'],
  ['cloudwatch, insufficientData: "off"', 'expected trigger, resolve or ignore'],
  ['cloudwatch, endpoints: ["ftp://x"]', 'expected an address such as http://127.0.0.1:4566'],
  ['grafana, timestampHeader: X-Time', 'timestampHeader says nothing without a secret; add one, or leave it out'],
  [
    'grafana, secret: " "',
    'expected the secret that the source signs with, such as "${GRAFANA_SECRET}", found something else',
  ],
  [
    'grafana, secret: s3cret, timestampHeader: "X Time"',
    'expected the name of a header, such as X-Grafana-Alerting-Signature, found "X Time"',
  ],
])('%s is refused', (settings, expected) => {
  expect(errorsOf(told(settings))).toEqual([expect.stringContaining(expected)]);
});

test('an integration that is told nothing has nothing beside its key', () => {
  expect(load(changed('- { key:', '- { id: g, key:')).configuration.integrations.get('g')).toEqual({
    id: 'g',
    key: '0123456789abcdef0123456789abcdef',
    source: 'guance',
    service: 'shop',
  });
});

const HEARTBEATS = 'heartbeat, every: 10m, grace: 1m, heartbeats: ';
const A_HEARTBEAT = 'a heartbeat such as { every: 25h, grace: 5m }';

test('heartbeats are kept by name, with what they are told themselves', () => {
  const text = changed('source: guance', `id: crons, source: ${HEARTBEATS}{ backup: { every: 25h, summary: gone } }`);
  expect(load(text).configuration.integrations.get('crons')).toMatchObject({
    every: 600_000,
    grace: 60_000,
    heartbeats: { backup: { every: 90_000_000, summary: 'gone' } },
  });
});

test.each([
  [
    '[]',
    /heartbeats: expected heartbeats by name, such as \{ backup: \{ every: 25h, grace: 5m \} \}, found a list of 0$/,
  ],
  ['{ "a b": { every: 1h } }', /not a name of 1 to 64 characters: letters, digits and _ \. @ -/],
  ['{ backup: 25h }', new RegExp(`heartbeats\\.backup: expected ${A_HEARTBEAT}, found something else$`)],
  ['{ backup: {} }', /heartbeats\.backup\.every: .*expected a duration from 1s to 365d/],
  ['{ backup: { every: 0s } }', /heartbeats\.backup\.every: expected a duration from 1s to 365d/],
  ['{ backup: { every: 1h, grace: soon } }', /heartbeats\.backup\.grace: expected a duration from 0s to 365d/],
  ['{ backup: { every: 1h, severity: bad } }', /severity: expected critical, error, warning or info/],
  ['{ backup: { every: 1h, after: 5m } }', /heartbeats\.backup\.after: .*every, grace, severity, summary/],
])('heartbeats that are none are refused where they stand: %s', (heartbeats, expected) => {
  expect(errorsOf(told(HEARTBEATS + heartbeats))).toEqual([expect.stringMatching(expected)]);
});

test.each(['heartbeats: { a: { every: 1h } }', 'every: 1h', 'grace: 1m'])(
  'only source heartbeat is told %s',
  (setting) => {
    expect(errorsOf(told(`guance, ${setting}`))).toEqual([
      expect.stringContaining('is a setting of source heartbeat; this one is of source guance: leave it out'),
    ]);
  },
);
