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
