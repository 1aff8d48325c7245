/** What is written short when an incident continues as new comes back as it was. */
import type { Receipt } from '../../domain/commands.ts';
import { packed, unpacked } from '../../domain/packing.ts';
import { upgradedState } from '../../domain/upgrading.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { Life, type Provider } from '../support/life.ts';

const whole = configuration({
  users: [person('ana', '0s mail, 1m phone, 9m pager'), person('bob', '0s mail, 2m phone')],
  policy: policy([level('user:ana user:bob', '5m', { multiAck: true }), level('user:bob', '5m')], { repeat: 1 }),
  service: service({ ackTimeout: '30m' }),
});
const begun = (provider: Provider = () => 'sent'): Life => new Life(whole).providing(provider);
const fails: Provider = ({ contact, user }) => (contact === 'mail' && user === 'ana' ? 'terminal' : 'retryable');

const said = (outcome: Receipt['outcome'], more: Partial<Receipt>): Life =>
  begun(() => ({ outcome: 'sent', providerId: 'SM1', conversation: 'C1/1' }))
    .through('1:00')
    .receipt('ana', 'mail', outcome, more)
    .receipt('bob', 'mail', outcome, more);

const lives: readonly (readonly [string, Life])[] = [
  ['nothing is sent yet', begun()],
  ['one is sent, and others are still to come', begun().through('1:00')],
  ['somebody acknowledged it, and some are cancelled', begun().at('1:30').ack('bob').at('3:00')],
  ['one was sent late', new Life(whole).asleepUntil('15:00').through('15:00')],
  ['one came sooner in place of another, and others are attempted again', begun(fails).through('2:30')],
  ['nobody was reached, and what failed goes on', begun(() => 'retryable').through('30:00')],
  ['some are on their way', begun(() => 'hold').through('2:00')],
  ['providers said that it was delivered', said('delivered', { providerId: 'SM1' })],
  [
    'providers said that of another message, with something beside',
    said('delivered', { providerId: 'SM2', detail: 'handset' }),
  ],
  ['nobody took the call', said('unanswered', { detail: 'busy' })],
  ['it was sent, and could not be delivered', said('failed', { code: 'ADDRESS_REFUSED' })],
  ['nobody took two calls', said('unanswered', {}).receipt('ana', 'mail', 'unanswered')],
  ['conversations are known, and somebody was turned away', said('delivered', {}).turnAway()],
  ['responders help', ((life) => (life.command('ana', { type: 'responders', users: ['bob'] }), life))(begun())],
];

test.each(lives)('[L9] %s: all of it is carried, in its order', (_what, life) => {
  const carried = JSON.stringify(packed(life.state));
  expect(JSON.stringify(unpacked(JSON.parse(carried) as ReturnType<typeof packed>).ledger.map(({ id }) => id))).toBe(
    JSON.stringify(life.state.ledger.map(({ id }) => id)),
  );
  expect(unpacked(JSON.parse(carried) as ReturnType<typeof packed>)).toEqual(life.state);
});

test('[L9] what was delivered is written as short as what was sent, but for when', () => {
  const delivered = packed(said('delivered', { providerId: 'SM1' }).state);
  expect(delivered.ledger.filter(({ status }) => status === 'delivered')).toEqual([]);
  expect(delivered.rows?.map((row) => row[12]).filter(Boolean)).toEqual([
    [60_000, 'delivered', 1],
    [60_000, 'delivered', 1],
  ]);
});

test('[L11] what an earlier version carried lacks what came later, and goes on', () => {
  const {
    conversations: _c,
    turnedAway: _t,
    drill: _d,
    rows: _r,
    ...earlier
  } = packed(begun(() => 'unknown').at('0:01').state);
  const life = begun();
  life.state = upgradedState(JSON.parse(JSON.stringify(earlier)) as typeof life.state);
  expect(life.state).toMatchObject({ conversations: {}, turnedAway: { ids: [], lines: 0 }, drill: false });
  life.at('0:01').receipt('ana', 'mail', 'delivered').turnAway();
  expect(life.ledger[0]).toBe('ana mail delivered');
});
