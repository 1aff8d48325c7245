import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findTemporal, TEMPORAL_VERSION } from '../../cli/temporalBinary.ts';
import { failure, never, newFolder } from './support.ts';

const VERSION = '#!/bin/sh\necho "temporal version 1.2.3 (Server 1.0.0, UI 1.0.0)"\n';

/** A machine of its own: its home, its PATH, and no way out. The proxy that nobody serves keeps the download from any network. */
function machine() {
  const home = newFolder();
  const bin = join(home, 'bin');
  mkdirSync(bin);
  const env = { HOME: home, PATH: bin, HTTPS_PROXY: 'http://127.0.0.1:9' };
  return { env, bin, cached: join(home, '.cache', 'tocsin', `temporal-${TEMPORAL_VERSION}`, 'temporal') };
}

function program(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o755 });
  return path;
}

/** A `go` that builds what it is told to: a file in GOBIN. */
const GO = `#!/bin/sh
[ "$*" = "install github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_VERSION}" ] || exit 9
printf '%s' '${VERSION}' > "$GOBIN/temporal" && /bin/chmod 755 "$GOBIN/temporal"
`;

const find = async (env: NodeJS.ProcessEnv, temporalCli?: string, lines: string[] = []) =>
  findTemporal({ env, temporalCli, say: (line) => void lines.push(line), signal: never });

test('TEMPORAL_CLI goes before the PATH, the PATH before the copy of an earlier run', async () => {
  const { env, bin, cached } = machine();
  program(cached, VERSION);
  expect(await find(env)).toBe(cached);
  const onPath = program(join(bin, 'temporal'), VERSION);
  expect(await find(env)).toBe(onPath);
  const given = program(join(newFolder(), 'my-temporal'), VERSION);
  expect(await find(env, given)).toBe(given);
});

test('a TEMPORAL_CLI that is no temporal is an error of its own, not passed over', async () => {
  const { env, bin } = machine();
  program(join(bin, 'temporal'), VERSION);
  const other = program(join(bin, 'other'), '#!/bin/sh\necho other 1.0\n');
  for (const path of [join(bin, 'nothing'), other]) {
    const error = await failure(find(env, path));
    expect(error.code).toBe('BAD_ENVIRONMENT');
    expect(error.message).toContain(`TEMPORAL_CLI is ${path}`);
  }
});

test('a program named temporal that is another tool is passed over', async () => {
  const { env, bin, cached } = machine();
  program(cached, VERSION);
  program(join(bin, 'temporal'), '#!/bin/sh\necho a calendar\n');
  expect(await find(env)).toBe(cached);
});

test('with nothing anywhere, one error within seconds names each thing tried and the ways out', async () => {
  const { env, cached } = machine();
  const lines: string[] = [];
  const started = Date.now();
  const error = await failure(find(env, undefined, lines));
  expect(Date.now() - started).toBeLessThan(15_000);
  expect(error.code).toBe('NO_TEMPORAL_SERVER');
  const tried = error.message.split('\n').slice(1, 6);
  expect(tried[1]).toBe('  - temporal on the PATH: not there');
  expect(tried[2]).toContain(cached);
  expect(tried[3]).toMatch(/^ {2}- the SDK's download: .*temporal\.download/);
  expect(tried[4]).toBe('  - go install: there is no go on the PATH');
  for (const way of ['TEMPORAL_CLI=', 'TEMPORAL_ADDRESS=', 'brew install temporal', 'https://go.dev/dl']) {
    expect(error.message).toContain(way);
  }
  expect(lines[0]).toContain('Downloading');
});

test('where the download fails and Go is there, the binary is built, said so, and kept for later starts', async () => {
  const { env, bin, cached } = machine();
  program(join(bin, 'go'), GO);
  const lines: string[] = [];
  expect(await find(env, undefined, lines)).toBe(cached);
  expect(lines.some((line) => line.includes('some minutes'))).toBe(true);
  expect(readdirSync(dirname(dirname(cached)))).toEqual([`temporal-${TEMPORAL_VERSION}`]);
  const later: string[] = [];
  expect(await find(env, undefined, later)).toBe(cached);
  expect(later).toEqual([]);
});

test('a failed build leaves nothing behind, and its last words are in the error', async () => {
  const { env, bin, cached } = machine();
  program(join(bin, 'go'), '#!/bin/sh\necho "no space left on device" >&2\nexit 1\n');
  const error = await failure(find(env));
  expect(error.code).toBe('NO_TEMPORAL_SERVER');
  expect(error.message).toContain('go install: no space left on device');
  expect(existsSync(cached)).toBe(false);
  expect(readdirSync(dirname(dirname(cached)))).toEqual([]);
});

test('XDG_CACHE_HOME says where the copy is kept', async () => {
  const { env } = machine();
  const cache = newFolder();
  const cached = program(join(cache, 'tocsin', `temporal-${TEMPORAL_VERSION}`, 'temporal'), VERSION);
  expect(await find({ ...env, XDG_CACHE_HOME: cache })).toBe(cached);
});

test('a link on the PATH to a binary elsewhere is followed', async () => {
  const { env, bin } = machine();
  symlinkSync(program(join(newFolder(), 'temporal'), VERSION), join(bin, 'temporal'));
  expect(await find(env)).toBe(join(bin, 'temporal'));
});
