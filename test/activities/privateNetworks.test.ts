/** A webhook reaches public addresses only, however the other ones are written, unless its endpoint may be private. */
import { hostname } from 'node:os';
import type { LookupFunction } from 'node:net';
import { Client } from 'undici';
import { call } from '../../activities/notify/http.ts';
import { isPublic, publicConnector } from '../../network/privateNetworks.ts';
import type { HttpServer } from '../support/httpServer.ts';
import { startHttpServer } from '../support/httpServer.ts';
import { failureOf } from './requests.ts';

let canary: HttpServer;
beforeAll(async () => {
  canary = await startHttpServer();
});
afterAll(() => canary.stop());

const send = (host: string, allowPrivate = false) =>
  call({
    url: `http://${host}:${canary.port}/hook`,
    headers: {},
    body: '{}',
    allowPrivate,
    what: 'webhook bus',
    secrets: [],
    timeout: 2_000,
  });

const LOOPBACK = [
  '127.0.0.1',
  '127.1',
  '127.0.1.1',
  '127.255.255.254',
  '0x7f.1',
  '0x7f000001',
  '0x7f.0x0.0x0.0x1',
  '2130706433',
  '017700000001',
  '0177.0.0.1',
  '127.0.0.1.',
  '１２７.0.0.1',
  '127。0。0。1',
  'localhost',
  'LOCALHOST',
  'ⓛocalhost',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '0.0.0.0',
  '0',
  '[::]',
];

const OTHERS = [
  '10.0.0.1',
  '10.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '3232235777',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '[::ffff:169.254.169.254]',
  '100.64.0.1',
  '100.100.100.200',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.250',
  '240.0.0.1',
  '255.255.255.255',
  '[64:ff9b::7f00:1]',
  '[64:ff9b::169.254.169.254]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2001::1]',
  '[2001:db8::1]',
  '[3fff::1]',
  '[::ffff:0:7f00:1]',
  '[100::1]',
  '[fc00::1]',
  '[fd00::1]',
  '[fd00:ec2::254]',
  '[fe80::1]',
  '[fec0::1]',
  '[ff02::1]',
  '[5f00::1]',
];

test.each([...LOOPBACK, ...OTHERS])('%s is refused before anything is connected to', async (host) => {
  const failure = await failureOf(send(host));
  expect(failure).toMatchObject({ type: 'terminal', code: 'ADDRESS_PRIVATE' });
  expect(failure.detail).toContain('allowPrivate: true');
  expect(canary.connections()).toBe(0);
});

test("this machine's own name is refused for the address it stands for, which is named", async () => {
  const { detail } = await failureOf(send(hostname()));
  expect(detail).toMatch(/is [0-9a-f:.]+: not a public address/);
  expect(canary.connections()).toBe(0);
});

test('a user and password before an address hide nothing', async () => {
  expect(await failureOf(send('example.com@127.0.0.1'))).toMatchObject({ code: 'ADDRESS_PRIVATE' });
});

test.each(['8.8.8.8', '1.1.1.1', '93.184.216.34', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111'])(
  '%s is public',
  (address) => expect(isPublic(address)).toBe(true),
);

test.each(['', 'example.com', '127.0.0.1/8'])('%s is no address, and so not a public one', (text) =>
  expect(isPublic(text)).toBe(false),
);

describe('a name', () => {
  /** A name server that gives these addresses, one answer after the other. */
  function nameServer(...answers: readonly string[][]) {
    const asked: string[] = [];
    const lookup: LookupFunction = (host, _options, done) => {
      const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
      asked.push(host);
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };
    return { asked, lookup };
  }

  async function call(lookup: LookupFunction): Promise<unknown> {
    const client = new Client(`http://rebound.example:${canary.port}`, {
      connect: publicConnector({ timeout: 300 }, lookup),
    });
    try {
      return await client.request({ method: 'POST', path: '/', body: '{}', signal: AbortSignal.timeout(300) });
    } finally {
      void client.destroy();
    }
  }

  test('with one address that is not public is refused, whatever the others are', async () => {
    const { lookup } = nameServer(['93.184.216.34', '127.0.0.1']);
    await expect(call(lookup)).rejects.toMatchObject({ code: 'ADDRESS_PRIVATE' });
    expect(canary.connections()).toBe(0);
  });

  test('that is public at the first look and private at the next is looked at once a connection', async () => {
    const { asked, lookup } = nameServer(['192.0.2.1'], ['127.0.0.1']);
    await expect(call(lookup)).rejects.toMatchObject({ code: 'ADDRESS_PRIVATE' });
    expect(asked).toEqual(['rebound.example']);
    expect(canary.connections()).toBe(0);
  });

  test('without an address is not connected to', async () => {
    await expect(call(nameServer([]).lookup)).rejects.toThrow('rebound.example has no address');
  });
});

test('an endpoint that may be private is connected to', async () => {
  expect((await send('localhost', true)).status).toBe(200);
  expect((await send('127.0.0.1', true)).status).toBe(200);
  expect(canary.requests).toHaveLength(2);
});

test('a redirect into a private network is not followed', async () => {
  canary.answer('/hook', { status: 307, headers: { location: `http://127.0.0.1:${canary.port}/inside` } });
  const failure = await failureOf(send('127.0.0.1', true));
  expect(failure).toMatchObject({ type: 'terminal', code: 'PROVIDER_REFUSED' });
  expect(canary.requests.map(({ path }) => path)).not.toContain('/inside');
});
