/** The commands that do one thing and end: what they print, where, and with which code. */
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { configurationJsonSchema } from '../../config/jsonSchema.ts';
import { loadConfiguration } from '../../config/load.ts';
import { changed, VALID } from '../config/written.ts';
import { newFolder } from './support.ts';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const tocsin = async (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((resolve) => {
    const { PATH, HOME } = process.env;
    execFile(process.execPath, ['cli/tocsin.mjs', ...args], { env: { PATH, HOME, ...env } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });

function written(text: string): string {
  const file = join(newFolder(), 'c.yaml');
  writeFileSync(file, text);
  return file;
}

describe('tocsin validate', () => {
  test('says that a configuration is valid, with its warnings, and ends with 0', async () => {
    const file = written(changed('0123456789abcdef0123456789abcdef', 'weakkey1'));
    const { code, out } = await tocsin(['validate', file]);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Warning: ${file}:13:16 .*could be guessed.*\n${file} is valid.\n$`));
  });

  test('prints all errors of the one that TOCSIN_CONFIG names, and ends with 1', async () => {
    const file = written(changed('escalateAfter: 5m', 'escalateAfter: soon').replace('user:ana', 'user:nobody'));
    const { code, out } = await tocsin(['validate'], { TOCSIN_CONFIG: file });
    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      expect.stringContaining(`${file}:7:19 escalationPolicies[0].levels[0].targets[0]:`),
      expect.stringContaining(`${file}:8:24 escalationPolicies[0].levels[0].escalateAfter:`),
      `${file} is not valid: 2 errors.`,
      '',
    ]);
  });

  test('speaks JSON to programs', async () => {
    const file = written(VALID);
    const { version } = loadConfiguration(file, {}).configuration;
    const good = await tocsin(['validate', '--json', file]);
    expect([good.code, JSON.parse(good.out)]).toEqual([0, { valid: true, version, errors: [], warnings: [] }]);
    const bad = await tocsin(['validate', '--json', `${file}.none`]);
    expect([bad.code, JSON.parse(bad.out)]).toEqual([
      1,
      { valid: false, errors: [expect.stringContaining('cannot be read (ENOENT)')], warnings: [] },
    ]);
  });
});

test('tocsin schema prints the JSON Schema', async () => {
  const { code, out } = await tocsin(['schema']);
  expect([code, JSON.parse(out)]).toEqual([0, configurationJsonSchema()]);
});

describe('tocsin token create', () => {
  const file = (): string => written(VALID);

  test('shows a random token once, and a line for the configuration that has only its hash', async () => {
    const path = file();
    const runs = await Promise.all(
      [0, 1].map(async () =>
        tocsin(['token', 'create', '--user', 'ana', '--role', 'observer'], { TOCSIN_CONFIG: path }),
      ),
    );
    const tokens = runs.map(({ out }) => /^ {2}(tocsin_[A-Za-z0-9_-]{43})$/m.exec(out)?.[1] ?? '');
    expect(new Set(tokens).size).toBe(2);
    const [{ code, out } = { code: 1, out: '' }] = runs;
    expect(code).toBe(0);
    const yaml = out.slice(out.indexOf('tokens:'), out.indexOf('\n\nIt is good'));
    const hash = createHash('sha256')
      .update(tokens[0] ?? '')
      .digest('hex');
    expect(parse(yaml)).toEqual({
      tokens: [{ id: 'ana-cli', hash: `sha256:${hash}`, role: 'observer', user: 'ana' }],
    });
    expect(yaml).not.toContain(tokens[0]);
    const { tokens: loaded } = loadConfiguration(written(`${VALID}${yaml}\n`), {}).configuration;
    expect(loaded).toEqual([{ id: 'ana-cli', sha256: hash, role: 'observer', user: 'ana', mayActAs: false }]);
  });

  test('may be of no user, and act as any', async () => {
    const { code, out } = await tocsin(['token', 'create', '--id', 'grafana', '--may-act-as'], {
      TOCSIN_CONFIG: file(),
    });
    expect(code).toBe(0);
    expect(out).toMatch(/- \{ id: "grafana", hash: "sha256:[0-9a-f]{64}", role: responder, mayActAs: true \}/);
  });

  test.each([
    [['--user', 'nobody'], VALID, 'UNKNOWN_USER', 'nobody is not among the configuration'],
    [['--id', 'two words'], VALID, 'BAD_REQUEST', 'found "two words"'],
    [[], VALID, 'BAD_REQUEST', 'say whose it is, --user <id>'],
    [
      ['--user', 'ana'],
      `${VALID}tokens: [{ id: ana-cli, hash: "sha256:${'0'.repeat(64)}" }]\n`,
      'BAD_CONFIGURATION',
      'has a token ana-cli',
    ],
  ])('is refused with 1 and no token: %j', async (args, text, errorCode, detail) => {
    const { code, out, err } = await tocsin(['token', 'create', ...args], { TOCSIN_CONFIG: written(text) });
    expect(code).toBe(1);
    expect(err).toContain(`(${errorCode})`);
    expect(err).toContain(detail);
    expect(out).toBe('');
  });

  test('is made where the configuration cannot be loaded, and says what was not checked', async () => {
    const { code, out, err } = await tocsin(['token', 'create', '--user', 'ana'], { TOCSIN_CONFIG: '/nowhere.yaml' });
    expect(code).toBe(0);
    expect(out).toContain('user: "ana"');
    expect(err).toContain('are not checked');
  });
});
