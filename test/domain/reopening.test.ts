/** Resolved, and not yet closed: what brings an incident back inside its reopen window. */
import { effects } from '../../domain/effects.ts';
import { takesEvents } from '../../domain/reopening.ts';
import { sentence } from '../../domain/report.ts';
import { incidentView } from '../../domain/view.ts';
import { configuration, duration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life, TRIGGER, written } from '../support/life.ts';

const world = (more: Parameters<typeof service>[0]) =>
  configuration({
    users: [person('ana', '0s mail, 2m phone'), { ...person('bob', '0s mail'), statusUpdates: true }],
    policy: policy([level('user:ana', '5m'), level('user:bob', '5m')], { repeat: 1 }),
    service: service({
      ackTimeout: '30m',
      reopenWindow: duration('15m'),
      subscribers: [{ channel: 'webhook', endpoint: 'ops' }],
      ...more,
    }),
  });
/** Resolved by its source at 6:00, after both were told; closed at 21:00 unless it is reopened. */
const resolved = (more: Parameters<typeof service>[0] = {}) =>
  new Life(world(more)).at('6:00').arrive({ action: 'resolve' });
const OFF = { action: 'resolve' } as const;

describe('inside the reopen window', () => {
  test('[L2.7] [F 2] [F 3] a trigger reopens the same incident as its next episode', () => {
    const life = resolved().at('20:59');
    expect([takesEvents(life.state, life.now), life.settled]).toEqual([true, false]);
    life.arrive({}).through('20:59');
    expect(life.state).toMatchObject({
      status: 'triggered',
      episode: 2,
      resolvedAt: null,
      resolvedBy: null,
      reopenableUntil: null,
      assignees: ['ana'],
      escalation: { pass: 1, level: 1 },
      assignments: [{}, {}, { reason: 'reopened', episode: 2, level: 1 }],
    });
    // Ana is owed it again: it is a new episode.
    expect(life.pages.slice(-1)).toEqual(['20:59 ana mail']);
    expect(life.state.ledger.at(-2)).toMatchObject({ minuteZero: true, episode: 2, cause: 'reopened' });
    expect(life.at('26:00').pages.slice(-2)).toEqual(['22:59 ana phone', '25:59 bob mail']);
    expect(life.log).toContain('20:59 Its source reopened it');
  });

  test('[L2.7] it is resolved, says until when it can be reopened, and ends with the window', () => {
    const life = resolved().at('7:00');
    expect(sentence(life.state)).toBe(
      'already resolved by its monitoring source at 00:06:00 UTC; it can be reopened until 2026-03-02 00:21:00 UTC',
    );
    expect(incidentView(life.state)).toMatchObject({ status: 'resolved', resolvedAt: '2026-03-02T00:06:00.000Z' });
    expect(life.command('ana', { type: 'acknowledge' }).refused?.code).toBe('ALREADY_RESOLVED');
    life.at('21:00');
    expect([life.settled, takesEvents(life.state, life.now - 1), takesEvents(life.state, life.now)]).toEqual([
      false,
      true,
      false,
    ]);
    expect(life.through('21:00').settled).toBe(true);
    expect(life.log.at(-1)).toBe('21:00 Closed: it can be reopened no more');
    expect(sentence(life.state)).toBe('already resolved by its monitoring source at 00:06:00 UTC');
  });

  test('[L2.7] what its source repeats meanwhile makes the window no longer', () => {
    const life = resolved().at('20:00').arrive(OFF).through('21:00');
    expect(life.settled).toBe(true);
    expect(life.log.at(-1)).toBe('21:00 Closed: it can be reopened no more');
  });

  test('[L2.7] without a window a resolved incident is closed, and takes no trigger', () => {
    const life = new Life(world({ reopenWindow: null })).at('1:00').arrive(OFF);
    expect([takesEvents(life.state, life.now), life.through('1:00').settled]).toEqual([false, true]);
    expect(life.command('bob', { type: 'reopen' }).refused?.code).toBe('REOPEN_TOO_LATE');
  });

  test('[L3] a person reopens it, and passes hold and threshold', () => {
    const life = resolved({ holdFor: duration('3m'), threshold: { moreThan: 9, within: duration('5m') } });
    expect(life.state.transient).toBe(true);
    expect(life.at('10:00').command('bob', { type: 'reopen', note: 'it is back' }).refused).toBeNull();
    expect(life.state).toMatchObject({ status: 'triggered', suspension: null, transient: false, episode: 2 });
    expect(life.log.at(-1)).toBe('10:00 Bob reopened it: it is back');
    expect(life.through('10:00').pages).toEqual(['10:00 ana mail']);
  });

  test('[L2.7] [L3] an open incident is not reopened, and one whose window is over is not any more', () => {
    expect(new Life(world({})).command('bob', { type: 'reopen' }).refused?.code).toBe('NOT_RESOLVED');
    const life = resolved().asleepUntil('21:00');
    expect(life.command('bob', { type: 'reopen' }).refused?.code).toBe('REOPEN_TOO_LATE');
  });

  test('[L3] a trigger of the source meets the hold as a new one does, and is transient where it ends inside', () => {
    const life = new Life(world({ holdFor: duration('3m') })).at('6:00').arrive(OFF).at('10:00').arrive({});
    life.through('10:00');
    expect(life.state).toMatchObject({ status: 'suspended', episode: 2, assignees: [] });
    expect(written(life.state.suspension?.until ?? 0)).toBe('13:00');
    expect(life.log).toContain('10:00 Its source reopened it; suspended, nobody is told yet: held until 00:13:00 UTC');
    const told = life.pages.length;
    life.at('12:00').arrive(OFF).through('12:00');
    // It was told of in the episode before: it is no transient incident, and nobody hears of this end.
    expect(life.state).toMatchObject({ status: 'resolved', transient: false });
    expect(life.told.filter((each) => each.includes('resolved'))).toEqual(['6:00 webhook ops: incident.resolved']);
    life.at('14:00').arrive({}).through('17:00');
    expect(life.state).toMatchObject({ status: 'triggered', episode: 3 });
    expect(life.pages.slice(told)).toEqual(['17:00 ana mail']);
    expect(life.told.slice(-1)).toEqual(['17:00 webhook ops: incident.reopened']);
  });

  test('[L3] a trigger meets the threshold anew, and is counted towards it', () => {
    const life = resolved({ threshold: { moreThan: 1, within: duration('5m') } })
      .at('7:00')
      .arrive({});
    life.through('7:00');
    expect(life.state.status).toBe('suspended');
    expect(life.at('8:00').arrive({}).through('8:00').pages).toEqual(['8:00 ana mail']);
  });

  test('[L3] a trigger asks whether maintenance holds it before anybody is told', () => {
    const life = resolved().at('10:00').answers(false).arrive({});
    expect(life.state.status).toBe('suspended');
    expect(effects(life.state)).toMatchObject([{ kind: 'ask', question: { kind: 'hold', service: 'payments' } }]);
    expect(sentence(life.state)).toContain('whether something holds it is being looked up');
    expect(life.answers(true).through('10:00').pages.at(-1)).toBe('10:00 ana mail');
  });

  test('[L3] is not let go by the end of its hold while it is being asked whether maintenance holds it', () => {
    const life = resolved({ holdFor: duration('1m') })
      .at('10:00')
      .answers(false)
      .arrive({})
      .through('12:00');
    expect(life.state).toMatchObject({ status: 'suspended', suspension: { until: null } });
    expect(life.answers(true).through('12:00').pages.at(-1)).toBe('12:00 ana mail');
  });

  test('[L3] a trigger that a person sent by hand is not held', () => {
    const life = resolved({ holdFor: duration('3m') })
      .at('10:00')
      .arrive({ by: { id: 'bob', name: 'Bob' } });
    expect(life.through('10:00').pages.at(-1)).toBe('10:00 ana mail');
  });

  test('[L5.6] subscribers hear that it was reopened; of what was transient before, that it was triggered', () => {
    expect(resolved().at('10:00').arrive({}).through('10:00').told.slice(-1)).toEqual([
      '10:00 webhook ops: incident.reopened',
    ]);
    const quiet = resolved({ holdFor: duration('10m') })
      .at('7:00')
      .arrive({})
      .through('17:00');
    expect(quiet.told).toEqual(['17:00 webhook ops: incident.triggered']);
  });

  test('[L7] nothing of the episode before runs on: acks, exhaustion, a direct assignment', () => {
    const exhausted = new Life(world({})).at('21:00');
    expect(exhausted.state.escalation.exhausted).toBe(true);
    exhausted.ack('bob').at('22:00').resolve('bob').at('23:00').arrive({}).through('23:00');
    expect(exhausted.state).toMatchObject({ status: 'triggered', acknowledgements: [], ackTimeoutAt: null });
    expect(exhausted.state.escalation).toMatchObject({ exhausted: false, direct: false, pass: 1, level: 1 });
    const direct = new Life(world({})).at('1:00');
    direct.command('ana', { type: 'reassign', users: ['bob'] });
    direct.at('2:00').resolve('bob').at('3:00').arrive({}).through('3:00');
    expect(direct.state).toMatchObject({ assignees: ['ana'], escalation: { direct: false } });
  });

  test('[L5.2] what the episode before owes is still paid, under its own entry', () => {
    const life = new Life(world({})).providing(() => 'retryable').at('0:01');
    life.arrive(OFF).at('0:30').arrive({}).through('0:30');
    expect(
      life.state.ledger.filter(({ phase, owed }) => phase === 'waiting' && owed).map(({ episode }) => episode),
    ).toEqual([1, 2]);
    life.providing(() => 'sent').at('3:00');
    expect(life.ledger.filter((each) => each === 'ana mail sent')).toHaveLength(2);
  });

  test('[L5.2] those to whom it was reassigned are told, although it was over and back before it was known who they are', () => {
    const life = new Life(world({ holdFor: duration('0s') })).at('6:00').answers(false);
    life.command('ana', { type: 'reassign', users: ['bob'] });
    life.arrive(OFF).arrive({}).answers(true).through('6:00');
    expect(life.pages.slice(-2)).toEqual(['6:00 bob mail', '6:00 ana mail']);
    expect(life.state).toMatchObject({ status: 'triggered', assignees: ['ana'], responders: [], invited: [] });
    expect(life.log).toContain('6:00 Owed it still: Bob (the incident was reassigned)');
    const held = new Life(world({ holdFor: duration('3m') })).at('6:00').answers(false);
    held.command('bob', { type: 'reassign', users: ['ana'] });
    held.arrive(OFF).arrive({}).answers(true).through('6:00');
    expect(held.state.status).toBe('suspended');
    expect(held.pages.slice(-1)).toEqual(['6:00 ana mail']);
    expect(held.at('8:59').pages.slice(-1)).toEqual(['6:00 ana mail']);
  });

  test('[L2.7] alerts that the source resolves meanwhile are kept as such, and do not hold it open once it is reopened', () => {
    const group = { groupKey: 'db1/disk' };
    const life = new Life(world({}), { ...TRIGGER, ...group, dedupKey: 'a' }).arrive({ ...group, dedupKey: 'b' });
    life
      .at('1:00')
      .resolve('bob')
      .at('2:00')
      .arrive({ ...OFF, ...group, dedupKey: 'b' });
    expect(life.state).toMatchObject({ status: 'resolved', episode: 1, resolvedBy: { id: 'bob' } });
    life
      .at('3:00')
      .arrive({ ...group, dedupKey: 'a' })
      .through('3:00');
    expect(life.state).toMatchObject({ status: 'triggered', episode: 2 });
    life.at('4:00').arrive({ ...OFF, ...group, dedupKey: 'a' });
    expect(life.state).toMatchObject({ status: 'resolved', resolvedBy: { kind: 'source' } });
  });

  test('[L2.11] a trigger that was overtaken reopens it: that rule holds while it is open', () => {
    const life = new Life(world({}))
      .at('6:00')
      .arrive({ ...OFF, at: instant('5:59') })
      .at('7:00');
    life.arrive({ at: instant('5:00') }).through('7:00');
    expect(life.state).toMatchObject({ status: 'triggered', alerts: [{ status: 'triggered' }] });
  });

  test('[L9] goes on in the middle of the window when its workflow continues as new', () => {
    const life = resolved().at('10:00').continueAsNew();
    expect(life.at('20:00').arrive({}).through('20:00').state).toMatchObject({ status: 'triggered', episode: 2 });
    expect(resolved().at('10:00').continueAsNew().through('21:00').settled).toBe(true);
  });

  test('[L8] by its source, it is as urgent as the support hours have it then', () => {
    const supportHours = {
      timezone: 'UTC',
      days: ['mon'],
      from: '00:10',
      to: '24:00',
      inside: 'high',
      outside: 'low',
      raise: null,
    } as const;
    const life = new Life(world({ urgency: { supportHours } })).at('6:00').arrive(OFF);
    expect(life.state.urgency).toBe('low');
    expect(life.at('9:00').arrive({}).through('9:00').state).toMatchObject({ urgency: 'low', episode: 2 });
    expect(life.at('9:30').arrive(OFF).at('10:00').arrive({}).through('10:00').state).toMatchObject({
      status: 'triggered',
      urgency: 'high',
      episode: 3,
    });
  });
});
