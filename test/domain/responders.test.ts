import { configuration, duration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life } from '../support/life.ts';

const RULES = '0s mail, 2m phone';
const world = (more: Parameters<typeof service>[0] = {}, levels = [level('user:ana', '5m'), level('user:bob', '5m')]) =>
  configuration({
    users: [...['ana', 'bob', 'cho', 'dee'].map((id) => person(id, RULES)), { ...person('eve'), contacts: [] }],
    policy: policy(levels, { repeat: 1 }),
    service: service({ ackTimeout: '30m', ...more }),
  });

const help = (life: Life, ...users: string[]): Life => {
  life.command('ana', { type: 'responders', users } as const);
  return life;
};

describe('responders added [L7]', () => {
  test('[L7] are told of by their names, as those are to whom it is reassigned', () => {
    const life = new Life(world()).at('1:00');
    const names = { cho: 'Cho Tanaka' };
    life.command('ana', { type: 'responders', users: ['cho'], names });
    life.command('ana', { type: 'reassign', users: ['cho'], names });
    expect(life.log.join()).toMatch(/Ana asked for the help of Cho Tanaka,.*Ana reassigned to Cho Tanaka/);
  });

  test('are told beside the assignees by their own rules, and are no assignees', () => {
    const life = help(new Life(world()).at('1:00'), 'cho', 'dee');
    expect(life.state).toMatchObject({ status: 'triggered', assignees: ['ana'], responders: ['cho', 'dee'] });
    life.at('4:00');
    expect(life.pages).toEqual([
      '0:00 ana mail',
      '1:00 cho mail',
      '1:00 dee mail',
      '2:00 ana phone',
      '3:00 cho phone',
      '3:00 dee phone',
    ]);
    expect(life.log.slice(1)).toEqual(
      expect.arrayContaining([
        '1:00 Ana asked for the help of cho, dee',
        '1:00 Responders: Cho, Dee (their help was asked for)',
      ]),
    );
    expect(life.state.ledger.filter(({ user }) => user === 'cho')).toMatchObject([
      { cause: 'responders', level: null, pass: 1, minuteZero: true },
      { cause: 'responders', level: null, pass: 1, minuteZero: false },
    ]);
  });

  test('change nothing of the escalation, which goes on by its own times', () => {
    const alone = new Life(world()).at('4:00');
    const helped = help(new Life(world()).at('1:00'), 'cho').at('4:00');
    expect(helped.state.escalation).toEqual(alone.state.escalation);
    const ofOthers = (life: Life) => life.at('25:00').pages.filter((page) => !page.includes(' cho '));
    expect(ofOthers(helped)).toEqual(ofOthers(alone));
    expect(helped.state.assignees).toEqual(alone.state.assignees);
  });

  test('are owed at minute zero also while it is acknowledged; their later rules do not start', () => {
    const life = help(new Life(world()).at('1:00').ack('ana').at('2:00'), 'cho').at('10:00');
    expect(life.pages).toEqual(['0:00 ana mail', '2:00 cho mail']);
    expect(life.state.ledger.find(({ user }) => user === 'cho')).toMatchObject({ minuteZero: true, status: 'sent' });
    expect(life.ledger).toContain('cho phone cancelled');
    expect(life.state).toMatchObject({ status: 'acknowledged', ackTimeoutAt: instant('31:00') });
  });

  test('who were told before it was acknowledged are told again when they are asked for', () => {
    const life = help(new Life(world()).at('6:00').ack('ana').at('7:00'), 'bob').at('10:00');
    expect(life.pages.filter((page) => page.includes('bob'))).toEqual(['5:00 bob mail', '7:00 bob mail']);
  });

  test('later rules end with an ack, and owed ones do not', () => {
    const life = new Life(world()).at('1:00').answers(false);
    help(life, 'cho').ack('bob').answers(true).at('10:00');
    expect(life.pages).toEqual(['0:00 ana mail', '1:00 cho mail']);
    const later = help(new Life(world()).at('1:00'), 'cho').at('2:30').ack('bob').at('10:00');
    expect(later.pages.filter((page) => page.includes('cho'))).toEqual(['1:00 cho mail']);
  });

  test('asked for, and then it is resolved before they are known: they are told once, and it is waited for', () => {
    const life = help(new Life(world()).at('1:00').answers(false), 'cho').resolve('ana');
    expect(life.settled).toBe(false);
    life.answers(true).at('10:00');
    expect(life.pages).toEqual(['0:00 ana mail', '1:00 cho mail']);
    expect(life.attempts[1]?.present).toBe('already resolved by Ana at 00:01:00 UTC');
    expect(life.settled).toBe(true);
  });

  test('later rules go on through the end of a level and a reassignment', () => {
    const atEnd = help(new Life(world()).at('4:00'), 'cho').at('7:00');
    expect(atEnd.pages).toContain('6:00 cho phone');
    const life = help(new Life(world()).at('1:00'), 'cho').at('2:00');
    life.command('ana', { type: 'reassign', users: ['dee'] } as const);
    expect(life.at('4:00').pages).toContain('3:00 cho phone');
    expect(life.state).toMatchObject({ assignees: ['dee'], responders: ['cho'] });
  });

  test('later rules go on when the urgency changes', () => {
    const life = help(new Life(world()).at('1:00'), 'cho').at('2:00');
    life.command('ana', { type: 'urgency', urgency: 'low' } as const);
    life.at('2:30').command('ana', { type: 'urgency', urgency: 'high' } as const);
    expect(life.at('4:00').pages.filter((page) => page.includes('cho'))).toEqual(['1:00 cho mail', '3:00 cho phone']);
  });

  test('who become assignees have one running list, the new one [L4.2]', () => {
    const life = help(new Life(world()).at('4:00'), 'bob').at('10:00');
    expect(life.pages.filter((page) => page.includes('bob'))).toEqual([
      '4:00 bob mail',
      '5:00 bob mail',
      '7:00 bob phone',
    ]);
    expect(life.state.ledger.filter(({ reason }) => reason === 'assignedAgain')).toHaveLength(1);
  });

  test('who is told says nothing about whether the level could be reached [L5.5]', () => {
    const life = new Life(world({}, [level('user:ana', '5m')])).providing(({ user }) =>
      user === 'ana' ? 'terminal' : 'sent',
    );
    help(life, 'cho').at('1:00');
    expect(life.state.escalation).toMatchObject({ exhausted: true, reached: false });
  });

  test('who cannot be reached end no level [L5.5]', () => {
    const life = new Life(world()).providing(({ user }) => (user === 'cho' ? 'terminal' : 'sent'));
    help(life.at('1:00'), 'cho').at('4:00');
    expect(life.state.escalation).toMatchObject({ level: 1, levelEndsAt: instant('5:00'), unreachable: [] });
    expect(life.pages).toContain('1:00 cho phone');
  });

  test('a page that goes on because nobody of the level was reached does not end with a responder’s [L5.5]', () => {
    const life = new Life(world({}, [level('user:ana', '5m')])).providing(({ user }) =>
      user === 'ana' ? 'retryable' : 'sent',
    );
    life.at('6:00');
    expect(life.state.escalation.exhausted).toBe(true);
    help(life, 'cho').at('20:00');
    expect(life.attempts.filter(({ at, user }) => user === 'ana' && at > '15').length).toBeGreaterThan(0);
    expect(life.state.ledger.some(({ user, persistent }) => user === 'ana' && persistent)).toBe(true);
  });

  test('older than minuteZeroMaxAge, a responder’s page goes by the present state: still triggered, it is sent, late [L5.3]', () => {
    const life = new Life(world({ minuteZeroMaxAge: '10m' })).at('1:00');
    help(life, 'cho').through('1:00');
    expect(life.pages).toContain('1:00 cho mail');
    const down = help(
      new Life(world()).providing(({ user }) => (user === 'cho' ? 'retryable' : 'sent')).at('1:00'),
      'cho',
    );
    down.at('12:00');
    expect(down.state.ledger.find(({ user }) => user === 'cho')).toMatchObject({ late: true, phase: 'waiting' });
  });

  test('who told of it want to hear of its end, hear of it [L5.6]', () => {
    const users = ['ana', 'cho'].map((id) => ({ ...person(id), statusUpdates: true }));
    const life = new Life(configuration({ users, policy: policy([level('user:ana', '5m')]) }));
    help(life.at('1:00'), 'cho').at('2:00').ack('cho').at('3:00').resolve('ana').at('4:00');
    expect(life.told).toEqual(['2:00 ana mail: incident.acknowledged', '3:00 cho mail: incident.resolved']);
    expect(life.state.acknowledgements.map(({ user }) => user)).toEqual(['cho']);
  });

  test('one of whom nobody can be told is said, and nothing waits for it', () => {
    const life = help(new Life(world()).at('1:00'), 'eve').at('2:00');
    expect(life.log).toContain('1:00 None of the responders can be told (user eve has no contact method)');
    expect(life.state).toMatchObject({ responders: ['eve'], invited: [], escalation: { level: 1, asking: null } });
  });

  test('asked for by several at once, each is looked up once', () => {
    const life = new Life(world()).at('1:00').answers(false);
    help(life, 'cho');
    help(life, 'dee', 'cho');
    expect(life.state.invited.map(({ users }) => users)).toEqual([['cho'], ['dee']]);
    life.answers(true).at('1:30');
    expect(life.pages).toEqual(['0:00 ana mail', '1:00 cho mail', '1:00 dee mail']);
  });

  test('while the level is being looked up: neither answer is taken for the other', () => {
    const life = new Life(world()).answers(false).through('5:00');
    help(life, 'cho').answers(true).at('6:00');
    expect(life.state.escalation).toMatchObject({ level: 2, asking: null });
    expect(life.state).toMatchObject({ assignees: ['bob'], invited: [] });
    expect(life.pages).toEqual(expect.arrayContaining(['5:00 bob mail', '5:00 cho mail']));
  });

  test('are carried over, those who are being looked up too [L9]', () => {
    const life = help(new Life(world()).at('1:00').answers(false), 'cho').continueAsNew().answers(true).at('1:30');
    expect(life.pages).toEqual(['0:00 ana mail', '1:00 cho mail']);
    expect(life.continueAsNew().at('4:00').pages).toContain('3:00 cho phone');
    expect(life.state.responders).toEqual(['cho']);
  });

  test('are 500 at most [L4 Limits]', () => {
    const life = new Life(world()).at('1:00').answers(false);
    help(life, ...Array.from({ length: 499 }, (_, index) => `u${index}`));
    const asked = (...users: string[]) => life.command('bob', { type: 'responders', users } as const).refused?.code;
    expect(asked('cho', 'dee')).toBe('TOO_MANY_RESPONDERS');
    expect(life.state.responders).toHaveLength(499);
    expect(asked('u1', 'cho')).toBeUndefined();
    expect(asked('dee')).toBe('TOO_MANY_RESPONDERS');
    expect(asked('cho')).toBeUndefined();
  });

  test('asked for while it is suspended: they are told, and it stays suspended; their later rules do not start', () => {
    const life = help(new Life(world({ holdFor: duration('10m') })).at('1:00'), 'cho').at('5:00');
    expect(life.state).toMatchObject({ status: 'suspended', assignees: [], responders: ['cho'] });
    expect(life.pages).toEqual(['1:00 cho mail']);
    expect(life.ledger).toEqual(['cho mail sent', 'cho phone cancelled']);
    expect(life.at('11:00').pages).toEqual(['1:00 cho mail', '10:00 ana mail']);
  });

  test('come too late for what is resolved', () => {
    const life = new Life(world()).at('1:00').resolve('ana');
    expect(life.command('ana', { type: 'responders', users: ['cho'] } as const).refused?.code).toBe('ALREADY_RESOLVED');
    expect(life.state).toMatchObject({ responders: [], invited: [] });
  });
});
