/** Everybody of a team is called at once, each in their own language; one key ends it for all. */
import type { Language } from '../../domain/language.ts';
import type { Twilio } from '../support/providers/twilio.ts';
import { startTwilio } from '../support/providers/twilio.ts';
import { phoneOf } from '../support/providers/twilioPhone.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'shop-events-key-00000000';
const LANGUAGES: readonly Language[] = ['zh-CN', 'en', 'ja', 'ko', 'de'];
const PEOPLE = Array.from({ length: 40 }, (_, index) => ({
  id: `p${index}`,
  number: `+86138000000${String(index).padStart(2, '0')}`,
  language: LANGUAGES[index % LANGUAGES.length]!,
}));

const configuration = ({ account, number }: Twilio) => `
users:
${PEOPLE.map(
  ({ id, number: to, language }) =>
    `  - { id: ${id}, name: Person ${id}, language: ${language}, contacts: [{ id: call, channel: voice, to: '${to}' }], notificationRules: { high: [{ after: 0s, contact: call }, { after: 1h, contact: call }] } }`,
).join('\n')}
teams: [{ id: all, members: [${PEOPLE.map(({ id }) => id).join(', ')}] }]
escalationPolicies: [{ id: all, levels: [{ targets: ['team:all'], massNotification: true, escalateAfter: 2h }] }]
services: [{ id: shop, name: Shop, escalationPolicy: all, integrations: [{ source: events-v2, key: ${KEY} }] }]
channels:
  voice: { provider: twilio, accountSid: ${account.accountSid}, authToken: ${account.authToken}, from: '${number}', apiUrl: "${account.apiUrl}" }
`;

let twilio: Twilio;
let tocsin: Tocsin;
beforeAll(async () => {
  twilio = await startTwilio();
  tocsin = await startTocsin(configuration(twilio));
  twilio.lead(tocsin.url, tocsin.url);
});
afterAll(async () => {
  await tocsin?.stop();
  await twilio?.stop();
});
const textOf = (value: string | readonly string[] | undefined): string => [value ?? ''].flat().join();

test('one call for each of forty, by one trigger; the first who presses 4 has it, and nobody is called again', async () => {
  await tocsin.event(KEY, 'orders');
  const { id } = await tocsin.incident('orders');
  const ledger = await eventually(
    () => tocsin.ledger(id),
    (all) => all.filter(({ status }) => status === 'sent').length === PEOPLE.length,
    60_000,
  );
  const called = twilio.calls.map(({ form }) => textOf(form['To']));
  expect(called.toSorted()).toEqual(PEOPLE.map(({ number }) => number));
  const sids = ledger.flatMap(({ attempts }) => attempts.map(({ providerId }) => providerId));
  expect(new Set(sids)).toEqual(new Set(twilio.calls.map(({ sid }) => sid)));

  const callTo = (number: string) => twilio.calls.find(({ form }) => textOf(form['To']) === number)!;
  const spoken = PEOPLE.map(({ number, language }) => {
    const [, said] = /<Say[^>]* language="([^"]+)"/.exec(textOf(callTo(number).form['Twiml'])) ?? [];
    return `${language}: ${said}`;
  });
  expect([...new Set(spoken)]).toEqual(['zh-CN: zh-CN', 'en: en-US', 'ja: ja-JP', 'ko: ko-KR', 'de: de-DE']);

  const call = callTo(PEOPLE[4]!.number);
  const phone = phoneOf(twilio, call);
  await phone.begin();
  await phone.answer();
  await phone.press('4');
  const acknowledged = await eventually(
    () => tocsin.read(id),
    ({ status }) => status === 'acknowledged',
  );
  expect(acknowledged.acknowledgements).toMatchObject([{ user: PEOPLE[4]!.id }]);
  const second = (await tocsin.ledger(id)).filter(({ attempts }) => attempts.length === 0);
  expect(second.map(({ status }) => status)).toEqual(PEOPLE.map(() => 'cancelled'));
  expect(twilio.calls).toHaveLength(PEOPLE.length);
});
