import type { Arrival, SourceEvent } from '../../domain/event.ts';
import type { IncidentState } from '../../domain/incident.ts';
import { carryWith, fittingArrivals } from '../../domain/waiting.ts';
import { configuration, level, person, policy } from '../support/configurations.ts';
import { Life, TRIGGER } from '../support/life.ts';

const LIMIT = 2 * 1_024 * 1_024;
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** `heard('a b!')`: alerts a and b trigger, and b resolves. */
const heard = (said: string, more: Partial<SourceEvent> = {}): readonly Arrival[] =>
  said.split(' ').map((word, index) => {
    const action = word.endsWith('!') ? ('resolve' as const) : ('trigger' as const);
    const event = { ...TRIGGER, dedupKey: word.replace('!', ''), groupKey: 'group', ...more, action };
    return { id: `a${index}`, count: 1, event };
  });
const told = (arrivals: readonly Arrival[]): string =>
  arrivals
    .map(({ event: { action, dedupKey }, count }) => `${dedupKey}${action === 'resolve' ? '!' : ''}x${count}`)
    .join(' ');
const DETAILS = { details: { dump: 'x'.repeat(10_000) } };

describe('events that wait for the next incident, in less room than they have [L2.9, L2.10]', () => {
  test('what fits is left as it is', () => {
    const arrivals = heard('a b a!', DETAILS);
    expect(fittingArrivals(arrivals, bytes(arrivals))).toBe(arrivals);
  });

  test('the first trigger stays whole, the others keep their summary', () => {
    const arrivals = heard('z! a b a!', DETAILS);
    const [first, ...rest] = fittingArrivals(arrivals, 15_000);
    expect(first).toEqual(arrivals[1]);
    expect(told(rest)).toBe('bx1 a!x1');
    expect(rest.map(({ event }) => event.details)).toEqual([undefined, undefined]);
    expect(rest[0]?.event.summary).toBe(TRIGGER.summary);
  });

  test('then triggers of one alert are one, over no change of any', () => {
    const arrivals = heard(`a ${'b c '.repeat(10)}b! b c`);
    expect(told(fittingArrivals(arrivals, 1_500))).toBe('ax1 bx10 cx10 b!x1 bx1 cx1');
  });

  test('then each alert is as it came last, with its count', () => {
    const arrivals = heard(`a ${'b b! '.repeat(50)}c`);
    expect(told(fittingArrivals(arrivals, 1_500))).toBe('ax1 b!x100 cx1');
  });

  test('then alerts are left out, and the first says how many', () => {
    const arrivals = heard(Array.from({ length: 100 }, (_, index) => `k${index}`).join(' '));
    const kept = fittingArrivals(arrivals, 2_000);
    expect(bytes(kept)).toBeLessThanOrEqual(2_000);
    expect(kept.length).toBeGreaterThan(5);
    expect(kept[0]?.event.leftOut).toBe(100 - kept.length);
  });
});

test('an incident with all its alerts and a long timeline, and a storm behind it, fit into 2 MiB together [L9]', () => {
  const life = new Life(configuration({ users: [person('ana')], policy: policy([level('user:ana', '5m')]) }));
  life.storing('away').through('0:00');
  for (let nth = 0; nth < 1_500; nth += 1) life.command('ana', { type: 'acknowledge', note: '注'.repeat(300) });
  const [alert] = life.state.alerts;
  const alerts = Array.from({ length: 1_000 }, () => ({ ...alert!, summary: '失'.repeat(200) }));
  const state: IncidentState = { ...life.state, alerts };
  const names = Array.from({ length: 2_000 }, (_, index) => `${index}-${'k'.repeat(60)}`).join(' ');
  const waiting = heard(names, { ...DETAILS, summary: '失'.repeat(500) });
  const { carried, arrivals } = carryWith(waiting, [state], life.now);
  expect(bytes({ carried, arrivals })).toBeLessThan(LIMIT);
  expect(carried[0]?.alerts).toHaveLength(1_000);
  expect(carried[0]?.log.at(-1)?.type).toBe('recordLeftBehind');
  expect(arrivals.length).toBeGreaterThan(300);
});
