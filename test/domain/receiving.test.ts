/** What providers say later of what they took (lifecycle §5.5, the ledger): docs/adr/0018. */
import { TURNED_AWAY_KEPT } from '../../domain/evolve.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { BEGIN, Life, instant } from '../support/life.ts';

const users = [person('ana', '0s mail, 3m phone, 4m desk'), person('bob')];
const one = { users, policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]) };
const both = { users, policy: policy([level('user:ana user:bob', '5m')]) };
const begun = (): Life => new Life(configuration(one)).goOn(BEGIN);
const to = (contact: string, outcome: 'unknown' | 'retryable' | 'hold') => (page: { contact: string }) =>
  page.contact === contact ? outcome : 'sent';
const outcomesOf = (life: Life, index = 0) => life.state.ledger[index]!.attempts.map(({ outcome }) => outcome);

describe('a receipt that it was delivered', () => {
  test('is the last line of the ledger entry, with what the provider said', () => {
    const life = begun().at('0:20').receipt('ana', 'mail', 'delivered', { providerId: 'SM1', detail: 'handset' });
    expect(life.state.ledger[0]).toMatchObject({ status: 'delivered', sentAt: BEGIN });
    expect(life.state.ledger[0]!.attempts[1]).toMatchObject({
      at: BEGIN + 20_000,
      outcome: 'delivered',
      providerId: 'SM1',
      detail: 'handset',
    });
    expect(life.log.at(-1)).toBe('0:20 E-mail to Ana delivered');
  });

  test('ends the attempts of what nobody knew of, and its user counts as told', () => {
    const life = new Life(configuration(one)).providing(to('mail', 'unknown')).at('0:01');
    life.receipt('ana', 'mail', 'delivered').through('1:00');
    expect(life.pages).toEqual(['0:00 ana mail']);
    expect(life.state.told).toMatchObject([{ user: 'ana', contact: 'mail', episode: 1 }]);
    expect(life.state.escalation.reached).toBe(true);
  });

  test('ends what goes on because nobody was reached', () => {
    const alone = new Life(configuration({ users: [person('ana'), person('bob')], policy: both.policy }));
    alone.providing(() => 'retryable').at('20:00');
    expect(alone.state.escalation.exhausted).toBe(true);
    alone.receipt('ana', 'mail', 'delivered');
    expect(alone.ledger).toEqual(['ana mail delivered', 'bob mail cancelled']);
  });

  test('is taken after the incident is resolved, as long as it is there', () => {
    const life = begun().at('1:00').resolve('bob').at('1:30').receipt('ana', 'mail', 'delivered');
    expect(life.ledger[0]).toBe('ana mail delivered');
    expect(life.settled).toBe(true);
  });

  test('is believed where it was thought to have failed', () => {
    const life = begun().receipt('ana', 'mail', 'failed').receipt('ana', 'mail', 'delivered');
    expect(life.state.ledger[0]).toMatchObject({ status: 'delivered' });
    expect(life.state.told.map(({ contact }) => contact)).toContain('mail');
  });

  test('says nothing of a page that was never begun', () => {
    const life = new Life(configuration(one)).receipt('ana', 'mail', 'delivered');
    expect(life.ledger[0]).toBe('ana mail queued');
  });
});

describe('a receipt that it was sent', () => {
  test.each(['unknown', 'retryable'] as const)('settles what is to be attempted again (%s)', (outcome) => {
    const life = new Life(configuration(one)).providing(to('mail', outcome)).at('0:01');
    life.receipt('ana', 'mail', 'sent', { providerId: 'SM1' }).through('1:00');
    expect(life.pages).toEqual(['0:00 ana mail']);
    expect(life.state.ledger[0]).toMatchObject({ status: 'sent', sentAt: BEGIN + 1_000, owed: false });
    expect(life.state.ledger[0]!.attempts.at(-1)).toMatchObject({ outcome: 'sent', providerId: 'SM1' });
  });

  test.each(['sent', 'terminal', 'unknown', 'cancelled'] as const)(
    'settles what is on its way; that the attempt ends (%s) changes nothing any more',
    (outcome) => {
      const life = new Life(configuration(one)).providing(to('mail', 'hold')).through('0:01');
      life.receipt('ana', 'mail', 'sent').release(outcome).through('2:00');
      expect(life.pages).toEqual(['0:00 ana mail']);
      expect(outcomesOf(life)).toEqual(['sent']);
    },
  );

  test('changes nothing of what was sent, was delivered or failed', () => {
    for (const outcome of ['sent', 'delivered', 'failed'] as const) {
      const life = begun().receipt('ana', 'mail', outcome);
      const before = life.state;
      expect(life.receipt('ana', 'mail', 'sent').state).toBe(before);
    }
  });
});

describe('a receipt that it never arrives [L5.5]', () => {
  test("fires the user's next unfired rule at once, and it inherits being owed", () => {
    const life = new Life(configuration(both)).goOn(BEGIN).at('0:20').ack('bob').at('0:30');
    life.receipt('ana', 'mail', 'failed', { code: 'ADDRESS_REFUSED', detail: 'unknown\nsubscriber' }).through('4:00');
    expect(life.pages.slice(2)).toEqual(['0:30 ana phone']);
    expect(life.state.ledger[0]).toMatchObject({ status: 'failed', sentAt: null });
    expect(life.log).toContain('0:30 E-mail to Ana could not be delivered (ADDRESS_REFUSED: unknown subscriber)');
    expect(life.state.ledger.findLast(({ contact }) => contact === 'phone')).toMatchObject({ minuteZero: true });
  });

  test('is inherited after a resolve by somebody else, but no longer than minute zero binds', () => {
    const resolved = () => new Life(configuration(both)).goOn(BEGIN).at('0:20').resolve('bob');
    expect(resolved().at('9:00').receipt('ana', 'mail', 'failed').through('9:30').pages.slice(2)).toEqual([
      '9:00 ana phone',
    ]);
    const late = resolved().at('10:00').receipt('ana', 'mail', 'failed').through('10:30');
    expect(late.pages).toHaveLength(2);
    expect(late.log.at(-1)).toBe('10:00 E-mail to Ana could not be delivered');
  });

  test('is nothing to a user who acted', () => {
    for (const act of ['ack', 'resolve'] as const) {
      const life = new Life(configuration(both)).goOn(BEGIN).at('0:20')[act]('ana').at('0:30');
      life.receipt('ana', 'mail', 'failed').through('4:00');
      expect(life.pages).toHaveLength(2);
      expect(life.log.join('\n')).not.toContain('could not be reached');
    }
    const helped = new Life(configuration(both)).goOn(BEGIN).at('0:20').ack('ana').ack('bob').at('0:30');
    helped.command('ana', { type: 'unacknowledge' });
    expect(helped.receipt('ana', 'mail', 'failed').log.at(-1)).toBe('0:30 E-mail to Ana could not be delivered');
    const escalated = begun().at('0:20');
    escalated.command('ana', { type: 'escalate', fromLevel: 1 });
    expect(escalated.receipt('ana', 'mail', 'failed').through('0:40').pages.at(-1)).toBe('0:20 bob mail');
  });

  test('is inherited by nobody who has it no longer, and by no later episode', () => {
    const reassigned = new Life(configuration(both)).goOn(BEGIN).at('0:20');
    reassigned.command('bob', { type: 'reassign', users: ['bob'] });
    reassigned.at('0:30').receipt('ana', 'mail', 'failed').through('0:40');
    expect(reassigned.pages.filter((page) => page.endsWith('phone'))).toEqual([]);
    const again = new Life(configuration(both)).goOn(BEGIN).at('0:10').ack('bob').at('0:20');
    again.command('bob', { type: 'unacknowledge' });
    again.at('0:30').receipt('ana', 'mail', 'failed', { notification: 'n1' }).through('0:40');
    expect(again.ledger[0]).toBe('ana mail failed');
    expect(again.pages.filter((page) => page.endsWith('phone'))).toEqual([]);
  });

  test('with no rule left the user is unreachable, and a level of such users ends at once', () => {
    const whole = configuration({ ...one, users: [person('ana'), person('bob')] });
    const life = new Life(whole).goOn(BEGIN).at('0:30').receipt('ana', 'mail', 'failed').through('0:30');
    expect(life.log).toContain('0:30 Ana could not be reached');
    expect(life.pages.at(-1)).toBe('0:30 bob mail');
  });

  test('a pass in which nothing arrived is not repeated', () => {
    const whole = configuration({ users: [person('ana')], policy: policy([level('user:ana', '5m')], { repeat: 3 }) });
    const life = new Life(whole).goOn(BEGIN).at('0:30').receipt('ana', 'mail', 'failed').through('0:30');
    expect(life.state.escalation).toMatchObject({ exhausted: true, pass: 1, reached: false });
    expect(life.state.told).toEqual([]);
  });

  test('who was told by it alone is owed it again when the incident is assigned to them again', () => {
    const life = begun().at('4:30').goOn(instant('4:30'));
    for (const contact of ['mail', 'phone', 'desk']) life.receipt('ana', contact, 'failed');
    life.command('bob', { type: 'reassign', users: ['ana'] });
    expect(life.through('4:30').state.ledger.findLast(({ rule }) => rule === 0)).toMatchObject({ minuteZero: true });
  });

  test('ends the attempts of what nobody knew of', () => {
    const life = new Life(configuration(one)).providing(to('mail', 'unknown')).at('0:01');
    life.receipt('ana', 'mail', 'failed').through('0:02');
    expect(life.pages).toEqual(['0:00 ana mail', '0:01 ana phone']);
    expect(life.state.ledger[1]).toMatchObject({ minuteZero: true });
  });

  test('changes nothing of what was delivered, nor of what was cancelled', () => {
    const delivered = begun().receipt('ana', 'mail', 'delivered');
    expect(delivered.receipt('ana', 'mail', 'failed').ledger[0]).toBe('ana mail delivered');
    const cancelled = new Life(configuration(one)).providing(to('mail', 'retryable')).at('0:01').ack('ana');
    expect(cancelled.receipt('ana', 'mail', 'failed').ledger[0]).toBe('ana mail cancelled');
  });

  test('of a first message that nobody knew of says nothing of the second that was sent for it', () => {
    const provider = ({ attempts }: { attempts: readonly unknown[] }) =>
      attempts.length === 0 ? 'unknown' : ({ outcome: 'sent', providerId: 'SM2' } as const);
    const life = new Life(configuration(one)).providing(provider).at('1:00');
    expect(life.receipt('ana', 'mail', 'failed', { providerId: 'SM1' }).ledger[0]).toBe('ana mail sent');
    expect(life.receipt('ana', 'mail', 'failed', { providerId: 'SM2' }).ledger[0]).toBe('ana mail failed');
  });
});

describe('a receipt that nobody took the call', () => {
  test('is a line, no ack, and the rules go on as they are', () => {
    const plain = begun().through('4:00').pages;
    const life = begun().at('0:20').receipt('ana', 'mail', 'unanswered', { detail: 'busy' });
    expect(life.state).toMatchObject({ status: 'triggered', acknowledgements: [] });
    expect(life.state.ledger[0]).toMatchObject({ status: 'sent' });
    expect(life.log.at(-1)).toBe('0:20 E-mail to Ana was not answered (busy)');
    expect(life.through('4:00').pages).toEqual(plain);
  });

  test('says that the call was made', () => {
    const life = new Life(configuration(one)).providing(to('mail', 'unknown')).at('0:01');
    life.receipt('ana', 'mail', 'unanswered').through('1:00');
    expect(life.pages).toEqual(['0:00 ana mail']);
    expect(life.ledger[0]).toBe('ana mail sent');
  });

  test('of one that was delivered or failed changes nothing', () => {
    for (const outcome of ['delivered', 'failed'] as const) {
      const life = begun().receipt('ana', 'mail', outcome);
      const before = life.state;
      expect(life.receipt('ana', 'mail', 'unanswered').state).toBe(before);
    }
  });

  test('a provider that says so for ever has twenty lines', () => {
    const life = begun();
    for (let time = 0; time < 30; time += 1) life.receipt('ana', 'mail', 'unanswered');
    expect(outcomesOf(life)).toHaveLength(21);
    expect(life.receipt('ana', 'mail', 'delivered').ledger[0]).toBe('ana mail delivered');
  });
});

describe('any receipt', () => {
  test('is taken once, also after the incident continued as new', () => {
    const life = begun().receipt('ana', 'mail', 'unanswered', { id: 'CA1.busy' });
    life.continueAsNew().receipt('ana', 'mail', 'unanswered', { id: 'CA1.busy' });
    expect(outcomesOf(life)).toEqual(['sent', 'unanswered']);
  });

  test('of no notification of this incident changes nothing', () => {
    const life = begun();
    const before = life.state;
    expect(life.receipt('ana', 'mail', 'failed', { notification: 's3' }).state).toBe(before);
  });

  test('is never of the future', () => {
    const life = begun().receipt('ana', 'mail', 'delivered', { at: BEGIN + 3_600_000 });
    expect(life.state.ledger[0]!.attempts[1]!.at).toBe(BEGIN);
  });
});

describe('a conversation that a channel begins with its first message', () => {
  const asked = (life: Life) => life.attempts.map(({ request }) => request.conversation);

  test('comes back with whatever goes there later, and to nobody else', () => {
    const whole = configuration({ users, policy: policy([level('user:ana user:bob', '5m')], { repeat: 1 }) });
    const life = new Life(whole).providing(({ user, contact }) => ({
      outcome: 'sent',
      conversation: `${user}-${contact}`,
    }));
    life.through('6:00').continueAsNew().through('9:00');
    expect(life.pages).toEqual(
      expect.arrayContaining(['0:00 ana mail', '3:00 ana phone', '5:00 ana mail', '8:00 ana phone']),
    );
    expect(asked(life)).toEqual(
      life.pages.map((page, index) => (index < 4 ? null : page.split(' ').slice(1).join('-'))),
    );
  });

  test('is replaced where the channel says another, and kept where it says none', () => {
    const said = [{ conversation: 'first' }, {}, { conversation: 'second' }, { conversation: 'x'.repeat(256) }];
    const whole = configuration({
      users: [person('ana')],
      policy: policy([level('user:ana', '1m')], { repeat: 4 }),
    });
    const life = new Life(whole).providing(() => ({ outcome: 'sent', ...said[life.attempts.length - 1] }));
    life.through('4:30');
    expect(asked(life)).toEqual([null, 'first', 'first', 'second', 'second']);
  });

  test('is known although a receipt came before the attempt ended', () => {
    const life = new Life(configuration({ users: [person('ana', '0s mail')], policy: one.policy }));
    life
      .providing(() => 'hold')
      .through('0:01')
      .receipt('ana', 'mail', 'delivered');
    life.release({ outcome: 'sent', conversation: 'C1/1' });
    expect(life.state.conversations).toEqual({ 'ana/mail': 'C1/1' });
    expect(life.ledger[0]).toBe('ana mail delivered');
  });

  test('goes on from a page to the notices that follow it', () => {
    const whole = configuration({ ...one, users: [{ ...person('ana'), statusUpdates: true }, person('bob')] });
    const life = new Life(whole)
      .providing(() => ({ outcome: 'sent', conversation: 'C1/1' }))
      .at('1:00')
      .ack('bob');
    life.through('1:00');
    expect(life.notices.map(({ request }) => request.conversation)).toEqual(['C1/1']);
  });

  test("is remembered of a subscriber's first notice", () => {
    const told = service({ subscribers: [{ channel: 'slack', endpoint: 'ops' }] });
    const life = new Life(configuration({ ...one, service: told })).subscribed(() => ({
      outcome: 'sent',
      conversation: 'C2/2',
    }));
    life.at('1:00').ack('bob').through('1:00');
    expect(life.notices.map(({ request }) => request.conversation)).toEqual([null, 'C2/2']);
  });
});

describe('an attempt of which nobody knows', () => {
  test('is named in every later attempt by when it began', () => {
    const outcomes = ['retryable', 'unknown', 'retryable', 'unknown', 'sent'] as const;
    const life = new Life(configuration(one)).providing(({ contact, attempts }) =>
      contact === 'mail' ? (outcomes[attempts.length] ?? 'sent') : 'sent',
    );
    life.through('2:00');
    const asked = life.attempts.map(({ request }) => request.mayHaveBeenSent);
    expect(asked).toEqual([null, null, ...Array.from({ length: 3 }, () => new Date(BEGIN + 2_000).toISOString())]);
  });

  test('however long it was on its way, and where it still was when the incident continued as new', () => {
    const asked = (held: Life) =>
      held
        .providing(() => 'sent')
        .through('1:30')
        .attempts.at(-1)!.request;
    const begun = () => new Life(configuration(one)).providing(() => 'hold').through('0:40');
    const since = new Date(BEGIN).toISOString();
    expect(asked(begun().release('unknown')).mayHaveBeenSent).toBe(since);
    expect(asked(begun().continueAsNew()).mayHaveBeenSent).toBe(since);
  });

  test('of a notice too, and of one that was on its way when the incident continued as new', () => {
    const told = service({ subscribers: [{ channel: 'webhook', endpoint: 'ops' }] });
    const outcomes = ['retryable', 'unknown', 'unknown', 'hold'] as const;
    const life = new Life(configuration({ ...one, service: told }));
    life.subscribed(() => outcomes[life.notices.length - 1] ?? 'sent').through('0:20');
    life.continueAsNew().through('0:30');
    const since = new Date(BEGIN + 2_000).toISOString();
    expect(life.notices.map(({ request }) => request.mayHaveBeenSent)).toEqual([null, null, since, since, since]);
    const held = new Life(configuration({ ...one, service: told })).subscribed(() => 'hold').through('0:20');
    held
      .subscribed(() => 'sent')
      .continueAsNew()
      .through('0:21');
    expect(held.notices.at(-1)!.request.mayHaveBeenSent).toBe(new Date(BEGIN).toISOString());
  });
});

describe('somebody who may not act', () => {
  const lines = (life: Life) => life.state.log.filter(({ type }) => type === 'turnedAway');

  test('is a line of the timeline, once for each id, and changes nothing else', () => {
    const life = begun().turnAway({ id: 't1' }).turnAway({ id: 't1' });
    expect(lines(life)).toMatchObject([
      {
        actor: { kind: 'system', via: 'SMS from +4930…00' },
        text: 'SMS from +4930…00 was turned away: may not acknowledge (FORBIDDEN)',
      },
    ]);
    expect(life.state.status).toBe('triggered');
  });

  test('who tries the same again is counted', () => {
    const life = begun().turnAway().turnAway().turnAway({ command: 'resolve' });
    expect(lines(life).map(({ text }) => text)).toEqual([
      'SMS from +4930…00 was turned away, 2 times: may not acknowledge (FORBIDDEN)',
      'SMS from +4930…00 was turned away: may not resolve (FORBIDDEN)',
    ]);
  });

  test('a flood of strangers has as many lines as are kept, and one that counts the rest', () => {
    const life = begun();
    for (let number = 0; number < 300; number += 1)
      life.turnAway({ via: `SMS from ${number} ${'\n'.repeat(3)}${'x'.repeat(200)}` });
    expect(lines(life)).toHaveLength(TURNED_AWAY_KEPT + 1);
    expect(lines(life).at(-1)!.text).toBe('Others were turned away, 250 times');
    expect(lines(life)[0]!.text.length).toBeLessThan(200);
    expect(life.state.turnedAway.ids).toHaveLength(TURNED_AWAY_KEPT);
  });
});
