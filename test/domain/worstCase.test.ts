/**
 * The longest that a configuration allows (lifecycle §4, Limits): 20 levels of 10 people with 15 rules each. All passes of it,
 * 30,000 messages, are `TOCSIN_PASSES=10`; one is enough to see that nothing grows with them.
 */
import { carryAll } from '../../domain/carrying.ts';
import { configuration, level, person, policy } from '../support/configurations.ts';
import { Life } from '../support/life.ts';

const PASSES = Number(process.env['TOCSIN_PASSES'] ?? 1);
const MEBIBYTE = 1_024 * 1_024;

test.each([
  ['replace', '0s mail, '.repeat(15).slice(0, -2)],
  ['accumulate', `${'0s mail, '.repeat(5)}${'9000m mail, '.repeat(10).slice(0, -2)}`],
] as const)(
  'a worst-case policy that lets levels %s stays small enough to be carried on at any moment [L9]',
  (onEscalate, rules) => {
    const users = Array.from({ length: 200 }, (_, index) => person(`user-with-a-name-${index}`, rules));
    const levels = Array.from({ length: 20 }, (_, index) => {
      const targets = users.slice(index * 10, index * 10 + 10).map(({ id }) => `user:${id}`);
      return level(targets.join(' '), '1m', { onEscalate });
    });
    const life = new Life(configuration({ users, policy: policy(levels, { repeat: PASSES - 1 }) }));
    let largest = 0;
    let most = 0;
    for (let minute = 0; minute <= 20 * PASSES; minute += 1) {
      life.through(`${minute}:30`);
      largest = Math.max(largest, Buffer.byteLength(JSON.stringify(carryAll([life.state], life.now).carried)));
      most = Math.max(most, life.state.ledger.length);
    }
    expect(life.attempts).toHaveLength(20 * PASSES * 10 * (onEscalate === 'replace' ? 15 : 5));
    expect(life.state.escalation).toMatchObject({ exhausted: true, pass: PASSES });
    expect(largest).toBeLessThan(1.5 * MEBIBYTE);
    // What is settled goes to the store: what is held is the present level, and what is to come.
    expect(most).toBeLessThan(onEscalate === 'replace' ? 1_000 : 4_000);
  },
);
