/** How much a run takes along when it continues as new, at its worst. */
import { carryAll, INCIDENTS_CARRIED } from '../../domain/carrying.ts';
import { upgradedState } from '../../domain/upgrading.ts';
import type { IncidentState } from '../../domain/incident.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { Life, TRIGGER } from '../support/life.ts';

const whole = configuration({
  users: [person('ana', '0s mail, 3m phone'), person('bob')],
  policy: policy([level('user:ana', '5m'), level('user:bob', '5m')], { repeat: 1, lastResort: 'user:ana' }),
  service: service({ ackTimeout: '5m' }),
});

describe('what a run takes along fits into what Temporal takes (2 MiB)', () => {
  const LIMIT = 2 * 1_024 * 1_024;
  const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
  /** As long as each part of it can be: the store away for days, a subscriber that is down, all texts at their limits. */
  const worst = (): Life => {
    const people = Array.from({ length: 100 }, (_, index) =>
      person(`user-with-a-long-id-${index}`, '0s mail, 1h phone'),
    );
    const settings = {
      ...service({ ackTimeout: '30m' }),
      subscribers: [{ channel: 'webhook', endpoint: 'ops' }] as const,
    };
    const targets = people
      .slice(0, 100)
      .map(({ id }) => `user:${id}`)
      .join(' ');
    const crowded = configuration({ users: people, policy: policy([level(targets, '9000m')]), service: settings });
    const life = new Life(crowded, { ...TRIGGER, summary: '失'.repeat(1_024), details: { dump: 'x'.repeat(32_000) } });
    life
      .storing('away')
      .subscribed(() => 'retryable')
      .through('0:00');
    for (let i = 0; i < 600; i += 1) {
      life.command('cho', { type: 'acknowledge', note: '注'.repeat(1_000) });
      life.command('cho', { type: 'unacknowledge' });
    }
    const [one] = life.state.ledger;
    const settled = {
      ...one!,
      assignment: 0,
      attempts: Array.from({ length: 3 }, () => ({ ...one!.attempts[0]!, detail: 'd'.repeat(500) })),
    };
    const old = Array.from({ length: 1_500 }, (_, index) => ({ ...settled, id: `n${index}` }));
    life.state = { ...life.state, ledger: [...old, ...life.state.ledger] };
    return life;
  };

  test('one incident at its worst', () => {
    const life = worst();
    expect(bytes(life.state)).toBeGreaterThan(2 * LIMIT);
    const [state] = carryAll([life.state], life.now).carried;
    expect(bytes(state)).toBeLessThan(LIMIT);
    expect(state!.ledger.filter(({ phase }) => phase === 'waiting')).toEqual(
      life.state.ledger.filter(({ phase }) => phase === 'waiting'),
    );
    expect(state!.notices.length).toBe(life.state.notices.length);
    expect(state!.log.at(-1)?.type).toBe('recordLeftBehind');
  });

  test('500 people with 15 rules each, some of them told: what is to come and who was told are whole', () => {
    const rules = (atOnce: number): string =>
      Array.from({ length: 15 }, (_, index) => `${index < atOnce ? '0s' : '1h'} mail`).join(', ');
    const people = Array.from({ length: 500 }, (_, index) => person(`user-${index}`, rules(index < 80 ? 3 : 0)));
    const targets = people.map(({ id }) => `user:${id}`).join(' ');
    const mass = policy([level(targets, '9000m', { massNotification: true })]);
    const { state, now } = new Life(configuration({ users: people, policy: mass })).through('0:00');
    expect(state.ledger.filter(({ status }) => status === 'sent')).toHaveLength(240);
    expect(bytes(state)).toBeGreaterThan(LIMIT);
    const [carried] = carryAll([state], now).carried;
    expect(bytes(carried)).toBeLessThan(LIMIT);
    const { log: _log, ...rest } = upgradedState(carried!);
    const { log: _before, ...whole } = state;
    expect(rest).toEqual(whole);
  });

  test('many resolved ones beside it: the oldest that wait for no page are left behind, and named', () => {
    const life = new Life(whole).storing('away').at('1:00').resolve('ana').through('2:00');
    const resolved = Array.from({ length: 400 }, (_, index) => ({ ...life.state, id: `r${index}` }));
    const paging = new Life(whole)
      .providing(() => 'retryable')
      .through('0:00')
      .at('1:00')
      .resolve('bob').state;
    const { carried, leftBehind } = carryAll([{ ...paging, id: 'first' }, ...resolved], life.now);
    expect(carried.map(({ id }) => id)).toEqual(['first', ...resolved.slice(-INCIDENTS_CARRIED).map(({ id }) => id)]);
    expect(leftBehind).toHaveLength(400 - INCIDENTS_CARRIED);
    expect(bytes(carried)).toBeLessThan(LIMIT);
  });

  test('those that are large are left behind before there are many', () => {
    const { state } = new Life(whole).at('1:00').resolve('ana').through('1:00');
    const [alert] = state.alerts;
    const alerts = Array.from({ length: 1_000 }, () => ({ ...alert!, summary: 's'.repeat(400) }));
    const states = ['a', 'b', 'c', 'd'].map((id): IncidentState => ({ ...state, id, alerts, number: null }));
    const { carried, leftBehind } = carryAll(states, 0);
    expect(bytes(carried)).toBeLessThan(LIMIT);
    expect(carried.map(({ id }) => id)).toEqual(['c', 'd']);
    expect(leftBehind.toSorted()).toEqual(['a', 'b']);
    // The latest is the one that the next run goes on with.
    const huge = { ...states[0]!, alerts: [...alerts, ...alerts, ...alerts, ...alerts] };
    expect(carryAll([huge], 0).leftBehind).toEqual([]);
  });
});
