/** Round robin: each new incident goes to the next target of a level, and keeps its turn (lifecycle §4.8). */
import type { Level } from '../../domain/configuration.ts';
import { next } from '../../domain/next.ts';
import { openingFor } from '../../domain/opening.ts';
import { atTurn } from '../../domain/roundRobin.ts';
import { configuration, dailySchedule, level, ownRoute, person, policy, service } from '../support/configurations.ts';
import { BEGIN, instant, Life } from '../support/life.ts';
import { turns } from '../support/roundRobin.ts';

const USERS = ['ana', 'bob', 'cho', 'dee'].map((id) => person(id, '0s phone', '0s mail'));
/** Nobody until 30:00, Cho from then on. */
const LATER = {
  ...dailySchedule('later', []),
  layers: [{ ...dailySchedule('later', ['cho']).layers[0]!, start: '2026-03-02T00:30' }],
};
const inTurn = (targets: string, escalateAfter = '5m', more: Partial<Level> = {}): Level =>
  level(targets, escalateAfter, { assign: 'round-robin', ...more });
const THREE = inTurn('user:ana user:bob user:cho');
const world = (levels: readonly Level[], more: { repeat?: number; lastResort?: string } = {}) =>
  configuration({
    users: USERS,
    schedules: [LATER],
    teams: [{ id: 'ops', name: 'Ops', members: ['ana', 'bob'] }],
    policy: policy(levels, more),
    service: service({ ackTimeout: '5m' }),
  });
/** Incidents that open one after the other, with turns as the store gives them. */
function opened(count: number, levels: readonly Level[], more: { repeat?: number; lastResort?: string } = {}): Life[] {
  const give = turns();
  return Array.from({ length: count }, () => {
    const life = new Life(world(levels, more));
    life.roundRobin = give;
    return life.through('0:00');
  });
}
const pagesOf = (lives: readonly Life[]) => lives.map((life) => life.pages.join(', '));

describe('round robin', () => {
  test('[L4.8] after the last target with somebody on call comes the first one', () => {
    expect([0, 1, 2, 3, 4].map((turn) => atTurn([1, 3], turn))).toEqual([1, 1, 3, 3, 1]);
  });

  test('[L4.8] each new incident goes to the next target', () => {
    expect(pagesOf(opened(4, [THREE]))).toEqual([
      '0:00 ana phone',
      '0:00 bob phone',
      '0:00 cho phone',
      '0:00 ana phone',
    ]);
  });

  test('[L4.8] a team is one target, all of whom are told; a schedule whoever is on call', () => {
    const lives = opened(2, [inTurn('team:ops schedule:later user:dee')]);
    expect(pagesOf(lives)).toEqual(['0:00 ana phone, 0:00 bob phone', '0:00 dee phone']);
  });

  test('[L4.8] a target with nobody on call is passed over, and the timeline says whose turn it is and why', () => {
    const [first, second] = opened(2, [inTurn('user:ana schedule:later user:dee')]);
    expect(second!.pages).toEqual(['0:00 dee phone']);
    expect(first!.log).toContain(
      '0:00 Level 1: Ana for 5m (the incident was triggered) (schedule later: nobody is on call; the turn of user:ana)',
    );
  });

  test('[L4.8] of a level none of whose targets has anybody no turn is taken: it is skipped, or waited out', () => {
    const give = counting();
    const skipped = new Life(world([inTurn('schedule:later'), level('user:dee', '5m')]));
    skipped.roundRobin = give.give;
    expect(skipped.through('0:00').pages).toEqual(['0:00 dee phone']);
    const waited = new Life(world([level('schedule:later', '3m', { ifEmpty: 'wait' }), THREE]));
    waited.roundRobin = give.give;
    waited.through('2:00');
    expect(give.asked).toBe(0);
    expect(waited.through('3:00').pages).toEqual(['3:00 ana phone']);
    expect(give.asked).toBe(1);
  });

  test('[L4.8] an incident keeps its turn in later passes, without asking again', () => {
    const [, second, third] = opened(3, [THREE], { repeat: 2 });
    expect(second!.through('11:00').pages).toEqual(['0:00 bob phone', '5:00 bob phone', '10:00 bob phone']);
    expect(third!.through('5:00').pages).toEqual(['0:00 cho phone', '5:00 cho phone']);
  });

  test('[L4.8] a kept turn whose target has nobody on call passes on for that pass only', () => {
    const give = (_key: string, available: readonly number[]): number => available.at(-1) ?? 0;
    // Cho is away for the second pass alone.
    const cho = { ...USERS[2]!, away: [{ from: '2026-03-02T00:04', to: '2026-03-02T00:06' }] };
    const people = { ...world([THREE], { repeat: 2 }), users: new Map([...USERS, cho].map((user) => [user.id, user])) };
    const life = new Life(people);
    life.roundRobin = give;
    expect(life.through('10:00').pages).toEqual(['0:00 cho phone', '5:00 ana phone', '10:00 cho phone']);
    expect(life.log).toContain(
      '5:00 Level 1, pass 2: Ana for 5m (the policy repeats) (user cho is away until 2026-03-02T00:06:00Z; the turn of user:cho, passed on to user:ana)',
    );
  });

  test('[L4.8] after an ack timeout it is the same one’s turn', () => {
    const [, second] = opened(2, [THREE]);
    expect(second!.at('1:00').ack('bob').through('6:00').pages).toEqual(['0:00 bob phone', '6:00 bob phone']);
  });

  test('[L4.8] each level takes its own turn, as it is entered', () => {
    const lives = opened(3, [THREE, inTurn('user:cho user:dee')]);
    const [first, second, third] = lives;
    first!.ack('ana');
    third!.through('5:00');
    second!.through('5:00');
    expect(pagesOf(lives)).toEqual([
      '0:00 ana phone',
      '0:00 bob phone, 5:00 dee phone',
      '0:00 cho phone, 5:00 cho phone',
    ]);
  });

  test('[L4.8] with the store away a turn comes from the incident’s id, is kept, and the log says so', () => {
    const life = new Life(world([THREE], { repeat: 1 })).storing('away');
    life.through('0:00');
    const [page] = life.pages;
    expect(page).toMatch(/^0:00 (ana|bob|cho) phone$/);
    const user = page!.split(' ')[1]!;
    expect(life.log.at(-2)).toMatch(
      new RegExp(`\\(the turn of user:${user}, by the id of the incident, for the store is away\\)$`),
    );
    life.storing('there');
    life.roundRobin = () => {
      throw new Error('it has its turn');
    };
    expect(life.through('5:00').pages).toEqual([page, page!.replace('0:00', '5:00')]);
    expect(life.log.at(-2)).toMatch(new RegExp(`\\(the turn of user:${user}\\)$`));
  });

  test('[L4.8] [L9] the turn is kept where its workflow continues as new', () => {
    const [, second] = opened(2, [THREE], { repeat: 1 });
    second!.continueAsNew().at('2:00').continueAsNew().through('5:00');
    expect(second!.pages).toEqual(['0:00 bob phone', '5:00 bob phone']);
    expect(second!.state.turns).toEqual({ 'policy/1': 1 });
  });

  test('[L12.4] what comes next says whose turn it is, once that is known', () => {
    const [, second] = opened(2, [THREE], { repeat: 1 });
    expect(next(second!.state)).toEqual([
      {
        at: instant('5:00'),
        kind: 'escalate',
        level: 1,
        pass: 2,
        reason: 'escalates to level 1, pass 2: the turn of user:bob',
      },
    ]);
  });

  test('[L2.2] the opening brings no answer where level 1 takes a turn: the incident itself asks', () => {
    const answerOf = (levels: readonly Level[]) => {
      const present = world(levels);
      const integration = present.integrations.get('payments-events')!;
      return openingFor(present, ownRoute(integration), BEGIN).answer;
    };
    expect(answerOf([THREE])).toBeNull();
    expect(answerOf([inTurn('schedule:later'), THREE])).toBeNull();
    expect(answerOf([level('user:dee', '5m'), THREE])).not.toBeNull();
    expect(answerOf([inTurn('schedule:later'), level('user:dee', '5m')])).not.toBeNull();
  });

  test('[L5.2] resolved before it is known whose turn it is, nobody is told', () => {
    const life = new Life(world([THREE])).arrive({ action: 'resolve' }).through('10:00');
    expect(life.pages).toEqual([]);
    expect(life.settled).toBe(true);
  });
});

function counting() {
  const counted = { asked: 0, give: (_key: string, [first = 0]: readonly number[]) => ((counted.asked += 1), first) };
  return counted;
}
