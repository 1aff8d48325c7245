import { decide } from '../../domain/decide.ts';
import { effects } from '../../domain/effects.ts';
import { configuration, dailySchedule, level, person, policy, service } from '../support/configurations.ts';
import { Life } from '../support/life.ts';

const people = [person('ana'), person('bob'), person('cho'), person('dee')];

describe('levels [L4.1]', () => {
  test('level 2 begins when the delay of level 1 ends without an ack, and not before', () => {
    const life = new Life(
      configuration({ users: people, policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]) }),
    );
    expect(life.at('5:00').pages).toEqual(['0:00 ana mail']);
    expect(life.through('5:00').pages).toEqual(['0:00 ana mail', '5:00 bob mail']);
    expect(life.state.assignees).toEqual(['bob']);
  });

  test('an ack stops the second level', () => {
    const life = new Life(
      configuration({ users: people, policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]) }),
    );
    expect(life.at('4:59').ack('ana').through('60:00').pages).toEqual(['0:00 ana mail']);
  });

  test('a person named twice in a level is told once [F 33]', () => {
    const schedules = [dailySchedule('primary', ['ana', 'bob'])];
    const levels = [level('schedule:primary user:ana user:cho', '5m')];
    const life = new Life(configuration({ users: people, schedules, policy: policy(levels) })).through('0:00');
    expect(life.state.assignees).toHaveLength(new Set(life.state.assignees).size);
    expect(life.pages.filter((page) => page.includes('ana'))).toHaveLength(1);
  });

  test('a shift change during a level reaches the next pass, not the level [F 35]', () => {
    const schedules = [dailySchedule('primary', ['ana', 'bob'])];
    const levels = [level('schedule:primary', '720m')];
    const life = new Life(configuration({ users: people, schedules, policy: policy(levels, { repeat: 2 }) }));
    const first = life.through('719:59').state.assignees;
    expect(life.through('1439:59').state.assignees).toEqual(first);
    expect(life.through('1440:00').state.assignees).not.toEqual(first);
  });
});

describe('onEscalate [L4.2]', () => {
  const users = [person('ana', '0s mail, 7m phone'), person('bob', '0s mail')];
  test('replace cancels the rules of the level left behind', () => {
    const life = new Life(configuration({ users, policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]) }));
    life.through('9:00');
    expect(life.pages).toEqual(['0:00 ana mail', '5:00 bob mail']);
    expect(life.state.ledger[1]).toMatchObject({ contact: 'phone', status: 'cancelled', reason: 'levelLeft' });
  });

  test('accumulate lets them run on, and keeps its people assigned', () => {
    const levels = [level('user:ana', '5m', { onEscalate: 'accumulate' }), level('user:bob', '5m')];
    const life = new Life(configuration({ users, policy: policy(levels) })).through('9:00');
    expect(life.pages).toEqual(['0:00 ana mail', '5:00 bob mail', '7:00 ana phone']);
    expect(life.state.assignees).toEqual(['ana', 'bob']);
  });

  test('accumulate lets them run on past a later level that replaces', () => {
    const four = [person('ana', '0s mail, 7m phone'), person('bob', '0s mail, 4m phone'), person('cho')];
    const levels = [
      level('user:ana', '3m', { onEscalate: 'accumulate' }),
      level('user:bob', '3m'),
      level('user:cho', '3m'),
    ];
    const life = new Life(configuration({ users: four, policy: policy(levels) })).through('6:00');
    expect(life.state.assignees).toEqual(['ana', 'cho']);
    expect(life.through('8:00').pages).toEqual(['0:00 ana mail', '3:00 bob mail', '6:00 cho mail', '7:00 ana phone']);
  });

  test('accumulate lets the rules of a last level run on that came too late for it', () => {
    const levels = [level('user:ana', '5m', { onEscalate: 'accumulate' })];
    const late = [person('ana', '7m phone'), person('bob')];
    const life = new Life(configuration({ users: late, policy: policy(levels, { lastResort: 'user:bob' }) }));
    expect(life.through('9:00').pages).toEqual(['5:00 bob mail', '7:00 ana phone']);
  });

  test('a user assigned again has one running list, the new one', () => {
    const levels = [level('user:ana', '5m', { onEscalate: 'accumulate' }), level('user:ana user:bob', '9m')];
    const life = new Life(configuration({ users, policy: policy(levels) })).through('13:00');
    expect(life.pages).toEqual(['0:00 ana mail', '5:00 ana mail', '5:00 bob mail', '12:00 ana phone']);
  });
});

describe('empty levels [L4.3]', () => {
  const users = [...people, { ...person('mute', ''), contacts: [] }];
  test('are skipped at once by default, and the skip is logged [F 30]', () => {
    const levels = [level('user:mute', '5m'), level('user:bob', '5m')];
    const life = new Life(configuration({ users, policy: policy(levels) })).through('0:00');
    expect(life.pages).toEqual(['0:00 bob mail']);
    expect(life.state.log.find(({ type }) => type === 'levelSkipped')?.text).toMatch(
      /Level 1 skipped: nobody is on call.*mute/,
    );
  });

  test('are waited out where the level says so [F 32]', () => {
    const levels = [level('user:mute', '5m', { ifEmpty: 'wait' }), level('user:bob', '5m')];
    const life = new Life(configuration({ users, policy: policy(levels) })).through('5:00');
    expect(life.pages).toEqual(['5:00 bob mail']);
    expect(life.log.join()).toContain('Level 1: nobody is on call; waits 5m all the same (the incident was triggered)');
  });
});

/** Nobody until 30:00, Ana from then on. */
const later = {
  ...dailySchedule('later', ['ana']),
  layers: [{ ...dailySchedule('later', ['ana']).layers[0]!, start: '2026-03-02T00:30' }],
};

describe('nobody on call, and no last resort [L4.4]', () => {
  const whole = (levels: Parameters<typeof policy>[0], lastResort = '') =>
    configuration({
      users: people,
      schedules: [later],
      policy: policy(levels, { lastResort }),
      service: service({ ackTimeout: '5m' }),
    });

  test('it is looked at again at the hand-off also after an ack that was taken back', () => {
    const life = new Life(whole([level('schedule:later', '60m')], 'schedule:later')).at('1:00').ack('bob').at('2:00');
    life.command('bob', { type: 'unacknowledge' });
    expect(life.through('29:59').pages).toEqual([]);
    expect(life.through('40:00').pages).toEqual(['30:00 ana mail']);
  });

  test('a former acker is told, and it is looked at again at the hand-off all the same', () => {
    const life = new Life(whole([level('schedule:later', '60m')])).at('1:00').ack('bob').through('40:00');
    expect(life.pages).toEqual(['6:00 bob mail', '30:00 ana mail']);
    expect(life.state.escalation).toMatchObject({ nobodyOnCall: false, level: 1, pass: 1 });
  });

  test('there is nobody to wait for: an empty level that would be waited out is not', () => {
    const life = new Life(whole([level('schedule:later', '5m', { ifEmpty: 'wait' })], 'user:dee')).through('20:00');
    expect(life.pages).toEqual(['0:00 dee mail']);
    expect(life.state.escalation).toMatchObject({ nobodyOnCall: true, exhausted: false });
  });
});

describe('passes and the last resort [L4.4]', () => {
  test('repeat 2 gives three passes, then the last resort, then silence', () => {
    const levels = [level('user:ana', '5m'), level('user:bob', '10m')];
    const life = new Life(
      configuration({ users: people, policy: policy(levels, { repeat: 2, lastResort: 'user:dee' }) }),
    );
    life.through('600:00');
    expect(life.pages).toEqual([
      '0:00 ana mail',
      '5:00 bob mail',
      '15:00 ana mail',
      '20:00 bob mail',
      '30:00 ana mail',
      '35:00 bob mail',
      '45:00 dee mail',
    ]);
    expect(life.state.escalation).toMatchObject({ exhausted: true, pass: 3, levelEndsAt: null });
    expect(life.state.status).toBe('triggered');
  });

  test('without a last resort it is marked, and stays open', () => {
    const life = new Life(configuration({ users: people, policy: policy([level('user:ana', '5m')]) })).through('60:00');
    expect(life.pages).toEqual(['0:00 ana mail']);
    expect(life.state.escalation.exhausted).toBe(true);
  });

  test('nobody on call at any level: the last resort at once, marked [F 31]', () => {
    const schedules = [dailySchedule('nobody', [])];
    const levels = [level('schedule:nobody', '5m'), level('schedule:nobody', '5m')];
    const whole = configuration({
      users: people,
      schedules,
      policy: policy(levels, { repeat: 3, lastResort: 'user:dee' }),
    });
    const life = new Life(whole).through('60:00');
    expect(life.pages).toEqual(['0:00 dee mail']);
    expect(life.state.escalation).toMatchObject({ nobodyOnCall: true, exhausted: false, recheckAt: null });
  });

  test('nobody on call and no last resort: looked at again at the next hand-off, and pass 1 starts once', () => {
    const schedules = [later];
    const life = new Life(
      configuration({ users: people, schedules, policy: policy([level('schedule:later', '60m')]) }),
    );
    life.at('30:00');
    expect(life.pages).toEqual([]);
    expect(life.state.escalation.nobodyOnCall).toBe(true);
    life.through('80:00');
    expect(life.pages).toEqual(['30:00 ana mail']);
    expect(life.state.escalation).toMatchObject({ nobodyOnCall: false, pass: 1, level: 1 });
  });
});

describe('the pinned policy [L4.5]', () => {
  test('is the one of the trigger, whatever is configured later [F 36]', () => {
    const before = configuration({ users: people, policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]) });
    const life = new Life(before);
    Object.assign(before, { escalationPolicies: new Map([['policy', policy([level('user:dee', '1m')])]]) });
    expect(life.through('9:00').pages).toEqual(['0:00 ana mail', '5:00 bob mail']);
  });
});

describe('ack timeout [L6]', () => {
  const whole = (more: Parameters<typeof service>[0] = {}, repeat = 0, lastResort = '') =>
    configuration({
      users: people,
      policy: policy([level('user:ana user:bob', '10m'), level('user:cho', '10m')], { repeat, lastResort }),
      service: service({ ackTimeout: '5m', ...more }),
    });

  test('A acks at 2:00, B at 2:04, timeout 5 min: it fires at 2:09 after B, not at 2:05 [F 14]', () => {
    const life = new Life(whole()).at('2:00').ack('ana').at('2:04').ack('bob');
    life.at('7:04');
    expect(life.state.status).toBe('acknowledged');
    life.through('7:04');
    expect(life.state).toMatchObject({ status: 'triggered', episode: 2, acknowledgements: [] });
    expect(life.pages.slice(2)).toEqual(['7:04 ana mail', '7:04 bob mail']);
  });

  test('the same user acking anew re-arms it [F 15]', () => {
    const life = new Life(whole()).at('2:00').ack('ana').at('6:00').ack('ana').at('11:00');
    expect(life.state.status).toBe('acknowledged');
    expect(life.through('11:00').state.status).toBe('triggered');
  });

  test('the same command again does not re-arm it', () => {
    const life = new Life(whole()).at('2:00');
    life.command('ana', { type: 'acknowledge', id: 'same' });
    life.at('6:00').command('ana', { type: 'acknowledge', id: 'same' });
    expect(life.through('7:00').state.status).toBe('triggered');
  });

  test('the present level starts again with its full delay, the pass unchanged', () => {
    const life = new Life(whole()).at('12:00').ack('cho').through('17:00');
    expect(life.state.escalation).toMatchObject({ level: 2, pass: 1 });
    expect(life.pages.at(-1)).toBe('17:00 cho mail');
    life.at('27:00');
    expect(life.state.escalation.exhausted).toBe(false);
    expect(life.through('27:00').state.escalation.exhausted).toBe(true);
  });

  test('resume: first-level starts over at level 1', () => {
    const life = new Life(whole({ resume: 'first-level' })).at('12:00').ack('cho').through('17:00');
    expect(life.state.escalation).toMatchObject({ level: 1, pass: 1 });
    expect(life.pages.slice(3)).toEqual(['17:00 ana mail', '17:00 bob mail', '17:00 cho mail']);
  });

  test('resume: first-level passes over a level nobody is on call for, with the former ackers', () => {
    const empty = configuration({
      users: people,
      schedules: [later],
      policy: policy([level('schedule:later', '10m'), level('user:cho', '10m'), level('user:dee', '10m')]),
      service: service({ ackTimeout: '5m', resume: 'first-level' }),
    });
    const life = new Life(empty).at('11:00').ack('bob').through('16:00');
    expect(life.pages).toEqual(['0:00 cho mail', '10:00 dee mail', '16:00 cho mail', '16:00 bob mail']);
    expect(life.state.escalation).toMatchObject({ level: 2, pass: 1 });
  });

  test('a former acker from elsewhere is told with the level, once', () => {
    const life = new Life(whole()).at('2:00').ack('dee').through('7:00');
    expect(life.pages.slice(2)).toEqual(['7:00 ana mail', '7:00 bob mail', '7:00 dee mail']);
  });

  test('an exhausted incident tells the last resort and the ackers again, with no level timer', () => {
    const life = new Life(whole({}, 0, 'user:dee')).at('21:00').ack('ana').through('26:00');
    expect(life.pages.slice(-2)).toEqual(['26:00 dee mail', '26:00 ana mail']);
    expect(life.state.escalation).toMatchObject({ exhausted: true, levelEndsAt: null });
  });

  test('a direct assignment tells its assignees again, with no level timer', () => {
    const life = new Life(whole()).at('1:00');
    life.command('cho', { type: 'reassign', users: ['dee'] });
    life.at('2:00').ack('dee').through('7:00');
    expect(life.pages.slice(2)).toEqual(['1:00 dee mail', '7:00 dee mail']);
    expect(life.state.escalation.levelEndsAt).toBeNull();
  });

  test("the source's own ack arms no timeout, re-arms none, and goes with the last human's [F 17]", () => {
    const life = new Life(whole()).at('1:00').arrive({ action: 'acknowledge' });
    expect(life.state).toMatchObject({ status: 'acknowledged', ackTimeoutAt: null });
    life.at('2:00').ack('ana').at('3:00').arrive({ action: 'acknowledge' });
    expect(life.through('7:00').state).toMatchObject({ status: 'triggered', acknowledgements: [] });
    expect(life.pages.slice(2)).toEqual(['7:00 ana mail', '7:00 bob mail']);
  });

  test("the source's ack goes with the last human's unack", () => {
    const life = new Life(whole()).at('2:00').ack('ana').arrive({ action: 'acknowledge' }).at('3:00');
    life.command('ana', { type: 'unacknowledge' });
    expect(life.state).toMatchObject({ status: 'triggered', acknowledgements: [] });
  });

  test('unack by the last acker: the level starts again with its full delay [F 20]', () => {
    const life = new Life(whole()).at('2:00').ack('ana').at('3:00');
    life.command('ana', { type: 'unacknowledge' });
    life.through('3:00');
    expect(life.state).toMatchObject({ status: 'triggered', episode: 2 });
    expect(life.pages.slice(2)).toEqual(['3:00 ana mail', '3:00 bob mail']);
    expect(life.through('13:00').pages.at(-1)).toBe('13:00 cho mail');
  });

  test('an answer to a question that an ack made void assigns nobody, also where another one is open', () => {
    const life = new Life(whole()).answers(false).through('10:00');
    const [old] = effects(life.state).filter(({ kind }) => kind === 'ask');
    life.ack('ana').command('ana', { type: 'unacknowledge' });
    const people = { at: life.now, configuration: 'test', levels: [], others: [], remarks: [], nextHandOff: null };
    const seq = old?.kind === 'ask' ? old.seq : 0;
    expect(seq).toBe(2);
    expect(decide(life.state, { type: 'answer', seq, answer: people }, life.now).changes).toEqual([]);
  });

  test('unack by one of two leaves the other on it', () => {
    const life = new Life(whole()).at('2:00').ack('ana').ack('bob');
    life.command('ana', { type: 'unacknowledge' });
    expect(life.state).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'bob' }] });
  });
});
