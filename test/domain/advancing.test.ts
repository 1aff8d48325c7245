import type { Level, Service, User } from '../../domain/configuration.ts';
import { configuration, duration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life } from '../support/life.ts';

const world = ({
  users = [person('ana', '0s mail, 2m phone'), person('bob'), person('cho'), person('dee')],
  levels = [level('user:ana', '5m'), level('user:bob', '5m'), level('user:cho', '5m')],
  more = {},
  settings = {},
}: {
  users?: readonly User[];
  levels?: readonly Level[];
  more?: { repeat?: number; lastResort?: string };
  settings?: Partial<Service>;
} = {}) =>
  configuration({
    users,
    policy: policy(levels, more),
    service: { ...service({ ackTimeout: '30m' }), subscribers: [{ channel: 'webhook', endpoint: 'ops' }], ...settings },
  });

const press = (life: Life, shown: { fromLevel: number; fromPass?: number; fromEpisode?: number }, user = 'dee') =>
  life.command(user, { type: 'escalate', ...shown });

describe('escalate now [L4.7] [L7]', () => {
  test('begins the next level at once, with its full delay; the level left behind ends as its onEscalate says', () => {
    const life = new Life(world()).through('1:00');
    expect(press(life, { fromLevel: 1, fromPass: 1, fromEpisode: 1 }).refused).toBeNull();
    life.through('1:00');
    expect(life.pages).toEqual(['0:00 ana mail', '1:00 bob mail']);
    expect(life.state.escalation).toMatchObject({ level: 2, pass: 1, levelEndsAt: instant('6:00') });
    expect(life.state).toMatchObject({ status: 'triggered', episode: 1, assignees: ['bob'] });
    expect(life.log.slice(-4)).toEqual([
      '1:00 Dee escalated from level 1',
      '1:00 Console message to Ana cancelled: its level was left',
      '1:00 Level 2: Bob for 5m (a person escalated it)',
      '1:00 E-mail to Bob sent',
    ]);
  });

  test('a level that accumulates lets its rules run on and its people stay assigned', () => {
    const levels = [level('user:ana', '5m', { onEscalate: 'accumulate' }), level('user:bob', '5m')];
    const life = new Life(world({ levels })).through('1:00');
    press(life, { fromLevel: 1 }, 'ana');
    expect(life.through('3:00').pages).toEqual(['0:00 ana mail', '1:00 bob mail', '2:00 ana phone']);
    expect(life.state.assignees).toEqual(['ana', 'bob']);
  });

  test('others are still sent what they are owed, the one who passes it on is not [L5.2]', () => {
    const levels = [level('user:ana user:cho', '5m'), level('user:bob', '5m')];
    const life = new Life(world({ levels }));
    press(life, { fromLevel: 1 }, 'ana');
    expect(life.through('1:00').pages.toSorted()).toEqual(['0:00 bob mail', '0:00 cho mail']);
  });

  test('an acknowledged incident is triggered again, a snooze ends, and the next level begins in the next episode', () => {
    for (const held of ['acknowledge', 'snooze'] as const) {
      const life = new Life(world()).through('1:00');
      life.command('ana', { type: held, ...(held === 'snooze' ? { duration: 60_000 } : {}) } as { type: typeof held });
      expect(press(life.at('1:30'), { fromLevel: 1, fromEpisode: 1 }).refused).toBeNull();
      expect(life.state).toMatchObject({
        status: 'triggered',
        acknowledgements: [],
        ackTimeoutAt: null,
        snoozedUntil: null,
        episode: 2,
      });
      expect(life.through('5:00').pages).toEqual(['0:00 ana mail', '1:30 bob mail']);
    }
  });

  test('from the last level: the next pass where one is left, though nobody was reached, and else the last resort [F 38]', () => {
    const more = { repeat: 1, lastResort: 'user:dee' };
    const life = new Life(world({ levels: [level('user:ana', '5m')], more }))
      .providing(() => 'retryable')
      .through('0:01');
    expect(life.state.escalation.reached).toBe(false);
    press(life, { fromLevel: 1, fromPass: 1 });
    expect(life.through('0:01').state.escalation).toMatchObject({ level: 1, pass: 2, exhausted: false });
    press(life, { fromLevel: 1, fromPass: 2 });
    expect(life.through('0:01').state.escalation).toMatchObject({ pass: 2, exhausted: true, levelEndsAt: null });
    expect(life.state.assignees).toEqual(['dee']);
    expect(life.log).toContain('0:01 The escalation policy is exhausted: all passes of the policy are done');
    // Nobody was reached: what failed goes on being attempted until one is sent (§5.5).
    expect(life.state.ledger.filter(({ persistent }) => persistent).map(({ user }) => user)).toContain('ana');
  });

  test('levels with nobody on call are skipped, and after them comes the next pass, though nobody was reached', () => {
    const users = [person('ana'), { ...person('mute', ''), contacts: [] }];
    const levels = [level('user:ana', '5m'), level('user:mute', '5m')];
    const life = new Life(world({ users, levels, more: { repeat: 1 } })).providing(() => 'retryable').through('0:01');
    press(life, { fromLevel: 1 });
    expect(life.through('0:01').state.escalation).toMatchObject({ level: 1, pass: 2, exhausted: false });
  });

  test('at low urgency the next level is told by its low rules, with no timer [L4.6]', () => {
    const users = [person('ana', '0s mail', '0s mail'), person('bob', '0s phone', '0s mail')];
    const levels = [level('user:ana', '5m'), level('user:bob', '5m')];
    const life = new Life(world({ users, levels, settings: { urgency: 'low' } })).through('1:00');
    press(life, { fromLevel: 1 });
    expect(life.through('60:00').pages).toEqual(['0:00 ana mail', '1:00 bob mail']);
    expect(life.state.escalation).toMatchObject({ level: 2, levelEndsAt: null });
  });

  test('with nobody on call, level 1 is looked at again; a last resort that was told just now is not told again', () => {
    const users = [person('ana'), { ...person('mute', ''), contacts: [] }];
    const life = new Life(world({ users, levels: [level('user:mute', '5m')], more: { lastResort: 'user:ana' } }));
    for (const at of ['0:10', '1:00', '1:30']) expect(press(life.through(at), { fromLevel: 0 }).refused).toBeNull();
    expect(life.through('2:00').pages).toEqual(['0:00 ana mail', '1:00 ana mail']);
    expect(life.state.log.filter(({ type }) => type === 'nobodyOnCall')).toHaveLength(4);
    expect(life.state.escalation).toMatchObject({ nobodyOnCall: true, asking: null });
  });

  test('a suspended incident is triggered, and no more: a second press moves nothing on [L3]', () => {
    const life = new Life(world({ settings: { holdFor: duration('60m') } })).through('1:00');
    expect(press(life, { fromLevel: 0 }).refused).toBeNull();
    expect(press(life, { fromLevel: 0 }).refused?.code).toBe('MOVED_ON');
    expect(life.through('1:00').pages).toEqual(['1:00 ana mail']);
    expect(press(life, { fromLevel: 0 }).refused?.code).toBe('MOVED_ON');
    expect(life.state).toMatchObject({ status: 'triggered', episode: 1, escalation: { level: 1, pass: 1 } });
  });

  test('subscribers hear of the level that it leads to', () => {
    const life = new Life(world()).through('1:00');
    press(life, { fromLevel: 1 });
    expect(life.through('1:00').told.slice(1)).toEqual(['1:00 webhook ops: incident.escalated']);
  });

  test('goes on where the workflow continues as new while it is asked who is next [L9]', () => {
    const life = new Life(world()).through('1:00').answers(false);
    press(life, { fromLevel: 1 });
    life.through('2:00').continueAsNew().answers(true).through('2:00');
    expect(life.pages.slice(-1)).toEqual(['2:00 bob mail']);
    expect(press(life, { fromLevel: 1 }).refused?.code).toBe('MOVED_ON');
  });
});

describe('an escalation that comes too late [L4.7] [L3]', () => {
  const refusal = (life: Life, shown: { fromLevel: number; fromPass?: number; fromEpisode?: number }) => {
    const before = life.state;
    const { refused } = press(life, shown);
    const bookkeeping = { log: [], commands: [], counters: [] };
    expect({ ...life.state, ...bookkeeping }).toEqual({ ...before, ...bookkeeping });
    expect(life.state.log.at(-1)).toMatchObject({ type: 'refused', actor: { id: 'dee' } });
    return refused;
  };

  test('two presses of one button advance once, the second one while it is still being asked who is next [F 37]', () => {
    const life = new Life(world()).through('1:00').answers(false);
    press(life, { fromLevel: 1 });
    expect(refusal(life.through('1:00'), { fromLevel: 1 })).toEqual({
      code: 'MOVED_ON',
      sentence: 'triggered; who is on call is being looked up',
    });
    expect(refusal(life.answers(true).through('1:00'), { fromLevel: 1 })).toEqual({
      code: 'MOVED_ON',
      sentence: 'triggered; level 2, and nobody has acknowledged it',
    });
    expect(life.state.escalation.level).toBe(2);
  });

  test('another level, pass or episode than was shown', () => {
    const two = world({ levels: [level('user:ana', '5m')], more: { repeat: 2 } });
    const life = new Life(two).through('5:00');
    expect(refusal(life, { fromLevel: 2 })?.code).toBe('MOVED_ON');
    expect(refusal(life, { fromLevel: 1, fromPass: 1 })?.code).toBe('MOVED_ON');
    expect(refusal(life, { fromLevel: 1, fromPass: 2, fromEpisode: 2 })?.code).toBe('MOVED_ON');
    expect(press(life, { fromLevel: 1, fromPass: 2, fromEpisode: 1 }).refused).toBeNull();
  });

  test('a direct assignment', () => {
    const life = new Life(world()).at('1:00');
    life.command('ana', { type: 'reassign', users: ['bob'] });
    expect(refusal(life.through('1:00'), { fromLevel: 0 })?.code).toBe('DIRECTLY_ASSIGNED');
  });

  test('exhausted: the last resort is told again, at most once a minute', () => {
    const one = world({ levels: [level('user:ana', '5m')], more: { lastResort: 'user:bob' } });
    const life = new Life(one).through('5:00');
    expect(refusal(life.through('5:59'), { fromLevel: 1 })?.code).toBe('TOLD_JUST_NOW');
    expect(press(life.at('6:00'), { fromLevel: 1 }).refused).toBeNull();
    expect(life.through('6:00').pages.slice(-2)).toEqual(['5:00 bob mail', '6:00 bob mail']);
    expect(life.state.log.find(({ type }) => type === 'escalated')?.text).toBe(
      'Dee escalated: the last resort is told again',
    );
    expect(refusal(life.through('6:30'), { fromLevel: 1 })?.code).toBe('TOLD_JUST_NOW');
  });

  test('exhausted, with no last resort: an ack is not taken from who holds it for nothing', () => {
    const life = new Life(world({ levels: [level('user:ana', '5m')] })).through('6:00').ack('ana');
    expect(refusal(life, { fromLevel: 1 })?.code).toBe('NOBODY_LEFT');
  });

  test('a resolved incident', () => {
    expect(refusal(new Life(world()).at('1:00').resolve('ana'), { fromLevel: 1 })?.code).toBe('ALREADY_RESOLVED');
  });
});
