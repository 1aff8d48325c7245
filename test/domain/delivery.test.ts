import { gapAfter } from '../../domain/attempts.ts';
import { decide } from '../../domain/decide.ts';
import { effects } from '../../domain/effects.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { Life, written } from '../support/life.ts';

const to = (contact: string, outcome: 'terminal' | 'retryable' | 'unknown') => (notification: { contact: string }) =>
  notification.contact === contact ? outcome : 'sent';

describe('a terminal failure [L5.5]', () => {
  test("fires the user's next unfired rule at once, and it inherits being owed", () => {
    const users = [person('ana', '0s mail, 3m phone')];
    const life = new Life(configuration({ users, policy: policy([level('user:ana', '5m')]) }));
    life.providing(to('mail', 'terminal')).through('4:00');
    expect(life.pages).toEqual(['0:00 ana mail', '0:00 ana phone']);
    expect(life.state.ledger[1]).toMatchObject({ status: 'sent', minuteZero: true });
  });

  test('an inherited rule is sent although somebody acked meanwhile', () => {
    const users = [person('ana', '0s mail, 3m phone'), person('bob')];
    const life = new Life(configuration({ users, policy: policy([level('user:ana user:bob', '5m')]) }));
    life
      .providing(to('mail', 'retryable'))
      .through('0:00')
      .providing(to('mail', 'terminal'))
      .ack('bob')
      .through('4:00');
    expect(life.pages.at(-1)).toBe('0:02 ana phone');
    expect(life.ledger).toEqual(['ana mail failed', 'ana phone cancelled', 'bob mail cancelled', 'ana phone sent']);
  });

  test.each(['terminal', 'retryable'] as const)(
    'an inherited rule is taken once: where it fails too (%s), the next is, and then no more',
    (outcome) => {
      const users = [person('ana', '0s mail, 3m phone, 4m desk'), person('bob')];
      const life = new Life(configuration({ users, policy: policy([level('user:ana user:bob', '5m')]) }));
      life
        .providing(to('mail', 'retryable'))
        .through('0:00')
        .ack('bob')
        .providing(() => outcome);
      life.through('60:00').resolve('bob');
      expect(life.ledger.slice(0, 3)).toEqual([
        `ana mail ${outcome === 'terminal' ? 'failed' : 'expired'}`,
        'ana phone cancelled',
        'ana desk cancelled',
      ]);
      expect(life.ledger.slice(4).map((entry) => entry.split(' ')[1])).toEqual(['phone', 'desk']);
      expect(life.settled).toBe(true);
    },
  );

  test('with no rule left the user is unreachable, which is logged', () => {
    const users = [person('ana'), person('bob')];
    const life = new Life(configuration({ users, policy: policy([level('user:ana user:bob', '5m')]) }));
    life.providing(({ user }) => (user === 'ana' ? 'terminal' : 'sent')).through('4:00');
    expect(life.state.escalation).toMatchObject({ unreachable: ['ana'], level: 1, exhausted: false });
    expect(life.log).toContain('0:00 Ana could not be reached');
  });

  test('a level whose users all turn out unreachable ends at once', () => {
    const users = [person('ana'), person('bob')];
    const life = new Life(configuration({ users, policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]) }));
    life.providing(({ user }) => (user === 'ana' ? 'terminal' : 'sent')).through('0:00');
    expect(life.pages).toEqual(['0:00 ana mail', '0:00 bob mail']);
    expect(life.state.escalation).toMatchObject({ level: 2 });
  });

  test('a user of a level that was left, unreachable only now, ends no other level', () => {
    const users = [person('ana'), person('bob', '0s phone'), person('cho', '0s phone')];
    const levels = [level('user:ana', '5m'), level('user:bob', '5m'), level('user:cho', '5m')];
    const life = new Life(configuration({ users, policy: policy(levels) }));
    life
      .providing(({ contact }) => (contact === 'mail' ? 'hold' : 'sent'))
      .at('6:00')
      .release('terminal');
    expect(life.through('9:00').state.escalation).toMatchObject({ level: 2, unreachable: [] });
  });

  test('a pass in which only an earlier level was reached is repeated', () => {
    const users = [person('ana', '0s phone'), person('bob')];
    const levels = [level('user:ana', '5m'), level('user:bob', '5m')];
    const life = new Life(configuration({ users, policy: policy(levels, { repeat: 1 }) }));
    life.providing(to('mail', 'terminal')).through('60:00');
    expect(life.pages).toEqual(['0:00 ana phone', '5:00 bob mail', '5:00 ana phone', '10:00 bob mail']);
    expect(life.state.escalation).toMatchObject({ exhausted: true, pass: 2 });
  });

  test('a page of an earlier pass that is sent late does not make the present one reach somebody', () => {
    const users = [person('ana'), person('bob', '0s phone')];
    const levels = [level('user:ana user:bob', '5m')];
    const life = new Life(configuration({ users, policy: policy(levels, { repeat: 5 }) }));
    life.providing(({ contact }) => (contact === 'phone' ? 'hold' : 'sent')).through('0:00');
    life
      .providing(() => 'retryable')
      .at('6:00')
      .release('sent');
    expect(life.through('8:00').ledger.slice(0, 2)).toEqual(['ana mail sent', 'bob phone sent']);
    expect(life.state.escalation).toMatchObject({ exhausted: true, pass: 2 });
  });

  test('a pass in which nobody was reached is not repeated: last resort, exhausted', () => {
    const users = [person('ana'), person('dee', '0s phone')];
    const whole = configuration({
      users,
      policy: policy([level('user:ana', '5m')], { repeat: 9, lastResort: 'user:dee' }),
    });
    const life = new Life(whole).providing(to('mail', 'terminal')).through('60:00');
    expect(life.pages).toEqual(['0:00 ana mail', '0:00 dee phone']);
    expect(life.state.escalation).toMatchObject({ exhausted: true, pass: 1 });
  });
});

describe('a retryable failure [L5.5]', () => {
  test('is attempted again under the same key, at growing gaps of at most 5 minutes', () => {
    const life = new Life(configuration({ users: [person('ana')], policy: policy([level('user:ana', '120m')]) }));
    life.providing(() => 'retryable').through('9:59');
    expect(life.pages.map((page) => page.split(' ')[0])).toEqual([
      '0:00',
      '0:02',
      '0:06',
      '0:14',
      '0:30',
      '1:02',
      '2:06',
      '4:14',
      '8:30',
    ]);
    expect(new Set(life.attempts.map(({ key }) => key)).size).toBe(1);
    expect(gapAfter(30)).toBe(300_000);
  });

  test('is attempted again when the provider asks for it, but after 5 minutes at the latest', () => {
    const whole = configuration({ users: [person('ana')], policy: policy([level('user:ana', '120m')]) });
    const againAfter = (after: number) => {
      const life = new Life(whole).providing(() => 'hold').through('0:00');
      const failed = {
        outcome: 'retryable',
        at: life.now,
        code: 'PROVIDER_UNREACHABLE',
        detail: 'busy',
        after,
      } as const;
      const { state } = decide(life.state, { type: 'attempted', notification: 'n1', result: failed }, life.now);
      return written(state.ledger[0]!.nextAt);
    };
    expect([againAfter(0), againAfter(90_000), againAfter(3_600_000)]).toEqual(['0:02', '1:30', '5:00']);
  });

  test('counts as terminal when its level ends, where that comes before the 2 minutes', () => {
    const users = [person('ana', '0s mail, 60m phone'), person('bob', '0s phone')];
    const levels = [level('user:ana', '1m'), level('user:bob', '5m')];
    const life = new Life(configuration({ users, policy: policy(levels) })).providing(to('mail', 'retryable'));
    expect(life.through('3:00').pages.filter((page) => page.includes('phone'))).toEqual([
      '1:00 ana phone',
      '1:00 bob phone',
    ]);
  });

  test('counts as terminal after 2 minutes for moving on, and goes on being attempted until it is sent', () => {
    const users = [person('ana', '0s mail, 60m phone')];
    const life = new Life(configuration({ users, policy: policy([level('user:ana', '120m')]) }));
    life.providing(to('mail', 'retryable')).through('3:00');
    expect(life.pages.filter((page) => page.includes('phone'))).toEqual(['2:00 ana phone']);
    life.providing(() => 'sent').through('5:00');
    expect(life.ledger).toEqual(['ana mail sent', 'ana phone sent']);
  });

  test('counts as terminal before it is attempted again at that very instant [L7]', () => {
    const users = [person('ana', '0s mail, 60m phone')];
    const life = new Life(configuration({ users, policy: policy([level('user:ana', '120m')]) }));
    const first = { outcome: 'retryable', after: 120_000 } as const;
    life.providing(({ attempts, contact }) => (contact === 'mail' && attempts.length === 0 ? first : 'sent'));
    expect(life.through('3:00').pages).toEqual(['0:00 ana mail', '2:00 ana mail', '2:00 ana phone']);
  });

  test('stops when somebody acks, unless it is owed', () => {
    const users = [person('ana', '1m mail'), person('bob')];
    const life = new Life(configuration({ users, policy: policy([level('user:ana user:bob', '5m')]) }));
    life.providing(to('mail', 'retryable')).through('1:30').ack('dee').through('3:00');
    expect(life.state.ledger[0]).toMatchObject({ user: 'ana', status: 'cancelled', reason: 'acknowledged' });
    expect(life.state.ledger[1]).toMatchObject({ user: 'bob', status: 'queued', owed: true });
  });

  test('nobody reached in the last pass: it goes on until one is sent, and that ends the others', () => {
    const users = [person('ana'), person('bob', '0s phone')];
    const life = new Life(configuration({ users, policy: policy([level('user:ana user:bob', '1m')]) }));
    life.providing(() => 'retryable').through('30:00');
    expect(life.state.escalation.exhausted).toBe(true);
    expect(life.ledger).toEqual(['ana mail queued', 'bob phone queued']);
    life.providing(to('mail', 'retryable')).through('40:00');
    expect(life.ledger).toEqual(['ana mail cancelled', 'bob phone sent']);
  });

  test('nobody reached, and nobody on call for the level after it: it goes on past minute zero until one is sent', () => {
    const levels = [level('user:ana', '1m'), level('user:mute', '1m')];
    const users = [person('ana'), { ...person('mute'), contacts: [] }];
    const life = new Life(configuration({ users, policy: policy(levels, { lastResort: 'user:mute' }) }));
    life.providing(() => 'retryable').through('30:00');
    expect(life.state.escalation.exhausted).toBe(true);
    expect(life.state.ledger).toMatchObject([{ status: 'queued', owed: true, persistent: true }]);
    expect(life.providing(() => 'sent').through('40:00').ledger).toEqual(['ana mail sent']);
  });

  test('nobody reached in the last pass, and then somebody: who is owed minute zero is told still, while it binds', () => {
    const users = [person('ana'), person('bob', '0s phone')];
    const levels = [level('user:ana user:bob', '1m')];
    const life = new Life(configuration({ users, policy: policy(levels) }))
      .providing(() => 'retryable')
      .through('3:00');
    life.providing(to('mail', 'retryable')).through('7:00');
    expect(life.state.ledger).toMatchObject([{ status: 'queued', owed: true }, { status: 'sent' }]);
    expect(life.providing(() => 'sent').through('9:00').ledger).toEqual(['ana mail sent', 'bob phone sent']);
  });

  test('a resolve ends what goes on, once minute zero is too old', () => {
    const life = new Life(configuration({ users: [person('ana')], policy: policy([level('user:ana', '1m')]) }));
    life
      .providing(() => 'retryable')
      .through('30:00')
      .resolve('bob')
      .through('30:00');
    expect(life.settled).toBe(true);
  });
});

describe('an unknown outcome [L5, the ledger]', () => {
  test('is sent again under the same key, and both attempts stand in one entry', () => {
    const life = new Life(configuration({ users: [person('ana')], policy: policy([level('user:ana', '5m')]) }));
    life
      .providing(() => 'unknown')
      .through('0:00')
      .providing(() => 'sent')
      .through('1:00');
    expect(life.state.ledger).toHaveLength(1);
    expect(life.state.ledger[0]).toMatchObject({
      status: 'sent',
      attempts: [{ outcome: 'unknown' }, { outcome: 'sent' }],
    });
    expect(new Set(life.attempts.map(({ key }) => key)).size).toBe(1);
  });

  test('beside retryable failures: two minutes count from the first attempt, whatever came of it', () => {
    const users = [person('ana', '0s mail, 60m phone')];
    const life = new Life(configuration({ users, policy: policy([level('user:ana', '120m')]) }));
    life.providing(({ attempts }) => (attempts.length === 0 ? 'unknown' : 'retryable')).through('2:00');
    expect(life.pages.filter((page) => page.includes('phone'))).toEqual(['2:00 ana phone']);
  });

  test('not begun yet when an ack asks it back, it is cancelled and not begun later [L11]', () => {
    const users = [person('ana', '1m mail')];
    const life = new Life(configuration({ users, policy: policy([level('user:ana', '5m')]) }));
    life
      .providing(() => 'hold')
      .through('1:00')
      .ack('dee')
      .through('9:00');
    expect(life.state.ledger).toMatchObject([
      { status: 'cancelled', reason: 'acknowledged', attempts: [{ outcome: 'cancelled' }] },
    ]);
  });

  test('asked back by an ack while in flight: what became of it stands in the ledger [L11]', () => {
    const users = [person('ana', '1m mail'), person('bob', '1m mail')];
    const life = new Life(configuration({ users, policy: policy([level('user:ana user:bob', '5m')]) }));
    life
      .providing(() => 'hold')
      .through('1:00')
      .ack('dee');
    expect(life.state.ledger.map(({ phase, reason }) => [phase, reason])).toEqual([
      ['inFlight', 'acknowledged'],
      ['inFlight', 'acknowledged'],
    ]);
    life.release('sent');
    expect(life.ledger).toEqual(['ana mail sent', 'bob mail sent']);
  });
});

describe('ties and overdue deadlines [L7]', () => {
  const users = [person('ana', '0s mail, 4m phone'), person('bob')];
  const whole = configuration({
    users,
    policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]),
    service: service({ ackTimeout: '5m' }),
  });

  test('workers down for two hours: the overdue level fires once, with its full delay from now [L10]', () => {
    const life = new Life(whole).through('0:00').asleepUntil('120:00').through('124:59');
    expect(life.pages).toEqual(['0:00 ana mail', '120:00 bob mail']);
    expect(life.state.escalation).toMatchObject({ level: 2, exhausted: false });
  });

  test('its lateness is logged [L10]', () => {
    const life = new Life(whole).through('0:00').asleepUntil('120:00').through('120:00');
    expect(life.log).toContain('120:00 Level 1 ended: nobody acknowledged in time (1h55m late)');
  });

  test('an overdue rule of a level that is left is cancelled, with the reason', () => {
    const life = new Life(whole).through('0:00').asleepUntil('120:00').through('120:00');
    expect(life.state.ledger[1]).toMatchObject({ contact: 'phone', status: 'cancelled', reason: 'levelLeft' });
  });

  test('an ack at the very instant of the level timer comes first', () => {
    expect(new Life(whole).at('5:00').ack('ana').through('9:00').pages).toEqual(['0:00 ana mail', '4:00 ana phone']);
  });

  test('an ack given while everybody slept comes before what became overdue', () => {
    const life = new Life(whole).through('0:00').asleepUntil('120:00').ack('ana').through('124:00');
    expect(life.pages).toEqual(['0:00 ana mail']);
    expect(life.state.status).toBe('acknowledged');
  });

  test('the ack timeout comes before the level timer, which it replaces', () => {
    const life = new Life(whole).at('1:00').ack('ana').asleepUntil('120:00').through('120:00');
    expect(life.state).toMatchObject({ episode: 2, escalation: { level: 1 } });
  });
});

test('a page says what the incident said at the assignment, whatever events say since [L5.2]', () => {
  const users = [person('ana', '0s mail, 3m phone')];
  const life = new Life(configuration({ users, policy: policy([level('user:ana', '5m')]) })).providing(() => 'hold');
  life.at('1:00').arrive({ summary: 'another disk', severity: 'info' }).through('3:00');
  const said = effects(life.state).flatMap((each) => (each.kind === 'notify' ? [each.request().incident] : []));
  expect(said.map(({ summary, severity }) => [summary, severity])).toEqual([
    ['disk of db1 is full', 'critical'],
    ['disk of db1 is full', 'critical'],
  ]);
});

describe('a page by webhook', () => {
  test('carries the whole incident and its entry of the ledger; a page to a person does not', () => {
    const ana = person('ana', '0s mail, 0s hook');
    const contacts = ana.contacts.map((contact) =>
      contact.id === 'hook' ? { ...contact, channel: 'webhook' as const } : contact,
    );
    const users = [{ ...ana, contacts }];
    const life = new Life(configuration({ users, policy: policy([level('user:ana', '5m')]) })).providing(() => 'hold');
    const requests = effects(life.through('0:00').state).flatMap((each) =>
      each.kind === 'notify' ? [each.request()] : [],
    );
    expect(requests.map(({ contact, whole }) => [contact, whole === undefined])).toEqual([
      ['mail', true],
      ['hook', false],
    ]);
    expect(requests[1]?.whole).toMatchObject({
      incident: { id: life.state.id, status: 'triggered', assignees: ['ana'] },
      notification: { id: 'n2', contact: 'hook', channel: 'webhook', minuteZero: true },
    });
  });
});
