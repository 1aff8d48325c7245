/** Groups of a service's alerts: the window, and an incident whose alerts come by several integrations. */
import { seconds } from '../../domain/duration.ts';
import type { SourceEvent } from '../../domain/event.ts';
import { windowWith } from '../../domain/groupWindow.ts';
import type { GroupWindow } from '../../domain/groupWindow.ts';
import { openIncident } from '../../domain/open.ts';
import { openingFor } from '../../domain/opening.ts';
import { incidentView } from '../../domain/view.ts';
import { fittingArrivals } from '../../domain/waiting.ts';
import { configuration, level, ownRoute, person, policy } from '../support/configurations.ts';
import { BEGIN, Life, TRIGGER } from '../support/life.ts';

/** The starts of the windows that new alerts are in, which come at these seconds. */
function starts(within: number, ...at: readonly number[]): readonly number[] {
  let window: GroupWindow | undefined;
  return at.map((second) => {
    window = windowWith(window, seconds(second), seconds(within));
    return window.since / 1_000;
  });
}

test('[L2.3] a new alert at the end of the window is in it; one later begins the next', () => {
  expect(starts(300, 0, 300, 600, 900)).toEqual([0, 0, 0, 0]);
  expect(starts(300, 0, 300.001)).toEqual([0, 300.001]);
  expect(starts(300, 0, 299, 700, 900, 1_200, 1_501)).toEqual([0, 0, 700, 700, 700, 1_501]);
});

test('[L2.3] one that is seen late, by a clock that is behind, does not shorten the window', () => {
  expect(starts(300, 100, 90, 400)).toEqual([100, 100, 100]);
});

test('[F 57] alerts every 299 s in a window of 300 s are one incident as long as they come: elsewhere a cap of 24 h ends it, and the contract has none', () => {
  const at = Array.from({ length: 600 }, (_, nth) => nth * 299);
  expect(at.at(-1)).toBeGreaterThan(2 * 86_400);
  expect(new Set(starts(300, ...at))).toEqual(new Set([0]));
  expect(starts(300, ...at, at.at(-1)! + 301).at(-1)).toBe(at.at(-1)! + 301);
});

const whole = configuration({ users: [person('ana')], policy: policy([level('user:ana', '5m')]) });
const KEY = 'details.cluster="eu-1"';
const of = (integration: string, dedupKey: string, more: Partial<SourceEvent> = {}): SourceEvent => ({
  ...TRIGGER,
  integration,
  dedupKey,
  groupKey: KEY,
  ...more,
});
/** An incident of a group, opened by an alert of `payments-events`. */
function group(): Life {
  const life = new Life(whole, of('payments-events', 'db1'));
  const opening = openingFor(whole, ownRoute(whole.integrations.get('payments-events')!), BEGIN);
  const named = { id: 'group.payments.k.r', integration: 'group/payments', previous: null };
  life.state = openIncident(named, opening, of('payments-events', 'db1'), BEGIN);
  return life.arrive(of('payments-events', 'db1')).through('1:00');
}
const alerts = ({ state }: Life): readonly string[] =>
  incidentView(state).alerts.map(({ integration, dedupKey, status }) => `${integration} ${dedupKey} ${status}`);

test('[L2.3] an alert is named by its integration and dedup key, from the first on', () => {
  const life = group().arrive(of('payments-guance', 'db1'));
  expect(life.state).toMatchObject({ dedupKey: KEY, eventCount: 2 });
  expect(alerts(life)).toEqual(['payments-events db1 triggered', 'payments-guance db1 triggered']);
  life.arrive(of('payments-events', 'db1', { action: 'resolve' }));
  expect(alerts(life)).toEqual(['payments-events db1 resolved', 'payments-guance db1 triggered']);
  expect(life.state.status).toBe('triggered');
  life.arrive(of('payments-guance', 'db1', { action: 'resolve' }));
  expect(life.state.status).toBe('resolved');
});

test('[L2.3] [L2.10] events that wait are not merged over two alerts of one dedup key', () => {
  const heard = ['payments-events', 'payments-guance', 'payments-events', 'payments-guance'].map(
    (integration, nth) => ({
      id: `a${nth}`,
      count: 1,
      event: of(integration, 'db1', { details: { dump: 'x'.repeat(2_000) } }),
    }),
  );
  const kept = fittingArrivals([...heard, ...heard, ...heard], 4_000);
  expect(kept.map(({ event, count }) => `${event.integration} ${count}`)).toEqual([
    'payments-events 1',
    'payments-guance 6',
    'payments-events 5',
  ]);
});
