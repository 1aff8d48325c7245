/** What is configured of calls, and who is called. */
import { changed, errorsOf, load, section } from './written.ts';
import type { Case } from './written.ts';

const voice = (fields: string): [string, string] => section(`channels: { voice: { ${fields} } }`);
const TWILIO = 'provider: twilio, accountSid: AC1, authToken: t, from: "+15005550006"';
const SHAPE =
  '{ provider: twilio, accountSid: "${TWILIO_ACCOUNT_SID}", authToken: "${TWILIO_AUTH_TOKEN}", from: "+1…" }';
const RING = 'expected a duration from 5s to 10m, such as 90s, 5m or 1h30m';

test('an account, who calls, and thirty seconds of ringing where nothing is said', () => {
  expect(load(changed(...voice(TWILIO))).configuration.channels.voice).toEqual({
    provider: 'twilio',
    accountSid: 'AC1',
    authToken: 't',
    from: '+15005550006',
    apiUrl: 'https://api.twilio.com',
    ringFor: 30_000,
  });
});

test.each([
  ['5s', 5_000],
  ['45s', 45_000],
  ['10m', 600_000],
])('it may ring for %s', (written, ringFor) => {
  const { channels } = load(changed(...voice(`${TWILIO}, ringFor: ${written}`))).configuration;
  expect(channels.voice?.ringFor).toBe(ringFor);
});

test('a token that is to replace the present one may be told beforehand', () => {
  const { channels } = load(changed(...voice(`${TWILIO}, secondaryAuthToken: next`))).configuration;
  expect(channels.voice?.secondaryAuthToken).toBe('next');
});

test('a contact method is a number', () => {
  const text = changed(...voice(TWILIO)).replace(
    '{ id: term, channel: console }',
    '{ id: cell, channel: voice, to: "+8613800000000" }',
  );
  expect(load(text).configuration.users.get('ana')?.contacts).toEqual([
    { id: 'cell', channel: 'voice', to: '+8613800000000' },
  ]);
});

const refused: Case[] = [
  [
    'nothing but its name',
    voice(''),
    '9:20 channels.voice.provider: is missing; expected twilio',
    '9:20 channels.voice.accountSid: is missing; expected an account such as "${TWILIO_ACCOUNT_SID}"',
    '9:20 channels.voice.authToken: is missing; expected a token such as "${TWILIO_AUTH_TOKEN}"',
    '9:20 channels.voice.from: is missing; expected a phone number in E.164, such as "+8613800000000"',
  ],
  [
    'another provider',
    voice(TWILIO.replace('twilio', 'tencent')),
    '9:32 channels.voice.provider: expected twilio, found something else',
  ],
  [
    'four seconds of ringing',
    voice(`${TWILIO}, ringFor: 4s`),
    `9:102 channels.voice.ringFor: ${RING}, found something else`,
  ],
  [
    'eleven minutes of it',
    voice(`${TWILIO}, ringFor: 11m`),
    `9:102 channels.voice.ringFor: ${RING}, found something else`,
  ],
  [
    'a number that is none',
    voice(TWILIO.replace('+15005550006', '15005550006')),
    '9:77 channels.voice.from: expected a phone number in E.164, such as "+8613800000000", found "15005550006"',
  ],
  ['another thing', section('channels: { voice: [] }'), `9:20 channels.voice: expected ${SHAPE}, found a list of 0`],
];

test.each(refused)('%s is refused where it stands', (_what, change, ...expected) => {
  expect(errorsOf(changed(...change))).toEqual(expected);
});
