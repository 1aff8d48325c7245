import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptSecret, openDataDir } from '../../cli/dataDir.ts';
import { takeLock } from '../../machine/lock.ts';
import { startOf } from '../../machine/processes.ts';
import { failure, newDataDir, newFolder, runNode } from './support.ts';

const mode = (path: string): number => statSync(path).mode & 0o777;

const idle = () => runNode(['-e', 'process.stdout.write("up"); setInterval(() => {}, 60_000)']);

test('the data folder and the generated secrets are for their owner only, and stay the same', () => {
  const { path } = newDataDir();
  const token = keptSecret(path, 'token');
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(mode(path)).toBe(0o700);
  expect(mode(join(path, 'token'))).toBe(0o600);
  expect(keptSecret(path, 'token')).toBe(token);
  expect(keptSecret(path, 'secret')).not.toBe(token);
});

test('an empty secret file is refused, not used', async () => {
  const { path } = newDataDir();
  writeFileSync(join(path, 'secret'), '\n');
  const error = await failure(Promise.resolve().then(() => keptSecret(path, 'secret')));
  expect(error.code).toBe('BAD_ENVIRONMENT');
  expect(error.message).toContain(`${join(path, 'secret')} is empty`);
});

test('a data folder that cannot be made, or that SQLite would misread, is refused by name', async () => {
  const file = join(newFolder(), 'file');
  writeFileSync(file, '');
  for (const path of [join(file, 'data'), join(newFolder(), 'c#')]) {
    const error = await failure(Promise.resolve().then(() => openDataDir(path)));
    expect(error.code).toBe('BAD_ENVIRONMENT');
    expect(error.message).toContain(`TOCSIN_DATA_DIR is ${path}`);
  }
});

test('a lock that a living process holds is refused with its pid; released, it is free', async () => {
  const folder = newFolder();
  const lock = await takeLock(folder);
  const error = await failure(takeLock(folder, 200));
  expect(error.code).toBe('DATA_DIR_IN_USE');
  expect(error.message).toContain(`in use by process ${process.pid}`);
  lock.release();
  (await takeLock(folder, 0)).release();
  expect(existsSync(join(folder, 'lock'))).toBe(false);
});

test('a lock that a dead process left is taken over', async () => {
  const folder = newFolder();
  const other = idle();
  await other.says('up');
  const pid = other.child.pid ?? 0;
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid, start: startOf(pid) }));
  expect((await failure(takeLock(folder, 0))).message).toContain(`process ${pid}`);
  other.child.kill('SIGKILL');
  await other.exit;
  await takeLock(folder, 0);
  expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
});

test('a lock whose pid was given out again to another process is taken over', async () => {
  const folder = newFolder();
  const other = idle();
  await other.says('up');
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: other.child.pid, start: 'another time' }));
  await takeLock(folder, 0);
  expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
});

test('a lock file that a power cut left empty is taken over', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'lock'), '');
  (await takeLock(folder, 0)).release();
});

test('an earlier Tocsin that is just stopping is waited for', async () => {
  const folder = newFolder();
  const lock = await takeLock(folder);
  setTimeout(() => lock.release(), 150);
  (await takeLock(folder, 2_000)).release();
});
