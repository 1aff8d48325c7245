import { setTimeout as sleep } from 'node:timers/promises';
import { BoundedMap } from '../../intake/boundedMap.ts';

test('past its limit, what was set longest ago goes', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  map.set('c', 4);
  expect(['a', 'b', 'c'].map((key) => map.get(key))).toEqual([3, undefined, 4]);
});

test('past their lifetime, entries are given no more, and are held only until the next is set', async () => {
  const map = new BoundedMap<string, number>(100, 20);
  for (let nth = 0; nth < 50; nth++) map.set(`old-${nth}`, nth);
  expect(map.get('old-49')).toBe(49);
  await sleep(30);
  expect(map.get('old-49')).toBeUndefined();
  map.set('new', 1);
  expect([map.size, map.get('new')]).toEqual([1, 1]);
});
