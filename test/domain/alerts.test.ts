import { ALERTS_KEPT } from '../../domain/arriving.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { Life, TRIGGER } from '../support/life.ts';

const whole = configuration({
  users: [person('ana'), person('bob')],
  policy: policy([level('user:ana', '5m'), level('user:bob', '5m')]),
  service: service({ ackTimeout: '30m' }),
});
const GROUP = '{}:{alertname="DiskFull"}';
const of = (dedupKey: string, more: Partial<SourceEvent> = {}): Partial<SourceEvent> => ({
  dedupKey,
  groupKey: GROUP,
  summary: `disk of ${dedupKey} is full`,
  severity: 'warning',
  ...more,
});
const first: SourceEvent = { ...TRIGGER, ...of('db1') };
const group = (): Life => new Life(whole, first).through('1:00');
const alerts = ({ state }: Life): string[] => state.alerts.map(({ dedupKey, status }) => `${dedupKey} ${status}`);

describe('the alerts of a group [L1, L2.1, L2.3]', () => {
  test('are one incident: a new one joins it, and pages nobody', () => {
    const life = group().arrive(of('db2')).through('4:00');
    expect(alerts(life)).toEqual(['db1 triggered', 'db2 triggered']);
    expect(life.state).toMatchObject({ dedupKey: GROUP, summary: 'disk of db1 is full', eventCount: 2 });
    expect(life.pages).toEqual(['0:00 ana mail']);
    expect(life.log.at(-1)).toBe('1:00 Alert db2 added: disk of db2 is full');
  });

  test('[L2.5] resolved as a whole, leave the incident the severity of the highest of them', () => {
    const life = new Life(whole, { ...first, severity: 'critical' }).arrive(of('db2'));
    life.at('1:00').arrive(of('db1', { action: 'resolve', groupResolved: true }));
    expect(alerts(life)).toEqual(['db1 resolved', 'db2 resolved']);
    expect(life.state).toMatchObject({ status: 'resolved', severity: 'critical' });
  });

  test('resolve one by one, and the incident with the last of them', () => {
    const life = group()
      .arrive(of('db2'))
      .at('2:00')
      .arrive(of('db1', { action: 'resolve' }));
    expect(alerts(life)).toEqual(['db1 resolved', 'db2 triggered']);
    expect(life.state.status).toBe('triggered');
    life.arrive(of('db2', { action: 'resolve' }));
    expect(life.state).toMatchObject({ status: 'resolved', resolvedBy: { kind: 'source' } });
  });

  test('fire again, each by its own times [L2.11]', () => {
    const life = group()
      .arrive(of('db2', { at: 1_000 }))
      .arrive(of('db1', { action: 'resolve', at: 5_000 }));
    expect(alerts(life.arrive(of('db1', { at: 4_000 })))).toEqual(['db1 resolved', 'db2 triggered']);
    expect(alerts(life.arrive(of('db2', { action: 'resolve', at: 900 })))).toEqual(['db1 resolved', 'db2 triggered']);
    expect(alerts(life.arrive(of('db1', { at: 6_000 })))).toEqual(['db1 triggered', 'db2 triggered']);
    expect(life.state.alerts[0]).toMatchObject({ eventCount: 4 - 1 });
  });

  test('give it the highest severity of those that fire [L2.5]', () => {
    const life = group().arrive(of('db2', { severity: 'critical' }));
    expect(life.state.severity).toBe('critical');
    expect(life.arrive(of('db2', { action: 'resolve' })).state.severity).toBe('warning');
    expect(life.arrive(of('db1', { action: 'resolve' })).state.severity).toBe('warning');
  });

  test('keep what is shown beside the summary: the details and links of the first', () => {
    const life = new Life(whole, { ...first, details: { host: 'db1' } }).arrive(
      of('db2', { details: { host: 'db2' } }),
    );
    expect(life.state.latest.details).toEqual({ host: 'db1' });
  });

  test('of another group, or a resolve of one that is not known, change nothing [L2.6]', () => {
    const life = group()
      .arrive(of('db9', { groupKey: 'other' }))
      .arrive(of('db9', { action: 'resolve' }));
    expect(alerts(life)).toEqual(['db1 triggered']);
    expect(life.state.log.slice(-2).map(({ reason }) => reason)).toEqual(['noOpenIncident', 'unknownAlert']);
  });

  test("the source's acknowledge of one that is resolved does not make it fire", () => {
    const life = group()
      .arrive(of('db2'))
      .arrive(of('db1', { action: 'resolve' }))
      .arrive(of('db1', { action: 'acknowledge' }));
    expect(alerts(life)).toEqual(['db1 resolved', 'db2 triggered']);
    expect(life.state.status).toBe('acknowledged');
  });

  test('that come at one instant share a line of the timeline', () => {
    const life = group().arrive(of('db2')).arrive(of('db3'), 4).arrive(of('db4')).at('2:00').arrive(of('db5'));
    expect(life.log.slice(-2)).toEqual([
      '1:00 3 alerts added, the last db4: disk of db4 is full',
      '2:00 Alert db5 added: disk of db5 is full',
    ]);
  });
});

describe('a group that its source resolves as a whole', () => {
  test('is resolved with alerts that were not named', () => {
    const life = group()
      .arrive(of('db2'))
      .arrive(of('db1', { action: 'resolve', groupResolved: true }));
    expect(alerts(life)).toEqual(['db1 resolved', 'db2 resolved']);
    expect(life.state.status).toBe('resolved');
    expect(life.state.log.find(({ type }) => type === 'resolved')).toMatchObject({ reason: 'groupResolved' });
  });

  test('by an alert that is not known, too', () => {
    expect(group().arrive(of('db9', { action: 'resolve', groupResolved: true })).state.status).toBe('resolved');
  });

  test('by a resolve that was overtaken, not [L2.11]', () => {
    const life = new Life(whole, { ...first, at: 2_000 }).arrive(
      of('db1', { action: 'resolve', groupResolved: true, at: 1_000 }),
    );
    expect(life.state).toMatchObject({ status: 'triggered', alerts: [{ status: 'triggered' }] });
  });
});

test('an alert that lasts is not overtaken by a resolve since it began: it fires still [L2.11]', () => {
  const resolved = () =>
    group()
      .arrive(of('db2', { at: 1_000 }))
      .arrive(of('db2', { action: 'resolve', at: 2_000 }));
  expect(alerts(resolved().arrive(of('db2', { at: 1_000 })))).toContain('db2 resolved');
  expect(alerts(resolved().arrive(of('db2', { at: 1_000, lasting: true })))).toContain('db2 triggered');
  const early = of('db2', { action: 'resolve', at: 500 });
  expect(
    alerts(
      group()
        .arrive(of('db2', { at: 1_000, lasting: true }))
        .arrive(early),
    ),
  ).toContain('db2 triggered');
});

describe('a group of which not all is known [L4, Limits]', () => {
  test('because the source left alerts out, is not resolved by those that are known', () => {
    const life = group().arrive(of('db2', { leftOut: 3 }));
    expect(life.state.alertsTruncated).toBe(true);
    expect(life.log.at(-2)).toMatch(/Not all alerts are known: the source left alerts out/);
    life.arrive(of('db1', { action: 'resolve' })).arrive(of('db2', { action: 'resolve' }));
    expect(life.state.status).toBe('triggered');
    expect(life.arrive(of('db2', { action: 'resolve', groupResolved: true })).state.status).toBe('resolved');
  });

  test('is marked before the resolve that says so could end it', () => {
    const life = group().arrive(of('db1', { action: 'resolve', leftOut: 1 }));
    expect(life.state).toMatchObject({ status: 'triggered', alertsTruncated: true });
    expect(life.resolve('ana').state.status).toBe('resolved');
  });

  test('because there are more than 1,000 alerts: the rest are counted, and it fits into what is carried over', () => {
    const long = 'Ж'.repeat(1_000);
    const life = group();
    for (let index = 2; index <= ALERTS_KEPT; index += 1) life.arrive(of(`db${index}`, { summary: long }));
    expect(life.state.alertsTruncated).toBe(false);
    life.arrive(of('one more')).arrive(of('and another'));
    expect(life.state).toMatchObject({ eventCount: ALERTS_KEPT + 2, alertsTruncated: true });
    expect(life.state.alerts).toHaveLength(ALERTS_KEPT);
    expect(life.state.log.filter(({ type }) => type === 'alertsTruncated')).toHaveLength(1);
    expect(Buffer.byteLength(JSON.stringify(life.continueAsNew().state))).toBeLessThan(1_000_000);
  });
});
