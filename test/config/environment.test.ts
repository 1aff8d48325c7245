import { join } from 'node:path';
import { readEnvironment } from '../../config/environment.ts';
import { TocsinError } from '../../domain/errors.ts';
import { withFiles } from './written.ts';

const SECRET = 'hunter2-hunter2';

function refused(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    readEnvironment(env);
  } catch (error) {
    if (!(error instanceof TocsinError) || error.code !== 'BAD_ENVIRONMENT') throw error;
    return error.message.split('\n');
  }
  throw new Error('nothing was refused');
}

test('everything has a default but secrets', () => {
  expect(readEnvironment({})).toEqual({
    host: '127.0.0.1',
    port: 8080,
    configPath: 'config/tocsin.yaml',
    dataDir: '.tocsin',
    publicUrl: 'http://127.0.0.1:8080',
    retention: 30 * 86_400_000,
    temporalPort: 7233,
    temporalUiPort: 8233,
  });
});

test('what is set is read', () => {
  const env = {
    HOST: '0.0.0.0',
    PORT: '0',
    TOCSIN_CONFIG: '/etc/tocsin',
    TOCSIN_DATA_DIR: '/var/lib/tocsin',
    TOCSIN_DATABASE_URL: 'postgresql://tocsin:p%40ss@db.example.com/tocsin?sslmode=require',
    TOCSIN_PUBLIC_URL: 'https://tocsin.example.com/base/',
    TOCSIN_API_TOKEN: 'a-token-of-mine',
    TOCSIN_SECRET: SECRET,
    TOCSIN_RETENTION: '7d',
    TOCSIN_DEADMAN_URL: 'https://hc-ping.com/some-id',
    TOCSIN_LOG_LEVEL: 'debug',
    TOCSIN_METRICS_PORT: '9464',
    TOCSIN_TEMPORAL_PORT: '17233',
    TOCSIN_TEMPORAL_UI_PORT: '18233',
    TEMPORAL_ADDRESS: 'temporal.example.com:7233',
    TEMPORAL_CLI: '/opt/temporal',
  };
  expect(readEnvironment(env)).toEqual({
    host: '0.0.0.0',
    port: 0,
    configPath: '/etc/tocsin',
    dataDir: '/var/lib/tocsin',
    databaseUrl: 'postgresql://tocsin:p%40ss@db.example.com/tocsin?sslmode=require',
    publicUrl: 'https://tocsin.example.com/base',
    apiToken: 'a-token-of-mine',
    secret: SECRET,
    retention: 7 * 86_400_000,
    deadmanUrl: 'https://hc-ping.com/some-id',
    logLevel: 'debug',
    metricsPort: 9464,
    temporalPort: 17_233,
    temporalUiPort: 18_233,
    temporalAddress: 'temporal.example.com:7233',
    temporalCli: '/opt/temporal',
  });
});

test('an empty value counts as not set', () => {
  expect(readEnvironment({ PORT: '', TOCSIN_SECRET: '', TOCSIN_DATABASE_URL: '' })).toEqual(readEnvironment({}));
});

test('links are made from host and port, an IPv6 address in brackets', () => {
  expect(readEnvironment({ HOST: '::1', PORT: '9000' }).publicUrl).toBe('http://[::1]:9000');
});

test('a secret may come from a file, less its final newline', () => {
  withFiles({ token: 'from-a-file\r\n', secret: `${SECRET}\n` }, (folder) => {
    const env = { TOCSIN_API_TOKEN_FILE: join(folder, 'token'), TOCSIN_SECRET_FILE: join(folder, 'secret') };
    expect(readEnvironment(env)).toMatchObject({ apiToken: 'from-a-file', secret: SECRET });
  });
});

const PORT = 'expected a port from';
const URL_EXPECTED = 'expected an address such as https://tocsin.example.com, without user, query or fragment, found';
const RETENTION = 'expected a duration of at least 1d, such as 30d, found';

test.each([
  ['HOST', 'http://x', 'expected an address or host name such as 127.0.0.1, without scheme and port, found "http://x"'],
  ['PORT', '65536', `${PORT} 0 to 65535, found "65536"`],
  ['PORT', 'http', `${PORT} 0 to 65535, found "http"`],
  ['PORT', '-1', `${PORT} 0 to 65535, found "-1"`],
  ['TOCSIN_TEMPORAL_PORT', '0', `${PORT} 1 to 65535, found "0"`],
  ['TOCSIN_TEMPORAL_UI_PORT', '8233x', `${PORT} 1 to 65535, found "8233x"`],
  ['TOCSIN_PUBLIC_URL', 'tocsin.example.com', `${URL_EXPECTED} "tocsin.example.com"`],
  ['TOCSIN_PUBLIC_URL', 'ftp://tocsin.example.com', `${URL_EXPECTED} "ftp://tocsin.example.com"`],
  ['TOCSIN_PUBLIC_URL', 'https://tocsin.example.com?a=b', `${URL_EXPECTED} "https://tocsin.example.com?a=b"`],
  ['TOCSIN_RETENTION', '23h', `${RETENTION} "23h"`],
  ['TOCSIN_RETENTION', 'long', `${RETENTION} "long"`],
  ['TEMPORAL_ADDRESS', 'localhost', 'expected a host and port such as localhost:7233, found "localhost"'],
  [
    'TOCSIN_DEADMAN_URL',
    'hc-ping.com/id',
    'expected an address such as https://hc-ping.com/<id>, found something else',
  ],
  ['TOCSIN_LOG_LEVEL', 'loud', 'expected trace, debug, info, warn, error, fatal, silent, found "loud"'],
  ['TOCSIN_METRICS_PORT', '0', `${PORT} 1 to 65535, found "0"`],
])('%s=%s stops the start with its name and what it should be', (name, value, expected) => {
  expect(refused({ [name]: value })).toEqual([`${name}: ${expected}`]);
});

test('all that is wrong is told at once', () => {
  expect(
    refused({ PORT: 'x', TOCSIN_RETENTION: 'y', TOCSIN_DATABASE_URL: 'z', TOCSIN_DEADMAN_URL: 'z' }).map(
      (line) => line.split(':')[0],
    ),
  ).toEqual(['PORT', 'TOCSIN_DATABASE_URL', 'TOCSIN_RETENTION', 'TOCSIN_DEADMAN_URL']);
});

test('a secret that is refused is not told', () => {
  expect(refused({ TOCSIN_API_TOKEN: 'hunter2 with space', TOCSIN_SECRET: 'hunter2' })).toEqual([
    'TOCSIN_API_TOKEN: expected at least 8 printable characters without spaces, found something else',
    'TOCSIN_SECRET: expected at least 8 characters; 32 random ones are good, found something else',
  ]);
});

test.each([
  'mysql://tocsin:hunter2@db/tocsin',
  'db.example.com:5432',
  'postgres://tocsin:hunter2@db:port/tocsin',
  'postgres://tocsin:hunter2%@db/tocsin',
])('%s is no address of a PostgreSQL database, and its password is not told', (address) => {
  expect(refused({ TOCSIN_DATABASE_URL: address })).toEqual([
    'TOCSIN_DATABASE_URL: expected an address such as postgres://user:password@host:5432/database, found something else',
  ]);
});

test('the address of the database may come from a file', () => {
  withFiles({ url: 'postgres://tocsin:hunter2@db/tocsin\n' }, (folder) => {
    expect(readEnvironment({ TOCSIN_DATABASE_URL_FILE: join(folder, 'url') }).databaseUrl).toBe(
      'postgres://tocsin:hunter2@db/tocsin',
    );
  });
});

test('a secret from a file that is not there, and from two places, is refused', () => {
  expect(refused({ TOCSIN_SECRET_FILE: '/nowhere/secret' })).toEqual([
    'TOCSIN_SECRET: the file that TOCSIN_SECRET_FILE names, /nowhere/secret, cannot be read (ENOENT)',
  ]);
  expect(refused({ TOCSIN_SECRET: SECRET, TOCSIN_SECRET_FILE: '/x' })).toEqual([
    'TOCSIN_SECRET: TOCSIN_SECRET and TOCSIN_SECRET_FILE are both set; unset one of them',
  ]);
});
