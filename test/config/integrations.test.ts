/** What an integration is told beside its key: of which source each setting is, and what it may be. */
import { changed, errorsOf, load } from './written.ts';

const told = (settings: string): string => changed('source: guance', `source: ${settings}`);

test.each([['guance, secret: s3cret', 'secret is a setting of source grafana; this one is of source guance']])(
  'a setting of another source is refused, naming both: %s',
  (settings, sentence) => {
    expect(errorsOf(told(settings))).toEqual([
      expect.stringMatching(
        new RegExp(String.raw`^13:\d+ services\[0\]\.integrations\[0\]\.\w+: ${sentence}: leave it out$`),
      ),
    ]);
  },
);

test('a setting of a source that nobody knows is no second error', () => {
  expect(errorsOf(told('guanze, secret: s3cret'))).toEqual([expect.stringContaining('.source: expected ')]);
});

test('an integration that is told nothing has nothing beside its key', () => {
  expect(load(changed('- { key:', '- { id: g, key:')).configuration.integrations.get('g')).toEqual({
    id: 'g',
    key: '0123456789abcdef0123456789abcdef',
    source: 'guance',
    service: 'shop',
  });
});
