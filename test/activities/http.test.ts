/** What an attempt over HTTP comes to, against a real server that does what servers do. */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { call, CALL_TIMEOUT, readRetryAfter } from '../../activities/notify/http.ts';
import type { Call } from '../../activities/notify/http.ts';
import { retryable } from '../../activities/errors.ts';
import { days } from '../../domain/duration.ts';
import type { HttpReaction, HttpServer } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { failureOf } from './requests.ts';

let server: HttpServer;
beforeEach(async () => {
  server = await startHttpServer();
});
afterEach(() => server.stop());

const send = (more: Partial<Call> = {}) =>
  call({
    url: `${server.url}/hook?token=topsecret`,
    headers: { 'x-one': '1' },
    body: '{"a":"ö"}',
    allowPrivate: true,
    what: 'webhook bus',
    secrets: ['whsec_hidden'],
    timeout: 1_500,
    ...more,
  });
const failing = (reaction: HttpReaction, more: Partial<Call> = {}) => {
  server.answer('/hook', reaction);
  return failureOf(send(more));
};

test('an answer of 200 to 299 is a success, and is told', async () => {
  server.answer('/hook', { status: 202, body: 'noted\n' });
  expect(await send()).toEqual({ status: 202, body: 'noted\n', shown: 'noted' });
  expect(server.requests).toMatchObject([
    { method: 'POST', path: '/hook?token=topsecret', headers: { 'x-one': '1' }, body: '{"a":"ö"}' },
  ]);
});

test.each([400, 401, 403, 404, 405, 410, 413, 422])(
  '%i is terminal, and says what the provider said',
  async (status) => {
    const failure = await failing({ status, body: 'no such hook' });
    expect(failure).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED', after: undefined });
    expect(failure.detail).toBe(`webhook bus answered ${status}: no such hook`);
  },
);

test('what the provider itself means by a refusal counts, and where it has no word for it the status', async () => {
  const refusal: Call['refusal'] = ({ status, shown }, after) =>
    status === 401 ? retryable('PROVIDER_LOGIN_REFUSED', shown, after === undefined ? {} : { after }) : undefined;
  const reaction = { status: 401, headers: { 'retry-after': '7' }, body: 'wrong topsecret' };
  expect(await failing(reaction, { refusal })).toMatchObject({
    type: 'retryable',
    code: 'PROVIDER_LOGIN_REFUSED',
    detail: 'wrong ***',
    after: 7_000,
  });
  expect(await failing({ status: 403 }, { refusal })).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED' });
});

test.each([300, 301, 302, 303, 304, 307, 308])('%i is terminal, says so, and is not followed', async (status) => {
  const failure = await failing({ status, headers: { location: '/elsewhere' } });
  expect(failure).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED' });
  expect(failure.detail).toContain('redirects are not followed');
  expect(server.requests).toHaveLength(1);
});

test.each([408, 425, 429, 500, 501, 502, 503, 504, 599])('%i is retryable', async (status) => {
  expect(await failing({ status })).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY', after: undefined });
});

test.each([429, 503, 500])('%i with Retry-After is retryable after that', async (status) => {
  expect(await failing({ status, headers: { 'retry-after': '7' } })).toMatchObject({ after: 7_000 });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-12-01T10:00:00Z');
  test.each([
    ['0', 0],
    ['2', 2_000],
    ['120', 120_000],
    ['9'.repeat(400), days(1)],
    ['Tue, 01 Dec 2026 10:00:30 GMT', 30_000],
    ['Tue, 01 Dec 2026 09:00:00 GMT', 0],
    ['Thu, 01 Dec 2099 09:00:00 GMT', days(1)],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    ['2026-12-01T10:00:30Z', undefined],
    ['Tue, 99 Dec 2026 10:00:30 GMT', undefined],
    [['1', '2'], undefined],
  ])('%s', (value, expected) => expect(readRetryAfter(value, now)).toBe(expected));
});

test('a refused connection is retryable: nothing was sent', async () => {
  const { port } = server;
  await server.stop();
  const failure = await failureOf(send({ url: `http://127.0.0.1:${port}/hook?token=topsecret` }));
  expect(failure).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
  expect(failure.detail).toContain('ECONNREFUSED');
  server = await startHttpServer();
});

test.each(['http://hook.invalid/', 'https://hook.invalid/'])('a name that is none is retryable (%s)', async (url) => {
  expect(await failureOf(send({ url }))).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
});

test('TLS that does not come about is retryable: nothing was sent', async () => {
  const url = server.url.replace('http:', 'https:');
  expect(await failureOf(send({ url }))).toMatchObject({ type: 'retryable', code: 'PROVIDER_UNREACHABLE' });
  expect(server.requests).toHaveLength(0);
});

test('a connection lost before the answer is unknown: the provider may have it, and here it does', async () => {
  expect(await failing({ instead: 'reset' })).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
  expect(server.requests).toHaveLength(1);
});

test('no answer in time is unknown, and the attempt ends by itself', async () => {
  const begun = Date.now();
  const failure = await failing({ instead: 'hang' });
  expect(failure).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
  expect(failure.detail).toContain('no answer within 1500 ms');
  expect(Date.now() - begun).toBeLessThan(5_000);
});

test('what answers but does not speak HTTP is unknown', async () => {
  const other = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .resume()
      .end('220 mail.example.com ESMTP\r\n'),
  );
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/`;
    expect(await failureOf(send({ url }))).toMatchObject({ type: 'unknown', code: 'PROVIDER_SILENT' });
  } finally {
    await new Promise((resolve) => other.close(resolve));
  }
});

test.each(['trickle', 'cutOff'] as const)(
  'the status counts where the body does not end well (%s)',
  async (instead) => {
    server.answer('/hook', { status: 200, instead });
    expect(await send()).toMatchObject({ status: 200, body: null, shown: '' });
    expect(await failing({ status: 404, instead })).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED' });
  },
);

test('a huge answer is read to its bound, and told in 300 characters', async () => {
  server.answer('/hook', { body: `begin ${'x'.repeat(1_000_000)}` });
  const { body, shown } = await send({ timeout: 3_000 });
  expect(Buffer.byteLength(body ?? '')).toBe(65_536);
  expect(Array.from(shown)).toHaveLength(300);
  expect(shown).toMatch(/^begin x+…$/);
});

test('the address, its parameters and the secrets are kept out of what is told', async () => {
  const body = `you called ${server.url}/hook?token=topsecret (/hook?token=topsecret, topsecret) with whsec_hidden`;
  server.answer('/hook', { body });
  expect((await send()).shown).toBe('you called *** (***, ***) with ***');
  expect((await failing({ status: 400, body })).detail).toBe(
    'webhook bus answered 400: you called *** (***, ***) with ***',
  );
});

test('each request has a connection of its own', async () => {
  await send();
  await send();
  expect(server.connections()).toBe(2);
});

test('a slow server holds up nobody who calls another', async () => {
  server.answer('/hook/slow', { instead: 'hang' });
  const slow = Array.from({ length: 20 }, () => failureOf(send({ url: `${server.url}/hook/slow`, timeout: 3_000 })));
  await server.waitFor('/hook/slow', 20);
  expect((await send()).status).toBe(200);
  await server.stop();
  for (const failure of await Promise.all(slow)) expect(failure).toMatchObject({ type: 'unknown' });
  server = await startHttpServer();
});

test('without a limit given an attempt ends before its start-to-close timeout of 10 s', () => {
  expect(CALL_TIMEOUT).toBeLessThan(9_000);
});

test('an endpoint that does not answer takes a hundred requests at once, and the rest is told to come later', async () => {
  server.answer('/hook', { instead: 'hang' });
  const waiting = Array.from({ length: 100 }, () => failureOf(send({ timeout: 2_000 })));
  expect(await failureOf(send())).toMatchObject({ type: 'retryable', code: 'PROVIDER_BUSY' });
  server.answer('/other', { status: 204 });
  expect(await send({ url: `${server.url}/other` })).toMatchObject({ status: 204 });
  expect(new Set((await Promise.all(waiting)).map(({ code }) => code))).toEqual(new Set(['PROVIDER_SILENT']));
  expect(await failureOf(send({ timeout: 200 }))).toMatchObject({ code: 'PROVIDER_SILENT' });
});
