import { CARRIED_ALONE, CARRIED_AT_MOST, carryAll, INCIDENTS_CARRIED } from '../../domain/carrying.ts';
import { IDS_REMEMBERED } from '../../domain/evolve.ts';
import { upgradedState } from '../../domain/upgrading.ts';
import type { IncidentState } from '../../domain/incident.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { Life, TRIGGER } from '../support/life.ts';

const whole = configuration({
  users: [person('ana', '0s mail, 3m phone'), person('bob')],
  policy: policy([level('user:ana', '5m'), level('user:bob', '5m')], { repeat: 1, lastResort: 'user:ana' }),
  service: service({ ackTimeout: '5m' }),
});

describe('continuing as new [L9]', () => {
  /** What becomes of a life that is interrupted at `when`, and of one that is not. */
  const both = (live: (life: Life) => Life, when: string) => {
    const plain = live(new Life(whole));
    const cut = live(new Life(whole).at(when).continueAsNew());
    return [plain, cut] as const;
  };

  test.each(['0:00', '0:01', '2:59', '3:01', '5:00', '7:00', '14:00', '21:00'])(
    'in the middle of a level, a delayed rule, a pass (at %s): loses and repeats nothing',
    (when) => {
      const [plain, cut] = both((life) => life.through('60:00'), when);
      expect(cut.pages).toEqual(plain.pages);
      expect(cut.ledger).toEqual(plain.ledger);
      expect(cut.log).toEqual(plain.log);
    },
  );

  test.each(['2:30', '4:30', '6:59'])(
    'in the middle of an ack timeout (at %s): it fires at the same instant',
    (when) => {
      const life = new Life(whole).at('2:00').ack('ana').at(when).continueAsNew().at('7:00');
      expect(life.state.status).toBe('acknowledged');
      expect(life.through('7:00').state).toMatchObject({ status: 'triggered', episode: 2 });
    },
  );

  test('what was in flight is carried as unknown, and attempted again under the same key', () => {
    const life = new Life(whole)
      .providing(() => 'hold')
      .through('0:00')
      .continueAsNew()
      .providing(() => 'sent');
    expect(life.state.ledger[0]).toMatchObject({ status: 'unknown', phase: 'waiting' });
    life.through('0:30');
    expect(new Set(life.attempts.map(({ key }) => key)).size).toBe(1);
    expect(life.state.ledger[0]?.attempts.map(({ outcome }) => outcome)).toEqual(['unknown', 'sent']);
  });

  test('what was in flight and asked back is not attempted again', () => {
    const delayed = configuration({ users: [person('ana', '1m mail')], policy: policy([level('user:ana', '5m')]) });
    const life = new Life(delayed)
      .providing(() => 'hold')
      .through('1:00')
      .ack('bob')
      .continueAsNew();
    life.providing(() => 'sent').through('9:00');
    expect(life.pages).toEqual(['1:00 ana mail']);
    expect(life.ledger).toEqual(['ana mail unknown']);
  });

  test('a question that is open is asked again, and answered once', () => {
    const life = new Life(whole).answers(false).through('5:30').continueAsNew().answers(true).through('6:00');
    expect(life.pages).toEqual(['0:00 ana mail', '3:00 ana phone', '5:30 bob mail']);
  });

  test('a command id is remembered, so that a retry over the seam is done once', () => {
    const life = new Life(whole).at('2:00');
    life.command('ana', { type: 'acknowledge', id: 'x' });
    life.at('4:00').continueAsNew().command('ana', { type: 'acknowledge', id: 'x' });
    expect(life.at('7:00').through('7:00').state.status).toBe('triggered');
  });

  test('the last 200 command ids and, apart, the last 200 arrival ids are remembered', () => {
    const life = new Life(whole);
    for (let i = 0; i < 2 * IDS_REMEMBERED; i += 1) life.arrive({});
    for (let i = 0; i < 2 * IDS_REMEMBERED; i += 1) life.command('ana', { type: 'acknowledge', id: `x${i}` });
    life.continueAsNew();
    const { arrivals, commands, eventCount } = life.state;
    expect([arrivals.length, commands.length]).toEqual([IDS_REMEMBERED, IDS_REMEMBERED]);
    expect(arrivals.at(-1)).toBe(`a${eventCount}`);
    expect(commands.at(-1)?.id).toBe(`x${2 * IDS_REMEMBERED - 1}`);
    const again = life.command('ana', { type: 'acknowledge', id: `x${IDS_REMEMBERED}` });
    expect(again.repeated).toBe(true);
  });

  test.each([
    ['absent', CARRIED_ALONE.entries],
    ['away', CARRIED_AT_MOST.entries],
  ] as const)(
    'with the store %s, a timeline beyond %i leaves its oldest lines behind, counted and said',
    (store, most) => {
      const life = new Life(whole).storing(store).through('0:00');
      for (let i = 0; i < most; i += 1) life.ack('ana');
      const { length } = life.state.log;
      life.continueAsNew();
      expect(life.state.log).toHaveLength(most);
      expect(life.state.counters.entriesLeftBehind).toBe(length + 1 - most);
      expect(life.log.at(-1)).toContain(`${length + 1 - most} older lines`);
    },
  );

  test('ledger entries beyond the bound are left behind, but for those that something still comes of', () => {
    const life = new Life(whole).storing('away').through('0:00');
    const [sent] = life.state.ledger;
    const old = Array.from({ length: 3_000 }, (_, index) => ({ ...sent!, id: `n${index + 10}`, assignment: 0 }));
    life.state = { ...life.state, ledger: [...old, ...life.state.ledger] };
    const before = life.state.ledger;
    life.continueAsNew();
    const looked = ({ assignment }: { readonly assignment: number }): boolean => assignment > 0;
    expect(life.state.ledger.filter(looked)).toEqual(before.filter(looked));
    expect(life.state.ledger.length).toBeLessThanOrEqual(CARRIED_AT_MOST.notifications + 2);
    expect(life.state.counters.notificationsLeftBehind).toBe(before.length - life.state.ledger.length);
  });
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
