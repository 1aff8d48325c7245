/** The table of test/domain/onCallTable.test.ts made anew, by another seed each time: it needs Python 3 with time-zone data. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { differences, type OnCallTable, otherZoneData } from '../oracle/onCallTable.ts';

const SCRIPT = fileURLToPath(new URL('../oracle/onCall.py', import.meta.url));
const seed = Number(process.env['ON_CALL_SEED'] ?? Date.now() % 1_000_000_000);

test(`who is on call is who Python says, for new schedules of seed ${seed}`, () => {
  const made = execFileSync('python3', [SCRIPT, String(seed), '4'], { encoding: 'utf8', maxBuffer: 100_000_000 });
  const table = JSON.parse(made) as OnCallTable;
  expect(otherZoneData(table)).toEqual([]);
  expect(differences(table)).toEqual([]);
}, 180_000);
