/** Where a page stays to be seen (Slack's buttons, an incident of PagerDuty), whoever was told there hears of every change, in silence. */
import type { Channel } from '../../domain/channels.ts';
import { KEPT_UP_TO_DATE } from '../../domain/channels.ts';
import { SILENT_WAITING } from '../../domain/noticing.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { BEGIN, Life } from '../support/life.ts';

const updates = { ...person('ana', '0s slack'), statusUpdates: true };
const users = [person('ana', '0s slack, 0s mail'), person('bob', '1m slack'), person('cho', '0s mail')];
const one = { users, policy: policy([level('user:ana user:bob user:cho', '5m')]) };
const begun = (whole: Parameters<typeof configuration>[0] = one): Life => new Life(configuration(whole)).goOn(BEGIN);
const told = (life: Life): readonly string[] =>
  life.notices.map(
    ({ at, to, request: { type, silent } }) => `${at} ${to}: ${type.slice(9)}${silent ? ', silent' : ''}`,
  );

test('hears of all that a subscriber hears, in order; nobody who was not told yet, and nobody on another channel', () => {
  const subscribed = service({ subscribers: [{ channel: 'webhook', endpoint: 'ops' }] });
  const life = begun({ ...one, service: subscribed }).at('0:30');
  life.command('cho', { type: 'notes', text: 'a word' });
  life.command('cho', { type: 'priority', priority: 'P1' });
  life.at('0:40').ack('cho').at('0:50').resolve('cho').through('2:00');
  expect(told(life).filter((line) => !line.includes('ops'))).toEqual([
    '0:30 ana slack: noted, silent',
    '0:30 ana slack: priorityChanged, silent',
    '0:40 ana slack: acknowledged, silent',
    '0:50 ana slack: resolved, silent',
  ]);
  const ofOps = life.told.filter((line) => line.includes('ops') && !line.includes('triggered'));
  expect(ofOps.map((line) => line.split(': ')[1])).toEqual(
    life.told.filter((line) => line.includes('ana')).map((line) => line.split(': ')[1]),
  );
});

test('with attention where its user wants that word, and in silence what they did themselves', () => {
  const life = begun({ ...one, users: [updates, person('bob'), person('cho')] }).at('0:30');
  life.ack('ana').at('0:40').command('bob', { type: 'notes', text: 'a word' });
  life.at('0:50').resolve('bob').through('1:00');
  expect(told(life)).toEqual([
    '0:30 ana slack: acknowledged, silent',
    '0:40 ana slack: noted, silent',
    '0:50 ana slack: resolved',
  ]);
});

test.each([
  ['sent', (life: Life) => life.release()],
  [
    'unknown, and then said to be delivered',
    (life: Life) => life.release('unknown').receipt('ana', 'slack', 'delivered'),
  ],
] as const)('a page that arrives after somebody acted is told of that, once it is %s', (_what, arrive) => {
  const life = new Life(configuration(one)).providing(({ contact }) => (contact === 'slack' ? 'hold' : 'sent'));
  life.through('0:10').ack('cho').at('0:20').resolve('cho').through('0:30');
  expect(told(life)).toEqual([]);
  arrive(life).through('0:31');
  expect(told(life)).toEqual(['0:30 ana slack: resolved, silent']);
  expect(life.settled).toBe(true);
});

test('help that is asked for while it is acknowledged is told nothing of what was before', () => {
  const life = begun().at('0:20').ack('ana').at('0:30');
  life.command('ana', { type: 'responders', users: ['bob'] });
  life.providing(() => 'sent').through('5:00');
  expect(life.pages).not.toContain('0:30 bob slack');
  const asked = begun({
    ...one,
    users: [person('ana'), person('bob', '0s slack'), person('cho')],
    policy: policy([level('user:ana', '5m')]),
  });
  asked
    .at('0:20')
    .ack('ana')
    .at('0:30')
    .command('ana', { type: 'responders', users: ['bob'] });
  asked.through('5:00');
  expect(asked.pages).toContain('0:30 bob slack');
  expect(told(asked)).toEqual([]);
});

test('what is told late says how it is by then', () => {
  const life = begun().subscribed(() => 'retryable');
  life.at('0:30').ack('cho').at('0:31').command('cho', { type: 'unacknowledge' });
  life.through('2:00');
  const late = life.notices.filter(({ request }) => request.type === 'incident.acknowledged');
  expect(late.map(({ request }) => request.standing)).toEqual([
    'acknowledged',
    ...Array.from({ length: late.length - 1 }, () => 'triggered'),
  ]);
  expect(late.length).toBeGreaterThan(2);
});

test('is so on the channels that show how an incident stands, and on no other', () => {
  expect([...KEPT_UP_TO_DATE].toSorted()).toEqual(['opsgenie', 'pagerduty', 'reactio', 'slack'] satisfies Channel[]);
});

test('with Slack away, what is told last is kept for each of many people, and one line counts what is not', () => {
  const crowd = Array.from({ length: 300 }, (_, index) => person(`user-${index}`, '0s slack'));
  const targets = crowd.map(({ id }) => `user:${id}`).join(' ');
  const life = begun({
    users: [...crowd, person('cho')],
    policy: policy([level(targets, '60m', { massNotification: true })]),
  });
  life.subscribed(() => 'retryable').through('0:10');
  for (let note = 0; note < 10; note += 1) life.command('cho', { type: 'notes', text: 'a word' });
  life.resolve('cho');
  const silent = life.state.notices.filter((notice) => notice.silent === true);
  expect(silent).toHaveLength(SILENT_WAITING);
  const last = life.state.words.at(-1)!;
  expect(silent.filter(({ word }) => word === last.entry)).toHaveLength(300);
  expect(life.log.filter((line) => line.includes('behind'))).toEqual([
    '0:10 Many messages are behind: the oldest 2300 silent notices dropped',
  ]);
});

test('a silent notice stays silent when the incident continues as new', () => {
  const life = begun()
    .subscribed(() => 'retryable')
    .at('0:30');
  life.ack('cho').through('0:31');
  life
    .continueAsNew()
    .subscribed(() => 'sent')
    .through('1:00');
  expect(told(life).at(-1)).toMatch(/acknowledged, silent$/);
});
