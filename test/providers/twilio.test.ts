/** The stand-in for Twilio, driven by Twilio's own package: its client, its TwiML, its signature check. */
import twilio from 'twilio';
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import { startHttpServer } from '../support/httpServer.ts';
import type { HttpServer } from '../support/httpServer.ts';
import type { Twilio } from '../support/providers/twilio.ts';
import { encoded, signatureOf, startTwilio } from '../support/providers/twilio.ts';
import { phoneOf } from '../support/providers/twilioPhone.ts';
import { parseXml } from '../support/providers/xml.ts';

let standIn: Twilio;
let ours: HttpServer;
beforeAll(async () => {
  [standIn, ours] = await Promise.all([startTwilio(), startHttpServer()]);
  standIn.lead('https://tocsin.example.com', ours.url);
});
afterAll(() => Promise.all([standIn.stop(), ours.stop()]));

/** Twilio's client has no base address, but lets another one make its requests. */
function client(token = standIn.account.authToken) {
  const requests = new twilio.RequestClient();
  return twilio(standIn.account.accountSid, token, {
    autoRetry: false,
    httpClient: {
      request: (options) =>
        requests.request({ ...options, uri: options.uri.replace('https://api.twilio.com', standIn.server.url) }),
    } as InstanceType<typeof twilio.RequestClient>,
  });
}

const TWIML = '<Response><Say>hello</Say></Response>';
const call = (more: object = {}) =>
  client().calls.create({ to: '+8613800000001', from: standIn.number, twiml: TWIML, ...more });
const text = (more: object = {}) =>
  client().messages.create({ to: '+8613800000001', from: standIn.number, body: 'hello', ...more });

test('takes a call, and lists it by its numbers', async () => {
  const { sid, status, dateCreated } = await call({
    to: '+8613800000002',
    statusCallbackEvent: ['initiated', 'completed'],
  });
  expect(sid).toMatch(/^CA[0-9a-f]{32}$/);
  expect({ status, dateCreated }).toEqual({ status: 'queued', dateCreated: null });
  const { form } = standIn.calls.at(-1)!;
  expect(form['StatusCallbackEvent']).toEqual(['initiated', 'completed']);
  const found = await client().calls.list({ to: '+8613800000002', from: standIn.number });
  expect(found.map((each) => each.sid)).toEqual([sid]);
  expect(Math.abs(found[0]!.dateCreated.getTime() - Date.now())).toBeLessThan(60_000);
  expect(await client().calls.list({ to: '+8613800000003' })).toEqual([]);
  expect(await client().calls.list({ startTimeAfter: new Date(Date.now() + 600_000) })).toEqual([]);
});

test('takes a text message', async () => {
  const { sid, status, body } = await text();
  expect(sid).toMatch(/^SM[0-9a-f]{32}$/);
  expect({ status, body }).toEqual({ status: 'queued', body: 'hello' });
  expect((await text({ from: undefined, messagingServiceSid: `MG${'0'.repeat(32)}` })).messagingServiceSid).toBe(
    `MG${'0'.repeat(32)}`,
  );
});

test.each([
  ['a call to no number', 21211, () => call({ to: '13800000001' })],
  ['a call from another’s number', 21210, () => call({ from: '+15005550001' })],
  ['a call that says nothing', 21205, () => call({ twiml: undefined })],
  [
    'TwiML of 4,001 characters',
    21205,
    () => call({ twiml: TWIML.replace('hello', 'x'.repeat(4_001 - TWIML.length + 5)) }),
  ],
  ['a callback that is no address', 21609, () => call({ statusCallback: '/callbacks/twilio' })],
  ['a callback at a host with an underscore', 21609, () => text({ statusCallback: 'https://a_b.example/x' })],
  ['an event that there is not', 21626, () => call({ statusCallbackEvent: ['done'] })],
  ['601 seconds of ringing', 20001, () => call({ timeout: 601 })],
  ['a message to no number', 21211, () => text({ to: 'ana' })],
  ['a message from nobody', 21603, () => text({ from: undefined })],
  ['a message from another’s number', 21606, () => text({ from: '+15005550001' })],
  ['an empty message', 21602, () => text({ body: '' })],
  ['a message of 1,601 characters', 21617, () => text({ body: 'x'.repeat(1_601) })],
] as const)('refuses %s with %i', async (_what, code, doing) => {
  await expect(doing()).rejects.toMatchObject({
    status: 400,
    code,
    moreInfo: `https://www.twilio.com/docs/errors/${code}`,
  });
});

test('refuses another token, and another account', async () => {
  await expect(client('x'.repeat(32)).calls.list()).rejects.toMatchObject({ status: 401, code: 20003 });
});

test('fails as it is told to: by a code, by the network, and after it took the call', async () => {
  const before = standIn.calls.length;
  standIn.befall('Calls', { code: 20429, status: 429, headers: { 'retry-after': '3' } }, 'loseTheAnswer');
  await expect(call()).rejects.toMatchObject({ status: 429, code: 20429 });
  await expect(call()).rejects.toMatchObject({ code: 'ECONNRESET' });
  await call();
  expect(standIn.calls.length - before).toBe(2);
});

test('signs what it calls back with as Twilio’s own check demands, whatever the parameters', async () => {
  const form = { CallSid: 'CA1', Digits: '1', From: '+1', To: '+2' };
  // wire-formats §2e, computed by Twilio's package.
  expect(signatureOf('authtoken', 'https://ex.org/twilio/voice?x=1', form)).toBe('KJnnRdOpcqRz2AyzGF0BjJXbuoc=');
  const strange = { b: ['2', '1', '2'], a: '', Body: '磁盘 & <b> "x" + %25' };
  const url = 'https://tocsin.example.com/callbacks/twilio/x?y=1';
  await standIn.callBack(`${url}#rc=2`, strange);
  const { headers, body, path } = ours.requests.at(-1)!;
  expect(path).toBe('/callbacks/twilio/x?y=1');
  const sent = { AccountSid: standIn.account.accountSid, ApiVersion: '2010-04-01', ...strange };
  expect(body).toBe(encoded(sent));
  const signature = String(headers['x-twilio-signature']);
  expect(twilio.validateRequest(standIn.account.authToken, signature, url, sent)).toBe(true);
  expect(twilio.validateRequest(standIn.account.authToken, signature, url, { ...sent, a: 'y' })).toBe(false);
});

test('a phone hears what the package’s TwiML says, and tells the keys that are pressed', async () => {
  const twiml = new VoiceResponse();
  const gather = twiml.gather({
    input: ['dtmf'],
    numDigits: 1,
    action: 'https://tocsin.example.com/keys?round=1&x=2',
    actionOnEmptyResult: true,
  });
  gather.say({ language: 'zh-CN' }, '磁盘 <满> & "quoted"');
  await call({
    twiml: twiml.toString(),
    statusCallback: 'https://tocsin.example.com/status',
    statusCallbackEvent: ['answered'],
  });
  const phone = phoneOf(standIn, standIn.calls.at(-1)!);
  await phone.begin();
  await phone.answer();
  expect(phone.heard).toEqual([{ language: 'zh-CN', text: '磁盘 <满> & "quoted"' }]);
  ours.answer('/keys', {
    headers: { 'content-type': 'text/xml' },
    body: '<Response><Say>bye</Say><Hangup/></Response>',
  });
  await phone.press('4');
  expect([phone.last(), phone.over()]).toEqual(['bye', true]);
  const [status, keys] = ours.requests.slice(-2);
  expect(new URLSearchParams(status!.body).get('CallStatus')).toBe('in-progress');
  expect(keys!.path).toBe('/keys?round=1&x=2');
  expect(new URLSearchParams(keys!.body).get('Digits')).toBe('4');
});

test.each([
  '<Response><Say>a & b</Say></Response>',
  '<Response><Say>a < b</Say></Response>',
  '<Response><Say>a</Response></Say>',
  '<Response><Say>a</Say>',
  '<Response a="1" a="2"/>',
  '<Response a=1/>',
  '<Response/><Response/>',
  '<Response><Say>\u0007</Say></Response>',
  '<Response>&nbsp;</Response>',
  '<Response>&#0;</Response>',
  '<!DOCTYPE x><Response/>',
  'Response',
  '',
])('reads no XML that is not well-formed: %s', (document) => {
  expect(() => parseXml(document)).toThrow('not XML');
});
