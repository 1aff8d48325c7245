import { currentDetails } from '../../domain/details.ts';
import { effects } from '../../domain/effects.ts';
import { LATEST_KEPT } from '../../domain/log.ts';
import { oldRecord } from '../../domain/recording.ts';
import { incidentView } from '../../domain/view.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { Life, NUMBER } from '../support/life.ts';

const whole = configuration({
  users: [person('ana', '0s mail, 3m phone'), person('bob')],
  policy: policy([level('user:ana', '5m'), level('user:bob', '5m')], { repeat: 9, lastResort: 'user:ana' }),
  service: service({ ackTimeout: '1m' }),
});
const told = {
  ...whole,
  services: new Map([['payments', { ...service(), subscribers: [{ channel: 'webhook', endpoint: 'ops' } as const] }]]),
};
const numberOf = (id: string): number => Number(id.slice(1));

describe('the number of an incident', () => {
  test('is taken when the store gives it, and shown', () => {
    expect(incidentView(new Life(whole).through('0:00').state).number).toBe(NUMBER);
  });

  test('is waited for by no page: with the store away everybody is told all the same', () => {
    const life = new Life(whole).storing('away').through('5:00');
    expect(life.state.number).toBeNull();
    expect(life.pages).toEqual(new Life(whole).through('5:00').pages);
  });

  test('is waited for by a resolved incident, and is the last thing that it waits for', () => {
    const life = new Life(whole).storing('away').at('1:00').resolve('ana').through('60:00');
    expect(life.settled).toBe(false);
    expect(life.storing('there').through('60:01').settled).toBe(true);
    expect(life.state.number).toBe(NUMBER);
  });

  test('is what the Temporal UI says that a resolved incident waits for, beside its notices', () => {
    const life = new Life(told)
      .storing('away')
      .subscribed(() => 'retryable')
      .at('1:00')
      .resolve('ana')
      .through('2:00');
    expect(currentDetails(life.state)).toContain(
      '**Resolved, and still waits for**\n\n- its number, from the store\n- webhook ops: 2 notices',
    );
    life.storing('there').through('2:01');
    expect(currentDetails(life.state)).toContain(`#${NUMBER}`);
    expect(currentDetails(life.state)).not.toContain('from the store');
  });

  test('is not waited for where there is no store', () => {
    const life = new Life(whole).storing('absent').at('1:00').resolve('ana').through('1:00');
    expect(life.settled).toBe(true);
    expect(life.state.number).toBeNull();
  });

  test('stands in the pages that begin after it', () => {
    const numbers: (number | null)[] = [];
    const life = new Life(whole).storing('away').through('0:00').storing('there').at('0:30');
    life.through('5:00');
    numbers.push(...life.attempts.map(({ number }) => number));
    expect(numbers).toEqual([null, NUMBER, NUMBER]);
  });
});

describe('a long record', () => {
  /** Ack after ack, each with its timeout: entries and notifications without end. */
  const long = (life: Life, minutes: number): Life => {
    for (let minute = 1; minute <= minutes; minute += 2) life.at(`${minute}:00`).ack('ana');
    return life;
  };
  const LENGTH = 700;

  test('moves its oldest to the store: what is there and what is here are the whole, in order and once each', () => {
    const life = long(new Life(whole), LENGTH);
    const alone = long(new Life(whole).storing('absent'), LENGTH);
    expect(life.state.log.length).toBeLessThanOrEqual(LATEST_KEPT + 100);
    expect(life.state.ledger.length).toBeLessThanOrEqual(LATEST_KEPT + 100);
    const entries = [...life.kept.entries, ...life.state.log].map(({ id }) => numberOf(id));
    expect(entries).toEqual(entries.map((_, index) => index + 1));
    const notifications = [...life.kept.notifications, ...life.state.ledger].map(({ id }) => numberOf(id));
    expect(notifications).toEqual(notifications.map((_, index) => index + 1));
    expect(life.state.counters.entriesMoved).toBe(life.kept.entries.length);
    expect(life.state.counters.notificationsMoved).toBe(life.kept.notifications.length);
    expect(life.kept.notifications.length).toBeGreaterThan(0);
    // And nothing that comes of it is another.
    expect(life.pages).toEqual(alone.pages);
    expect([...life.kept.entries.map(({ text }) => text), ...life.state.log.map(({ text }) => text)]).toEqual(
      alone.state.log.map(({ text }) => text),
    );
  });

  test('goes in batches of at most 100', () => {
    const life = long(new Life(whole).storing('away'), LENGTH);
    expect(life.state.log.length).toBeGreaterThan(500);
    const sizes: number[] = [];
    life.onKeep = (entries, notifications) => sizes.push(entries, notifications);
    life.storing('there').at(`${LENGTH + 1}:00`);
    expect(Math.max(...sizes)).toBe(100);
    expect(life.state.log.length).toBeLessThanOrEqual(LATEST_KEPT + 100);
  });

  test('stays in the state while the store is away, and where there is none', () => {
    for (const store of ['away', 'absent'] as const) {
      const life = long(new Life(whole).storing(store), LENGTH);
      expect(life.state.log.map(({ id }) => numberOf(id))).toEqual(life.state.log.map((_, index) => index + 1));
      expect(life.kept.entries).toEqual([]);
    }
  });

  test('leaves what later decisions look at: the latest assignment, and those that something is to come of', () => {
    const { state } = new Life(whole).through('11:00');
    const [first] = state.ledger;
    const of = (assignment: number, phase: 'waiting' | 'done', length: number) =>
      Array.from({ length }, (_, index) => ({ ...first!, id: `n${assignment}${phase}${index}`, assignment, phase }));
    const ledger = [...of(1, 'done', 50), ...of(2, 'done', 150), ...of(2, 'waiting', 1), ...of(3, 'done', 300)];
    const moved = oldRecord({ ...state, ledger, counters: { ...state.counters, assignment: 3 } });
    expect(new Set(moved?.notifications.map(({ assignment }) => assignment))).toEqual(new Set([1]));
    const latest = oldRecord({ ...state, ledger: of(3, 'done', 400), counters: { ...state.counters, assignment: 3 } });
    expect(latest).toBeNull();
  });

  test('is not offered, and no number asked for, once it is known that there is no store', () => {
    const life = long(new Life(whole).storing('absent'), LENGTH);
    expect(life.state.log.length).toBeGreaterThan(500);
    expect(effects(life.state)).toEqual([]);
  });

  test('who was told in this episode is not owed it again, though its ledger entry was moved', () => {
    const life = new Life(whole).through('0:00');
    const reassigned = (): boolean | undefined => {
      life.state = { ...life.state, ledger: [] };
      life.command('bob', { type: 'reassign', users: ['ana'] });
      return life.through('0:01').state.ledger[0]?.minuteZero;
    };
    expect(reassigned()).toBe(false);
    // The reassignment of an acknowledged incident begins an episode; in that one too it is owed once.
    life.ack('bob');
    expect(reassigned()).toBe(true);
    expect(reassigned()).toBe(false);
  });
});
