/** Urgency by support hours: inside of them, outside of them, and when they raise what is open (lifecycle §8, §10). */
import type { SupportHours } from '../../domain/configuration.ts';
import { WEEKDAYS } from '../../domain/configuration.ts';
import { hoursAt } from '../../domain/supportHours.ts';
import type { Route } from '../../domain/route.ts';
import { configuration, duration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life, TRIGGER } from '../support/life.ts';

const WORKDAYS = WEEKDAYS.slice(0, 5);
const HOURS: SupportHours = {
  timezone: 'UTC',
  days: WORKDAYS,
  from: '09:00',
  to: '18:00',
  inside: 'high',
  outside: 'low',
  raise: 'start',
};
/** `high`, or `low, raised 2026-03-02T09:00Z`. */
function told(hours: Partial<SupportHours>, at: string): string {
  const found = hoursAt({ supportHours: { ...HOURS, ...hours } }, Date.parse(at));
  if (found === null) return 'none';
  const { urgency, raiseAt } = found;
  return raiseAt === null ? urgency : `${urgency}, raised ${new Date(raiseAt).toISOString().replace(':00.000Z', 'Z')}`;
}

describe('the urgency by support hours [L8]', () => {
  // The 2nd of March 2026 is a Monday.
  test.each<[string, Partial<SupportHours>, string, string]>([
    ['before they begin', {}, '2026-03-02T08:59:59Z', 'low, raised 2026-03-02T09:00Z'],
    ['at the instant at which they begin', {}, '2026-03-02T09:00Z', 'high'],
    ['at the instant at which they end', {}, '2026-03-02T18:00Z', 'low, raised 2026-03-03T09:00Z'],
    ['on a day without them', {}, '2026-03-07T12:00Z', 'low, raised 2026-03-09T09:00Z'],
    ['in their zone', { timezone: 'Asia/Shanghai' }, '2026-03-02T01:00Z', 'high'],
    ['never raised', { raise: null }, '2026-03-02T08:00Z', 'low'],
    [
      'low inside, raised at their end',
      { inside: 'low', outside: 'high', raise: 'end' },
      '2026-03-02T10:00Z',
      'low, raised 2026-03-02T18:00Z',
    ],
    ['low outside, raised at their end', { raise: 'end' }, '2026-03-02T08:00Z', 'low, raised 2026-03-02T18:00Z'],
    ['low in both', { inside: 'low' }, '2026-03-02T10:00Z', 'low, raised 2026-03-03T09:00Z'],
  ])('%s', (_when, hours, at, expected) => {
    expect(told(hours, at)).toBe(expected);
  });

  test.each<[string, Partial<SupportHours>, string, string]>([
    ['over midnight: of the day on which they begin', { from: '22:00', to: '06:00' }, '2026-03-07T05:59Z', 'high'],
    ['over midnight: ended', { from: '22:00', to: '06:00' }, '2026-03-07T06:00Z', 'low, raised 2026-03-09T22:00Z'],
    ['to 24:00, the end of the day', { to: '24:00' }, '2026-03-06T23:59Z', 'high'],
    ['to 00:00, the same', { to: '00:00' }, '2026-03-06T23:59Z', 'high'],
    ['to 24:00, ended', { to: '24:00' }, '2026-03-07T00:00Z', 'low, raised 2026-03-09T09:00Z'],
    [
      'whole days meet at midnight, and do not end there',
      { from: '00:00', to: '24:00', inside: 'low', outside: 'high', raise: 'end' },
      '2026-03-02T10:00Z',
      'low, raised 2026-03-07T00:00Z',
    ],
    [
      'whole days meet at midnight, and do not begin there',
      { from: '00:00', to: '24:00', inside: 'low' },
      '2026-03-02T10:00Z',
      'low, raised 2026-03-09T00:00Z',
    ],
    [
      'always: they neither begin nor end',
      { days: WEEKDAYS, from: '00:00', to: '24:00', inside: 'low', raise: 'end' },
      '2026-03-02T10:00Z',
      'low',
    ],
  ])('%s [F 73]', (_when, hours, at, expected) => {
    expect(told(hours, at)).toBe(expected);
  });

  test.each<[string, Partial<SupportHours>, string, string]>([
    [
      'a beginning that the clock jumps over is the first instant after',
      { from: '02:30', to: '18:00' },
      '2026-03-29T00:59:59Z',
      'low, raised 2026-03-29T01:00Z',
    ],
    [
      'a beginning that exists twice is its first occurrence',
      { from: '02:30', to: '18:00' },
      '2026-10-25T00:00Z',
      'low, raised 2026-10-25T00:30Z',
    ],
    [
      'an end that exists twice is its last occurrence',
      { from: '01:00', to: '02:30', inside: 'low', outside: 'high', raise: 'end' },
      '2026-10-25T00:00Z',
      'low, raised 2026-10-25T01:30Z',
    ],
  ])('%s [L10]', (_when, hours, at, expected) => {
    expect(told({ timezone: 'Europe/Berlin', days: WEEKDAYS, ...hours }, at)).toBe(expected);
  });

  test('of a service without them is not asked for [L8]', () => {
    expect(['high', 'low', 'bySeverity'].map((rule) => hoursAt(rule as 'high', 0))).toEqual([null, null, null]);
  });
});

const USERS = [person('ana', '0s phone, 2m pager', '0s mail, 40m text'), person('bob', '0s phone', '0s mail')];
/** Triggered at midnight; the hours begin at 30:00. */
const life = (hours: Partial<SupportHours> = {}, routed: Partial<Route> = {}, lastResort = '') =>
  new Life(
    configuration({
      users: USERS,
      policy: policy([level('user:ana', '5m'), level('user:bob', '5m')], { lastResort }),
      service: service({ urgency: { supportHours: { ...HOURS, from: '00:30', ...hours } }, ackTimeout: '20m' }),
    }),
    TRIGGER,
    routed,
  );

describe('an incident of a service with support hours', () => {
  test('[L8] [F 40] opened before they begin is low, whatever its severity, and raised and escalated when they begin', () => {
    const opened = life().at('29:59');
    expect(opened.pages).toEqual(['0:00 ana mail']);
    opened.through('35:00');
    expect(opened.pages.slice(1)).toEqual(['30:00 ana phone', '32:00 ana pager', '35:00 bob phone']);
    expect(opened.log).toContain('30:00 Urgency raised to high: the support hours began');
    expect(opened.state.log.find(({ type }) => type === 'urgencyChanged')).toMatchObject({
      actor: { kind: 'timer' },
      reason: 'hoursBegan',
    });
  });

  test('[L8] without raise it stays low, and never escalates', () => {
    expect(life({ raise: null }).through('2000:00').pages).toEqual(['0:00 ana mail', '40:00 ana text']);
  });

  test('[L8] low inside of them, it is raised when they end', () => {
    const hours = { from: '00:00', to: '00:30', inside: 'low', outside: 'high', raise: 'end' } as const;
    const opened = life(hours).through('30:00');
    expect(opened.pages).toEqual(['0:00 ana mail', '30:00 ana phone']);
    expect(opened.log).toContain('30:00 Urgency raised to high: the support hours ended');
  });

  test('[L8] later events change nothing about it, before and after it is raised', () => {
    const opened = life().at('10:00').arrive({ severity: 'info' }).arrive({ severity: 'critical' });
    expect(opened.state.urgency).toBe('low');
    opened.at('31:00').arrive({ severity: 'info' });
    expect(opened.state.urgency).toBe('high');
    expect(opened.state.log.filter(({ type }) => type === 'urgencyChanged')).toHaveLength(1);
  });

  test('[L8] [L4.6] while acknowledged it is only logged; the ack timeout goes by it', () => {
    const opened = life().at('20:00').ack('bob').at('39:00');
    expect(opened.pages).toEqual(['0:00 ana mail']);
    expect(opened.state).toMatchObject({ status: 'acknowledged', urgency: 'high' });
    expect(opened.log).toContain('30:00 Urgency raised to high: the support hours began');
    expect(opened.through('40:00').pages.slice(1)).toEqual(['40:00 ana phone', '40:00 bob phone']);
  });

  test('[L8] resolved before, nothing comes of it', () => {
    const opened = life().at('20:00').resolve('bob').through('60:00');
    expect(opened.log.filter((line) => line.includes('Urgency'))).toEqual([]);
    expect(opened.settled).toBe(true);
  });

  test('[L8] what routing or a person set stays', () => {
    expect(life({}, { urgency: 'low' }).through('60:00').state.urgency).toBe('low');
    expect(life({}, { urgency: 'high' }).state.urgency).toBe('high');
    const byPerson = life().at('10:00');
    byPerson.state = { ...byPerson.state, urgencyBy: 'person' };
    byPerson.through('60:00').arrive({ severity: 'critical' });
    expect(byPerson.state.urgency).toBe('low');
  });

  test('[L8] a person who is to be told next is told as it is by then', () => {
    const opened = life().at('20:00').answers(false);
    opened.command('ana', { type: 'reassign', users: ['bob'] });
    opened.through('30:00').answers(true).through('31:00');
    expect(opened.pages).toEqual(['0:00 ana mail', '30:00 bob phone']);
  });

  test('[L8] both are due when all workers come back: raised once, with its full delay from then on [L10]', () => {
    const opened = life().asleepUntil('45:00').through('50:00');
    expect(opened.pages.slice(-3)).toEqual(['45:00 ana phone', '47:00 ana pager', '50:00 bob phone']);
  });

  test('[L9] it is raised also after its workflow continued as new', () => {
    const plain = life().through('60:00');
    const cut = life().at('10:00').continueAsNew().at('29:00').continueAsNew().through('60:00');
    expect(cut.pages).toEqual(plain.pages);
    expect(cut.state.hours).toEqual({ urgency: 'high', raiseAt: null });
    expect(instant('30:00')).toBe(life().state.hours?.raiseAt);
  });

  const reopenable = (hours: Partial<SupportHours>, more: Parameters<typeof service>[0] = {}) =>
    new Life(
      configuration({
        users: USERS,
        policy: policy([level('user:ana', '5m')]),
        service: service({
          urgency: { supportHours: { ...HOURS, from: '00:30', raise: null, ...hours } },
          reopenWindow: duration('2h'),
          ...more,
        }),
      }),
    );

  test('[L8] [L2.7] a trigger that reopens it goes by the hours of its own instant', () => {
    const opened = reopenable({}).at('10:00').resolve('bob').at('40:00');
    expect(opened.state.urgency).toBe('low');
    opened.arrive({}).through('40:00');
    expect(opened.pages).toEqual(['0:00 ana mail', '40:00 ana phone']);
    expect(opened.log).toContain('40:00 Urgency raised to high: the incident was reopened');
  });

  test('[L8] [L7] held by maintenance, it is as urgent when that is over as it was at its trigger', () => {
    const settings = { urgency: { supportHours: { ...HOURS, from: '00:30', raise: null } } } as const;
    const held = { by: 'disks', description: null, until: instant('40:00'), turn: false };
    const opened = new Life(
      configuration({ users: USERS, policy: policy([level('user:ana', '5m')]), service: service(settings) }),
      TRIGGER,
      {},
      held,
    ).through('50:00');
    expect(opened.pages).toEqual(['40:00 ana mail']);
  });

  test('[L8] [L3] suspended, it is raised when they begin, and its later page is by that', () => {
    const opened = reopenable({ raise: 'start' }, { holdFor: duration('45m') }).through('45:00');
    expect(opened.pages).toEqual(['45:00 ana phone']);
    expect(opened.log).toContain('30:00 Urgency raised to high: the support hours began');
  });
});
