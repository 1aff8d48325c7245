/**
 * `npm run compat`: real clients, unmodified, against a started Tocsin; what each saw, and what Tocsin made of it. With
 * `--quick` one call of each (`npm run test:compat`); without, the table of docs/compatibility.md is written anew.
 * With words behind it: only clients whose name has one of them, and no table.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { type Client, CLIENTS } from './clients.ts';
import { assertLeft } from './left.ts';
import { openPlace } from './place.ts';
import { tableOf } from './table.ts';

const PAGE = 'docs/compatibility.md';
const given = process.argv.slice(2);
const quick = given.includes('--quick');
const words = given.filter((word) => word !== '--quick');
const chosen = CLIENTS.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const place = await openPlace(quick, say);
const calls = new Map<Client, readonly string[]>();
const failed: string[] = [];
try {
  for (const client of chosen) {
    const began = Date.now();
    try {
      const ran = await client.run(place);
      await assertLeft(place.house, quick ? client.first : client.end);
      calls.set(client, ran.calls);
      say(`ok      ${client.name}: ${ran.calls.join(', ')} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed.push(client.name);
      say(`FAILED  ${client.name}\n${(error as Error).message}`);
    }
  }
} finally {
  await place.stop();
}
if (!quick && words.length === 0 && failed.length === 0) {
  const page = readFileSync(PAGE, 'utf8').replace(/^\| client[^]*?\n(?!\|)/m, `${tableOf(calls)}\n`);
  writeFileSync(PAGE, await format(page, { parser: 'markdown', printWidth: 120 }));
  say(`${PAGE} has the table of this run.`);
}
say(`\n${calls.size} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
