/** A configuration that changes under a running process: on a real file system, in the ways in which files are really replaced. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveConfiguration, type LiveConfiguration, type Reload } from '../../config/live.ts';
import { changed, VALID } from './written.ts';

const WITHIN = 5_000;
const TWO_USERS = changed('users:', 'users:\n  - id: bob');
const BROKEN = changed('escalateAfter: 5m', 'escalateAfter: soon');

describe('a configuration that changes while it is used', () => {
  let folder: string;
  let live: LiveConfiguration;
  let told: Reload[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tocsin-live-'));
    told = [];
  });
  afterEach(() => {
    live.stop();
    rmSync(folder, { recursive: true });
  });

  const start = (path: string, env: Record<string, string> = {}): void => {
    live = liveConfiguration(path, env, (reload) => told.push(reload));
  };
  const at = (...names: string[]): string => join(folder, ...names);
  const users = (): readonly string[] => [...live.configuration().users.keys()];
  /** What is told next. */
  const next = async (): Promise<Reload> => {
    const until = Date.now() + WITHIN;
    while (told.length === 0) {
      if (Date.now() > until) throw new Error('nothing was told');
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return told.shift() as Reload;
  };

  it('takes effect, and is told in counts', async () => {
    writeFileSync(at('c.yaml'), VALID);
    start(at('c.yaml'));
    const before = live.configuration();
    writeFileSync(at('c.yaml'), TWO_USERS);
    const reload = await next();
    expect(reload).toEqual({
      outcome: 'loaded',
      version: live.configuration().version,
      changes: 'users: 1 added',
      warnings: [],
    });
    expect(users()).toEqual(['bob', 'ana']);
    expect([...before.users.keys()]).toEqual(['ana']);
    expect(before.version).not.toBe(live.configuration().version);
  });

  it('is refused where it is broken, with every error, and the last good one stays until it is mended', async () => {
    writeFileSync(at('c.yaml'), VALID);
    start(at('c.yaml'));
    const { version } = live.configuration();
    writeFileSync(at('c.yaml'), BROKEN.replace('source: guance', 'source: nowhere'));
    expect(await next()).toEqual({
      outcome: 'refused',
      version,
      errors: [
        `${at('c.yaml')}:8:24 escalationPolicies[0].levels[0].escalateAfter: expected a duration from 1s to 9000m, such as 90s, 5m or 1h30m, found "soon"`,
        expect.stringContaining(`${at('c.yaml')}:13:58 services[0].integrations[0].source:`),
      ],
    });
    expect(live.configuration().version).toBe(version);
    writeFileSync(at('c.yaml'), VALID);
    expect(await next()).toEqual({ outcome: 'unchanged', version, restored: true });
    writeFileSync(at('c.yaml'), TWO_USERS);
    expect(await next()).toMatchObject({ outcome: 'loaded' });
  });

  it('is seen where an editor renames a new file over it, again and again', async () => {
    writeFileSync(at('c.yaml'), VALID);
    start(at('c.yaml'));
    for (const text of [TWO_USERS, VALID, TWO_USERS]) {
      writeFileSync(at('.c.yaml.swp'), text);
      renameSync(at('.c.yaml.swp'), at('c.yaml'));
      expect(await next()).toMatchObject({ outcome: 'loaded' });
    }
    expect(users()).toEqual(['bob', 'ana']);
  });

  it('may vanish: the last good one stays, and it is found again, in a new folder too', async () => {
    mkdirSync(at('conf'));
    writeFileSync(at('conf', 'c.yaml'), VALID);
    start(at('conf', 'c.yaml'));
    rmSync(at('conf'), { recursive: true });
    expect(await next()).toMatchObject({ outcome: 'refused', errors: [expect.stringContaining('ENOENT')] });
    expect(users()).toEqual(['ana']);
    mkdirSync(at('conf'));
    writeFileSync(at('conf', 'c.yaml'), TWO_USERS);
    const found = await next();
    expect(found.outcome === 'refused' ? await next() : found).toMatchObject({ outcome: 'loaded' });
    renameSync(at('conf'), at('aside'));
    expect(await next()).toMatchObject({ outcome: 'refused' });
    renameSync(at('aside'), at('conf'));
    expect(await next()).toMatchObject({ outcome: 'unchanged', restored: true });
  });

  it('is a folder: a file more in it is part of it, and other files are not looked at', async () => {
    writeFileSync(at('a.yaml'), VALID);
    start(folder);
    writeFileSync(at('notes.txt'), 'nothing');
    writeFileSync(at('b.yaml'), 'users:\n  - id: bob\n');
    expect(await next()).toMatchObject({ outcome: 'loaded', changes: 'users: 1 added' });
    rmSync(at('b.yaml'));
    expect(await next()).toMatchObject({ outcome: 'loaded', changes: 'users: 1 removed' });
  });

  it.each(['the file', 'the folder'])(
    'is a Kubernetes ConfigMap, mounted as %s, whose ..data is swapped',
    async (as) => {
      const mount = (version: string, text: string): void => {
        mkdirSync(at(version));
        writeFileSync(at(version, 'c.yaml'), text);
        symlinkSync(version, at('..data_tmp'));
        renameSync(at('..data_tmp'), at('..data'));
      };
      mount('..2026_01', VALID);
      symlinkSync('..data/c.yaml', at('c.yaml'));
      start(as === 'the file' ? at('c.yaml') : folder);
      mount('..2026_02', TWO_USERS);
      rmSync(at('..2026_01'), { recursive: true });
      expect(await next()).toMatchObject({ outcome: 'loaded', changes: 'users: 1 added' });
      mount('..2026_03', VALID);
      expect(await next()).toMatchObject({ outcome: 'loaded', changes: 'users: 1 removed' });
    },
  );

  it('is reached by a link to a checkout, and the link is moved to the next one', async () => {
    for (const [checkout, text] of [
      ['one', VALID],
      ['two', TWO_USERS],
    ] as const) {
      mkdirSync(at(checkout, 'config'), { recursive: true });
      writeFileSync(at(checkout, 'config', 'c.yaml'), text);
    }
    symlinkSync('one', at('current'));
    start(at('current', 'config', 'c.yaml'));
    symlinkSync('two', at('moved'));
    renameSync(at('moved'), at('current'));
    expect(await next()).toMatchObject({ outcome: 'loaded' });
    writeFileSync(at('two', 'config', 'c.yaml'), VALID);
    expect(await next()).toMatchObject({ outcome: 'loaded', changes: 'users: 1 removed' });
  });

  it('is read again when it is asked for: a secret of a file takes effect, and no news is told as such', async () => {
    writeFileSync(at('c.yaml'), changed('0123456789abcdef0123456789abcdef', '"${KEY}"'));
    mkdirSync(at('secrets'));
    writeFileSync(at('secrets', 'key'), 'first-key-of-twenty-and-more\n');
    start(at('c.yaml'), { KEY_FILE: at('secrets', 'key') });
    const { version } = live.configuration();
    live.reload();
    expect(told.splice(0)).toEqual([{ outcome: 'unchanged', version, restored: false }]);
    writeFileSync(at('secrets', 'key'), 'second-key-of-twenty-and-more\n');
    live.reload();
    expect(told.splice(0)).toEqual([{ outcome: 'loaded', version, changes: 'integrations: 1 changed', warnings: [] }]);
    expect(live.configuration().integrations.get('shop-guance')?.key).toBe('second-key-of-twenty-and-more');
  });

  it('tells warnings, and a change of nothing but the text not at all', async () => {
    writeFileSync(at('c.yaml'), VALID);
    start(at('c.yaml'));
    writeFileSync(at('c.yaml'), `# a comment\n${VALID}`);
    await new Promise((resolve) => setTimeout(resolve, 400));
    writeFileSync(at('c.yaml'), changed('0123456789abcdef0123456789abcdef', 'weakkey1'));
    expect(await next()).toMatchObject({ outcome: 'loaded', warnings: [expect.stringContaining(':13:')] });
  });
});
