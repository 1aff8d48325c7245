/** What events are grouped by: which of them have the same. */
import type { SourceEvent } from '../../domain/event.ts';
import { groupedBy } from '../../routing/grouping.ts';

const event = (more: Partial<SourceEvent> = {}): SourceEvent => ({
  action: 'trigger',
  dedupKey: 'disk',
  summary: 'disk full',
  source: 'db1',
  ...more,
});
const values = (by: readonly string[], more: Partial<SourceEvent> = {}): readonly string[] =>
  groupedBy({ by, window: null }, event(more)).map(({ value }) => value);

test('[L2.1] each expression gives its value of the event, in order', () => {
  expect(
    groupedBy({ by: ['event.details.cluster', 'event.source'], window: null }, event({ details: { cluster: 'eu-1' } })),
  ).toEqual([
    { expression: 'event.details.cluster', value: '"eu-1"' },
    { expression: 'event.source', value: '"db1"' },
  ]);
});

test.each<[string, unknown, string]>([
  ['text', 'eu-1', '"eu-1"'],
  ['text that looks like a number', '1', '"1"'],
  ['a number', 1, '1'],
  ['a fraction', 0.5, '0.5'],
  ['true', true, 'true'],
  ['nothing', '', '""'],
  ['a list', ['b', 'a', 1], '["b","a",1]'],
  ['a map, whatever its order', { b: 1, a: { d: [], c: null } }, '{"a":{"c":null,"d":[]},"b":1}'],
  ['text with a line break and a lone surrogate', 'a\n\ud800', String.raw`"a\n\ud800"`],
])('[L2.1] %s is told apart from every other value', (_what, cluster, expected) => {
  expect(values(['event.details.cluster'], { details: { cluster } })).toEqual([expected]);
});

test.each([
  ['that the event lacks', 'event.details.cluster'],
  ['below one that it lacks', 'event.details.labels.cluster'],
  ['of a text', 'event.summary.cluster'],
  ['that JSON has no value for', 'timestamp("2026-03-02T00:00:00Z")'],
  ['that takes too many steps', 'event.links.all(a, event.links.all(b, a == b))'],
])('[L2.1] a value %s is null, and so the same for all of those', (_what, expression) => {
  const links = Array.from({ length: 400 }, () => ({ href: 'x' }));
  expect(values([expression], { links })).toEqual(['null']);
});

test('[L2.1] an expression may work out what it groups by', () => {
  expect(values(['event.source.startsWith("db")', 'event.summary.size()', '"all"'])).toEqual(['true', '9', '"all"']);
});
