/** Text messages, from the event to the reply and back: the configuration of the guide, and stand-ins for Twilio and Tencent Cloud. */
import { block } from '../support/guides.ts';
import type { Twilio } from '../support/providers/twilio.ts';
import { startTwilio, textOf } from '../support/providers/twilio.ts';
import type { TencentStandIn } from '../support/providers/tencentSms.ts';
import { TENCENT, startTencentSms } from '../support/providers/tencentSms.ts';
import { parseXml } from '../support/providers/xml.ts';
import { pgliteStore } from '../../store/pglite.ts';
import type { Store } from '../../store/store.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'a-payments-key-00000';
const ANA = '+8613800000000';
const MANAGERS = ['+8613800000001', '+4915112345678'];

let twilio: Twilio;
let tencent: TencentStandIn;
let store: Store;
let tocsin: Tocsin;
let guide: string;
beforeAll(async () => {
  [twilio, tencent, store] = await Promise.all([startTwilio(), startTencentSms(), pgliteStore()]);
  const { accountSid, authToken, apiUrl } = twilio.account;
  guide = block('sms', 'yaml', 'services').replace('provider: twilio', `provider: twilio\n    apiUrl: ${apiUrl}`);
  tocsin = await startTocsin(guide, {
    store,
    env: { PAYMENTS_KEY: KEY, TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken },
  });
  twilio.lead(tocsin.url, tocsin.url);
});
afterAll(async () => {
  await tocsin?.stop();
  await Promise.all([twilio?.stop(), tencent?.stop(), store?.close()]);
});

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
  await tocsin.event(KEY, 'disk');
  const [page] = await texted(ANA, 'summary of disk');
  const { id } = await tocsin.incident('disk');
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
    (said) => said.includes('summary of disk'),
  );
  expect(answer).toMatch(/^(#\d+|[0-9a-f]{8}) summary of disk: .+\.$/);
  expect(await tocsin.read(id)).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'ana' }] });
  const line = (await tocsin.timeline(id)).find(({ type }) => type === 'acknowledged');
  expect(line?.actor).toMatchObject({ kind: 'user', id: 'ana', via: 'sms text' });
  for (const manager of MANAGERS) await texted(manager, 'Ana Wei, by sms text, acknowledged');
});

test('a reply with a number is of that incident', async () => {
  await tocsin.event(KEY, 'queue');
  await texted(ANA, 'summary of queue');
  const { id } = await tocsin.incident('queue');
  const { number } = await eventually(
    () => tocsin.read(id),
    (read) => read.number !== null,
  );
  // The list is a second late.
  const answer = await eventually(
    () => reply(ANA, `RESOLVE ${number}`),
    (said) => said.startsWith(`#${number} summary of queue: `),
  );
  expect(answer).toContain('resolved');
  expect((await tocsin.read(id)).status).toBe('resolved');
});

test('the Kafka lag goes out by the API of before, signed, as the parameter of its template', async () => {
  tencent.approve('19', { parameters: 1, length: 200 });
  const lag = '{% for each in incident.details.topics %}Topic:{{ each.topic }},积压数据量:{{ each.lag }};{% endfor %}';
  const [rest = ''] = guide.split(/^channels:/m);
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
});
