/** Phones, from the event to the key that is pressed or the reply that is written: the configurations of the guides, and stand-ins for Twilio and Tencent Cloud. */
import type { Language } from '../../domain/language.ts';
import { openedStore } from '../support/preparedStore.ts';
import type { Store } from '../../store/store.ts';
import { block } from '../support/guides.ts';
import type { TencentStandIn } from '../support/providers/tencentSms.ts';
import { TENCENT, startTencentSms } from '../support/providers/tencentSms.ts';
import type { Twilio } from '../support/providers/twilio.ts';
import { startTwilio, textOf } from '../support/providers/twilio.ts';
import { phoneOf } from '../support/providers/twilioPhone.ts';
import { parseXml } from '../support/providers/xml.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'a-payments-key-00000';

let twilio: Twilio;
let tencent: TencentStandIn;
let store: Store;
let tocsin: Tocsin;
beforeAll(async () => {
  [twilio, tencent, store] = await Promise.all([startTwilio(), startTencentSms(), openedStore()]);
  const { accountSid, authToken } = twilio.account;
  tocsin = await startTocsin(guideOf('voice'), {
    store,
    env: { PAYMENTS_KEY: KEY, TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken },
  });
  twilio.lead(tocsin.url, tocsin.url);
});
afterAll(async () => {
  await tocsin?.stop();
  await Promise.all([twilio?.stop(), tencent?.stop(), store?.close()]);
});

const guideOf = (guide: 'voice' | 'sms'): string =>
  block(guide, 'yaml', 'services').replace(
    'provider: twilio',
    `provider: twilio\n    apiUrl: ${twilio.account.apiUrl}`,
  );

describe('calls', () => {
  /** The call about the incident of that key. */
  async function ringing(dedupKey: string, summary: string) {
    await tocsin.event(KEY, dedupKey, 'trigger', { payload: { summary, source: 'db1', severity: 'critical' } });
    const call = await eventually(
      () => Promise.resolve(twilio.calls.find(({ form }) => textOf(form, 'Twiml')?.includes(summary))),
      (found) => found !== undefined,
    );
    const { id } = await tocsin.incident(dedupKey);
    return { id, phone: phoneOf(twilio, call!), sid: call!.sid };
  }
  const paid = (id: string, wanted: string) =>
    eventually(
      () => tocsin.ledger(id),
      ([page]) => page?.status === wanted,
    );

  test('the zh-CN call: it reads service and title, 4 acknowledges, and the ledger has who answered', async () => {
    const { id, phone, sid } = await ringing('disk', '数据库磁盘已满');
    await phone.begin();
    await phone.answer('human');
    expect(phone.heard).toEqual(
      [
        '紧急通知：支付服务出现严重问题。',
        '事件标题：数据库磁盘已满。',
        '认领请按4，解决请按6，升级请按5，重听请按星号键。',
      ].map((text) => ({ language: 'zh-CN', text })),
    );
    await phone.press('4');
    expect(phone.last()).toBe('已认领。 再见。');
    await phone.end();
    expect(await tocsin.read(id)).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'wei' }] });
    const [page] = await paid(id, 'delivered');
    expect(page).toMatchObject({ channel: 'voice', contact: 'cell', status: 'delivered' });
    expect(page!.attempts[0]).toMatchObject({ outcome: 'sent', providerId: sid });
    const line = (await tocsin.timeline(id)).find(({ type }) => type === 'acknowledged');
    expect(line?.actor).toMatchObject({ kind: 'user', id: 'wei', via: 'voice cell' });
  });

  test('a mailbox acknowledges nothing; and a second key after another’s resolve is told the truth', async () => {
    const { id, phone } = await ringing('queue', '队列积压');
    await phone.begin();
    await phone.answer('machine_start');
    await phone.wait();
    const [page] = await eventually(
      () => tocsin.ledger(id),
      ([each]) => each?.attempts.some(({ outcome }) => outcome === 'unanswered') === true,
    );
    expect(page).toMatchObject({ status: 'sent', attempts: [{ outcome: 'sent' }, { outcome: 'unanswered' }] });
    expect((await tocsin.read(id)).status).toBe('triggered');
    await tocsin.command(id, 'resolve', { as: 'wei' });
    await phone.press('4');
    expect(phone.last()).toMatch(/^已由 王伟 于 .* 解决。 再见。$/);
  });

  test('a call whose answer was lost is not made twice: Twilio’s own word of it is enough', async () => {
    twilio.befall('Calls', 'loseTheAnswer');
    const before = twilio.calls.length;
    const { id, phone, sid } = await ringing('net', '网络中断');
    await phone.begin();
    const [page] = await paid(id, 'sent');
    expect(page!.attempts.some(({ providerId }) => providerId === sid)).toBe(true);
    expect(twilio.calls.length - before).toBe(1);
    await tocsin.command(id, 'resolve', { as: 'wei' });
  });
});

describe('text messages', () => {
  const ANA = '+8613800000000';
  const MANAGERS = ['+8613800000001', '+4915112345678'];
  beforeAll(() => tocsin.reconfigure(guideOf('sms')));

  const textsTo = (number: string, about: string) =>
    twilio.messages.filter(({ form }) => form['To'] === number && textOf(form, 'Body')?.includes(about));
  const texted = (number: string, about: string) =>
    eventually(
      () => Promise.resolve(textsTo(number, about)),
      (found) => found.length > 0,
    );
  const reply = async (from: string, text: string): Promise<string> => {
    const { status, body } = await twilio.text(`${tocsin.url}/callbacks/twilio/sms`, from, text);
    expect(status).toBe(200);
    const [message] = parseXml(body).children;
    const [said] = typeof message === 'object' ? message.children : [];
    return typeof said === 'string' ? said : '';
  };

  test('a page by text, word that it arrived, and 4 in answer; the managers hear of each change', async () => {
    await tocsin.event(KEY, 'raid');
    const [page] = await texted(ANA, 'summary of raid');
    const { id } = await tocsin.incident('raid');
    await twilio.callBack(textOf(page!.form, 'StatusCallback')!, { MessageSid: page!.sid, MessageStatus: 'delivered' });
    const [entry] = await eventually(
      () => tocsin.ledger(id),
      ([each]) => each?.status === 'delivered',
    );
    expect(entry).toMatchObject({
      channel: 'sms',
      contact: 'text',
      attempts: [{ outcome: 'sent' }, { outcome: 'delivered' }],
    });

    const answer = await eventually(
      () => reply(ANA, '4'),
      (said) => said.includes('summary of raid'),
    );
    expect(answer).toMatch(/^(#\d+|[0-9a-f]{8}) summary of raid: .+\.$/);
    expect(await tocsin.read(id)).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'ana' }] });
    const line = (await tocsin.timeline(id)).find(({ type }) => type === 'acknowledged');
    expect(line?.actor).toMatchObject({ kind: 'user', id: 'ana', via: 'sms text' });
    for (const manager of MANAGERS) await texted(manager, 'Ana Wei acknowledged');
  });

  test('a reply with a number is of that incident', async () => {
    await tocsin.event(KEY, 'topic');
    await texted(ANA, 'summary of topic');
    const { id } = await tocsin.incident('topic');
    const { number } = await eventually(
      () => tocsin.read(id),
      (read) => read.number !== null,
    );
    // The list is a second late.
    const answer = await eventually(
      () => reply(ANA, `RESOLVE ${number}`),
      (said) => said.startsWith(`#${number} summary of topic: `),
    );
    expect(answer).toContain('resolved');
    expect((await tocsin.read(id)).status).toBe('resolved');
  });

  test('the Kafka lag goes out by the API of before, signed, as the parameter of its template', async () => {
    tencent.approve('19', { parameters: 1, length: 200 });
    const lag =
      '{% for each in incident.details.topics %}Topic:{{ each.topic }},积压数据量:{{ each.lag }};{% endfor %}';
    const [rest = ''] = guideOf('sms').split(/^channels:/m);
    tocsin.reconfigure(`${rest.replace(/^.*subscribers:.*\n/m, '').replaceAll('${PAYMENTS_KEY}', KEY)}
channels:
  sms:
    provider: tencent
    api: legacy
    apiUrl: ${tencent.url}
    sdkAppId: '${TENCENT.sdkAppId}'
    appKey: '${TENCENT.appKey}'
    sign: ${TENCENT.signName}
    templateId: '19'
    params: ['${lag}']
    paramLength: 200
`);
    const topics = [
      { topic: 'orders', lag: 2314 },
      { topic: 'payments', lag: 8021 },
    ];
    await tocsin.event(KEY, 'lag', 'trigger', {
      payload: { summary: 'Kafka消费者监控提醒', source: 'ckafka', severity: 'critical', custom_details: { topics } },
    });
    const { id } = await tocsin.incident('lag');
    const [entry] = await eventually(
      () => tocsin.ledger(id),
      ([each]) => each?.status === 'sent',
    );
    expect(tencent.messages).toEqual([
      { numbers: [ANA], params: ['Topic:orders,积压数据量:2314;Topic:payments,积压数据量:8021;'] },
    ]);
    expect(entry?.attempts).toMatchObject([{ outcome: 'sent', providerId: expect.stringMatching(/^8:/) }]);
    expect(await store.texts(id, [entry!.id])).toEqual(
      new Map([[entry!.id, 'template 19\nTopic:orders,积压数据量:2314;Topic:payments,积压数据量:8021;']]),
    );
    await tocsin.command(id, 'resolve', { as: 'ana' });
  });
});

describe('everybody of a team is called at once, each in their own language', () => {
  const SHOP_KEY = 'shop-events-key-00000000';
  const LANGUAGES: readonly Language[] = ['zh-CN', 'en', 'ja', 'ko', 'de'];
  const PEOPLE = Array.from({ length: 40 }, (_, index) => ({
    id: `p${index}`,
    number: `+86138000000${String(index).padStart(2, '0')}`,
    language: LANGUAGES[index % LANGUAGES.length]!,
  }));

  const everybody = ({ account, number }: Twilio) => `
users:
${PEOPLE.map(
  ({ id, number: to, language }) =>
    `  - { id: ${id}, name: Person ${id}, language: ${language}, contacts: [{ id: call, channel: voice, to: '${to}' }], notificationRules: { high: [{ after: 0s, contact: call }, { after: 1h, contact: call }] } }`,
).join('\n')}
teams: [{ id: all, members: [${PEOPLE.map(({ id }) => id).join(', ')}] }]
escalationPolicies: [{ id: all, levels: [{ targets: ['team:all'], massNotification: true, escalateAfter: 2h }] }]
services: [{ id: shop, name: Shop, escalationPolicy: all, integrations: [{ source: events-v2, key: ${SHOP_KEY} }] }]
channels:
  voice: { provider: twilio, accountSid: ${account.accountSid}, authToken: ${account.authToken}, from: '${number}', apiUrl: "${account.apiUrl}" }
`;

  beforeAll(() => tocsin.reconfigure(everybody(twilio)));

  test('one call for each of forty, by one trigger; the first who presses 4 has it, and nobody is called again', async () => {
    const before = twilio.calls.length;
    const calls = () => twilio.calls.slice(before);
    await tocsin.event(SHOP_KEY, 'orders');
    const { id } = await tocsin.incident('orders');
    const ledger = await eventually(
      () => tocsin.ledger(id),
      (all) => all.filter(({ status }) => status === 'sent').length === PEOPLE.length,
      60_000,
    );
    const called = calls().map(({ form }) => textOf(form, 'To') ?? '');
    expect(called.toSorted()).toEqual(PEOPLE.map(({ number }) => number));
    const sids = ledger.flatMap(({ attempts }) => attempts.map(({ providerId }) => providerId));
    expect(new Set(sids)).toEqual(new Set(calls().map(({ sid }) => sid)));

    const callTo = (number: string) => calls().find(({ form }) => textOf(form, 'To') === number)!;
    const spoken = PEOPLE.map(({ number, language }) => {
      const [, said] = /<Say[^>]* language="([^"]+)"/.exec(textOf(callTo(number).form, 'Twiml') ?? '') ?? [];
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
    expect(calls()).toHaveLength(PEOPLE.length);
  });
});
