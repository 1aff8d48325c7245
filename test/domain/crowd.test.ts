/** More messages at once than Temporal lets be under way (domain/crowd.ts). */
import { UNDER_WAY_AT_MOST } from '../../domain/crowd.ts';
import { decide } from '../../domain/decide.ts';
import { configuration, level, person, policy } from '../support/configurations.ts';
import { Life } from '../support/life.ts';

const users = Array.from({ length: 100 }, (_, index) => person(`u${index}`));
const targets = users.map(({ id }) => `user:${id}`).join(' ');
const mass = configuration({ users, policy: policy([level(targets, '5m', { massNotification: true })]) });
const underWay = ({ state }: Life): number => state.ledger.filter(({ phase }) => phase === 'inFlight').length;

test('a crowd is told in turns: the next begin when some have ended, each once [L11]', () => {
  const life = new Life(mass).providing(() => 'hold').through('0:00');
  expect(underWay(life)).toBe(UNDER_WAY_AT_MOST);
  life.release().through('0:00');
  expect(underWay(life)).toBe(UNDER_WAY_AT_MOST);
  life.release().through('0:00');
  expect(underWay(life)).toBe(100 - 2 * UNDER_WAY_AT_MOST);
  life.release().through('0:01');
  expect(life.ledger.filter((line) => line.endsWith('sent'))).toHaveLength(100);
  expect(new Set(life.pages).size).toBe(100);
});

test('what waits for its turn is owed still when somebody acks [L5.2]', () => {
  const life = new Life(mass)
    .providing(() => 'hold')
    .through('0:00')
    .ack('u7');
  for (let turn = 0; turn < 3; turn += 1) life.release().through('0:01');
  expect(life.ledger.filter((line) => line.endsWith('sent'))).toHaveLength(100);
});

test('in a long history none of a crowd begins before all that is under way has ended', () => {
  const life = new Life(mass).providing(() => 'hold').through('0:00');
  const [first, ...others] = life.state.ledger.filter(({ phase }) => phase === 'inFlight');
  const end = (id: string): void => {
    life.state = decide(
      life.state,
      { type: 'attempted', notification: id, result: { outcome: 'sent', at: life.now } },
      life.now,
    ).state;
  };
  const begun = (long: boolean): number =>
    decide(life.state, { type: 'deadline', long }, life.now).changes.filter(({ type }) => type === 'attemptBegun')
      .length;
  for (const { id } of others) end(id);
  expect([begun(false), begun(true)]).toEqual([UNDER_WAY_AT_MOST - 1, 0]);
  end(first!.id);
  expect(begun(true)).toBe(UNDER_WAY_AT_MOST);
});
