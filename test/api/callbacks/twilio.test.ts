/** The door that only Twilio's own requests come through, with nothing behind it but what tells what came. */
import type { FastifyInstance } from 'fastify';
import { fastify } from 'fastify';
import { CALLBACK_ROUTE } from '../../../api/callbacks/callbackRoute.ts';
import type { TwilioForm } from '../../../api/callbacks/twilio.ts';
import { NOTHING, sendTwiml, signedByTwilio } from '../../../api/callbacks/twilio.ts';
import { seconds } from '../../../domain/duration.ts';
import type { Channels } from '../../../domain/channels.ts';
import type { Form } from '../../support/providers/twilio.ts';
import { encoded, signatureOf } from '../../support/providers/twilio.ts';
import { configured } from '../../activities/requests.ts';
import { OneIncident } from '../oneIncident.ts';
import { Life } from '../../support/life.ts';
import { configuration, level, person, policy } from '../../support/configurations.ts';

const PUBLIC_URL = 'https://tocsin.example.com/on-call/';
const ADDRESS = 'https://tocsin.example.com/on-call/door?round=1&x=%20';
const SID = `AC${'1'.repeat(32)}`;
const TOKEN = 'a token of the tests';
const VOICE = {
  provider: 'twilio',
  accountSid: SID,
  authToken: TOKEN,
  apiUrl: 'http://x',
  from: '+15005550006',
  ringFor: seconds(30),
} as const;

let channels: Channels;
let came: TwilioForm[];
let log: string;
let app: FastifyInstance;
beforeEach(async () => {
  channels = { voice: VOICE };
  came = [];
  log = '';
  app = fastify({ logger: { level: 'warn', stream: { write: (line: string) => void (log += line) } } });
  const life = new Life(configuration({ users: [person('ana')], policy: policy([level('user:ana', '5m')]) }));
  const deps = {
    configuration: () => configured(channels),
    publicUrl: PUBLIC_URL,
    secret: 's',
    incidents: new OneIncident(life),
  };
  await app.register(async (scope) => {
    signedByTwilio(scope, deps, ({ voice }) => voice);
    scope.post('/door', CALLBACK_ROUTE, async (request, reply) => {
      came.push(request.body as TwilioForm);
      return sendTwiml(reply, '<Response><Say>in</Say></Response>');
    });
  });
});
afterEach(() => app.close());

const FORM: Form = { AccountSid: SID, CallSid: 'CA1', Digits: '4', To: '+8613800000001' };
const ask = ({
  form = FORM,
  url = '/door?round=1&x=%20',
  signature = signatureOf(TOKEN, ADDRESS, form),
  type = 'application/x-www-form-urlencoded; charset=UTF-8',
  body = encoded(form),
}: {
  form?: Form;
  url?: string;
  signature?: string | null;
  type?: string;
  body?: string;
} = {}) =>
  app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': type, ...(signature === null ? {} : { 'x-twilio-signature': signature }) },
    payload: body,
  });

test('what the account signed comes in, and is answered as TwiML', async () => {
  const answer = await ask();
  expect([answer.statusCode, answer.headers['content-type'], answer.body]).toEqual([
    200,
    'text/xml; charset=utf-8',
    '<Response><Say>in</Say></Response>',
  ]);
  expect({ ...came[0] }).toEqual(FORM);
  expect(log).toBe('');
});

test.each([
  ['with a port', ADDRESS.replace('.com/', '.com:443/')],
  ['without', ADDRESS],
])('the address may have been signed %s', async (_how, address) => {
  expect((await ask({ signature: signatureOf(TOKEN, address, FORM) })).statusCode).toBe(200);
});

test('while a token is replaced, the other one signs as well', async () => {
  const signature = signatureOf('the next token', ADDRESS, FORM);
  expect((await ask({ signature })).statusCode).toBe(403);
  channels = { voice: { ...VOICE, secondaryAuthToken: 'the next token' } };
  expect((await ask({ signature })).statusCode).toBe(200);
  expect((await ask()).statusCode).toBe(200);
  expect((await ask({ signature: signatureOf('', ADDRESS, FORM) })).statusCode).toBe(403);
});

test('parameters that nobody knows, that repeat, are empty, or are named as members of objects are covered, and kept', async () => {
  const form = JSON.parse(
    `{"AccountSid":"${SID}","Tag":["b","a","b"],"Empty":"","__proto__":"x","constructor":"y","Body":"磁盘 & + %25"}`,
  ) as Form;
  expect((await ask({ form })).statusCode).toBe(200);
  expect(Object.entries(came[0]!)).toEqual(Object.entries(form));
});

const forged: [what: string, change: Parameters<typeof ask>[0]][] = [
  ['no signature', { signature: null }],
  ['an empty one', { signature: '' }],
  ['one under another token', { signature: signatureOf('another token', ADDRESS, FORM) }],
  ['one of another address', { signature: signatureOf(TOKEN, ADDRESS.replace('door', 'gate'), FORM) }],
  ['one of another host', { signature: signatureOf(TOKEN, ADDRESS.replace('tocsin.', 'evil.'), FORM) }],
  ['one of another scheme', { signature: signatureOf(TOKEN, ADDRESS.replace('https', 'http'), FORM) }],
  ['one without the query', { signature: signatureOf(TOKEN, ADDRESS.split('?')[0]!, FORM) }],
  ['one of another query', { url: '/door?round=2&x=%20' }],
  ['another value', { body: encoded({ ...FORM, Digits: '6' }) }],
  ['one parameter more', { body: encoded({ ...FORM, More: '1' }) }],
  ['one parameter less', { body: encoded({ AccountSid: SID, CallSid: 'CA1', To: '+8613800000001' }) }],
  ['a value twice over, one of them unsigned', { body: `${encoded(FORM)}&Digits=6` }],
  ['one in hexadecimal', { signature: Buffer.from(signatureOf(TOKEN, ADDRESS, FORM), 'base64').toString('hex') }],
  ['one with a tail', { signature: `${signatureOf(TOKEN, ADDRESS, FORM)}=` }],
  ['one cut short', { signature: signatureOf(TOKEN, ADDRESS, FORM).slice(0, -1) }],
];

test.each(forged)('%s: 403, and in the log without its secrets', async (_what, change) => {
  const answer = await ask(change);
  expect([answer.statusCode, answer.body, answer.headers['content-type']]).toEqual([
    403,
    NOTHING,
    'text/xml; charset=utf-8',
  ]);
  expect(came).toEqual([]);
  expect(JSON.parse(log)).toMatchObject({ level: 40, code: 'CALLBACK_REFUSED', why: expect.any(String) });
  expect(log).not.toContain(TOKEN);
});

test('another account of the same token, or none, or two: 403', async () => {
  for (const AccountSid of ['AC2', '', [SID, 'AC2']]) {
    expect((await ask({ form: { ...FORM, AccountSid } })).statusCode).toBe(403);
  }
  const { AccountSid: _none, ...rest } = FORM;
  expect((await ask({ form: rest })).statusCode).toBe(403);
  expect(came).toEqual([]);
});

test('another content type, no body, and a body without an end', async () => {
  expect((await ask({ type: 'application/json', body: '{}' })).statusCode).toBe(415);
  expect((await ask({ type: 'text/plain' })).statusCode).toBe(415);
  const bare = await app.inject({ method: 'POST', url: '/door', headers: { 'x-twilio-signature': 'x' } });
  expect(bare.statusCode).toBe(403);
  expect((await ask({ form: { ...FORM, Body: 'x'.repeat(70_000) } })).statusCode).toBe(413);
  expect(came).toEqual([]);
});

test('without the channel there is nothing here, whoever asks', async () => {
  channels = {};
  const nowhere = await app.inject({ method: 'POST', url: '/nowhere' });
  const answer = await ask();
  expect(answer.statusCode).toBe(404);
  expect(Object.keys(answer.json<object>())).toEqual(Object.keys(nowhere.json<object>()));
  expect(came).toEqual([]);
});
