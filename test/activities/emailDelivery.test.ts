/** What an attempt by e-mail comes to, against a real SMTP server that does what servers do. */
import { NO_STORE } from '../support/noStore.ts';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { emailChannel } from '../../activities/notify/email.ts';
import type { Channels } from '../../domain/channels.ts';
import type { SmtpServer } from '../support/smtpServer.ts';
import { startSmtpServer } from '../support/smtpServer.ts';
import { PUBLIC_URL, SECRET, configured, failureOf, requestWith } from './requests.ts';

const FROM = 'Tocsin <alerts@example.com>';
let server: SmtpServer;

beforeEach(async () => {
  server = await startSmtpServer();
});
afterEach(() => server.stop());

function notifier(email: NonNullable<Channels['email']> = { smtp: server.url, from: FROM }, timeout = 3_000) {
  return emailChannel({
    configuration: () => configured({ email }),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
    timeout,
  }).notify;
}

test('an accepted message arrives once, and the receipt names its Message-ID and what the server said', async () => {
  const receipt = await notifier()(requestWith());
  const [mail] = await server.waitFor(1);
  expect(mail).toMatchObject({
    to: 'ana@example.com',
    toName: 'Ana Wei',
    from: 'alerts@example.com',
    recipients: ['ana@example.com'],
  });
  expect(receipt.providerId).toBe(mail?.messageId);
  expect(receipt.detail).toMatch(/^250 /);
  expect(server.mails).toHaveLength(1);
});

test('an address refused for good is terminal, and no message is handed over', async () => {
  server.at('recipient', { answer: { code: 550, text: 'no such user ana@example.com' } });
  const failure = await failureOf(notifier()(requestWith()));
  expect(failure).toMatchObject({ type: 'terminal', code: 'ADDRESS_REFUSED', nonRetryable: true });
  expect(failure.detail).toContain('no such user');
  expect(failure.detail).not.toContain('ana@example.com');
  expect(server.mails).toHaveLength(0);
});

test.each(['sender', 'message'] as const)(
  'a message refused for good at %s is terminal, but not the address',
  async (stage) => {
    server.at(stage, { answer: { code: 554, text: 'refused by policy' } });
    expect(await failureOf(notifier()(requestWith()))).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED' });
    expect(server.mails).toHaveLength(0);
  },
);

test.each(['connect', 'sender', 'recipient', 'message'] as const)('"try later" at %s is retryable', async (stage) => {
  server.at(stage, { answer: { code: stage === 'connect' ? 421 : 451, text: 'try again later' } });
  const failure = await failureOf(notifier()(requestWith()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY', nonRetryable: true });
  expect(failure.detail).toContain('try again later');
});

test('a server that wants none of us is retryable: that says nothing about the address', async () => {
  server.at('connect', { answer: { code: 554, text: 'no service for you' } });
  expect(await failureOf(notifier()(requestWith()))).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
});

test('refused connections are retryable, and the next attempt goes through once the server is back', async () => {
  const notify = notifier();
  await server.refuse();
  const failure = await failureOf(notify(requestWith()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
  expect(failure.detail).toMatch(/127\.0\.0\.1:\d+: .*ECONNREFUSED/);
  await server.listen();
  await notify(requestWith());
  expect(server.mails).toHaveLength(1);
});

test('a name that does not resolve is retryable', async () => {
  const notify = notifier({ smtp: 'smtp://mail.invalid:2525', from: FROM });
  expect(await failureOf(notify(requestWith()))).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
});

test.each(['connect', 'sender', 'recipient'] as const)(
  'a connection lost at %s is retryable: the message was not handed over',
  async (stage) => {
    server.at(stage, { drop: true });
    expect(await failureOf(notifier()(requestWith()))).toMatchObject({
      type: 'retryable',
      code: 'PROVIDER_UNREACHABLE',
    });
    expect(server.mails).toHaveLength(0);
  },
);

test('a connection lost between the message and its answer is unknown: the server may hold it, and here it does', async () => {
  server.at('message', { drop: true });
  expect(await failureOf(notifier()(requestWith()))).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
  expect(server.mails).toHaveLength(1);
});

test('no answer to the message in time is unknown, and the attempt ends by itself', async () => {
  server.at('message', { hold: 5_000 });
  const begun = Date.now();
  expect(await failureOf(notifier(undefined, 500)(requestWith()))).toMatchObject({
    type: 'unknown',
    code: 'PROVIDER_SILENT',
  });
  expect(Date.now() - begun).toBeLessThan(4_500);
});

test.each(['connect', 'sender', 'recipient'] as const)('no answer in time at %s is retryable', async (stage) => {
  server.at(stage, { hold: 5_000 });
  const begun = Date.now();
  const failure = await failureOf(notifier(undefined, 500)(requestWith()));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
  expect(Date.now() - begun).toBeLessThan(4_500);
});

test('answers that trickle in keep no attempt alive beyond its time', async () => {
  for (const stage of ['connect', 'sender', 'recipient', 'message'] as const) server.at(stage, { hold: 500 });
  const begun = Date.now();
  await failureOf(notifier(undefined, 600)(requestWith()));
  expect(Date.now() - begun).toBeLessThan(1_900);
});

test('without a limit given, an attempt ends within 9 s: before its start-to-close timeout of 10 s', async () => {
  server.at('connect', { hold: 12_000 });
  const smtp = { email: { smtp: server.url, from: FROM } };
  const { notify } = emailChannel({
    configuration: () => configured(smtp),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
  });
  const begun = Date.now();
  expect(await failureOf(notify(requestWith()))).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
  expect(Date.now() - begun).toBeLessThan(9_000);
});

test('what answers but does not speak SMTP is retryable', async () => {
  const web = createServer((socket) => socket.on('error', () => undefined).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  try {
    const notify = notifier({ smtp: `smtp://127.0.0.1:${(web.address() as AddressInfo).port}`, from: FROM });
    expect(await failureOf(notify(requestWith()))).toMatchObject({ type: 'retryable' });
  } finally {
    await new Promise((resolve) => web.close(resolve));
  }
});

test('a contact method, or a user, that is no longer configured is terminal', async () => {
  const notify = notifier();
  for (const gone of [{ user: 'bob' }, { contact: 'other' }, { contact: 'term' }]) {
    expect(await failureOf(notify(requestWith({}, gone)))).toMatchObject({ type: 'terminal', code: 'CONTACT_GONE' });
  }
  expect(server.sessions()).toBe(0);
});

test('a channel that is not configured is terminal', async () => {
  const { notify } = emailChannel({
    configuration: () => configured(),
    secret: SECRET,
    store: NO_STORE,
    publicUrl: PUBLIC_URL,
  });
  expect(await failureOf(notify(requestWith()))).toMatchObject({ type: 'terminal', code: 'CHANNEL_NOT_CONFIGURED' });
});

test('a configuration that is reloaded counts for the next attempt', async () => {
  const other = await startSmtpServer();
  try {
    let smtp = server.url;
    const { notify } = emailChannel({
      configuration: () => configured({ email: { smtp, from: FROM } }),
      secret: SECRET,
      store: NO_STORE,
      publicUrl: PUBLIC_URL,
    });
    await notify(requestWith());
    smtp = other.url;
    await notify(requestWith());
    expect([server.mails.length, other.mails.length]).toEqual([1, 1]);
  } finally {
    await other.stop();
  }
});

describe('with a login', () => {
  const login = { user: 'tocsin', pass: 'p@ss/w:örd' };
  let guarded: SmtpServer;
  beforeEach(async () => {
    guarded = await startSmtpServer({ login });
  });
  afterEach(() => guarded.stop());

  test('the user and password of the URL log in, whatever characters they have', async () => {
    await notifier({ smtp: guarded.url, from: FROM })(requestWith());
    expect(guarded.mails).toHaveLength(1);
  });

  test('a refused login is retryable: the operator can put it right while the incident is open', async () => {
    const wrong = guarded.url.replace(encodeURIComponent(login.pass), 'expired-password');
    const failure = await failureOf(notifier({ smtp: wrong, from: FROM })(requestWith()));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_LOGIN_REFUSED' });
    expect(failure.detail).toContain('channels.email.smtp');
  });

  test('no login where one is demanded is the same', async () => {
    const without = guarded.url.replace(/\/\/.*@/, '//');
    const failure = await failureOf(notifier({ smtp: without, from: FROM })(requestWith()));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_LOGIN_REFUSED' });
  });

  test('a login that is refused for now is retryable as busy', async () => {
    guarded.at('login', { answer: { code: 454, text: 'temporary authentication failure' } });
    const failure = await failureOf(notifier({ smtp: guarded.url, from: FROM })(requestWith()));
    expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY' });
  });

  test('a password that the server echoes, as it is or as it went over the wire, is kept out of the failure', async () => {
    const wire = Buffer.from(`\0${login.user}\0${login.pass}`).toString('base64');
    guarded.at('login', { answer: { code: 535, text: `bad login ${login.pass} ${wire}` } });
    const { detail } = await failureOf(notifier({ smtp: guarded.url, from: FROM })(requestWith()));
    expect(detail).toContain('bad login *** ***');
  });
});

test('smtps works', async () => {
  const secure = await startSmtpServer({ secure: true, login: { user: 'tocsin', pass: 'pass' } });
  try {
    await notifier({ smtp: secure.url, from: FROM })(requestWith());
    expect(secure.mails).toHaveLength(1);
  } finally {
    await secure.stop();
  }
});
