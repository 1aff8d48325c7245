import { CARRIED_ALONE, CARRIED_AT_MOST } from '../../domain/carrying.ts';
import { IDS_REMEMBERED } from '../../domain/evolve.ts';
import { configuration, level, person, policy, service } from '../support/configurations.ts';
import { Life } from '../support/life.ts';

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
