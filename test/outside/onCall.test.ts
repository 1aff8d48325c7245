/** The table of test/oncall/, made anew from a seed of today by Python's zoneinfo. Needs python3 and the system's zone data. */
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { differences, differentClocks } from '../oncall/table.ts';
import type { Table } from '../oncall/table.ts';

test('random schedules are what Python says they are', () => {
  const seed = randomInt(2 ** 31);
  process.stderr.write(`on-call table: seed ${seed}\n`);
  const made = execFileSync('python3', ['test/oncall/oracle.py', String(seed), '60'], { maxBuffer: 2 ** 28 });
  const table = JSON.parse(made.toString()) as Table;
  expect(differentClocks(table)).toEqual([]);
  expect(differences(table).slice(0, 10)).toEqual([]);
}, 300_000);
