/** What a service groups its alerts by: what is taken, and every error that it can have. */
import { changed, copies, errorsOf, load, service } from './written.ts';
import type { Case } from './written.ts';

/** Stands at line 12 as `    grouping: …`. */
const grouping = (written: string): [string, string] => service(`grouping: ${written}`);
const by = (expression: string): [string, string] => grouping(`{ by: ['${expression}'] }`);
const CANNOT = '12:22 services[0].grouping.by[0]: not an expression that can group, at character';

test.each([
  ['off', null],
  ['false', null],
  ["{ by: ['event.details.cluster'], window: 5m }", { by: ['event.details.cluster'], window: 300_000 }],
  [
    '{ by: [event.component, event.severity == "critical"] }',
    { by: ['event.component', 'event.severity == "critical"'], window: null },
  ],
  [`{ by: ${copies(10, 'event.class')}, window: 30d }`, { by: Array(10).fill('event.class'), window: 30 * 86_400_000 }],
])('grouping: %s is taken', (written, expected) => {
  expect(load(changed(...grouping(written))).configuration.services.get('shop')!.grouping).toEqual(expected);
});

const refused: Case[] = [
  [
    'no expression',
    grouping('{ by: [] }'),
    '12:21 services[0].grouping.by: expected a list of 1 to 10 expressions such as event.details.cluster, found a list',
  ],
  [
    'eleven expressions',
    grouping(`{ by: ${copies(11, 'event.class')} }`),
    '12:21 services[0].grouping.by: expected a list of 1 to 10 expressions such as event.details.cluster, found a list',
  ],
  [
    'a window alone',
    grouping('{ window: 5m }'),
    '12:15 services[0].grouping.by: is missing; expected a list of 1 to 10 expressions such as event.details.cluster',
  ],
  [
    'a window of nothing',
    grouping('{ by: [event.class], window: 0s }'),
    '12:44 services[0].grouping.window: expected a duration from 1s to 30d, such as 90s, 5m or 1h30m, found "0s"',
  ],
  [
    'a window that is too long',
    grouping('{ by: [event.class], window: 31d }'),
    '12:44 services[0].grouping.window: expected a duration from 1s to 30d, such as 90s, 5m or 1h30m, found "31d"',
  ],
  [
    'something else',
    grouping('cluster'),
    '12:15 services[0].grouping: expected off, or what alerts are grouped by, such as { by: [\'event.details.cluster\'], window: 5m }, found "cluster"',
  ],
  ['a misspelt member', by('event.sumary'), `${CANNOT} 6: event has no member sumary; did you mean "summary"?`],
  ['a field without event', by('cluster'), `${CANNOT} 1: cluster is not known here; there are: event`],
  ['an expression that is none', by('event.'), `${CANNOT} 6: found . but expecting end of input`],
  [
    'a long expression',
    by(`event.summary + "${'x'.repeat(1_000)}"`),
    `${CANNOT} 1: it has 1018 characters, and may have 1000; make it several`,
  ],
  [
    'bytes',
    by('bytes(event.summary)'),
    `${CANNOT} 1: this gives bytes, and text, a number, true or false, a list or a map is needed`,
  ],
  [
    'an expression from outside',
    by('event.source + "${HOME:-x}"'),
    '12:22 services[0].grouping.by[0]: a ${NAME} is not taken here: the expression is shown in timelines; write the value itself',
  ],
];

test.each(refused)('%s is refused with its place', (_kind, change, ...expected) => {
  const told = errorsOf(changed(...change));
  expect(told).toHaveLength(expected.length);
  told.forEach((line, index) => expect(line).toContain(expected[index]));
});
