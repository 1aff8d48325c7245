/**
 * Who is on call, against a table that Python made with its own time-zone library (test/oracle/onCall.py): 14 zones, three
 * years, random schedules, and instants around every kind of edge. `npm run test:outside` makes one anew and compares again.
 */
import { readFileSync } from 'node:fs';
import { differences, type OnCallTable, otherZoneData } from '../oracle/onCallTable.ts';

const table = JSON.parse(readFileSync(new URL('../fixtures/onCall.json', import.meta.url), 'utf8')) as OnCallTable;

test('both know the same rules of the zones', () => {
  expect(otherZoneData(table)).toEqual([]);
});

test(`who is on call is who Python ${table.made.python} says, for ${table.cases.length} schedules in ${Object.keys(table.offsets).length} zones over three years`, () => {
  expect(table.cases.flatMap(({ onCall }) => onCall).length).toBeGreaterThan(10_000);
  expect(differences(table)).toEqual([]);
});
