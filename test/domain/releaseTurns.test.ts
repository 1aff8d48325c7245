/** The order and the pace in which incidents go on after maintenance (lifecycle §7, "maintenance ends"). */
import * as fc from 'fast-check';
import { type Waiting, askAgainAt, gathered, turnByChance, turnsOf } from '../../domain/releaseTurns.ts';

const ENDED = 1_000_000;
const MINUTE = 60_000;
const waiting = (incident: string, more: Partial<Waiting> = {}): Waiting => ({
  incident,
  urgency: 'high',
  createdAt: 0,
  joinedAt: ENDED,
  backAt: ENDED,
  ...more,
});
const many = (count: number): readonly Waiting[] =>
  Array.from({ length: count }, (_, index) => waiting(`i${String(index).padStart(6, '0')}`, { createdAt: index }));

test('[L7] high comes before low, and within that the oldest first', () => {
  const turns = turnsOf(
    [
      waiting('low-old', { urgency: 'low', createdAt: 1 }),
      waiting('high-young', { createdAt: 9 }),
      waiting('low-young', { urgency: 'low', createdAt: 8 }),
      waiting('high-old', { createdAt: 2 }),
    ],
    ENDED,
    null,
  );
  expect(turns).toEqual([
    { incident: 'high-old', at: ENDED + 1_000 },
    { incident: 'high-young', at: ENDED + 2_000 },
    { incident: 'low-old', at: ENDED + 3_000 },
    { incident: 'low-young', at: ENDED + 4_000 },
  ]);
});

test('[L7] more than five minutes have room for are closer together, and all are within', () => {
  const turns = turnsOf(many(1_000), ENDED, null);
  expect(turns.at(-1)?.at).toBeLessThanOrEqual(ENDED + 5 * MINUTE);
  expect(turns.at(-1)?.at).toBeGreaterThan(ENDED + 5 * MINUTE - 1_000);
  expect(turnsOf(many(300), ENDED, null).map(({ at }) => at)).toEqual(
    Array.from({ length: 300 }, (_, place) => ENDED + (place + 1) * 1_000),
  );
});

test('[L7] a second later than the last of those who went before them', () => {
  expect(turnsOf(many(2), ENDED, ENDED + 700)).toMatchObject([{ at: ENDED + 1_700 }, { at: ENDED + 2_700 }]);
  expect(turnsOf(many(1), ENDED, ENDED - 5_000)).toMatchObject([{ at: ENDED }]);
});

test('nobody’s turn comes before all of them have asked for it again', () => {
  const turns = turnsOf([waiting('a'), waiting('b', { backAt: ENDED + 4_000, createdAt: 1 })], ENDED, null);
  expect(turns).toMatchObject([{ at: ENDED + 5_000 }, { at: ENDED + 6_000 }]);
});

test('they are gathered once nobody came for a second, or after twenty', () => {
  const some = [waiting('a'), waiting('b', { joinedAt: ENDED + 5_000 })];
  expect(gathered(some, ENDED + 5_999)).toBe(false);
  expect(gathered(some, ENDED + 6_000)).toBe(true);
  const streaming = [waiting('a'), waiting('b', { joinedAt: ENDED + 19_900 })];
  expect(gathered(streaming, ENDED + 19_999)).toBe(false);
  expect(gathered(streaming, ENDED + 20_000)).toBe(true);
});

test('the more wait, the later each asks again, and never later than all are to be gathered', () => {
  expect(askAgainAt(many(1), ENDED)).toBe(ENDED + 1_000);
  expect(askAgainAt(many(100), ENDED)).toBe(ENDED + 3_000);
  expect(askAgainAt(many(5_000), ENDED + 2_000)).toBe(ENDED + 20_000);
});

test('without a store they are spread over a minute, high in its first half', () => {
  fc.assert(
    fc.property(fc.nat(), (hash) => {
      const [high, low] = [turnByChance('high', hash, ENDED), turnByChance('low', hash, ENDED)];
      expect(high).toBeGreaterThanOrEqual(ENDED);
      expect(high).toBeLessThan(ENDED + MINUTE / 2);
      expect(low).toBeGreaterThanOrEqual(ENDED + MINUTE / 2);
      expect(low).toBeLessThan(ENDED + MINUTE);
    }),
  );
  expect(new Set([1, 20_001, 7].map((hash) => turnByChance('high', hash, ENDED))).size).toBe(3);
});
