import { decide } from '../../domain/decide.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life, TRIGGER } from '../support/life.ts';

const whole = configuration({
  users: [person('ana'), person('bob')],
  policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]),
  service: service({ ackTimeout: '30m' }),
});

describe('states [L3]', () => {
  test('triggered, acknowledged, resolved, by people', () => {
    const life = new Life(whole).at('1:00');
    expect(life.state.status).toBe('triggered');
    expect(life.ack('ana').state).toMatchObject({ status: 'acknowledged', acknowledgedAt: life.now });
    expect(life.resolve('ana').state).toMatchObject({
      status: 'resolved',
      resolvedAt: life.now,
      resolvedBy: { id: 'ana' },
    });
    expect(life.settled).toBe(true);
  });

  test('the source resolves all its alerts: the incident is resolved', () => {
    const life = new Life(whole).at('1:00').arrive({ action: 'resolve' });
    expect(life.state).toMatchObject({
      status: 'resolved',
      resolvedBy: { kind: 'source' },
      alerts: [{ status: 'resolved' }],
    });
  });

  test('several users may hold one at once', () => {
    const life = new Life(whole).at('1:00').ack('ana').at('2:00').ack('bob');
    expect(life.state.acknowledgements.map(({ user }) => user)).toEqual(['ana', 'bob']);
  });
});

describe('a command that comes too late [L3]', () => {
  test('changes nothing but the log, and is told the present truth [F 21]', () => {
    const life = new Life(whole).at('1:00').resolve('ana').at('2:00');
    const before = life.state;
    const { refused } = life.command('bob', { type: 'acknowledge' });
    expect(refused).toEqual({ code: 'ALREADY_RESOLVED', sentence: 'already resolved by Ana at 00:01:00 UTC' });
    expect({ ...life.state, log: [], commands: [], counters: [] }).toEqual({
      ...before,
      log: [],
      commands: [],
      counters: [],
    });
    expect(life.state.log.at(-1)).toMatchObject({ type: 'refused', actor: { id: 'bob' } });
  });

  test('an unack by somebody who holds nothing is refused', () => {
    expect(new Life(whole).command('bob', { type: 'unacknowledge' }).refused?.code).toBe('NOT_ACKNOWLEDGED');
  });

  test('the same id again is the same command, done once, with the same answer', () => {
    const life = new Life(whole).at('1:00');
    expect(life.command('ana', { type: 'acknowledge', id: 'x' })).toMatchObject({ repeated: false, refused: null });
    const { log } = life.state;
    expect(life.command('ana', { type: 'acknowledge', id: 'x' })).toMatchObject({ repeated: true, refused: null });
    expect(life.state.log).toEqual(log);
  });

  test('a signed link does each action once', () => {
    const life = new Life(whole).at('1:00');
    expect(life.command('ana', { type: 'acknowledge', link: 'n1' }).refused).toBeNull();
    expect(life.command('ana', { type: 'acknowledge', link: 'n1' }).refused?.code).toBe('LINK_USED');
    expect(life.command('ana', { type: 'acknowledge', link: 'n2' }).refused).toBeNull();
    expect(life.command('ana', { type: 'resolve', link: 'n1' }).refused).toBeNull();
  });
});

describe('start-work [L7]', () => {
  test('is an ack, and when the first of them started is kept', () => {
    const life = new Life(whole).at('1:00');
    expect(life.command('ana', { type: 'start-work' }).refused).toBeNull();
    expect(life.state).toMatchObject({ status: 'acknowledged', workStartedAt: instant('1:00') });
    expect(life.state.ackTimeoutAt).toBe(instant('31:00'));
    expect(life.log.slice(-2)).toEqual(['1:00 Ana acknowledged (times out in 30m)', '1:00 Ana started work']);
    life.at('2:00').command('bob', { type: 'start-work' });
    expect(life.state.workStartedAt).toBe(instant('1:00'));
    expect(life.state.acknowledgements.map(({ user }) => user)).toEqual(['ana', 'bob']);
    expect(life.state.log.filter(({ type }) => type === 'workStarted')).toHaveLength(1);
  });

  test('with the same id is done once, and comes too late for what is resolved', () => {
    const life = new Life(whole).at('1:00');
    life.command('ana', { type: 'start-work', id: 'x' });
    expect(life.at('2:00').command('ana', { type: 'start-work', id: 'x' }).repeated).toBe(true);
    expect(life.state.ackTimeoutAt).toBe(instant('31:00'));
    expect(life.resolve('bob').command('ana', { type: 'start-work' }).refused?.code).toBe('ALREADY_RESOLVED');
  });
});

describe('notes and status updates [L3]', () => {
  test('stand in the timeline, and change nothing', () => {
    const life = new Life(whole).through('1:00');
    const before = life.state;
    life.command('bob', { type: 'notes', text: 'looks like the disk' } as const);
    life.command('bob', { type: 'status-updates', text: 'back soon' } as const);
    expect(life.log.slice(-2)).toEqual([
      '1:00 Bob noted: looks like the disk',
      '1:00 Bob gave a status update: back soon',
    ]);
    const bookkeeping = { log: [], commands: [], counters: [] };
    expect({ ...life.state, ...bookkeeping }).toEqual({ ...before, ...bookkeeping });
  });

  test('are taken once each, and in any state while there is somebody to take them', () => {
    const life = new Life(whole)
      .providing(() => 'hold')
      .through('0:00')
      .resolve('bob');
    expect(life.command('ana', { type: 'notes', id: 'x', text: 'why' } as const).refused).toBeNull();
    expect(life.command('ana', { type: 'notes', id: 'x', text: 'why' } as const).repeated).toBe(true);
    expect(life.state.log.filter(({ type }) => type === 'noted')).toHaveLength(1);
  });
});

describe('events of the source [L2]', () => {
  test('a trigger for an open incident is counted, kept as the latest, and pages nobody [L2.5]', () => {
    const life = new Life(whole)
      .through('1:00')
      .arrive({ severity: 'critical', details: { free: '1%' } }, 199)
      .through('2:00');
    expect(life.state).toMatchObject({
      eventCount: 200,
      latest: { details: { free: '1%' } },
      alerts: [{ eventCount: 200 }],
    });
    expect(life.pages).toEqual(['0:00 ana mail']);
  });

  test('a trigger that brings no details leaves those that are known', () => {
    const life = new Life(whole).arrive({ details: { free: '1%' } }).arrive({ summary: 'still full' });
    expect(life.state.latest).toMatchObject({ summary: 'still full', details: { free: '1%' } });
  });

  test('who opened it by hand stands in the timeline', () => {
    const by = { id: 'bob', name: 'Bob', via: 'token grafana' };
    const life = new Life(whole, { ...TRIGGER, by });
    expect(life.state.log[0]).toMatchObject({ type: 'triggered', actor: { ...by, kind: 'user' } });
  });

  test('events counted in a row share one line of the timeline', () => {
    const life = new Life(whole).through('1:00').arrive({}).arrive({}, 3).arrive({});
    expect(life.log.at(-1)).toBe('1:00 5 events counted: trigger of db1/disk');
    expect(life.state.log.filter(({ type }) => type === 'eventCounted')).toHaveLength(1);
  });

  test('the severity is that of its firing alert, as last told [L2.5]', () => {
    const life = new Life(whole, { ...TRIGGER, severity: 'warning' }).at('1:00').arrive({ severity: 'critical' });
    expect(life.state.severity).toBe('critical');
  });

  test('the same arrival twice is counted once', () => {
    const { state } = new Life(whole).at('1:00');
    const arrival = { id: 'delivered twice', count: 3, event: TRIGGER };
    const once = decide(state, { type: 'arrival', arrival }, instant('1:00')).state;
    const twice = decide(once, { type: 'arrival', arrival }, instant('1:01')).state;
    expect(once.eventCount).toBe(4);
    expect(twice).toEqual(once);
  });

  test('a resolve older than the last trigger is counted and changes nothing [L2.11]', () => {
    const life = new Life(whole, { ...TRIGGER, at: 2_000 }).arrive({ action: 'resolve', at: 1_000 });
    expect(life.state).toMatchObject({ status: 'triggered', eventCount: 2 });
    expect(life.state.log.at(-1)).toMatchObject({ type: 'eventIgnored', reason: 'overtaken' });
    expect(life.arrive({ action: 'resolve', at: 2_000 }).state.status).toBe('resolved');
  });

  test('what comes for a resolved incident that is not settled yet is ignored there [L2.6]', () => {
    const life = new Life(whole).resolve('bob').arrive({ action: 'resolve' });
    expect(life.state.log.at(-1)).toMatchObject({ type: 'eventIgnored', reason: 'noOpenIncident' });
  });
});
