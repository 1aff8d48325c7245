/** E-mail over TLS: a certificate that is verified, a login that nobody reads on the way. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { emailChannel } from '../../activities/notify/email.ts';
import { createAuthority } from '../support/certificates.ts';
import { NO_STORE } from '../support/noStore.ts';
import type { SmtpServer, SmtpServerOptions } from '../support/smtpServer.ts';
import { startSmtpServer } from '../support/smtpServer.ts';
import { configured, failureOf, PUBLIC_URL, requestWith, SECRET } from './requests.ts';

const authority = createAuthority();
const login = { user: 'tocsin', pass: 'p@ss/w:örd' };
const running: SmtpServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function started(options: SmtpServerOptions): Promise<SmtpServer> {
  const server = await startSmtpServer(options);
  running.push(server);
  return server;
}

/** `trusting`: the authorities, in place of those that Node brings along. */
const send = (url: string, trusting?: string) => {
  const { notify } = emailChannel({
    configuration: () =>
      configured({
        email: {
          smtp: trusting === undefined ? url : `${url}?tls.ca=${encodeURIComponent(trusting)}`,
          from: 'Tocsin <alerts@example.com>',
        },
      }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
    timeout: 5_000,
  });
  return notify(requestWith());
};

describe.each([
  ['smtps', { secure: true }],
  ['STARTTLS', { startTls: true }],
] as const)('%s', (_kind, options) => {
  test('a login goes over TLS, to a server with a certificate of an authority that is trusted', async () => {
    const server = await started({ ...options, login, certificate: authority.issue({ ip: '127.0.0.1' }) });
    expect((await send(server.url, authority.ca)).detail).toMatch(/^250 /);
    expect(server.mails).toHaveLength(1);
    expect(server.logins).toEqual([{ secure: true }]);
  });

  test.each([
    [
      'of an authority that nobody trusts',
      () => authority.issue({ ip: '127.0.0.1' }),
      createAuthority().ca,
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      'that is of another name',
      () => authority.issue({ name: 'other.example.com' }),
      authority.ca,
      /does not match certificate's altnames/,
    ],
    [
      'that is of another address',
      () => authority.issue({ ip: '127.0.0.2' }),
      authority.ca,
      /does not match certificate's altnames/,
    ],
    [
      'that is out of date',
      () => authority.issue({ ip: '127.0.0.1' }, { expired: true }),
      authority.ca,
      /certificate has expired/,
    ],
  ])('a certificate %s is refused, and nothing is told there', async (_name, issue, trusted, why) => {
    const server = await started({ ...options, login, certificate: issue() });
    const failure = await failureOf(send(server.url, trusted));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
    expect(failure.detail).toMatch(why);
    expect([server.mails.length, server.logins.length]).toEqual([0, 0]);
  });

  test('the certificate that a server made for itself is refused', async () => {
    const server = await started({ ...options, login });
    const failure = await failureOf(send(server.url.replace(/\?.*/, '')));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
    expect(server.logins).toEqual([]);
  });
});

describe('a server that offers no TLS', () => {
  /** Loopback too, but for Tocsin an address like any other. */
  const elsewhere = ({ url }: SmtpServer): string => url.replace('127.0.0.1', '0.0.0.0');

  test('gets no password, unless it is on this machine, or the address says that it may', async () => {
    const server = await started({ login });
    const failure = await failureOf(send(elsewhere(server)));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
    expect(failure.detail).toContain('a password is sent over TLS alone');
    expect(server.logins).toEqual([]);
    await send(`${elsewhere(server)}?ignoreTLS=true`);
    await send(server.url);
    expect(server.logins).toEqual([{ secure: false }, { secure: false }]);
  });

  test('is no server of smtps, which gets the password whatever its address', async () => {
    const server = await started({ secure: true, login, certificate: authority.issue({ ip: '0.0.0.0' }) });
    await send(elsewhere(server), authority.ca);
    expect(server.logins).toEqual([{ secure: true }]);
  });

  test('gets e-mail without a login', async () => {
    const server = await started({});
    await send(elsewhere(server));
    expect(server.mails).toHaveLength(1);
  });
});

test('an authority of one’s own is trusted by NODE_EXTRA_CA_CERTS', async () => {
  const server = await started({ secure: true, login, certificate: authority.issue({ ip: '127.0.0.1' }) });
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-ca-'));
  try {
    writeFileSync(join(folder, 'ca.pem'), authority.ca);
    const run = async (env: Record<string, string>): Promise<string> => {
      const script = new URL('../support/deliverOnce.ts', import.meta.url).pathname;
      const { PATH = '' } = process.env;
      const args = ['--import', 'tsx', script, server.url];
      return (await promisify(execFile)(process.execPath, args, { env: { PATH, ...env } })).stdout;
    };
    expect(await run({})).toMatch(/NODE_EXTRA_CA_CERTS/);
    expect(await run({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') })).toMatch(/^250 /);
    expect(server.mails).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
