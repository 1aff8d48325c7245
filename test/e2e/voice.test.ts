/** A call, from the event to the key that is pressed and back: the configuration of the guide, and a stand-in for Twilio that calls back. */
import { block } from '../support/guides.ts';
import type { Twilio } from '../support/providers/twilio.ts';
import { startTwilio, textOf } from '../support/providers/twilio.ts';
import { phoneOf } from '../support/providers/twilioPhone.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { eventually, startTocsin } from '../support/tocsin.ts';

const KEY = 'a-payments-key-00000';

let twilio: Twilio;
let tocsin: Tocsin;
beforeAll(async () => {
  twilio = await startTwilio();
  const { accountSid, authToken, apiUrl } = twilio.account;
  const guide = block('voice', 'yaml', 'services').replace(
    'provider: twilio',
    `provider: twilio\n    apiUrl: ${apiUrl}`,
  );
  tocsin = await startTocsin(guide, {
    env: { PAYMENTS_KEY: KEY, TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken },
  });
  twilio.lead(tocsin.url, tocsin.url);
});
afterAll(async () => {
  await tocsin?.stop();
  await twilio?.stop();
});

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
      '确认请按4，解决请按6，升级请按5，重听请按星号键。',
    ].map((text) => ({ language: 'zh-CN', text })),
  );
  await phone.press('4');
  expect(phone.last()).toBe('已确认。 再见。');
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
});
