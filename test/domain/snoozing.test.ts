import { currentDetails } from '../../domain/details.ts';
import type { Level, Service, User } from '../../domain/configuration.ts';
import { next } from '../../domain/next.ts';
import { sentence } from '../../domain/report.ts';
import { configuration, dailySchedule, duration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life, TRIGGER, written } from '../support/life.ts';

const world = ({
  users = [person('ana', '0s mail, 2m phone'), person('bob')],
  levels = [level('user:ana', '5m'), level('user:bob', '5m')],
  more = {},
  settings = {},
  schedules = [dailySchedule('primary', ['ana', 'bob'])],
}: {
  users?: readonly User[];
  levels?: readonly Level[];
  more?: { repeat?: number; lastResort?: string };
  settings?: Partial<Service>;
  schedules?: Parameters<typeof configuration>[0]['schedules'];
} = {}) =>
  configuration({
    users,
    policy: policy(levels, more),
    service: { ...service({ ackTimeout: '5m' }), subscribers: [{ channel: 'webhook', endpoint: 'ops' }], ...settings },
    ...(schedules === undefined ? {} : { schedules }),
  });

function snooze(life: Life, user: string, how: string, id?: string): Life {
  life.command(user, { type: 'snooze', duration: duration(how), ...(id === undefined ? {} : { id }) });
  return life;
}

describe('snooze [L7]', () => {
  test('acknowledges a triggered incident for the snoozer, and ends the level timer and the delayed rules', () => {
    const life = snooze(new Life(world()).through('1:00'), 'bob', '30m');
    expect(life.state).toMatchObject({
      status: 'acknowledged',
      acknowledgements: [{ user: 'bob' }],
      snoozedUntil: instant('31:00'),
      ackTimeoutAt: null,
      escalation: { levelEndsAt: null, asking: null },
    });
    expect(life.log.slice(-3)).toEqual([
      '1:00 Bob acknowledged',
      '1:00 Bob snoozed it for 30m',
      '1:00 Console message to Ana cancelled: the incident is snoozed',
    ]);
    expect(life.at('31:00').pages).toEqual(['0:00 ana mail']);
  });

  test('an acknowledged incident keeps those who hold it, and its ack does not time out meanwhile', () => {
    const life = snooze(new Life(world()).through('1:00').ack('ana').at('2:00'), 'bob', '30m');
    expect(life.state).toMatchObject({ acknowledgements: [{ user: 'ana' }], ackTimeoutAt: null });
    expect(life.at('32:00').state).toMatchObject({ status: 'acknowledged', episode: 1 });
  });

  test('others are still sent what they are owed at minute zero, the snoozer is not [L5.2]', () => {
    const both = world({ levels: [level('user:ana user:bob', '5m')] });
    const life = snooze(
      new Life(both).providing(() => 'hold'),
      'ana',
      '30m',
    );
    life.through('2:00');
    expect(life.pages).toEqual(['0:00 bob mail']);
    expect(life.state.ledger[0]).toMatchObject({ user: 'ana', status: 'cancelled', reason: 'ownAction' });
  });

  test('ends what a multiAck level lets run on through an ack', () => {
    const levels = [level('user:ana user:bob', '20m', { multiAck: true })];
    const life = new Life(world({ levels })).through('1:00').ack('bob');
    expect(snooze(life, 'bob', '30m').at('31:00').pages).toEqual(['0:00 ana mail', '0:00 bob mail']);
  });

  test('triggers a suspended incident first: nobody is told before it ends, and then level 1 is [L3]', () => {
    const life = snooze(new Life(world({ settings: { holdFor: duration('60m') } })).through('1:00'), 'bob', '10m');
    expect(life.state).toMatchObject({
      status: 'acknowledged',
      suspension: null,
      acknowledgements: [{ user: 'bob' }],
      snoozedUntil: instant('11:00'),
      escalation: { asking: null, level: 0 },
    });
    expect(life.through('12:00').pages).toEqual(['11:00 ana mail']);
    expect(life.told).toEqual([
      '1:00 webhook ops: incident.triggered',
      '1:00 webhook ops: incident.acknowledged',
      '1:00 webhook ops: incident.snoozed',
      '11:00 webhook ops: incident.unacknowledged',
    ]);
  });

  test('again: the last end wins, later or sooner', () => {
    const life = snooze(snooze(new Life(world()).at('1:00'), 'bob', '10m').at('2:00'), 'bob', '20m');
    expect(life.state.snoozedUntil).toBe(instant('22:00'));
    expect(snooze(life.at('3:00'), 'ana', '1m').state.snoozedUntil).toBe(instant('4:00'));
    expect(life.through('4:00').state.status).toBe('triggered');
  });

  test('the same id again is the same snooze, done once [L3]', () => {
    const life = snooze(new Life(world()).at('1:00'), 'bob', '10m', 'x');
    expect(life.at('2:00').command('bob', { type: 'snooze', duration: duration('10m'), id: 'x' })).toMatchObject({
      repeated: true,
      refused: null,
    });
    expect(life.state.snoozedUntil).toBe(instant('11:00'));
  });

  test('comes too late for what is resolved [L3]', () => {
    const life = new Life(world()).at('1:00').resolve('ana');
    expect(life.command('bob', { type: 'snooze', duration: duration('10m') }).refused?.code).toBe('ALREADY_RESOLVED');
    expect(life.state.snoozedUntil).toBeNull();
  });

  test('comes too late for the answer to who is on call: nobody of the level is told', () => {
    const life = new Life(world()).through('4:00').answers(false).through('5:00');
    expect(life.state.escalation.asking?.question).toMatchObject({ level: 2 });
    expect(snooze(life, 'ana', '10m').answers(true).at('15:00').pages).not.toContain('5:00 bob mail');
  });
});

describe('the end of a snooze [L7]', () => {
  test('clears all acks, and the present level starts again with its full delay, in the next episode', () => {
    const life = snooze(new Life(world()).through('5:00').at('6:00').ack('ana'), 'ana', '10m').through('16:00');
    expect(life.state).toMatchObject({
      status: 'triggered',
      acknowledgements: [],
      snoozedUntil: null,
      episode: 2,
      escalation: { level: 2, pass: 1, levelEndsAt: instant('21:00') },
    });
    expect(life.pages.slice(-1)).toEqual(['16:00 bob mail']);
    expect(life.log).toContain('16:00 The snooze ended; triggered again');
    expect(life.state.log.filter(({ type }) => type === 'snoozeEnded')).toMatchObject([{ actor: { kind: 'timer' } }]);
  });

  test('tells whoever is on call now, and nobody for having held it [F 48]', () => {
    const life = new Life(world({ levels: [level('schedule:primary', '5m')] })).through('1:00');
    const [first] = life.state.assignees;
    const other = first === 'ana' ? 'bob' : 'ana';
    const until = 24 * 60 + 1;
    snooze(life, first ?? '', '1d').through(`${until}:00`);
    expect(life.state.assignees).toEqual([other]);
    expect(life.pages.slice(-1)).toEqual([`${until}:00 ${other} mail`]);
  });

  test('what is owed is owed anew: an ack at once does not take it from others [L5.2]', () => {
    const life = snooze(new Life(world()).at('1:00'), 'bob', '10m').providing(() => 'hold');
    expect(life.through('11:00').ack('bob').through('12:00').pages.slice(-1)).toEqual(['11:00 ana mail']);
    expect(life.state.ledger.at(-2)).toMatchObject({ user: 'ana', minuteZero: true, episode: 2 });
  });

  test('of a direct assignment tells its assignees again, with no level timer [L6]', () => {
    const life = new Life(world()).at('1:00');
    life.command('ana', { type: 'reassign', users: ['bob'] });
    snooze(life.through('1:00').at('2:00'), 'ana', '10m').through('30:00');
    expect(life.pages.slice(-2)).toEqual(['1:00 bob mail', '12:00 bob mail']);
    expect(life.state.escalation).toMatchObject({ direct: true, levelEndsAt: null });
  });

  test('of an exhausted incident tells the last resort again, and of one with nobody on call looks at level 1 [L6]', () => {
    const exhausted = new Life(world({ more: { lastResort: 'user:ana' } })).through('11:00');
    expect(exhausted.state.escalation.exhausted).toBe(true);
    expect(snooze(exhausted, 'bob', '10m').through('40:00').pages.slice(-2)).toEqual([
      '21:00 ana mail',
      '23:00 ana phone',
    ]);
    const nobody = new Life(world({ levels: [level('schedule:primary', '5m')], schedules: [] })).through('1:00');
    snooze(nobody, 'bob', '10m').through('11:00');
    expect(nobody.state.escalation).toMatchObject({ nobodyOnCall: true, asking: null });
    expect(nobody.state.log.filter(({ type }) => type === 'nobodyOnCall')).toHaveLength(2);
  });

  test('of a low incident tells level 1 again, with no level timer [L4.6]', () => {
    const users = [person('ana', '0s mail', '0s mail'), person('bob')];
    const low = new Life(world({ users, settings: { urgency: 'low' } })).through('1:00');
    expect(snooze(low, 'ana', '10m').through('60:00').pages).toEqual(['0:00 ana mail', '11:00 ana mail']);
  });

  test('comes once, at once and late, after workers were away, before the level timer of the same instant [L10]', () => {
    const life = snooze(new Life(world()).at('1:00'), 'bob', '10m').asleepUntil('120:00').through('120:00');
    expect(life.log).toContain('120:00 The snooze ended (1h49m late); triggered again');
    expect(life.state.escalation.levelEndsAt).toBe(instant('125:00'));
    expect(life.pages.slice(-1)).toEqual(['120:00 ana mail']);
  });
});

describe('what ends a snooze [L3] [L7]', () => {
  const snoozed = (): Life => snooze(new Life(world()).through('1:00').ack('ana').at('2:00'), 'ana', '30m').at('3:00');

  test('an ack: the incident stays acknowledged, and the ack timeout is armed [F 47]', () => {
    expect(snoozed().ack('bob').state).toMatchObject({
      status: 'acknowledged',
      acknowledgements: [{ user: 'ana' }, { user: 'bob' }],
      snoozedUntil: null,
      ackTimeoutAt: instant('8:00'),
    });
    expect(snoozed().ack('bob').through('8:00').state.status).toBe('triggered');
  });

  test('the start of work, for it is an ack', () => {
    const life = snoozed();
    life.command('ana', { type: 'start-work' });
    expect(life.state).toMatchObject({ snoozedUntil: null, ackTimeoutAt: instant('8:00') });
  });

  test('the source’s own acknowledge does not, and arms nothing', () => {
    expect(snoozed().arrive({ action: 'acknowledge' }).state).toMatchObject({
      snoozedUntil: instant('32:00'),
      ackTimeoutAt: null,
    });
  });

  test('an unack by the last acker, by another it goes on', () => {
    const life = snooze(new Life(world()).through('1:00').ack('ana').ack('bob').at('2:00'), 'ana', '30m').at('3:00');
    life.command('bob', { type: 'unacknowledge' });
    expect(life.state).toMatchObject({ status: 'acknowledged', snoozedUntil: instant('32:00') });
    life.command('ana', { type: 'unacknowledge' });
    expect(life.state).toMatchObject({ status: 'triggered', snoozedUntil: null, episode: 2 });
    expect(life.through('60:00').state.log.filter(({ type }) => type === 'snoozeEnded')).toEqual([]);
  });

  test('a resolve, by a person or by the source [F 49]', () => {
    expect(snoozed().resolve('bob').state).toMatchObject({ status: 'resolved', snoozedUntil: null });
    const bySource = snoozed().arrive({ action: 'resolve' }).through('60:00');
    expect(bySource.state).toMatchObject({ status: 'resolved', snoozedUntil: null, episode: 1 });
    expect(bySource.settled).toBe(true);
  });

  test('a reassignment: it is triggered again [F 46]', () => {
    const life = snoozed();
    life.command('ana', { type: 'reassign', users: ['bob'] });
    expect(life.state).toMatchObject({ status: 'triggered', snoozedUntil: null, episode: 2 });
  });

  test('a raise of the urgency does not: it is only logged and shown [L4.6]', () => {
    const bySeverity = world({ settings: { urgency: 'bySeverity' } });
    const life = snooze(new Life(bySeverity, { ...TRIGGER, severity: 'warning' }).at('1:00'), 'bob', '30m');
    life.arrive({ severity: 'critical' }).through('2:00');
    expect(life.state).toMatchObject({ urgency: 'high', status: 'acknowledged', snoozedUntil: instant('31:00') });
    expect(life.pages).toEqual(['0:00 ana mail']);
  });
});

describe('a snooze', () => {
  const snoozed = (): Life => snooze(new Life(world()).through('1:00'), 'ana', '30m');

  test('is carried over when the workflow continues as new [L9]', () => {
    const life = snoozed().at('10:00').continueAsNew();
    expect(life.at('31:00').state.status).toBe('acknowledged');
    expect(life.through('31:00').pages.slice(-1)).toEqual(['31:00 ana mail']);
  });

  test('is foretold, and stands in the present truth and in the Temporal UI [L12.4]', () => {
    const { state } = snoozed();
    expect(next(state).map(({ at, kind, reason }) => [written(at), kind, reason])).toEqual([
      ['31:00', 'snoozeEnd', 'the snooze ends, and the incident is triggered again'],
    ]);
    expect(sentence(state)).toBe('acknowledged by Ana at 00:01:00 UTC; snoozed until 2026-03-02 00:31:00 UTC');
    expect(currentDetails(state)).toContain('snoozed until 2026-03-02 00:31:00 UTC');
    expect(currentDetails(state)).toContain('- 2026-03-02 00:31:00 UTC the snooze ends');
  });

  test('and its end are told to subscribers', () => {
    expect(snoozed().through('31:00').told.slice(1)).toEqual([
      '1:00 webhook ops: incident.acknowledged',
      '1:00 webhook ops: incident.snoozed',
      '31:00 webhook ops: incident.unacknowledged',
    ]);
  });
});
