/** Who is on call, compared with a table that Python's zoneinfo made (oracle.py): random schedules over three years. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { differences, differentClocks } from './table.ts';
import type { Table } from './table.ts';

const file = new URL('../fixtures/onCall.json.gz', import.meta.url);
const table = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Table;

test('the clocks of fifteen zones are those of the table', () => {
  expect(Object.keys(table.zones)).toHaveLength(15);
  expect(differentClocks(table)).toEqual([]);
});

test('who is on call at any instant, and every shift and gap, is what the table says', () => {
  expect(table.cases.length).toBeGreaterThanOrEqual(30);
  expect(differences(table).slice(0, 10)).toEqual([]);
}, 120_000);
