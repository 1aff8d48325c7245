import { configuration, duration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life } from '../support/life.ts';

const people = [person('ana', '0s mail, 2m phone'), person('bob'), person('cho'), person('dee')];
const other = {
  ...policy([level('user:cho', '3m'), level('user:dee', '4m')], { repeat: 1 }),
  id: 'other',
  name: 'Other',
};
const whole = configuration({
  users: people,
  policy: policy([level('user:ana', '5m'), level('user:bob', '5m')], { lastResort: 'user:dee' }),
  service: { ...service({ ackTimeout: '30m' }), subscribers: [{ channel: 'webhook', endpoint: 'ops' }] },
});
const reassign = (life: Life, by = 'bob', to: { policy?: typeof other; level?: number } = {}): Life => {
  life.command(by, { type: 'reassign', policy: other, configuration: 'v2', level: 1, ...to });
  return life;
};

describe('reassign to a policy or level [L7]', () => {
  test('starts there, in pass 1, and goes on by that policy', () => {
    const life = reassign(new Life(whole).through('1:00'));
    expect(life.through('1:00').state).toMatchObject({
      status: 'triggered',
      episode: 1,
      assignees: ['cho'],
      policy: { id: 'other' },
      escalation: { level: 1, pass: 1, levelEndsAt: instant('4:00'), direct: false },
    });
    expect(life.through('11:00').pages).toEqual([
      '0:00 ana mail',
      '1:00 cho mail',
      '4:00 dee mail',
      '8:00 cho mail',
      '11:00 dee mail',
    ]);
    expect(life.log).toEqual(
      expect.arrayContaining([
        '1:00 Bob reassigned to level 1 of the policy Other as it is in configuration v2',
        '1:00 Console message to Ana cancelled: the incident was reassigned',
        '1:00 Level 1: Cho for 3m (the incident was reassigned to this level)',
      ]),
    );
  });

  test('triggers a suspended incident, and starts there alone [L3]', () => {
    const suspended = configuration({
      users: people,
      policy: policy([level('user:ana', '5m')]),
      service: service({ holdFor: duration('60m') }),
    });
    const life = reassign(new Life(suspended).through('1:00'), 'bob', { level: 2 }).through('70:00');
    expect(life.pages.slice(0, 2)).toEqual(['1:00 dee mail', '5:00 cho mail']);
    expect(life.pages.join()).not.toContain('ana');
  });

  test('pass 1 begins anew, and whom the policy before it reached counts no more [L5.5]', () => {
    const twice = configuration({ users: people, policy: policy([level('user:ana', '5m')], { repeat: 3 }) });
    const life = reassign(new Life(twice).through('6:00').answers(false)).ack('ana');
    expect(life.state.escalation).toMatchObject({ pass: 1, level: 1 });
    const unheard = reassign(new Life(whole).through('1:00').providing(() => 'retryable')).through('8:00');
    const texts = unheard.state.log.map(({ text }) => text);
    expect(texts).toContain('The escalation policy is exhausted: nobody could be reached in this pass');
  });

  test('at the level that is named', () => {
    expect(reassign(new Life(whole).through('1:00'), 'bob', { level: 2 }).through('1:00').pages).toEqual([
      '0:00 ana mail',
      '1:00 dee mail',
    ]);
  });

  test('the old users are still sent what they are owed, but for who did it [L5.2]', () => {
    const both = configuration({ users: people, policy: policy([level('user:ana user:bob', '5m')]) });
    expect(reassign(new Life(both), 'bob').through('1:00').pages.toSorted()).toEqual([
      '0:00 ana mail',
      '0:00 cho mail',
    ]);
  });

  test('an acknowledged incident is triggered again, and a snooze ends', () => {
    const acked = reassign(new Life(whole).at('1:00').ack('ana').at('2:00'));
    expect(acked.state).toMatchObject({ status: 'triggered', episode: 2, acknowledgements: [], ackTimeoutAt: null });
    const snoozed = new Life(whole).at('1:00');
    snoozed.command('ana', { type: 'snooze', duration: 600_000 } as { type: 'snooze' });
    expect(reassign(snoozed.at('2:00')).state).toMatchObject({ status: 'triggered', snoozedUntil: null, episode: 2 });
    expect(snoozed.through('60:00').state.log.filter(({ type }) => type === 'snoozeEnded')).toEqual([]);
  });

  test('is the way out of a direct assignment, of an exhausted policy, and of nobody on call', () => {
    const direct = new Life(whole).at('1:00');
    direct.command('ana', { type: 'reassign', users: ['bob'] });
    expect(reassign(direct.at('2:00')).through('2:00').state.escalation).toMatchObject({ direct: false, level: 1 });
    const exhausted = reassign(new Life(whole).through('10:00').at('11:00')).through('11:00');
    expect(exhausted.state.escalation).toMatchObject({ exhausted: false, pass: 1, levelEndsAt: instant('14:00') });
    const empty = configuration({ users: people, policy: policy([level('schedule:gone', '5m')]) });
    const nobody = new Life(empty).through('1:00');
    expect(nobody.state.escalation.nobodyOnCall).toBe(true);
    expect(reassign(nobody).through('1:00').state.escalation).toMatchObject({ nobodyOnCall: false, level: 1 });
  });

  test('a level that nobody is on call for is skipped, and a policy with nobody tells its last resort [L4.3] [L4.4]', () => {
    const gone = { ...other, levels: [level('schedule:gone', '3m'), level('user:dee', '4m')] };
    const life = reassign(new Life(whole).through('1:00'), 'bob', { policy: gone }).through('1:00');
    expect(life.state.escalation).toMatchObject({ level: 2, pass: 1 });
    const none = { ...gone, levels: gone.levels.slice(0, 1), lastResort: [{ kind: 'user', id: 'bob' } as const] };
    const empty = reassign(new Life(whole).through('1:00'), 'bob', { policy: none }).through('1:00');
    expect(empty.pages.slice(1)).toEqual(['1:00 bob mail']);
    expect(empty.state.escalation).toMatchObject({ nobodyOnCall: true });
  });

  test('an ack before it is known who is told: nobody is, and it starts at that level when the ack is over [L6]', () => {
    const life = reassign(new Life(whole).through('1:00').answers(false), 'bob', { level: 2 }).ack('ana');
    expect(life.state).toMatchObject({ status: 'acknowledged', assignees: [], escalation: { asking: null, level: 2 } });
    expect(life.answers(true).through('30:59').pages).toEqual(['0:00 ana mail']);
    expect(life.through('31:00').pages.slice(1).toSorted()).toEqual(['31:00 ana mail', '31:00 dee mail']);
  });

  test('a person of the new level who was told in this episode is not owed it again [L5.3]', () => {
    const again = { ...other, levels: [level('user:ana', '3m')] };
    const life = reassign(new Life(whole).through('1:00'), 'bob', { policy: again }).providing(() => 'hold');
    expect(life.through('1:00').state.ledger.at(-2)).toMatchObject({ user: 'ana', contact: 'mail', minuteZero: false });
  });

  test('subscribers hear of it, and of the level that begins', () => {
    expect(reassign(new Life(whole).through('1:00')).through('1:00').told.slice(1)).toEqual([
      '1:00 webhook ops: incident.reassigned',
      '1:00 webhook ops: incident.escalated',
    ]);
  });

  test('comes too late for what is resolved [L3]', () => {
    const life = new Life(whole).at('1:00').resolve('ana');
    const { refused } = life.command('bob', { type: 'reassign', policy: other, configuration: 'v2', level: 1 });
    expect(refused?.code).toBe('ALREADY_RESOLVED');
    expect(life.state.policy.id).toBe('policy');
  });

  test('is carried over while it is asked who is told [L9]', () => {
    const life = reassign(new Life(whole).through('1:00').answers(false)).through('2:00').continueAsNew();
    expect(life.answers(true).through('2:00').pages).toEqual(['0:00 ana mail', '2:00 cho mail']);
    expect(life.through('5:00').state.escalation).toMatchObject({ level: 2 });
  });
});
