import type { EscalationPolicy, Service } from '../../domain/configuration.ts';
import type { Hours } from '../../domain/incident.ts';
import { configuration, duration, level, person, policy, service } from '../support/configurations.ts';
import { instant, Life, TRIGGER } from '../support/life.ts';

const people = [person('ana', '0s mail, 2m phone', '0s mail'), person('bob'), person('cho'), person('dee')];
const steps = policy([level('user:ana', '5m'), level('user:bob', '10m'), level('user:cho', '5m')]);
const payments = { ...service({ ackTimeout: '30m' }), subscribers: [{ channel: 'webhook', endpoint: 'ops' } as const] };
const world = (settings: Partial<Service> = {}, by: EscalationPolicy = steps) =>
  configuration({ users: people, policy: by, service: { ...payments, ...settings } });

function adopt(
  life: Life,
  {
    settings = {},
    by = steps,
    hours = null,
  }: { settings?: Partial<Service>; by?: EscalationPolicy; hours?: Hours | null },
): Life {
  const today = { ...payments, escalationPolicy: by.id, ...settings };
  life.command('dee', { type: 'adopt-policy', service: today, policy: by, configuration: 'v2', hours });
  return life;
}

describe('adopt-policy [L4.5]', () => {
  test('takes today’s version of the service’s settings and of the policy, and says so [F 22]', () => {
    const longer = policy([level('user:ana', '5m'), level('user:dee', '5m')]);
    const life = adopt(new Life(world()).through('1:00'), { by: longer, settings: { runbook: 'https://r' } });
    expect(life.state).toMatchObject({ service: { runbook: 'https://r' }, policy: longer, configuration: 'v2' });
    expect(life.log.at(-1)).toBe(
      '1:00 Dee adopted the settings of Payments and the policy Policy as they are in configuration v2',
    );
    expect(life.through('5:00').pages.slice(-1)).toEqual(['5:00 dee mail']);
    expect(life.told.slice(1)).toEqual([
      '1:00 webhook ops: incident.policyAdopted',
      '5:00 webhook ops: incident.escalated',
    ]);
  });

  test.each([
    ['later', '8m', '8:00'],
    ['sooner', '3m', '3:00'],
    ['at once, where the new delay is over already', '1m', '2:00'],
  ])('the level that runs ends by the new delay from its entry: %s', (_how, delay, ends) => {
    const by = policy([level('user:ana', delay), level('user:bob', '10m')]);
    const life = adopt(new Life(world()).through('2:00'), { by });
    expect(life.state.escalation.levelEndsAt).toBe(instant(ends));
    expect(life.through(ends).pages.slice(-1)).toEqual([`${ends} bob mail`]);
  });

  test.each([
    ['later', '40m', '41:00'],
    ['sooner', '5m', '6:00'],
    ['at once, where the new timeout is over already', '1m', '3:00'],
  ])('the ack times out by the new timeout from the last human ack: %s [L6]', (_how, after, at) => {
    const life = new Life(world()).through('1:00').ack('bob').at('3:00').arrive({ action: 'acknowledge' });
    adopt(life, { settings: { ackTimeout: { after: duration(after), resume: 'same-level' } } });
    expect(life.state.ackTimeoutAt).toBe(instant(at));
    expect(life.through(at).state).toMatchObject({ status: 'triggered', episode: 2 });
  });

  test('the ack timeout goes off, or on', () => {
    const off = { ackTimeout: { after: null, resume: 'same-level' } } as const;
    const life = adopt(new Life(world()).at('1:00').ack('bob').at('2:00'), { settings: off });
    expect(life.state.ackTimeoutAt).toBeNull();
    expect(adopt(life.at('3:00'), {}).state.ackTimeoutAt).toBe(instant('31:00'));
  });

  test('while snoozed no ack timeout is armed', () => {
    const life = new Life(world()).at('1:00');
    life.command('bob', { type: 'snooze', duration: duration('1h') });
    const settings = { ackTimeout: { after: duration('1m'), resume: 'same-level' } } as const;
    expect(adopt(life.at('5:00'), { settings }).state).toMatchObject({
      status: 'acknowledged',
      ackTimeoutAt: null,
      snoozedUntil: instant('61:00'),
    });
  });

  test('where its level is gone, an ack that times out is followed by a full level, and only then by auto-resolve [L8]', () => {
    const settings = {
      ackTimeout: { after: duration('1m'), resume: 'same-level' as const },
      autoResolve: { after: duration('8m'), from: 'created' as const, includeAcknowledged: false },
    };
    const one = policy([level('user:ana', '5m')]);
    const life = adopt(new Life(world()).through('6:00'), { by: one, settings }).through('7:30').ack('bob');
    expect(life.through('8:30').pages.at(-1)).toBe('8:30 bob mail');
    expect(life.at('13:30').state.status).toBe('triggered');
    expect(life.through('13:30').state.status).toBe('resolved');
  });

  test('a level that is gone ends now: the next pass, or else the last resort', () => {
    const one = policy([level('user:ana', '5m')], { repeat: 1 });
    const life = adopt(new Life(world()).through('6:00'), { by: one });
    expect(life.log).toContain('6:00 Level 2 ended: today’s version of the policy has no such level');
    expect(life.through('6:00').state.escalation).toMatchObject({ level: 1, pass: 2, levelEndsAt: instant('11:00') });
    const last = policy([level('user:ana', '5m')], { lastResort: 'user:dee' });
    expect(adopt(new Life(world()).through('6:00'), { by: last }).through('6:00').pages.slice(-1)).toEqual([
      '6:00 dee mail',
    ]);
  });

  test('who is being looked up is looked up by the new version', () => {
    const life = new Life(world()).through('4:00').answers(false).through('5:00');
    const asked = life.state.escalation.asking;
    adopt(life, { by: policy([level('user:ana', '5m'), level('user:dee', '5m')]) });
    // What the old version answers is an answer to a question that is over.
    expect(life.state.escalation.asking).toEqual({ ...asked, seq: (asked?.seq ?? 0) + 1 });
    expect(life.answers(true).through('5:00').pages.slice(-1)).toEqual(['5:00 dee mail']);
  });

  test('where nobody was on call, it is looked at again now, and nobody is told twice', () => {
    const nobody = policy([level('schedule:gone', '5m')]);
    const life = new Life(world({}, nobody)).through('1:00');
    expect(adopt(life, {}).through('1:00').pages).toEqual(['1:00 ana mail']);
    expect(life.state.escalation).toMatchObject({ nobodyOnCall: false, level: 1, pass: 1 });
    const held = adopt(new Life(world({}, nobody)).through('1:00').ack('bob'), {}).through('2:00');
    expect(held).toMatchObject({ pages: [], state: { status: 'acknowledged', escalation: { asking: null } } });
  });

  test('acknowledged, nobody is told; the new version shows when it is triggered again', () => {
    const life = new Life(world()).through('1:00').ack('bob').at('2:00');
    adopt(life, { by: policy([level('user:dee', '5m')]) });
    expect(life.through('30:59')).toMatchObject({ pages: ['0:00 ana mail'], state: { status: 'acknowledged' } });
    expect(life.through('31:00').pages.slice(1).toSorted()).toEqual(['31:00 bob mail', '31:00 dee mail']);
  });

  test('a direct assignment stays one', () => {
    const life = new Life(world()).at('1:00');
    life.command('ana', { type: 'reassign', users: ['bob'] });
    expect(adopt(life.through('1:00'), {}).through('60:00').state.escalation).toMatchObject({ direct: true, level: 1 });
    expect(life.pages.slice(-1)).toEqual(['1:00 bob mail']);
  });

  test('another policy begins with level 1 in pass 1, as one that it is reassigned to', () => {
    const other = { ...policy([level('user:cho', '3m'), level('user:dee', '3m')]), id: 'other', name: 'Other' };
    const life = adopt(new Life(world()).through('6:00').ack('bob').at('7:00'), { by: other });
    expect(life.state).toMatchObject({ status: 'triggered', episode: 2, policy: { id: 'other' } });
    expect(life.through('10:00').pages.slice(-2)).toEqual(['7:00 cho mail', '10:00 dee mail']);
  });

  test('a suspended incident stays so, tells nobody, and begins with the policy of today when it is released [L3]', () => {
    const other = { ...policy([level('user:cho', '3m')]), id: 'other', name: 'Other' };
    const settings = { holdFor: duration('5m') };
    const life = adopt(new Life(world(settings)).through('1:00'), {
      by: other,
      settings: { ...settings, urgency: 'low' },
    });
    expect(life.state).toMatchObject({ status: 'suspended', urgency: 'low', escalation: { asking: null } });
    expect(life.through('5:00').pages).toEqual(['5:00 cho mail']);
    expect(life.state.escalation).toMatchObject({ level: 1, pass: 1 });
  });

  test('the urgency goes by the new rule, and those are told whom a change of urgency tells [L4.6]', () => {
    const bySeverity = { urgency: 'bySeverity' } as const;
    const warning = { ...TRIGGER, severity: 'warning' } as const;
    const lowered = adopt(new Life(world(), warning).through('1:00'), { settings: bySeverity });
    expect(lowered.state).toMatchObject({ urgency: 'low', escalation: { levelEndsAt: null } });
    const raised = adopt(new Life(world(bySeverity), warning).through('1:00'), {}).through('1:00');
    expect(raised.state).toMatchObject({ urgency: 'high', escalation: { level: 1, levelEndsAt: instant('6:00') } });
    expect(raised.log).toContain('1:00 Urgency raised to high: today’s version of the policy was adopted');
  });

  test('by support hours as they are now, which raise it when they begin [L8]', () => {
    const supportHours = {
      timezone: 'UTC',
      days: ['mon'],
      from: '09:00',
      to: '17:00',
      inside: 'high',
      outside: 'low',
      raise: 'start',
    } as const;
    const hours = { urgency: 'low', raiseAt: instant('540:00') } as const;
    const life = adopt(new Life(world()).through('1:00'), { settings: { urgency: { supportHours } }, hours });
    expect(life.state.urgency).toBe('low');
    expect(life.through('540:00').state.urgency).toBe('high');
  });

  test('an urgency that a person set stays [L2.5]', () => {
    const life = new Life(world()).through('1:00');
    life.state = { ...life.state, urgencyBy: 'person' };
    expect(adopt(life, { settings: { urgency: 'low' } }).state.urgency).toBe('high');
  });

  test('comes too late for what is resolved, and is carried over [L3] [L9]', () => {
    const life = adopt(new Life(world()).through('1:00'), { by: policy([level('user:dee', '7m')]) }).continueAsNew();
    expect(life.state).toMatchObject({ configuration: 'v2', escalation: { levelEndsAt: instant('7:00') } });
    life.resolve('ana');
    const today = { service: payments, policy: steps, configuration: 'v3', hours: null };
    expect(life.command('dee', { type: 'adopt-policy', ...today }).refused?.code).toBe('ALREADY_RESOLVED');
    expect(life.state.configuration).toBe('v2');
  });
});
