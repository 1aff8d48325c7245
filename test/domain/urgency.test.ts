import type { Level, UrgencyRule } from '../../domain/configuration.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { next } from '../../domain/next.ts';
import { configuration, dailySchedule, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life, TRIGGER } from '../support/life.ts';

const USERS = [
  person('ana', '0s phone, 2m pager', '0s mail, 3m text'),
  person('bob', '0s phone', '0s mail'),
  person('cho', '0s phone', '0s mail'),
  person('dee', '0s phone', '0s mail'),
];
/** Nobody until 30:00, Cho from then on. */
const LATER = {
  ...dailySchedule('later', []),
  layers: [{ ...dailySchedule('later', ['cho']).layers[0]!, start: '2026-03-02T00:30' }],
};
const world = (
  urgency: UrgencyRule,
  levels: readonly Level[] = [level('user:ana', '5m'), level('user:bob', '5m')],
  more: { repeat?: number; lastResort?: string } = {},
) =>
  configuration({
    users: USERS,
    schedules: [LATER],
    policy: policy(levels, more),
    service: service({ urgency, ackTimeout: '5m' }),
  });
const warning: SourceEvent = { ...TRIGGER, severity: 'warning' };
const low = (levels?: readonly Level[], more?: { repeat?: number; lastResort?: string }) =>
  new Life(world('low', levels, more));
const bySeverity = (levels?: readonly Level[], more?: { repeat?: number; lastResort?: string }) =>
  new Life(world('bySeverity', levels, more), warning);

describe('the urgency of an incident [L8]', () => {
  test.each([
    ['high', 'info', 'high'],
    ['low', 'critical', 'low'],
    ['bySeverity', 'critical', 'high'],
    ['bySeverity', 'error', 'high'],
    ['bySeverity', undefined, 'high'],
    ['bySeverity', 'warning', 'low'],
    ['bySeverity', 'info', 'low'],
  ] as const)('of a service with urgency: %s, by severity %s, is %s', (rule, severity, expected) => {
    const { severity: _severity, ...event } = TRIGGER;
    const life = new Life(world(rule), severity === undefined ? event : { ...event, severity });
    expect(life.state.urgency).toBe(expected);
  });
});

describe('what routing set [L2.1]', () => {
  const remote = { rule: 2, why: 'routing rule 2 matched: event.severity == "info"', remarks: [] };

  test('is its severity, priority and urgency, and the timeline says why', () => {
    const life = new Life(world('bySeverity'), warning, {
      ...remote,
      severity: 'info',
      priority: 'P1',
      urgency: 'high',
      remarks: ['routing rule 1: no such key: details.region'],
    });
    expect(life.state).toMatchObject({ severity: 'info', priority: 'P1', urgency: 'high', route: { rule: 2 } });
    expect(life.log[0]).toBe(
      '0:00 Triggered by test: disk of db1 is full; goes to payments: routing rule 2 matched: event.severity == "info" (routing rule 1: no such key: details.region)',
    );
  });

  test('stays, whatever later events say', () => {
    const life = new Life(world('bySeverity'), warning, { ...remote, severity: 'info' }).at('1:00');
    expect(life.arrive({ severity: 'critical' }).state).toMatchObject({ severity: 'info', urgency: 'low' });
    const urgent = new Life(world('bySeverity'), TRIGGER, { ...remote, urgency: 'high' }).at('1:00');
    expect(urgent.arrive({ severity: 'info' }).state).toMatchObject({ severity: 'info', urgency: 'high' });
  });

  test('is not told of where nothing was asked', () => {
    expect(new Life(world('high')).log[0]).toBe('0:00 Triggered by test: disk of db1 is full');
  });
});

describe('low urgency [L4.6]', () => {
  test('of what routing rated anew is so from the trigger on', () => {
    const life = new Life(world('bySeverity'), TRIGGER, { severity: 'info' }).through('20:00');
    expect(life.pages).toEqual(['0:00 ana mail', '3:00 ana text']);
    expect(life.state.log.filter(({ type }) => type === 'urgencyChanged')).toEqual([]);
  });

  test('tells level 1 by the low rules, and never escalates [F 39]', () => {
    const life = low().through('300:00');
    expect(life.pages).toEqual(['0:00 ana mail', '3:00 ana text']);
    expect(life.state.escalation).toMatchObject({ level: 1, levelEndsAt: null, exhausted: false });
    expect(life.log).toContain('0:00 Level 1: Ana (the incident was triggered)');
  });

  test('foretells no escalation', () => {
    expect(next(low().through('1:00').state).map(({ at, kind }) => [at, kind])).toEqual([[instant('3:00'), 'notify']]);
  });

  test('tells the first level with somebody', () => {
    const levels = [level('schedule:later', '5m'), level('user:bob', '5m')];
    const life = low(levels).through('300:00');
    expect(life.pages).toEqual(['0:00 bob mail']);
    expect(life.state.escalation).toMatchObject({ level: 2, levelEndsAt: null });
  });

  test('waits out no empty level: there is no timer that would end it', () => {
    const waits = level('schedule:later', '5m', { ifEmpty: 'wait' });
    expect(low([waits, waits, level('user:bob', '5m')]).through('4:00').pages).toEqual(['0:00 bob mail']);
  });

  test('with nobody on call at any level tells the last resort at once [L4.4]', () => {
    const life = low([level('schedule:later', '5m')], { lastResort: 'user:dee' }).through('60:00');
    expect(life.pages).toEqual(['0:00 dee mail']);
    expect(life.state.escalation.nobodyOnCall).toBe(true);
  });

  test('with nobody in the last resort either is looked at again at the hand-off [L4.4]', () => {
    const life = low([level('schedule:later', '5m')]).through('60:00');
    expect(life.pages).toEqual(['30:00 cho mail']);
    expect(life.state.escalation).toMatchObject({ nobodyOnCall: false, levelEndsAt: null });
  });

  test('goes on to the next level where everybody of one turns out unreachable [L4.3]', () => {
    const life = low().providing(({ user }) => (user === 'ana' ? 'terminal' : 'sent'));
    expect(life.through('60:00').pages).toEqual(['0:00 ana mail', '0:00 ana text', '0:00 bob mail']);
    expect(life.state.escalation).toMatchObject({ level: 2, levelEndsAt: null, exhausted: false });
  });

  test('where nobody at all can be reached is exhausted, and tells the last resort [L5.5]', () => {
    const life = low(undefined, { repeat: 3, lastResort: 'user:dee' }).providing(({ user }) =>
      user === 'dee' ? 'sent' : 'terminal',
    );
    expect(life.through('60:00').pages.at(-1)).toBe('0:00 dee mail');
    expect(life.state.escalation.exhausted).toBe(true);
  });

  test('tells level 1 again when the ack times out, with the former ackers, with no level timer [L6]', () => {
    const life = low().at('1:00').ack('cho').through('300:00');
    expect(life.pages).toEqual(['0:00 ana mail', '6:00 ana mail', '6:00 cho mail', '9:00 ana text']);
    expect(life.state).toMatchObject({ status: 'triggered', episode: 2, escalation: { levelEndsAt: null } });
  });

  test('tells level 1 again also where it came to another one meanwhile, on an unack too [L6]', () => {
    const levels = [level('schedule:later', '5m'), level('user:bob', '5m')];
    const life = low(levels).at('31:00').ack('bob').at('32:00');
    life.command('bob', { type: 'unacknowledge' });
    expect(life.through('60:00').pages).toEqual(['0:00 bob mail', '32:00 cho mail']);
  });

  test('tells those it is reassigned to by their low rules', () => {
    const life = low().at('1:00');
    life.command('ana', { type: 'reassign', users: ['dee'] });
    expect(life.through('60:00').pages).toEqual(['0:00 ana mail', '1:00 dee mail']);
  });
});

describe('raised to high by the severity of its alerts [L2.5, L4.6]', () => {
  test('the present level starts with its full delay, and rules count from the change [F 9]', () => {
    const life = bySeverity().at('2:00').arrive({ severity: 'critical' });
    expect(life.state.urgency).toBe('high');
    expect(life.through('7:00').pages).toEqual(['0:00 ana mail', '2:00 ana phone', '4:00 ana pager', '7:00 bob phone']);
    expect(life.log).toContain('2:00 Urgency raised to high: the severity of its alerts changed');
    expect(life.state.ledger.find(({ contact }) => contact === 'text')).toMatchObject({
      status: 'cancelled',
      reason: 'urgencyRaised',
    });
  });

  test('also by a further alert of the group', () => {
    const life = new Life(world('bySeverity'), { ...warning, groupKey: 'g' }).at('2:00');
    life.arrive({ dedupKey: 'db2', groupKey: 'g', severity: 'critical' });
    expect(life.through('2:00').pages).toEqual(['0:00 ana mail', '2:00 ana phone']);
  });

  test('owes a page to those who were not told in this episode, and to nobody else', () => {
    const levels = [level('user:ana user:bob', '5m')];
    const life = bySeverity(levels).providing(({ user, contact }) =>
      user === 'bob' && contact === 'mail' ? 'retryable' : 'sent',
    );
    life
      .through('1:00')
      .providing(() => 'hold')
      .arrive({ severity: 'critical' })
      .through('1:00');
    const raised = life.state.ledger.filter(({ cause, contact }) => cause === 'urgencyRaised' && contact === 'phone');
    expect(raised.map(({ user, minuteZero }) => `${user} ${minuteZero}`)).toEqual(['ana false', 'bob false']);
    const late = new Life(world('bySeverity', [level('schedule:later', '5m')], { lastResort: 'user:dee' }), warning);
    late.through('40:00').arrive({ severity: 'critical' }).through('40:00');
    expect(late.pages).toEqual(['0:00 dee mail', '40:00 cho phone']);
    expect(late.state.ledger.find(({ user }) => user === 'cho')).toMatchObject({ minuteZero: true });
  });

  test('who is on call is looked up anew', () => {
    const levels = [level('schedule:later user:dee', '5m'), level('user:bob', '5m')];
    const life = bySeverity(levels).at('31:00').arrive({ severity: 'critical' }).through('31:00');
    expect(life.pages).toEqual(['0:00 dee mail', '31:00 cho phone', '31:00 dee phone']);
  });

  test('while acknowledged is only logged and shown; the ack timeout goes by it', () => {
    const life = bySeverity().at('1:00').ack('ana').at('2:00').arrive({ severity: 'critical' });
    expect(life.state).toMatchObject({ status: 'acknowledged', urgency: 'high' });
    expect(life.at('6:00').pages).toEqual(['0:00 ana mail']);
    expect(life.through('11:00').pages.slice(1)).toEqual(['6:00 ana phone', '8:00 ana pager', '11:00 bob phone']);
  });

  test('where it is assigned directly, tells the assignees again, with no level timer', () => {
    const life = bySeverity().at('1:00');
    life.command('ana', { type: 'reassign', users: ['dee'] });
    life.through('2:00').arrive({ severity: 'critical' }).through('60:00');
    expect(life.pages).toEqual(['0:00 ana mail', '1:00 dee mail', '2:00 dee phone']);
  });

  test('while it is asked who is told next, the answer goes by it', () => {
    const life = new Life(world('bySeverity'), warning).at('1:00').answers(false).ack('ana').through('6:00');
    life.arrive({ severity: 'critical' }).answers(true).through('7:00');
    expect(life.pages).toEqual(['0:00 ana mail', '6:00 ana phone']);
    expect(life.state.escalation.levelEndsAt).toBe(instant('11:00'));
  });
});

describe('lowered [L4.6]', () => {
  const high = (levels?: readonly Level[], more?: { repeat?: number; lastResort?: string }) =>
    new Life(world('bySeverity', levels, more), TRIGGER);

  test('its level timer is cancelled, and the low rules count from the change [F 41]', () => {
    const life = high().at('1:00').arrive({ severity: 'warning' }).through('300:00');
    expect(life.pages).toEqual(['0:00 ana phone', '1:00 ana mail', '4:00 ana text']);
    expect(life.state).toMatchObject({ urgency: 'low', assignees: ['ana'] });
    expect(life.state.escalation).toMatchObject({ level: 1, pass: 1, levelEndsAt: null, direct: false });
    expect(life.log).toContain('1:00 Level 1: Ana (the urgency was lowered)');
  });

  test('the high rules end at once, although it is still being looked up who is told by the low ones', () => {
    const life = high().at('1:00').answers(false).arrive({ severity: 'warning' }).through('10:00');
    expect(life.pages).toEqual(['0:00 ana phone']);
    expect(life.state.ledger[1]).toMatchObject({ contact: 'pager', status: 'cancelled', reason: 'urgencyLowered' });
  });

  test('when the alert that made it high is resolved', () => {
    const life = new Life(world('bySeverity'), { ...warning, groupKey: 'g' });
    life.arrive({ dedupKey: 'db2', groupKey: 'g', severity: 'critical' }).through('1:00');
    life.arrive({ dedupKey: 'db2', groupKey: 'g', action: 'resolve' }).through('20:00');
    expect(life.state).toMatchObject({ status: 'triggered', urgency: 'low' });
    expect(life.pages.filter((page) => page.includes('bob'))).toEqual([]);
  });

  test('those who are assigned stay, whoever is on call by then', () => {
    const levels = [level('schedule:later user:dee', '60m')];
    const life = high(levels).at('31:00').arrive({ severity: 'warning' }).through('40:00');
    expect(life.pages).toEqual(['0:00 dee phone', '31:00 dee mail']);
  });

  test('and raised again before it is known who they are, the level starts, with who is on call then', () => {
    const life = high([level('schedule:later user:dee', '60m')])
      .at('29:00')
      .answers(false);
    life.arrive({ severity: 'warning' }).at('29:30').arrive({ severity: 'critical' }).at('31:00').answers(true);
    expect(life.through('31:00').pages).toEqual(['0:00 dee phone', '31:00 cho phone', '31:00 dee phone']);
    expect(life.log.at(-3)).toBe('31:00 Level 1: Cho, Dee for 1h (the urgency was raised)');
  });

  test('in the second level it stays there, with those whom the first one accumulated', () => {
    const levels = [level('user:ana', '5m', { onEscalate: 'accumulate' }), level('user:bob', '5m')];
    const life = high(levels).through('6:00').arrive({ severity: 'info' }).through('60:00');
    expect(life.state).toMatchObject({ assignees: ['ana', 'bob'], escalation: { level: 2 } });
    expect(life.pages.slice(3)).toEqual(['6:00 ana mail', '6:00 bob mail', '9:00 ana text']);
  });

  test('while a level is waited out that has nobody, the first with somebody is told, for no timer would go on', () => {
    const levels = [level('schedule:later', '5m', { ifEmpty: 'wait' }), level('user:bob', '5m')];
    const life = high(levels).at('1:00').arrive({ severity: 'warning' }).through('20:00');
    expect(life.pages).toEqual(['1:00 bob mail']);
    expect(life.log).toContain('1:00 Level 2: Bob (the urgency was lowered)');
    expect(life.state.escalation).toMatchObject({ level: 2, levelEndsAt: null, nobodyOnCall: false });
  });

  test('reassigned to somebody who cannot be told, no level is told instead, raised and lowered at one instant', () => {
    const life = high([level('user:ana', '5m'), level('user:bob', '5m')]).at('1:00');
    life.command('bob', { type: 'reassign', users: ['gone'] });
    life.at('2:00').arrive({ severity: 'warning' }).at('3:00').answers(false);
    life.arrive({ severity: 'critical' }).arrive({ severity: 'warning' }).answers(true).through('20:00');
    expect(life.pages).toEqual(['0:00 ana phone']);
  });

  test('exhausted with no last resort, nobody is told anew', () => {
    const life = high([level('user:ana', '5m')])
      .through('6:00')
      .arrive({ severity: 'info' })
      .through('60:00');
    expect(life.pages).toEqual(['0:00 ana phone', '2:00 ana pager']);
    expect(life.state.escalation.exhausted).toBe(true);
  });

  test('and raised again, the level starts anew', () => {
    const life = high().at('1:00').arrive({ severity: 'warning' }).at('2:00').arrive({ severity: 'error' });
    expect(life.through('7:00').pages).toEqual([
      '0:00 ana phone',
      '1:00 ana mail',
      '2:00 ana phone',
      '4:00 ana pager',
      '7:00 bob phone',
    ]);
  });

  test('and raised again at the same instant, the level starts anew, and nobody is told by the low rules', () => {
    const life = high().at('1:00').arrive({ severity: 'warning' }).arrive({ severity: 'error' }).through('1:30');
    expect(life.pages).toEqual(['0:00 ana phone', '1:00 ana phone']);
    expect(life.state.escalation.levelEndsAt).toBe(instant('6:00'));
  });
});
