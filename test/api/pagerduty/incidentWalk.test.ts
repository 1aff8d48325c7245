/** Incidents by offset over a list that has cursors. */
import { incidentWalks } from '../../../api/pagerduty/incidentWalk.ts';
import type { IncidentFilter, ListedIncident } from '../../../api/ports.ts';
import { FOUND } from '../support/standIns.ts';

const item = (id: string): ListedIncident => ({ ...FOUND, incident: { ...FOUND.incident, id } });

/** Two a page; `all` may change while it is read, and a cursor names the item that it goes on behind. */
function lister(all: string[]) {
  const asked: IncidentFilter[] = [];
  const list = async (filter: IncidentFilter) => {
    asked.push(filter);
    const begin = filter.cursor === undefined ? 0 : all.indexOf(filter.cursor) + 1;
    const page = all.slice(begin, begin + 2);
    const last = page.at(-1);
    return { incidents: page.map(item), nextCursor: begin + 2 < all.length && last !== undefined ? last : null };
  };
  const walk = incidentWalks({ list });
  const first = async (count: number, from: number, token = 'a') => {
    const also = { name: '', holds: () => true };
    return (await walk({ filter: {}, also, first: count, from, token })).map(({ incident }) => incident.id);
  };
  return { asked, first, walk };
}

test('a later page goes on where the walk stands, although new ones came', async () => {
  const all = ['e', 'd', 'c', 'b', 'a'];
  const { asked, first } = lister(all);
  expect(await first(3, 0)).toEqual(['e', 'd', 'c', 'b']);
  all.unshift('f');
  expect(await first(5, 2)).toEqual(['e', 'd', 'c', 'b', 'a']);
  expect(asked).toHaveLength(3);
  expect((await first(1, 0))[0]).toBe('f');
});

test('one that the list gives twice is there once, and everybody has a walk of their own', async () => {
  const all = ['c', 'b', 'a'];
  const { first } = lister(all);
  expect(await first(2, 0)).toEqual(['c', 'b']);
  all.push('c');
  expect(await first(9, 1)).toEqual(['c', 'b', 'a']);
  all.unshift('d');
  expect((await first(9, 1, 'b'))[0]).toBe('d');
});

test('what is nowhere is looked for in 40 pages, and no farther when the next page is asked', async () => {
  const { asked, walk } = lister(Array.from({ length: 100 }, (_, place) => `i${place}`));
  const also = { name: 'none', holds: () => false };
  expect(await walk({ filter: {}, also, first: 1, from: 0, token: 'a' })).toEqual([]);
  expect(asked).toHaveLength(40);
  expect(await walk({ filter: {}, also, first: 2, from: 1, token: 'a' })).toEqual([]);
  expect(asked).toHaveLength(40);
});
