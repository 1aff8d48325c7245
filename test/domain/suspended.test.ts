/** Suspended: held, below its threshold, or in maintenance; nobody is assigned and nobody is told. */
import { decide } from '../../domain/decide.ts';
import { next } from '../../domain/next.ts';
import { sentence } from '../../domain/report.ts';
import { configuration, duration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life, TRIGGER, written } from '../support/life.ts';

const world = (more: Parameters<typeof service>[0]) =>
  configuration({
    users: [person('ana', '0s mail'), { ...person('bob', '0s mail'), statusUpdates: true }],
    policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]),
    service: service({ ackTimeout: '30m', subscribers: [{ channel: 'webhook', endpoint: 'ops' }], ...more }),
  });
const held = (more: Parameters<typeof service>[0] = {}) => new Life(world({ holdFor: duration('3m'), ...more }));
const THRESHOLD = { moreThan: 3, within: duration('5m') };
const below = () => new Life(world({ threshold: THRESHOLD }));

describe('an incident that is held', () => {
  test('[L3] [F 55] pages nobody where its source resolves it inside, and is transient', () => {
    const life = held().at('2:59').arrive({ action: 'resolve' }).through('20:00');
    expect(life.state).toMatchObject({ status: 'resolved', transient: true, assignees: [], episode: 1 });
    expect([life.pages, life.told]).toEqual([[], []]);
    expect(life.log.at(-1)).toBe('2:59 Resolved, its source resolved it before anybody was told');
    expect(life.settled).toBe(true);
  });

  test('[L3] [F 55] pages at the end of the hold, and is then resolved as any other', () => {
    const life = held().at('3:01');
    expect(life.pages).toEqual(['3:00 ana mail']);
    life.arrive({ action: 'resolve' }).through('20:00');
    expect(life.state).toMatchObject({ status: 'resolved', transient: false });
    expect(life.pages).toEqual(['3:00 ana mail']);
    expect(life.told).toEqual(['3:00 webhook ops: incident.triggered', '3:01 webhook ops: incident.resolved']);
  });

  test('[L3] says why and until when, assigns nobody, and has its full level when it is released', () => {
    const life = held().at('1:00');
    expect(life.state).toMatchObject({ status: 'suspended', assignees: [], escalation: { level: 0, asking: null } });
    expect(sentence(life.state)).toBe('suspended, and nobody is told yet; held until 00:03:00 UTC');
    expect(next(life.state)).toEqual([
      { at: instant('3:00'), kind: 'release', reason: 'it has fired for as long as it is held: level 1 is told' },
    ]);
    life.through('3:00');
    expect(written(life.state.escalation.levelEndsAt ?? 0)).toBe('8:00');
    expect(life.state.assignments).toMatchObject([{ level: 1, pass: 1, reason: 'trigger', episode: 1 }]);
  });

  test('[L3] is held as its routing rule says, in place of its service, and not at all where the rule says 0s', () => {
    const route = (holdFor: string) =>
      new Life(world({ holdFor: duration('3m') }), TRIGGER, { holdFor: duration(holdFor) }).at('10:00').pages[0];
    expect(route('1m')).toBe('1:00 ana mail');
    expect(route('0s')).toBe('0:00 ana mail');
  });

  test('[L5.3] [F 26] owes nobody anything, an urgency that changes included', () => {
    const life = new Life(world({ holdFor: duration('3m'), urgency: 'bySeverity' }), { ...TRIGGER, severity: 'info' });
    life.at('1:00').arrive({ severity: 'critical' }).at('2:00').arrive({ action: 'resolve' }).through('20:00');
    expect(life.state).toMatchObject({ urgency: 'high', ledger: [], transient: true });
    expect([life.pages, life.told]).toEqual([[], []]);
  });

  test('[L3] that was opened by hand is not', () => {
    const life = new Life(world({ holdFor: duration('3m') }), { ...TRIGGER, by: { id: 'ana', name: 'Ana' } });
    expect(life.through('0:00').pages).toEqual(['0:00 ana mail']);
  });

  test('[L3] is acknowledged by a person with nobody assigned, and its subscribers hear that it began', () => {
    const life = held().at('1:00').ack('bob').through('20:00');
    expect(life.state).toMatchObject({ status: 'acknowledged', assignees: [], suspension: null });
    expect(life.pages).toEqual([]);
    expect(life.told).toEqual(['1:00 webhook ops: incident.triggered', '1:00 webhook ops: incident.acknowledged']);
    expect(life.log.join()).toContain('1:00 Bob ended the suspension,1:00 Bob acknowledged');
    // When the ack times out, level 1 is told, and who acknowledged.
    expect(life.through('31:00').pages).toEqual(['31:00 ana mail', '31:00 bob mail']);
  });

  test('[L3] [L7] is acknowledged by its source', () => {
    const life = held().at('1:00').arrive({ action: 'acknowledge' }).through('20:00');
    expect(life.state).toMatchObject({ status: 'acknowledged', acknowledgements: [{ user: 'source' }] });
    expect(life.pages).toEqual([]);
  });

  test('[L3] is resolved by a person, and that is no transient one', () => {
    const life = held().at('1:00').resolve('bob').through('20:00');
    expect(life.state).toMatchObject({ status: 'resolved', transient: false, resolvedBy: { id: 'bob' } });
    expect(life.told).toEqual(['1:00 webhook ops: incident.triggered', '1:00 webhook ops: incident.resolved']);
  });

  test('[L3] is triggered by a person at once, and only once', () => {
    const life = held().at('1:00');
    expect(life.command('bob', { type: 'trigger', note: 'it is real' }).refused).toBeNull();
    expect(life.log.at(-1)).toBe('1:00 Bob ended the suspension: it is real');
    expect(life.through('1:00').pages).toEqual(['1:00 ana mail']);
    expect(life.command('bob', { type: 'trigger' }).refused?.code).toBe('NOT_SUSPENDED');
    expect(life.log.at(-1)).toBe(
      '1:00 Bob could not trigger: the incident is not suspended: it was triggered before (triggered; level 1, and nobody has acknowledged it)',
    );
    expect(life.resolve('bob').command('bob', { type: 'trigger' }).refused?.code).toBe('ALREADY_RESOLVED');
    expect(life.through('20:00').pages).toEqual(['1:00 ana mail']);
  });

  test('[L3] is reassigned as if it were triggered first: the users are told, and level 1 is not', () => {
    const life = held().at('1:00');
    life.command('ana', { type: 'reassign', users: ['bob'] });
    expect(life.through('20:00').pages).toEqual(['1:00 bob mail']);
    expect(life.told).toEqual(['1:00 webhook ops: incident.triggered', '1:00 webhook ops: incident.reassigned']);
  });

  test('[L3] [L4.7] is escalated: it is triggered, and no more', () => {
    const life = held().at('1:00');
    expect(life.command('bob', { type: 'escalate', fromLevel: 1 }).refused).toBeNull();
    expect(life.at('5:59').pages).toEqual(['1:00 ana mail']);
    expect(life.state.escalation).toMatchObject({ level: 1, pass: 1 });
  });

  test('[L3] [L7] is snoozed as if it were triggered first: nobody is told before the end of the snooze', () => {
    const life = held().at('1:00');
    life.command('bob', { type: 'snooze', duration: duration('30m') });
    expect(life.at('31:00').state).toMatchObject({ status: 'acknowledged', suspension: null });
    expect(life.pages).toEqual([]);
    expect(life.through('31:00').pages).toEqual(['31:00 ana mail']);
  });

  test('[L3] takes words without being released, and refuses an unack', () => {
    const life = held().at('1:00');
    expect(life.command('bob', { type: 'notes', text: 'known' }).refused).toBeNull();
    expect(life.command('bob', { type: 'unacknowledge' }).refused?.code).toBe('NOT_ACKNOWLEDGED');
    expect(life.state.status).toBe('suspended');
    expect(life.at('2:59').told).toEqual([]);
  });

  test('[L9] is held as long when its workflow continues as new in the middle', () => {
    expect(held().at('1:00').continueAsNew().at('20:00').pages[0]).toBe('3:00 ana mail');
  });

  test('[L10] is released at once, and with a full level, by workers that were down at its end', () => {
    const life = held().at('1:00').asleepUntil('30:00').through('30:00');
    expect(life.pages).toEqual(['30:00 ana mail']);
    expect(written(life.state.escalation.levelEndsAt ?? 0)).toBe('35:00');
  });
});

describe('a threshold', () => {
  test('[L8] [F 61] of more than 3 in 5 min holds at exactly 3, and pages at the fourth', () => {
    const life = below().at('1:00').arrive({}).at('2:00').arrive({}).at('3:00');
    expect(life.state).toMatchObject({ status: 'suspended', eventCount: 3 });
    expect(sentence(life.state)).toBe('suspended, and nobody is told yet; waits for more than 3 events in 5m');
    life.arrive({}).through('20:00');
    expect(life.pages).toEqual(['3:00 ana mail', '8:00 bob mail']);
    expect(life.told[0]).toBe('3:00 webhook ops: incident.triggered');
  });

  test('[L8] counts events that arrive together, and of the sliding window only', () => {
    expect(below().at('1:00').arrive({}, 3).through('1:00').pages).toEqual(['1:00 ana mail']);
    const slow = below().at('2:00').arrive({}).at('4:00').arrive({}).at('5:00').arrive({});
    expect(slow.state.status).toBe('suspended');
    expect(slow.at('6:59').arrive({}).through('6:59').pages).toEqual(['6:59 ana mail']);
  });

  test('[L8] with no new event for its window resolves as transient, and an event at that instant comes first', () => {
    const life = below().at('4:00').arrive({}).at('9:00');
    expect(life.state.status).toBe('suspended');
    expect(next(life.state)).toMatchObject([{ at: instant('9:00'), kind: 'autoResolve' }]);
    expect(life.through('9:00').state).toMatchObject({
      status: 'resolved',
      transient: true,
      resolvedBy: { kind: 'timer' },
    });
    expect(sentence(life.state)).toBe('already resolved by its threshold, which it did not reach, at 00:09:00 UTC');
    expect([life.pages, life.told]).toEqual([[], []]);
    const another = below().at('4:00').arrive({}).at('9:00').arrive({}).through('9:00');
    expect(another.state.status).toBe('suspended');
  });

  test('[L8] counts triggers alone', () => {
    const life = below().arrive({ at: instant('0:00') });
    life.at('1:00').arrive({ dedupKey: 'x', groupKey: 'db1/disk', action: 'resolve' });
    life.arrive({ action: 'resolve', at: instant('-1:00') }).arrive({});
    expect(life.state).toMatchObject({ status: 'suspended' });
    expect(life.state.suspension?.threshold?.events.map(({ count }) => count)).toEqual([1, 1, 1]);
  });

  test('[L4.5] that its service asks for no longer, once that is adopted, lets it go', () => {
    const life = below().at('1:00');
    const adopted = { service: service({}), policy: life.state.policy, configuration: 'later', hours: null };
    life.command('bob', { type: 'adopt-policy', ...adopted });
    expect(life.through('1:00').pages).toEqual(['1:00 ana mail']);
  });

  test('[L9] goes on in the middle of its window when its workflow continues as new', () => {
    const life = below().at('1:00').arrive({}, 2).continueAsNew().at('2:00').arrive({}).through('2:00');
    expect(life.pages).toEqual(['2:00 ana mail']);
    expect(below().at('1:00').continueAsNew().through('5:00').state.transient).toBe(true);
  });

  test('[L3] is counted beside a hold: the one that lasts longer lets it go', () => {
    const both = () => new Life(world({ holdFor: duration('3m'), threshold: THRESHOLD }));
    const early = both().at('1:00').arrive({}, 5);
    expect(sentence(early.state)).toBe('suspended, and nobody is told yet; held until 00:03:00 UTC');
    expect(early.through('3:00').pages).toEqual(['3:00 ana mail']);
    const late = both().at('4:00');
    expect(sentence(late.state)).toBe('suspended, and nobody is told yet; waits for more than 3 events in 5m');
    expect(late.arrive({}, 5).through('4:00').pages).toEqual(['4:00 ana mail']);
  });
});

describe('what maintenance holds', () => {
  const window = (until: string, turn = false) => ({
    by: 'w1',
    description: null,
    until: instant(until),
    turn,
  });
  const inMaintenance = (more: Parameters<typeof service>[0] = {}) =>
    new Life(world(more), TRIGGER, {}, window('10:00'));
  const answer = (life: Life, hold: ReturnType<typeof window> | null) => {
    const { asking } = life.state.escalation;
    const given = { at: life.now, configuration: 'test', levels: [], others: [], remarks: [], nextHandOff: null };
    const { state } = decide(
      life.state,
      { type: 'answer', seq: asking?.seq ?? 0, answer: { ...given, hold: { held: hold, hours: null } } },
      life.now,
    );
    life.state = state;
    return life;
  };

  test('[L3] is suspended until nothing holds it any more', () => {
    const life = inMaintenance().at('9:59');
    expect(life.state).toMatchObject({ status: 'suspended', suspension: { held: { by: 'w1' } } });
    expect(life.through('10:00').pages).toEqual(['10:00 ana mail']);
    expect(life.log).toContain('10:00 Triggered: no maintenance holds it any more');
  });

  test('[L7] stays held where another window holds it, and goes on at its turn without being asked again', () => {
    const life = inMaintenance().answers(false).through('10:00');
    expect(life.state.escalation.asking?.question).toEqual({
      kind: 'hold',
      service: 'payments',
      urgency: 'high',
      createdAt: instant('0:00'),
      incident: life.state.id,
      held: window('10:00'),
    });
    answer(life, window('20:00')).through('20:00');
    expect(life.pages).toEqual([]);
    answer(life, window('21:00', true)).answers(true);
    expect(life.at('30:00').pages[0]).toBe('21:00 ana mail');
  });

  test('[L7] is not let go by the end of its hold, nor while it is being asked', () => {
    const life = inMaintenance({ holdFor: duration('12m') })
      .answers(false)
      .through('12:00');
    expect(life.state).toMatchObject({ status: 'suspended', suspension: { until: null } });
    answer(life, null).answers(true);
    expect(life.through('12:00').pages).toEqual(['12:00 ana mail']);
  });

  test('[L3] is let go by a person, and by no command that its source gives', () => {
    const source = { kind: 'source', id: 'source', via: 'opsgenie api' } as const;
    for (const command of [
      { type: 'snooze', duration: duration('1h') },
      { type: 'reassign', users: ['bob'], names: { bob: 'Bob' } },
      { type: 'escalate', fromLevel: 0 },
      { type: 'trigger' },
    ] as const) {
      const life = inMaintenance().at('1:00');
      expect(life.command('', { ...command, actor: source }).refused?.code).toBe('PERSON_NEEDED');
      expect(life.log.at(-1)).toContain('The monitoring source could not');
      expect(life.state).toMatchObject({ status: 'suspended', assignees: [] });
      expect(life.command('bob', command).refused).toBeNull();
      expect(life.state.status).not.toBe('suspended');
      life.command('', { type: 'notes', text: 'n', actor: source });
      expect(life.log.at(-1)).toContain('noted: n');
    }
  });

  test('[L3] is triggered by a person all the same', () => {
    const life = inMaintenance().at('1:00');
    life.command('bob', { type: 'trigger' });
    expect(life.through('20:00').pages).toEqual(['1:00 ana mail', '6:00 bob mail']);
  });
});
