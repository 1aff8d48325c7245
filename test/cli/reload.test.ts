/** A running Tocsin whose configuration changes: what the next incident does, and what is said. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gone } from '../../machine/processes.ts';
import { eventually } from '../support/eventually.ts';
import { leftOf, machine, RUNNING, up, type Machine } from './machine.ts';
import { afterTest, newFolder, run, type Started } from './support.ts';

const configuration = (user: string, escalateAfter = '5m'): string => `users:
  - { id: ${user}, name: ${user} of the night, contacts: [{ id: term, channel: console }] }
escalationPolicies:
  - { id: main, levels: [{ targets: ['user:${user}'], escalateAfter: ${escalateAfter} }] }
services:
  - { id: shop, escalationPolicy: main }
`;

async function configured(): Promise<{ readonly here: Machine; readonly file: string }> {
  const here = await machine();
  const file = join(newFolder(), 'tocsin.yaml');
  writeFileSync(file, configuration('ana'));
  return { here: { ...here, env: { ...here.env, TOCSIN_CONFIG: file } }, file };
}

async function call({ api, dataDir }: Machine, path: string, body?: object): Promise<Response> {
  const token = readFileSync(join(dataDir, 'token'), 'utf8').trim();
  return fetch(`${api}/v1/incidents${path}`, {
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
}

async function open(here: Machine, summary: string): Promise<string> {
  const answer = await call(here, '', { service: 'shop', summary });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

/** Resolves once the summary was told; expects that it was to that user. */
async function told(started: Started, user: string, summary: string): Promise<void> {
  await started.says(summary);
  const [before = ''] = started.said().split(summary);
  expect(before.slice(before.lastIndexOf('-- to '))).toMatch(new RegExp(`^-- to ${user} of the night `));
}

test('the next incident goes by a changed configuration; a broken one is refused with its place, and SIGHUP reads it anew', async () => {
  const { here, file } = await configured();
  const tocsin = up(here);
  await tocsin.says(RUNNING);
  await open(here, 'the first one');
  await told(tocsin, 'ana', 'the first one');

  writeFileSync(file, configuration('bob'));
  await tocsin.says('users: 1 added, 1 removed; escalationPolicies: 1 changed.');
  await open(here, 'the second one');
  await told(tocsin, 'bob', 'the second one');

  writeFileSync(file, configuration('cho', 'soon'));
  await tocsin.says('is refused; the last good one stays');
  await tocsin.says(`${file}:4:66 escalationPolicies[0].levels[0].escalateAfter: expected a duration`);
  await open(here, 'the third one');
  await told(tocsin, 'bob', 'the third one');

  writeFileSync(file, configuration('bob'));
  await tocsin.says('The configuration is again the one in effect');
  tocsin.child.kill('SIGHUP');
  await tocsin.says('is read again, and says nothing new');
  tocsin.child.kill('SIGTERM');
  expect(await tocsin.exit).toBe(0);
});

test('what only a user held who is gone with the reload is triggered again [L3] [F 79]', async () => {
  const { here, file } = await configured();
  const tocsin = up(here);
  await tocsin.says(RUNNING);
  const id = await open(here, 'held');
  const status = async (): Promise<unknown> =>
    ((await (await call(here, `/${id}`)).json()) as { status: string }).status;
  expect((await call(here, `/${id}/acknowledge`, { as: 'ana' })).status).toBe(200);
  writeFileSync(file, configuration('bob'));
  await tocsin.says('users: 1 added, 1 removed');
  expect(await status()).toBe('acknowledged');
  await eventually(status, (now) => now === 'triggered', 30_000);
  tocsin.child.kill('SIGTERM');
  expect(await tocsin.exit).toBe(0);
});

test('the SIGHUP of a terminal that closes stops it, with nothing left running', async () => {
  const { here } = await configured();
  // script(1) of util-linux gives the command a terminal, which closes when it is killed.
  const said = join(newFolder(), 'said');
  const terminal = run('script', ['-qefc', `${process.execPath} cli/tocsin.mjs up`, said], here.env);
  await terminal.says(RUNNING);
  const pid = Number(execFileSync('pgrep', ['-P', String(terminal.child.pid)], { encoding: 'utf8' }));
  afterTest(() => {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It went, as it should.
    }
  });
  terminal.child.kill('SIGKILL');
  expect(await gone(pid, 15_000)).toBe(true);
  // Its last words find no terminal; then the server is killed at exit, which takes the kernel a moment.
  const servers = leftOf(here.dataDir).map(async ({ pid }) => gone(pid, 5_000));
  expect(await Promise.all(servers)).not.toContain(false);
  expect(leftOf(here.dataDir)).toEqual([]);
});
