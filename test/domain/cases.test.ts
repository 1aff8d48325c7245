/** Cases that other systems got wrong, by their number, where no other file has them. */
import { configuration, dailySchedule, level, person, policy, service } from '../support/configurations.ts';
import { Life } from '../support/life.ts';

const users = [person('ana'), person('bob'), person('cho')];
const levels = [level('user:ana', '5m'), level('user:bob', '5m')];

test('the ack times out after a hand-off: the former acker and whoever is on call now are told, once each [L6] [F 16]', () => {
  // At midnight the shift goes from Ana to Bob; the incident begins at midnight, a day before.
  const schedules = [dailySchedule('primary', ['ana', 'bob'])];
  const life = new Life(
    configuration({
      users,
      schedules,
      policy: policy([level('schedule:primary', '9000m')]),
      service: service({ ackTimeout: '5m' }),
    }),
  ).through('1437:00');
  const [before] = life.state.assignees;
  const now = before === 'ana' ? 'bob' : 'ana';
  life.ack('cho').through('1442:00');
  expect(life.pages.slice(-2)).toEqual([`1442:00 ${now} mail`, '1442:00 cho mail']);
});

test('with no ack timeout, what is acknowledged stays so [L6] [F 19]', () => {
  const life = new Life(configuration({ users, policy: policy(levels) })).at('1:00').ack('ana').through('9000:00');
  expect(life.state.status).toBe('acknowledged');
  expect(life.pages).toEqual(['0:00 ana mail']);
});

test('exhausted and not acknowledged: a duplicate is counted, and starts nothing anew [L2.5, L4.4] [F 42]', () => {
  const life = new Life(configuration({ users, policy: policy(levels) })).through('11:00');
  expect(life.state.escalation.exhausted).toBe(true);
  life.arrive({}).through('60:00');
  expect(life.state.eventCount).toBe(2);
  expect(life.pages).toEqual(['0:00 ana mail', '5:00 bob mail']);
});

test('assigned directly to somebody who never acks: no escalation, and what comes next says that nothing does [L7] [F 43]', () => {
  const life = new Life(configuration({ users, policy: policy(levels) })).at('1:00');
  life.command('bob', { type: 'reassign', users: ['cho'] });
  expect(life.through('9000:00').pages).toEqual(['0:00 ana mail', '1:00 cho mail']);
  expect(life.state.escalation).toMatchObject({ direct: true, levelEndsAt: null });
});
