/** Rotations, restrictions and absences as they are written (interfaces §3). */
import { WEEKDAYS } from '../../domain/configuration.ts';
import { changed, errorsOf, load, section, user } from './written.ts';

const layer = (line: string): string =>
  changed(
    ...section(
      `schedules:\n  - id: s\n    layers:\n      - start: 2026-01-05T09:00\n        users: [ana]\n        ${line}`,
    ),
  );
const restricted = (...restrictions: string[]): string =>
  layer(`rotate: { unit: day }\n        restrictions: [${restrictions.join(', ')}]`);
const restrictionsOf = (text: string) => load(text).configuration.schedules.get('s')!.layers[0]!.restrictions;

test.each(['hour', 'day', 'week', 'month'])('a rotation may be by the %s', (unit) => {
  const { layers } = load(layer(`rotate: { every: 3, unit: ${unit} }`)).configuration.schedules.get('s')!;
  expect(layers[0]!.rotate).toEqual({ every: 3, unit });
});

test('another unit is refused with those that there are', () => {
  expect(errorsOf(layer('rotate: { unit: year }'))).toEqual([
    '14:25 schedules[0].layers[0].rotate.unit: expected hour, day, week or month, found "year"',
  ]);
});

test('a restriction by day is of its days, or of every day, its times quoted or not', () => {
  expect(
    restrictionsOf(restricted('{ days: [sat, sun], from: "09:00", to: "24:00" }', '{ from: 22:00, to: 6:00 }')),
  ).toEqual([
    { kind: 'daily', days: ['sat', 'sun'], from: '09:00', to: '24:00' },
    { kind: 'daily', days: WEEKDAYS, from: '22:00', to: '6:00' },
  ]);
});

test('a restriction by week is from a day and time to another', () => {
  expect(restrictionsOf(restricted('{ from: "fri 17:00", to: "mon 09:00" }'))).toEqual([
    { kind: 'weekly', from: { day: 'fri', time: '17:00' }, to: { day: 'mon', time: '09:00' } },
  ]);
});

const AT = 'schedules[0].layers[0].restrictions[0]';
const MOMENT = 'a time such as "09:00", or a day and time such as "fri 17:00"';
const SAME = 'from and to are the same; a whole day is from "00:00" to "24:00", and always is no restriction';
test.each([
  ['with the same time twice', '{ from: "09:00", to: "9:00" }', `15:45 ${AT}.to: ${SAME}`],
  ['with the same day and time twice', '{ from: "mon 09:00", to: "mon 09:00" }', `15:49 ${AT}.to: ${SAME}`],
  [
    'that begins at 24:00',
    '{ from: "24:00", to: "09:00" }',
    `15:32 ${AT}.from: expected ${MOMENT}, to 23:59, found "24:00"`,
  ],
  [
    'with a time that is none',
    '{ from: "09:00", to: "25:00" }',
    `15:45 ${AT}.to: expected ${MOMENT}, to 24:00, found "25:00"`,
  ],
  ['with a number for a time', '{ from: 9, to: "10:00" }', `15:32 ${AT}.from: expected ${MOMENT}, to 23:59, found 9`],
  [
    'half by week',
    '{ from: "fri 17:00", to: "09:00" }',
    `15:49 ${AT}.to: from and to must both name a day, or neither`,
  ],
  [
    'with days twice',
    '{ days: [sat], from: "fri 17:00", to: "mon 09:00" }',
    `15:32 ${AT}.days: from and to name days already; leave days out`,
  ],
  [
    'of no day',
    '{ days: [], from: "09:00", to: "10:00" }',
    `15:32 ${AT}.days: expected a list of at least one day, such as [sat, sun], found a list of 0`,
  ],
  [
    'of another day',
    '{ days: [Sat], from: "09:00", to: "10:00" }',
    `15:33 ${AT}.days[0]: expected mon, tue, wed, thu, fri, sat or sun, found "Sat"`,
  ],
])('a restriction %s is refused where it stands', (_what, written, expected) => {
  expect(errorsOf(restricted(written))).toEqual([expected]);
});

test('an absence is from a date or a date and time to another', () => {
  const text = changed(
    ...user('away: [{ from: 2026-12-24, to: 2027-01-02 }, { from: 2026-03-01T12:00, to: 2026-03-01T18:30 }]'),
  );
  expect(load(text).configuration.users.get('ana')!.away).toEqual([
    { from: '2026-12-24', to: '2027-01-02' },
    { from: '2026-03-01T12:00', to: '2026-03-01T18:30' },
  ]);
});

const BACK = 'an absence must end after it begins; to is the first day, or the time, at which the user is back';
const DATE = 'a local date, or date and time without offset, such as 2026-12-24 or 2026-12-24T09:00';
test.each([
  ['that ends as it begins', '{ from: 2026-12-24, to: 2026-12-24T00:00 }', `3:36 users[0].away[0].to: ${BACK}`],
  [
    'on a day that there is not',
    '{ from: 2026-02-30, to: 2026-03-02 }',
    `3:20 users[0].away[0].from: expected ${DATE}, found "2026-02-30"`,
  ],
  [
    'with an offset',
    '{ from: 2026-02-03T00:00Z, to: 2026-03-02 }',
    `3:20 users[0].away[0].from: expected ${DATE}, found "2026-02-03T00:00Z"`,
  ],
])('an absence %s is refused where it stands', (_what, written, expected) => {
  expect(errorsOf(changed(...user(`away: [${written}]`)))).toEqual([expected]);
});
