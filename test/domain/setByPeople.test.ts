/** What people set of an incident stays, whatever its alerts say (lifecycle §2.5). */
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life, TRIGGER } from '../support/life.ts';

const world = (urgency: 'high' | 'low' | 'bySeverity' = 'bySeverity') =>
  configuration({
    users: [person('ana', '0s phone, 3m mail', '0s mail'), person('bob')],
    policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]),
    service: service({
      ackTimeout: '30m',
      urgency,
      subscribers: [{ channel: 'webhook', endpoint: 'ops' }],
    }),
  });
const setUrgency = (life: Life, urgency: 'high' | 'low', note?: string) =>
  life.command('bob', { type: 'urgency', urgency, ...(note === undefined ? {} : { note }) } as const);

describe('urgency, set by a person', () => {
  test('stays, whatever its alerts say [L2.5]', () => {
    const life = new Life(world()).at('1:00');
    expect(setUrgency(life, 'low', 'only staging').refused).toBeNull();
    expect(life.state).toMatchObject({ urgency: 'low', urgencyBy: 'person' });
    expect(life.log.at(-2)).toBe('1:00 Bob set the urgency to low: only staging');
    life.arrive({ severity: 'critical' }).arrive({ dedupKey: 'db2', severity: 'critical' });
    expect(life.state).toMatchObject({ urgency: 'low', severity: 'critical' });
  });

  test('the same again pins it, and tells nobody anew [L2.5]', () => {
    const life = new Life(world()).at('1:00');
    setUrgency(life, 'high');
    expect(life.state).toMatchObject({ urgencyBy: 'person', escalation: { levelEndsAt: instant('5:00') } });
    expect(life.log.at(-1)).toBe('1:00 Bob keeps the urgency at high');
    life.arrive({ severity: 'info' }).at('4:00');
    expect(life.state.urgency).toBe('high');
    expect(life.pages).toEqual(['0:00 ana phone', '3:00 ana mail']);
  });

  test('raised: the present level starts with its full delay, and rules count from the change [L4.6]', () => {
    const life = new Life(world(), { ...TRIGGER, severity: 'warning' }).at('10:00');
    expect(life.pages).toEqual(['0:00 ana mail']);
    setUrgency(life, 'high');
    life.at('15:30');
    expect(life.pages).toEqual(['0:00 ana mail', '10:00 ana phone', '13:00 ana mail', '15:00 bob mail']);
  });

  test('lowered: the level timer is cancelled, and the low rules count from the change [L4.6]', () => {
    const life = new Life(world()).at('2:00');
    setUrgency(life, 'low');
    expect(life.at('30:00').pages).toEqual(['0:00 ana phone', '2:00 ana mail']);
    expect(life.state.escalation.levelEndsAt).toBeNull();
  });

  test('while acknowledged it is only logged and shown [L4.6]', () => {
    const life = new Life(world()).at('1:00').ack('ana');
    setUrgency(life, 'low');
    expect(life.at('20:00').pages).toEqual(['0:00 ana phone']);
    expect(life.state).toMatchObject({ status: 'acknowledged', urgency: 'low' });
  });

  test('is carried over, and comes too late for what is resolved [L9]', () => {
    const life = new Life(world()).at('1:00');
    setUrgency(life, 'low');
    life.continueAsNew().arrive({ severity: 'critical' });
    expect(life.state.urgency).toBe('low');
    expect(setUrgency(life.resolve('ana'), 'high').refused?.code).toBe('ALREADY_RESOLVED');
  });
});

describe('priority, set by a person', () => {
  const set = (life: Life, priority: 'P1' | 'P3' | null, note?: string) =>
    life.command('bob', { type: 'priority', priority, ...(note === undefined ? {} : { note }) } as const);

  test('stays, whatever its alerts say, and can be taken away [L2.5]', () => {
    const life = new Life(world(), TRIGGER, { priority: 'P3' }).at('1:00');
    set(life, 'P1', 'customers see it');
    expect(life.arrive({ severity: 'info' }).state.priority).toBe('P1');
    expect(life.log).toContain('1:00 Bob set the priority to P1: customers see it');
    set(life, null);
    expect(life.state.priority).toBeNull();
    expect(life.log).toContain('1:00 Bob took the priority away');
  });

  test('changes nothing of the escalation, and is told to subscribers', () => {
    const life = new Life(world()).at('1:00');
    const { escalation, ledger } = life.state;
    set(life, 'P1');
    expect(life.state).toMatchObject({ escalation, ledger });
    expect(life.through('1:00').told.slice(1)).toEqual(['1:00 webhook ops: incident.priorityChanged']);
  });

  test('is carried over, and comes too late for what is resolved [L9]', () => {
    const life = new Life(world()).at('1:00');
    set(life, 'P1');
    expect(life.continueAsNew().state.priority).toBe('P1');
    expect(set(life.resolve('ana'), 'P3').refused?.code).toBe('ALREADY_RESOLVED');
  });
});
