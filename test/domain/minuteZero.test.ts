import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { Life } from '../support/life.ts';

const two = (parts: { ana?: string; bob?: string; multiAck?: boolean } = {}) =>
  configuration({
    users: [person('ana', parts.ana ?? '0s mail'), person('bob', parts.bob ?? '0s mail'), person('dee', '0s mail')],
    policy: policy([level('user:ana user:bob', '5m', { multiAck: parts.multiAck ?? false }), level('user:dee', '5m')]),
    service: service({ ackTimeout: '30m' }),
  });

describe('minute zero [L5.2]', () => {
  test('an ack by Ana in the same instant does not keep Bob from being told', () => {
    const life = new Life(two()).ack('ana').through('20:00');
    expect(life.pages).toEqual(['0:00 bob mail']);
    expect(life.ledger).toEqual(['ana mail cancelled', 'bob mail sent']);
  });

  test('it is not owed to the user whose own act came first', () => {
    const life = new Life(two()).ack('ana').through('20:00');
    expect(life.state.ledger[0]).toMatchObject({
      user: 'ana',
      status: 'cancelled',
      reason: 'ownAction',
      minuteZero: true,
    });
  });

  test('a resolve while the provider is slow: both are still told, with a line that says how it stands [F 23]', () => {
    const life = new Life(two()).providing(() => 'retryable').through('0:00');
    life
      .providing(() => 'sent')
      .arrive({ action: 'resolve' })
      .through('1:00');
    expect(life.pages).toEqual(['0:00 ana mail', '0:00 bob mail', '0:02 ana mail', '0:02 bob mail']);
    expect(life.attempts.map(({ present }) => present)).toEqual([
      null,
      null,
      'already resolved by its monitoring source at 00:00:00 UTC',
      'already resolved by its monitoring source at 00:00:00 UTC',
    ]);
    expect(life.settled).toBe(true);
  });

  test('what is owed from the episode before, and fails still, does not keep a user from being owed this one [L5.3]', () => {
    const life = new Life(two())
      .providing(({ user }) => (user === 'ana' ? 'retryable' : 'sent'))
      .at('1:00')
      .ack('bob');
    life.at('2:00').command('bob', { type: 'unacknowledge' });
    life.through('2:00');
    expect(life.state.ledger.at(-2)).toMatchObject({ user: 'ana', episode: 2, minuteZero: true });
  });

  test('a page of the episode before, sent late, does not undo that a user was told in this one [L5.3]', () => {
    const life = new Life(two())
      .providing(({ user }) => (user === 'ana' ? 'hold' : 'sent'))
      .at('1:00')
      .ack('bob');
    life
      .providing(() => 'sent')
      .at('2:00')
      .command('bob', { type: 'unacknowledge' });
    life
      .through('2:00')
      .release('sent')
      .at('3:00')
      .command('dee', { type: 'reassign', users: ['ana'] });
    life.through('3:00');
    expect(life.pages.slice(2)).toEqual(['2:00 ana mail', '2:00 bob mail', '3:00 ana mail']);
    expect(life.state.ledger.at(-1)).toMatchObject({ user: 'ana', minuteZero: false });
  });

  test('a reassignment leaves the old users what they are owed, and starts the new [F 25]', () => {
    const life = new Life(two({ ana: '0s mail, 3m phone' })).providing(() => 'retryable').through('0:00');
    life.providing(() => 'sent').command('dee', { type: 'reassign', users: ['dee'] });
    life.through('20:00');
    expect(life.pages).toEqual(['0:00 ana mail', '0:00 bob mail', '0:00 dee mail', '0:02 ana mail', '0:02 bob mail']);
    expect(life.state.assignees).toEqual(['dee']);
    expect(life.ledger).toContain('ana phone cancelled');
  });

  describe('a reassignment whose lookup is still out', () => {
    const reassigned = (user = 'ana') => {
      const life = new Life(two({ bob: '0s mail, 3m phone' })).through('0:30').answers(false);
      life.command(user, { type: 'reassign', users: ['bob', 'dee'] });
      return life;
    };

    test('and an ack that is taken back, and another: the new users are told all the same', () => {
      const life = reassigned('dee').at('1:00').ack('ana').at('2:00');
      life.command('ana', { type: 'unacknowledge' });
      life.through('2:30').ack('ana').at('3:00').answers(true).through('20:00');
      expect(life.pages.slice(2)).toEqual(['3:00 bob mail', '3:00 dee mail']);
    });

    test('assigns the new users at once', () => {
      expect(reassigned().state.assignees).toEqual(['bob', 'dee']);
    });

    test.each(['acks', 'resolves'] as const)('is still owed when somebody %s before the answer', (how) => {
      const life = how === 'acks' ? reassigned().ack('ana') : reassigned().resolve('ana');
      expect(life.settled).toBe(false);
      life.answers(true).through('20:00');
      // Bob was told in this episode, so that only Dee is owed a page.
      expect(life.pages.slice(2)).toEqual(['0:30 dee mail']);
      expect(life.ledger.slice(3)).toEqual(['bob mail cancelled', 'bob phone cancelled', 'dee mail sent']);
    });

    test.each(['acks', 'resolves'] as const)('is not owed to the new user who %s before the answer', (how) => {
      const life = how === 'acks' ? reassigned().ack('dee') : reassigned().resolve('dee');
      life.answers(true).through('20:00');
      expect(life.pages.slice(2)).toEqual([]);
    });

    test('is taken over a continue-as-new', () => {
      const life = reassigned().ack('ana').continueAsNew().answers(true).through('20:00');
      expect(life.pages.slice(2)).toEqual(['0:30 dee mail']);
    });
  });

  test('with only a one-minute rule, Bob hears nothing of what was over after 30 seconds [F 24]', () => {
    const life = new Life(two({ bob: '1m mail' })).at('0:30').arrive({ action: 'resolve' }).through('20:00');
    expect(life.pages).toEqual(['0:00 ana mail']);
    expect(life.state.ledger[1]).toMatchObject({
      user: 'bob',
      status: 'cancelled',
      reason: 'resolved',
      minuteZero: false,
    });
  });

  test('a user told in this episode is not owed it again, but is told again in the next pass [L5.3] [F 28]', () => {
    const once = configuration({
      users: [person('ana')],
      policy: policy([level('user:ana', '5m')], { repeat: 1 }),
    });
    const life = new Life(once).through('5:00');
    expect(life.pages).toEqual(['0:00 ana mail', '5:00 ana mail']);
    expect(life.state.ledger.map(({ minuteZero }) => minuteZero)).toEqual([true, false]);
  });

  test('a user who is owed it still is not owed it a second time by the next assignment [L5.3]', () => {
    const life = new Life(two()).providing(() => 'retryable').at('0:01');
    life.command('dee', { type: 'reassign', users: ['ana'] });
    life.through('0:01');
    const ofAna = life.state.ledger.filter(({ user }) => user === 'ana');
    expect(ofAna.map(({ owed }) => owed)).toEqual([true, false]);
  });

  test('an ack timeout begins an episode: everybody is owed it anew, although they were told before [L5.3]', () => {
    const life = new Life(two())
      .at('1:00')
      .ack('ana')
      .at('31:00')
      .providing(() => 'retryable')
      .through('31:00');
    life
      .providing(() => 'sent')
      .ack('ana')
      .through('32:00');
    expect(life.pages.slice(2)).toEqual(['31:00 ana mail', '31:00 bob mail', '31:02 bob mail']);
  });

  test('what is not owed goes by the present state: an ack stops the second pass before it is begun [L5.3]', () => {
    const once = configuration({
      users: [person('ana'), person('bob')],
      policy: policy([level('user:ana user:bob', '5m')], { repeat: 1 }),
    });
    const life = new Life(once)
      .through('4:00')
      .providing(() => 'retryable')
      .through('5:00');
    life
      .providing(() => 'sent')
      .ack('ana')
      .through('20:00');
    expect(life.pages.slice(2)).toEqual(['5:00 ana mail', '5:00 bob mail']);
    expect(life.ledger.slice(2)).toEqual(['ana mail cancelled', 'bob mail cancelled']);
  });

  test('owed for longer than minuteZeroMaxAge and no longer assigned: expired, with the reason [L5.3] [F 27]', () => {
    const life = new Life(two())
      .providing(() => 'retryable')
      .through('0:30')
      .ack('ana');
    life.at('10:00');
    expect(life.state.ledger[1]).toMatchObject({ user: 'bob', status: 'queued', owed: true });
    life.through('10:00');
    expect(life.state.ledger[1]).toMatchObject({ user: 'bob', status: 'expired', reason: 'tooOld' });
  });

  test('owed for longer than minuteZeroMaxAge, still triggered and assigned: sent, marked late [L5.3]', () => {
    const alone = configuration({ users: [person('ana')], policy: policy([level('user:ana', '60m')]) });
    const life = new Life(alone).asleepUntil('15:00').through('15:00');
    expect(life.pages).toEqual(['15:00 ana mail']);
    expect(life.state.ledger[0]).toMatchObject({ late: true, owed: false, minuteZero: true, status: 'sent' });
  });
});

describe('notification rules [L5.1]', () => {
  test('a delayed rule fires at assignment + delay', () => {
    expect(new Life(two({ ana: '0s mail, 2m phone' })).through('4:59').pages).toContain('2:00 ana phone');
  });

  test('due at the very end of its level: the level ends first, and it is not sent [L7]', () => {
    const users = [person('ana', '0s mail, 5m phone'), person('bob')];
    const left = new Life(configuration({ users, policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]) }));
    expect(left.through('5:00').pages).toEqual(['0:00 ana mail', '5:00 bob mail']);
  });

  test.each(['acknowledged', 'resolved'] as const)('%s before its delay: it is not sent', (how) => {
    const life = new Life(two({ ana: '0s mail, 2m phone' })).at('1:00');
    if (how === 'acknowledged') life.ack('bob');
    else life.resolve('bob');
    life.through('29:00');
    expect(life.pages).toEqual(['0:00 ana mail', '0:00 bob mail']);
    expect(life.ledger).toContain('ana phone cancelled');
  });

  test('at a multiAck level only the acker is left alone, and no further level begins [F 18]', () => {
    const life = new Life(two({ ana: '0s mail, 2m phone', bob: '0s mail, 2m phone', multiAck: true }))
      .at('1:00')
      .ack('ana');
    life.through('29:00');
    expect(life.pages).toEqual(['0:00 ana mail', '0:00 bob mail', '2:00 bob phone']);
  });

  test('at a multiAck level the second acker is left alone too', () => {
    const life = new Life(two({ ana: '0s mail, 2m phone', bob: '0s mail, 2m phone', multiAck: true })).at('1:00');
    life.ack('ana').at('1:30').ack('bob').through('29:00');
    expect(life.pages).toEqual(['0:00 ana mail', '0:00 bob mail']);
  });

  test('at a multiAck level, what ran on through the ack ends with it when the incident starts again elsewhere', () => {
    const levels = [level('user:ana', '10m'), level('user:bob', '10m', { multiAck: true })];
    const life = new Life(
      configuration({
        users: [person('ana'), person('bob', '0s mail, 8m phone'), person('dee')],
        policy: policy(levels),
        service: service({ ackTimeout: '5m', resume: 'first-level' }),
      }),
    );
    life.at('11:00').ack('dee').through('25:00');
    expect(life.pages.slice(2)).toEqual(['16:00 ana mail', '16:00 dee mail']);
    expect(life.state.ledger[2]).toMatchObject({ contact: 'phone', status: 'cancelled', reason: 'startsAgain' });
  });
});
